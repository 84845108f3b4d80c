"""A hundred unions' files through the real scheduler, against as many mapped tasks that do nothing."""

from __future__ import annotations

import io
import json
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from tests.bench.big_table import WEEK
from tests.bench.measurement import Measurement

from nuanliu.contract.code_lists import codes
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.operations.drops.drop_path import drop_key
from nuanliu.running.airflow_env import PROJECT_DIR
from nuanliu.running.stack import running_stack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.bench.sizes import Sizes

    from nuanliu.running.stack import Stack

FILES = 100
_ROWS = 20
_HEADER = ("活动名称", "活动类别", "开始日期", "结束日期", "统计口径", "服务人数(人)", "场次", "投入资金(元)")
_PATIENCE_SECONDS = 900.0
_RUNNING = {"queued", "running"}
_NOTHING, _OURS, _ROLL_UP = "nothing_mapped", "ingest_submissions", "roll_up_week"


def measure(sizes: Sizes) -> Iterator[Measurement]:
    """Both on one stack with LocalExecutor, in turns; from the start of the first run to the end of the last."""
    nothing, ours = [], []
    with tempfile.TemporaryDirectory(prefix="nuanliu-bench-") as folder, running_stack(Path(folder), _env()) as stack:
        _seconds(stack, _NOTHING, lambda: _start_nothing(stack))  # warms Airflow up
        for turn in range(sizes.repeats):
            nothing.append(_seconds(stack, _NOTHING, lambda: _start_nothing(stack)))
            week = ReportingWeek.parse(WEEK).shift(-turn)
            ours.append(_seconds(stack, _OURS, lambda week=week: _drop(stack, week)))
            if (statuses := _answers(stack, week)) != ["accepted"] * FILES:
                raise RuntimeError(f"not all files were accepted: {statuses}")
    yield Measurement(
        f"{FILES} files of {_ROWS} rows through the scheduler, against tasks that do nothing",
        median(ours) / median(nothing),
        3,
        "×",
        f"{median(ours):.1f} s against {median(nothing):.1f} s",
    )


def _env() -> dict[str, str]:
    folders = {"ours": PROJECT_DIR / "dags", "bench": Path(__file__).parent / "mapped_dags"}
    bundles = [
        {
            "name": name,
            "classpath": "airflow.dag_processing.bundles.local.LocalDagBundle",
            "kwargs": {"path": str(path)},
        }
        for name, path in folders.items()
    ]
    return {
        "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST": json.dumps(bundles),
        "NUANLIU_NOW": "2024-12-09T09:00+08:00",
        "NUANLIU_POLL_SECONDS": "1",
        "NUANLIU_SETTLE_SECONDS": "1",
        "NUANLIU_WAREHOUSE_DSN": "",
        "NUANLIU_BUCKET": "",
    }


def _seconds(stack: Stack, dag_id: str, begin: Callable[[], None]) -> float:
    """How long the runs of a DAG take that ``begin`` brings about, once nothing else goes on any more."""
    before = {run["dag_run_id"] for run in _runs(stack, dag_id)}
    begin()

    def new_runs() -> list[dict[str, Any]]:
        return [run for run in _runs(stack, dag_id) if run["dag_run_id"] not in before]

    _wait(lambda: bool(new_runs()) and _is_quiet(stack))
    time.sleep(3)  # longer than the scheduler needs to turn an asset event into a run
    _wait(lambda: _is_quiet(stack))
    if failed := [run["dag_run_id"] for run in new_runs() if run["state"] != "success"]:
        raise RuntimeError(f"failed: {failed}")
    started = min(datetime.fromisoformat(run["start_date"]) for run in new_runs())
    ended = max(datetime.fromisoformat(run["end_date"]) for run in new_runs())
    return (ended - started).total_seconds()


def _start_nothing(stack: Stack) -> None:
    stack.api().post(f"/dags/{_NOTHING}/dagRuns", {"logical_date": None, "conf": {"number": FILES}})


def _drop(stack: Stack, week: ReportingWeek) -> None:
    """All at once: written beside the bucket, then moved."""
    bucket = stack.home / "var" / "bucket"
    senders = [union.id for union in codes().unions.list if union.level != "province"][:FILES]
    for union_id in senders:
        written = stack.home / f"{union_id}.xlsx"
        written.write_bytes(_workbook(union_id, week))
    for union_id in senders:
        target = bucket / drop_key(union_id, "周报.xlsx", week=str(week), is_trial=False)
        target.parent.mkdir(parents=True, exist_ok=True)
        (stack.home / f"{union_id}.xlsx").rename(target)


def _workbook(union_id: str, week: ReportingWeek) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.append(_HEADER)
    for row in range(_ROWS):
        day = str(week.monday + timedelta(days=row % 6))
        name = f"{union_id}第{row}车间义诊"
        sheet.append([name, "健康义诊", day, day, "本次", 20 + row, 1, 1000 + row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _answers(stack: Stack, week: ReportingWeek) -> list[str]:
    receipts = (stack.home / "var" / "bucket").glob(f"receipts/*/{week}/*.json")
    return [json.loads(path.read_text("utf-8"))["status"] for path in receipts]


def _runs(stack: Stack, dag_id: str) -> list[dict[str, Any]]:
    runs: list[dict[str, Any]] = stack.api().get(f"/dags/{dag_id}/dagRuns", limit=100, order_by="-id")["dag_runs"]
    return runs


def _is_quiet(stack: Stack) -> bool:
    return not any(run["state"] in _RUNNING for name in (_NOTHING, _OURS, _ROLL_UP) for run in _runs(stack, name))


def _wait(look: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not look():
        if time.monotonic() > deadline:
            raise TimeoutError(f"nothing came of it within {_PATIENCE_SECONDS:.0f} s")
        time.sleep(0.5)
