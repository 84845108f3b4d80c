"""People with a login: who publishes, who reads, who keeps the installation; and the mails that leave."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import Any

import httpx

from nuanliu.running.airflow_api import AirflowApi
from player.seen import Problem, patience, seen

ROLES = ("viewer", "op", "admin")
_RUNNING = {"queued", "running"}


def logged_in(role: str) -> AirflowApi:
    """The account called after its role; its password stands in a file."""
    return AirflowApi(os.environ["TRY_UI"], role, Path("/passwords", role).read_text().strip())


def publish(week: str) -> None:
    """As op: once the rollups are through, publish a week and wait for it."""
    api = logged_in("op")
    wait_until_idle(api)
    run, seconds = run_dag(api, "publish_weekly_summary", {"logical_date": None, "partition_key": week})
    path = f"/dags/publish_weekly_summary/dagRuns/{run}/taskInstances/make_edition/xcomEntries/return_value"
    edition = api.get(path, deserialize="true")["value"]
    if not edition["published"] or edition["held"]:
        raise Problem(f"{week} was not published: {edition['reason']}")
    files = ", ".join(key.rpartition("/")[2] for key in edition["files"])
    seen("edition", f"{week} no. {edition['edition']} after {seconds:.0f} s: {files}")


def wait_until_idle(api: AirflowApi) -> None:
    """Until no run that a drop starts is going, for longer than the scheduler needs to make one of an event."""
    quiet = 0
    for _ in patience(600, "the rollups did not end"):
        runs = [
            run
            for name in ("ingest_submissions", "roll_up_week")
            for run in api.get(f"/dags/{name}/dagRuns", limit=100)["dag_runs"]
        ]
        failed = [run["dag_run_id"] for run in runs if run["state"] == "failed"]
        if failed:
            raise Problem(f"failed: {', '.join(failed)}")
        quiet = 0 if any(run["state"] in _RUNNING for run in runs) else quiet + 1
        if quiet > 6:
            return


def run_dag(api: AirflowApi, dag_id: str, body: dict[str, Any]) -> tuple[str, float]:
    """Start a DAG and wait for its success; the run and its seconds."""
    run = str(api.post(f"/dags/{dag_id}/dagRuns", body)["dag_run_id"])
    for seconds in patience(1200, f"{dag_id} did not end"):
        state = api.get(f"/dags/{dag_id}/dagRuns/{run}")["state"]
        if state == "success":
            return run, seconds
        if state not in _RUNNING:
            raise Problem(f"{dag_id} {run} ended as {state}: {task_states(api, dag_id, run)}")
    raise AssertionError


def task_states(api: AirflowApi, dag_id: str, run: str) -> dict[str, str]:
    """The state of each task of a run."""
    found = api.get(f"/dags/{dag_id}/dagRuns/{run}/taskInstances", limit=100)["task_instances"]
    return {each["task_id"]: each["state"] for each in found}


def look_at_mails() -> None:
    """The leaders' mail with its attachments must lie in the mail catcher."""
    address = f"{os.environ['TRY_MAIL']}/api/v1/messages"
    for _ in patience(120, "no mail with the edition came"):
        mails = httpx.get(address, params={"limit": 500}, trust_env=False).json()["messages"]
        weekly = [mail for mail in mails if mail["Attachments"] and any("leader" in to["Address"] for to in mail["To"])]
        if weekly:
            break
    to = Counter(to["Address"] for mail in mails for to in mail["To"])
    told = ", ".join(f"{number} to {address}" for address, number in sorted(to.items()))
    seen(
        "mails", f"{len(mails)}: {told}; to a leader: “{weekly[0]['Subject']}”, {weekly[0]['Attachments']} attachments"
    )


def look_at_the_board() -> None:
    """Each role gets what is its own; nobody gets nothing."""
    wanted = {"viewer": (200, 403, 403), "op": (200, 200, 403), "admin": (200, 200, 200), None: (303, 401, 401)}
    got = {}
    for role in wanted:
        headers = {"Authorization": f"Bearer {logged_in(role).token()}"} if role else {}
        with httpx.Client(base_url=os.environ["TRY_UI"], headers=headers, timeout=60, trust_env=False) as client:
            board = client.get("/nuanliu/", params={"until": "2024-W49"})
            if role and "白银市总工会" not in board.text:
                raise Problem(f"the board of {role} does not show 白银市总工会")
            run = client.patch("/api/v2/dags/remind_unions", json={"is_paused": False})
            got[role] = (board.status_code, run.status_code, client.get("/auth/fab/v1/users").status_code)
    if got != wanted:
        raise Problem(f"board, pausing, accounts by role: {got}, not {wanted}")
    told = "; ".join(f"{role or 'nobody'} {'/'.join(map(str, codes))}" for role, codes in got.items())
    seen("logins", f"board/pause a DAG/read accounts: {told}")


def maintain() -> None:
    """As op: tonight's upkeep now, with a drill."""
    api = logged_in("op")
    run, seconds = run_dag(api, "maintain_installation", {"logical_date": None, "conf": {"drill": True}})
    states = task_states(api, "maintain_installation", run)
    if set(states.values()) != {"success"}:
        raise Problem(f"maintain_installation: {states}")
    path = f"/dags/maintain_installation/dagRuns/{run}/taskInstances"
    drill, backup = (
        api.get(f"{path}/{task}/xcomEntries/return_value", deserialize="true")["value"]
        for task in ("drill_restore", "back_up")
    )
    seen("upkeep", f"{len(states)} of {len(states)} tasks in {seconds:.0f} s, old runs cleaned; backup {backup}")
    seen("drill", f"{drill['objects']} objects back and reconciled in {drill['seconds']} s, ok={drill['ok']}")
