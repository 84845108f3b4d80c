"""What it takes to replay one week when ten years of answered files lie beside it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.big_table import WEEK
from tests.bench.many_files import workbook
from tests.bench.measuring.cost import median_cost
from tests.bench.measuring.meter import Meter
from tests.bench.results.rows import By, Figure, Row, Way
from tests.bench.server import bench_server
from tests.bench.years_of_facts import YEAR, fill_weeks

from nuanliu.contract.code_lists import codes
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.operations.context import Context
from nuanliu.operations.drops.dropping import drop_files
from nuanliu.operations.recovery.replay_scope import ReplayScope
from nuanliu.operations.recovery.replaying import replay
from nuanliu.operations.take_all import take_all
from nuanliu.settings import Settings
from nuanliu.storage.bucket import open_bucket
from nuanliu.storage.database import open_engine

if TYPE_CHECKING:
    from tests.bench.measuring.cost import Cost
    from tests.bench.sizes import Bench

_NOW = "2024-12-09T09:00+08:00"


def measure(bench: Bench) -> Row:
    """The newest week came as files; the years before it stand in the warehouse as they would, without their files."""
    newest = ReportingWeek.parse(WEEK)
    weeks = [newest.shift(-back) for back in range(1, 10 * YEAR + 1)]
    with tempfile.TemporaryDirectory(prefix="nuanliu-bench-") as home, bench_server() as server:
        dsn = server.warehouse("replay")
        engine = open_engine(dsn)
        settings = Settings.from_env({"NUANLIU_HOME": home, "NUANLIU_NOW": _NOW})
        ctx = Context(settings, open_bucket((Path(home) / "var" / "bucket").as_uri()), engine)
        fill_weeks(engine, weeks[:YEAR], bench.sizes)
        _take_week(ctx, newest, bench.sizes.played)
        one = _cost(ctx, dsn, newest, bench)
        fill_weeks(engine, weeks[YEAR:], bench.sizes)
        ten = _cost(ctx, dsn, newest, bench)
        engine.dispose()
    return Row(
        title=f"replay of a week of {bench.sizes.played} files, with 10 years of facts against one",
        ways={
            "one": Way("with one year", one, bench.sizes.repeats),
            "ten": Way("with ten years", ten, bench.sizes.repeats),
        },
        counts={"kept as loaded": 10 * YEAR * len(_senders()), "played": bench.sizes.played},
        figures={
            "processor": Figure("processor seconds", ten.processor / one.processor, "×", By.PROCESSOR, 1.3),
            "clock": Figure("by the clock", ten.wall / one.wall, "×", By.CLOCK),
        },
    )


def _senders() -> list[str]:
    return [union.id for union in codes().unions.list if union.level != "province"]


def _take_week(ctx: Context, week: ReportingWeek, files: int) -> None:
    for union_id in _senders()[:files]:
        path = ctx.settings.home / f"{union_id}.xlsx"
        path.write_bytes(workbook(union_id, week))
        drop_files(ctx.bucket, [path], union_id=union_id, week=str(week))
    failures = take_all(ctx)["failures"]
    if failures:
        raise RuntimeError(f"not all files were answered: {failures}")


def _cost(ctx: Context, dsn: str, week: ReportingWeek, bench: Bench) -> Cost:
    costs = []
    with Meter(dsn) as meter:
        for _ in range(bench.sizes.repeats):
            with meter.piece() as piece:
                document = replay(ctx, ReplayScope(first=week, last=week))
            if document["replayed"] != bench.sizes.played or document["differences"] or document["receipts"]:
                raise RuntimeError(f"the replay is not what stood before: {document}")
            costs.append(piece.cost)
    return median_cost(costs)
