"""Small files of county unions: one, or sixty at once on Celery workers of which one is killed."""

from __future__ import annotations

import csv
import json
import sys
from datetime import datetime
from typing import Any

from nuanliu.running.airflow_api import AirflowApi
from nuanliu.settings import INCLUDE_DIR
from player.people import logged_in, wait_until_idle
from player.seen import Problem, patience, seen
from player.unions import drop, receipts, wait_for_receipts

FILES = 60
WEEK = "2024-W44"
"""A week of which the samples say nothing."""
HEADER = "活动名称,活动类别,开始日期,结束日期,统计口径,服务人数(人)"
LATE_WEEK = "2024-W47"
"""One more."""
MOST_SECONDS = 90


def unions() -> list[str]:
    """Sixty county unions."""
    with (INCLUDE_DIR / "reference" / "unions.csv").open(encoding="utf-8-sig", newline="") as file:
        return [row["union_id"] for row in csv.DictReader(file) if row["level"] == "county"][:FILES]


def people(number: int) -> int:
    """What the file of one union says."""
    return 100 + number


def file_of(union_id: str, number: int, week: str, start: str, end: str) -> tuple[str, str, bytes]:
    """A union's file of one row: union, name, bytes."""
    row = f"{union_id}义诊,健康义诊,{start},{end},本次,{people(number)}"
    return union_id, f"{week}/周报.csv", f"{HEADER}\n{row}\n".encode()


def drop_one(number: str) -> None:
    """One small file of a union that has dropped none; each number is another union."""
    union_id = unions()[int(number)]
    drop([file_of(union_id, int(number), LATE_WEEK, "2024-11-19", "2024-11-20")])
    seconds, (receipt,) = wait_for_receipts([union_id], LATE_WEEK)
    if receipt["status"] != "accepted":
        raise Problem(f"{receipt['receipt_no']} says {receipt['status']}")
    wait_until_idle(logged_in("op"))
    seen("new drop", f"of {union_id} answered after {seconds:.0f} s: {receipt['receipt_no']} {receipt['status']}")


def drop_crowd() -> None:
    """One small file of each union."""
    files = (file_of(union_id, number, WEEK, "2024-10-29", "2024-10-30") for number, union_id in enumerate(unions()))
    seen("crowd", f"{len(drop(files))} files dropped at once, each with its union's key")


def drops_on(api: AirflowApi, host: str) -> list[dict[str, Any]]:
    """The drops that a worker is at, once it is at some."""
    for _ in patience(300, f"no drop began on {host}"):
        found = _drops(api, state="running")
        mine = [each for each in found if each["hostname"] == host]
        if len(mine) > 1 and len({each["hostname"] for each in found}) > 1:
            return mine
    raise AssertionError


def wait_for_victims(host: str) -> None:
    """Say (on stdout, to the script) when a worker is at drops, others at others: now it may be killed."""
    print(len(drops_on(logged_in("op"), host)))


def watch_take_over(host: str, killed_at: float) -> None:
    """Until every drop that the killed worker was at has begun elsewhere. Its tasks count as running until they are missed."""
    api = logged_in("op")
    lost = [_path(each) for each in _drops(api, state="running") if each["hostname"] == host]
    if not lost:
        raise Problem("the killed worker was at nothing")
    began: dict[str, float] = {}
    for _ in patience(300, "not everything was taken over"):
        for path in lost:
            now = api.get(path)
            if now["hostname"] not in ("", None, host) and now["start_date"] is not None:
                began.setdefault(path, datetime.fromisoformat(now["start_date"]).timestamp() - killed_at)
        if len(began) == len(lost):
            break
    last = max(began.values())
    if last > MOST_SECONDS:
        raise Problem(f"taken over after {last:.0f} s, more than {MOST_SECONDS}")
    seen("take-over", f"the {len(lost)} drops that the killed worker was at began elsewhere within {last:.0f} s")


def wait_for_crowd() -> None:
    """Each union has one receipt, and all say accepted."""
    seconds, found = wait_for_receipts(unions(), WEEK)
    wait_until_idle(logged_in("op"))
    each = [len(receipts(union_id, WEEK)) for union_id in unions()]
    statuses = {receipt["status"] for receipt in found}
    if set(each) != {1}:
        raise Problem(f"receipts of the {FILES} unions: {each}")
    seen("received", f"{len(found)} of {FILES}, each once ({', '.join(sorted(statuses))}); waited {seconds:.0f} s more")


def check_figures() -> None:
    """The rollup of the week, on stdin, is the sum of the files."""
    document = json.load(sys.stdin)
    wanted = sum(people(number) for number in range(FILES))
    figures = {figure["figure_id"]: figure for figure in document["figures"]}
    total = figures[f"{WEEK}/620000/all/people_served/event"]
    if (total["value"], total["activities"]) != (str(wanted), FILES):
        raise Problem(f"the province's {total['value']} of {total['activities']} activities is not {wanted} of {FILES}")
    seen("figures", f"the province's sum is that of the {FILES} files: {wanted} people, {FILES} activities")


def _drops(api: AirflowApi, **query: str) -> list[dict[str, Any]]:
    path = "/dags/ingest_submissions/dagRuns/~/taskInstances"
    found = api.get(path, limit=100, **query)["task_instances"]
    return [each for each in found if each["task_id"] == "ingest_drop" and each["start_date"]]


def _path(drop: dict[str, Any]) -> str:
    return f"/dags/ingest_submissions/dagRuns/{drop['dag_run_id']}/taskInstances/ingest_drop/{drop['map_index']}"
