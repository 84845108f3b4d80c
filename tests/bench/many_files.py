"""A hundred unions' files through the real scheduler, against as many mapped tasks that do nothing."""

from __future__ import annotations

import io
import json
import tempfile
from collections import Counter
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import Workbook
from tests.bench.big_table import WEEK
from tests.bench.driving import NOTHING, OURS, ROLL_UP, DrivenStack
from tests.bench.measuring.cost import median_cost
from tests.bench.results.rows import By, Figure, Row, Way

from nuanliu.contract.code_lists import codes
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.operations.drops.drop_path import drop_key
from nuanliu.running.airflow_env import PROJECT_DIR
from nuanliu.running.stack import running_stack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.bench.sizes import Bench

    from nuanliu.running.stack import Stack

ROWS = 20
_NATION_FILES, _NATION_ROWS, _NATION_SECONDS = 3_400, 300, 4 * 3600.0
_HEADER = ("活动名称", "活动类别", "开始日期", "结束日期", "统计口径", "服务人数(人)", "场次", "投入资金(元)")


def measure(bench: Bench) -> Row:
    """Both on one stack with LocalExecutor, in turns."""
    nothing, ours = [], []
    files = bench.sizes.files
    with tempfile.TemporaryDirectory(prefix="nuanliu-bench-") as folder, running_stack(Path(folder), _env()) as stack:
        driven = DrivenStack(stack, bench.household, dags=(NOTHING, OURS, ROLL_UP))
        driven.cost_of(NOTHING, lambda: driven.start(NOTHING, number=files))  # warms Airflow up
        for turn in range(bench.sizes.repeats):
            nothing.append(driven.cost_of(NOTHING, lambda: driven.start(NOTHING, number=files)))
            week = ReportingWeek.parse(WEEK).shift(-turn)
            written = _write(stack, [week], files, ROWS)
            ours.append(driven.cost_of(OURS, partial(_move, written)))
            if (answers := _answers(stack, week)) != {"accepted": files}:
                raise RuntimeError(f"not all files were accepted: {answers}")
    runs = bench.sizes.repeats
    took, idle = median_cost(ours), median_cost(nothing)
    return Row(
        title=f"{files} files of {ROWS} rows through the scheduler",
        ways={
            "ours": Way("files to week figures, the whole stack", took, runs),
            "nothing": Way(f"{files} mapped tasks that do nothing", idle, runs),
        },
        figures={
            "clock": Figure("against tasks that do nothing", took.wall / idle.wall, "×", By.CLOCK, 1.8),
            "processor": Figure(
                "the same in processor seconds", took.processor / idle.processor, "×", By.PROCESSOR, 1.8
            ),
        },
    )


def measure_nation(bench: Bench) -> Row:
    """As many files and rows as the whole country's in a week, of one province's unions and 34 of their weeks, once."""
    senders = len(_senders()[:100])
    weeks = [ReportingWeek.parse(WEEK).shift(-back) for back in range(_NATION_FILES // senders)]
    with tempfile.TemporaryDirectory(prefix="nuanliu-bench-") as folder, running_stack(Path(folder), _env()) as stack:
        driven = DrivenStack(stack, bench.household, patience_seconds=_NATION_SECONDS)
        written = _write(stack, weeks, senders, _NATION_ROWS)
        cost = driven.cost_of(OURS, partial(_move, written))
        answers = sum((_answers(stack, week) for week in weeks), Counter[str]())
    return Row(
        title=f"{len(written):,} files of {_NATION_ROWS} rows through the scheduler",
        ways={
            "ours": Way("files to week figures, the whole stack", cost, 1),
            "file": Way("a file", cost.each(len(written)), 1),
        },
        counts={"files": len(written), **answers},
        figures={"clock": Figure("all of them", cost.wall / 60, "min", By.CLOCK)},
    )


def workbook(union_id: str, week: ReportingWeek, rows: int = ROWS) -> bytes:
    """A union's week."""
    book = Workbook()
    sheet = book.active
    sheet.append(_HEADER)
    for row in range(rows):
        day = str(week.monday + timedelta(days=row % 6))
        name = f"{union_id}第{row}车间义诊"
        sheet.append([name, "健康义诊", day, day, "本次", 20 + row, 1, 1000 + row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


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


def _senders() -> list[str]:
    return [union.id for union in codes().unions.list if union.level != "province"]


def _write(stack: Stack, weeks: Sequence[ReportingWeek], senders: int, rows: int) -> list[tuple[Path, Path]]:
    """The files, beside the bucket, and where they will be dropped."""
    written = []
    for week in weeks:
        for union_id in _senders()[:senders]:
            path = stack.home / f"{union_id}-{week}.xlsx"
            path.write_bytes(workbook(union_id, week, rows))
            written.append((path, bucket(stack) / drop_key(union_id, "周报.xlsx", week=str(week), is_trial=False)))
    return written


def _move(written: Sequence[tuple[Path, Path]]) -> None:
    """All at once."""
    for path, target in written:
        target.parent.mkdir(parents=True, exist_ok=True)
        path.rename(target)


def bucket(stack: Stack) -> Path:
    """The stack's own."""
    return stack.home / "var" / "bucket"


def _answers(stack: Stack, week: ReportingWeek) -> Counter[str]:
    receipts = bucket(stack).glob(f"receipts/*/{week}/*.json")
    return Counter(json.loads(path.read_text("utf-8"))["status"] for path in receipts)
