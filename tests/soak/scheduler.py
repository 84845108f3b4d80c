"""Airflow's scheduler killed with drops in flight: a whole stack, started again each time as `make up` would."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import psutil
from tests.soak.forks import run
from tests.soak.rounds import Result
from tests.soak.scenario import Drop, Step
from tests.soak.verdict import OTHER, Difference, compare

from nuanliu.running.demo import ARRIVAL, WEEK, sample_files
from nuanliu.running.stack import running_stack

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random
    from typing import Any

    from tests.soak.local_stack import LocalStack

    from nuanliu.running.stack import Stack

KIND = "kill -9 Airflow's scheduler"
_PATIENCE_SECONDS = 600.0
_QUIET_SECONDS = 8.0


def kill_schedulers(local: LocalStack, chance: Random, kills: int) -> Result:
    """Drop the sample week in parts; after each part but the last the scheduler is killed with what it started.

    What the last stack leaves is published from the command line and held against a run without Airflow.
    """
    drops = [Drop(f"intake/{union_id}/{path.name}", path.read_bytes()) for union_id, path in sample_files()]
    undisturbed = _without_airflow(local, drops)
    local.fresh()
    result = Result()
    for part in range(kills):
        with _stack(local) as stack:
            for drop in drops[part * len(drops) // (kills + 1) : (part + 1) * len(drops) // (kills + 1)]:
                local.put(drop)
            _until(partial(_any_new, stack, part), "no run was started for the drops")
            time.sleep(chance.uniform(0.0, 4.0))
            _kill(psutil.Process())
            result.injected[KIND] += 1
    with _stack(local) as stack:
        for drop in drops[kills * len(drops) // (kills + 1) :]:
            local.put(drop)
        try:
            _until(lambda: _is_quiet(local, stack, len(drops)), "the drops were not answered after the kills")
        except TimeoutError as problem:
            result.differences.append(Difference(OTHER, str(problem)))
    found = _published(local)
    result.differences += compare(undisturbed, found, local.deliveries())
    return result


def _without_airflow(local: LocalStack, drops: Sequence[Drop]) -> dict[str, Any]:
    local.fresh()
    for drop in drops:
        local.put(drop)
    _do(local, Step("intake", ARRIVAL))
    return _published(local)


def _published(local: LocalStack) -> dict[str, Any]:
    """The records once the week is published and mailed."""
    for job in ("publish", "mail"):
        _do(local, Step(job, ARRIVAL, WEEK))
    records: dict[str, Any] = _do(local, Step("records", ARRIVAL))
    return records


def _do(local: LocalStack, step: Step) -> Any:
    outcome = run(local.step_job(step))
    if outcome is None or not outcome.is_done:
        raise RuntimeError(f"{step.label}: {outcome}")
    return outcome.document


def _stack(local: LocalStack) -> Any:
    env = {
        **local.job("intake", ARRIVAL).env,
        "NUANLIU_WAREHOUSE_DSN": "",
        "NUANLIU_NOW": ARRIVAL,
        "NUANLIU_POLL_SECONDS": "1",
        "NUANLIU_SETTLE_SECONDS": "1",
    }
    return running_stack(local.home, env)


def _kill(parent: psutil.Process) -> None:
    """The scheduler and everything that it started, tasks included."""
    for process in list(_schedulers(parent)):
        with suppress(psutil.NoSuchProcess):  # it went with one killed before it
            for each in (process, *process.children(recursive=True)):
                with suppress(psutil.NoSuchProcess):
                    each.kill()


def _schedulers(parent: psutil.Process) -> Iterator[psutil.Process]:
    for process in parent.children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # ended, or a zombie, since it was listed
            words = " ".join(process.cmdline())
            if "airflow" in words and " scheduler" in words:
                yield process


def _is_quiet(local: LocalStack, stack: Stack, drops: int) -> bool:
    if len(list(local.bucket_folder.glob("receipts/*/*/*.json"))) < drops or _running(stack):
        return False
    time.sleep(_QUIET_SECONDS)  # longer than the scheduler needs to turn an event into a run
    return not _running(stack)


def _any_new(stack: Stack, already: int) -> bool:
    """Whether a run works on the drops of this part; each part before had one at least."""
    return sum(run["dag_id"] == "ingest_submissions" for run in _runs(stack)) > already


def _runs(stack: Stack) -> list[dict[str, Any]]:
    names = ("ingest_submissions", "roll_up_week")
    return [run for name in names for run in stack.api().get(f"/dags/{name}/dagRuns", limit=100)["dag_runs"]]


def _running(stack: Stack) -> bool:
    states = Counter(run["state"] for run in _runs(stack))
    return bool(states["queued"] or states["running"])


def _until(look: Any, otherwise: str) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not look():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{otherwise} within {_PATIENCE_SECONDS:.0f} s")
        time.sleep(1)
