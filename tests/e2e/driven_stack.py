"""A running stack and what a test does to it: drop, start, wait, look."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from email import message_from_bytes
from email.policy import default as mail_policy
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from nuanliu.settings import INCLUDE_DIR

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nuanliu.running.stack import Stack

WEEK = "2024-W49"
ARRIVAL = "2024-12-09T09:00+08:00"
SAMPLES = sorted((INCLUDE_DIR / "samples" / WEEK).glob("*/*"))
PATIENCE = 300.0
RUNNING = {"queued", "running"}


def wait_for(what: str, look: Callable[[], Any], stack: Stack) -> Any:
    """Ask again until the answer is true; the ends of the logs are the message when that takes too long."""
    deadline = time.monotonic() + PATIENCE
    while not (found := look()):
        if time.monotonic() > deadline:
            ends = (f"{path}\n{path.read_text('utf-8')[-3000:]}" for path in sorted(stack.log_dir.glob("*.log")))
            pytest.fail("\n\n".join([f"{what} did not happen in {PATIENCE:.0f} s", *ends]))
        time.sleep(0.5)
    return found


def runs(stack: Stack, dag_id: str) -> list[dict[str, Any]]:
    return stack.api().get(f"/dags/{dag_id}/dagRuns", limit=100, order_by="-id")["dag_runs"]


def tasks(stack: Stack, run: dict[str, Any]) -> list[dict[str, Any]]:
    path = f"/dags/{run['dag_id']}/dagRuns/{quote(run['dag_run_id'])}/taskInstances"
    return stack.api().get(path, limit=100)["task_instances"]


def start(stack: Stack, dag_id: str, **body: Any) -> dict[str, Any]:
    return stack.api().post(f"/dags/{dag_id}/dagRuns", {"logical_date": None, **body})


def finished(stack: Stack, run: dict[str, Any]) -> dict[str, Any]:
    """The run once it has ended."""
    path = f"/dags/{run['dag_id']}/dagRuns/{quote(run['dag_run_id'])}"

    def look() -> dict[str, Any] | None:
        now = stack.api().get(path)
        return None if now["state"] in RUNNING else now

    return wait_for(f"the end of {run['dag_id']}", look, stack)


def result(stack: Stack, run: dict[str, Any], task_id: str) -> Any:
    path = f"/dags/{run['dag_id']}/dagRuns/{quote(run['dag_run_id'])}/taskInstances/{task_id}/xcomEntries/return_value"
    return stack.api().get(path, deserialize="true")["value"]


def bucket(stack: Stack) -> Path:
    return stack.home / "var" / "bucket"


def receipts(stack: Stack) -> list[dict[str, Any]]:
    return [json.loads(path.read_text("utf-8")) for path in sorted(bucket(stack).glob("receipts/*/*/*.json"))]


def copy(stack: Stack, source: Path, union_id: str, name: str | None = None) -> Path:
    """Copy a file into a union's folder as any program would: not at one stroke, not by our own command."""
    target = bucket(stack) / "intake" / union_id / (name or source.name)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    return target


def mails(stack: Stack) -> list[Any]:
    return [message_from_bytes(path.read_bytes(), policy=mail_policy) for path in sorted(stack.mail_dir.glob("*.eml"))]


def mails_to(stack: Stack, address: str) -> list[str]:
    return [str(mail["Subject"]) for mail in mails(stack) if address in str(mail["To"])]


def command(stack: Stack, *arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "nuanliu", *arguments, "--json"],
        env=stack.env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def quiet(stack: Stack) -> None:
    """Until nothing that a drop started is still going on."""

    def look() -> bool:
        return not any(
            run["state"] in RUNNING for name in ("ingest_submissions", "roll_up_week") for run in runs(stack, name)
        )

    wait_for("a quiet scheduler", look, stack)
    time.sleep(3)  # longer than the scheduler needs to turn an asset event into a run
    wait_for("a quiet scheduler", look, stack)
