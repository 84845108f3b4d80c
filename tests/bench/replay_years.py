"""What it takes to replay one week when ten years of answered files lie beside it."""

from __future__ import annotations

import tempfile
from collections import defaultdict
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
    from tests.bench.sizes import Bench, Sizes

_NOW = "2024-12-09T09:00+08:00"


def measure(bench: Bench) -> Row:
    """The week came as files; the years before it stand in the warehouse as they would, without their files. In turns."""
    week = ReportingWeek.parse(WEEK)
    with tempfile.TemporaryDirectory(prefix="nuanliu-bench-") as folder, bench_server() as server:
        played = {
            name: _Played(server.warehouse(name), Path(folder) / name, week, years, bench.sizes)
            for name, years in (("one", 1), ("ten", 10))
        }
        costs = defaultdict(list)
        for _ in range(bench.sizes.repeats):
            for name, each in played.items():
                costs[name].append(each.replay_cost())
        for each in played.values():
            each.ctx.engine.dispose()
    one, ten = median_cost(costs["one"]), median_cost(costs["ten"])
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


class _Played:
    """A warehouse of some years, filled in the order in which they were, and the week after them that is replayed."""

    def __init__(self, dsn: str, home: Path, week: ReportingWeek, years: int, sizes: Sizes) -> None:
        self.ctx = Context(
            Settings.from_env({"NUANLIU_HOME": str(home), "NUANLIU_NOW": _NOW}),
            open_bucket((home / "var" / "bucket").as_uri()),
            open_engine(dsn),
        )
        self._dsn, self._week, self._files = dsn, week, sizes.played
        home.mkdir()
        # Not the week before: its files came on the Monday of this one, so they would be played with it.
        fill_weeks(self.ctx.engine, [week.shift(-1 - back) for back in range(years * YEAR, 0, -1)], sizes)
        self._take_week()

    def replay_cost(self) -> Cost:
        """Of one replay. Raises: RuntimeError when it brings something else, or plays what it should keep."""
        with Meter(self._dsn) as meter, meter.piece() as piece:
            document = replay(self.ctx, ReplayScope(first=self._week, last=self._week))
        said = {name: document[name] for name in ("replayed", "differences", "receipts", "missing")}
        if said != {"replayed": self._files, "differences": [], "receipts": [], "missing": []}:
            raise RuntimeError(f"the replay is not what stood before: {str(said)[:1000]}")
        return piece.cost

    def _take_week(self) -> None:
        for union_id in _senders()[: self._files]:
            path = self.ctx.settings.home / f"{union_id}.xlsx"
            path.write_bytes(workbook(union_id, self._week))
            drop_files(self.ctx.bucket, [path], union_id=union_id, week=str(self._week))
        failures = take_all(self.ctx)["failures"]
        if failures:
            raise RuntimeError(f"not all files were answered: {failures}")


def _senders() -> list[str]:
    return [union.id for union in codes().unions.list if union.level != "province"]
