"""Whether rolling one week up again costs more when ten years of facts lie beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bench.big_table import WEEK
from tests.bench.measurement import Measurement, median_times
from tests.bench.server import bench_server
from tests.bench.years_of_facts import fill_weeks

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.storage.database import open_engine
from nuanliu.warehouse.marts.rollup import rebuild_week

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine
    from tests.bench.sizes import Sizes

_YEAR = 52


def measure(sizes: Sizes) -> Iterator[Measurement]:
    """The newest week, with one year of facts and then with ten."""
    newest = ReportingWeek.parse(WEEK)
    weeks = [newest.shift(-back) for back in range(10 * _YEAR)]
    with bench_server() as server:
        engine = open_engine(server.warehouse("years"))
        fill_weeks(engine, weeks[:_YEAR], sizes.activities)
        one = _seconds(engine, newest)
        fill_weeks(engine, weeks[_YEAR:], sizes.activities)
        ten = _seconds(engine, newest)
        engine.dispose()
    note = f"{one * 1000:.0f} ms → {ten * 1000:.0f} ms, {sizes.activities} activities a week"
    yield Measurement("roll one week up again, 10 years of facts against one year", ten / one, 1.2, "×", note)


def _seconds(engine: Engine, week: ReportingWeek) -> float:
    def roll_up() -> None:
        with engine.begin() as connection:
            rebuild_week(connection, week)

    return median_times(roll_up, repeats=9).wall
