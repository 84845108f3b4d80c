"""Whether rolling one week up again costs more when ten years of facts lie beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bench.big_table import WEEK
from tests.bench.measuring.meter import Meter
from tests.bench.results.rows import Row
from tests.bench.server import bench_server
from tests.bench.years_of_facts import FIGURES, YEAR, fill_weeks, grown

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.storage.database import open_engine
from nuanliu.warehouse.marts.rollup import rebuild_week

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from tests.bench.measuring.cost import Cost
    from tests.bench.sizes import Bench

_REPEATS = 9


def measure(bench: Bench) -> Row:
    """The newest week, with one year of facts and then with ten."""
    newest = ReportingWeek.parse(WEEK)
    weeks = [newest.shift(-back) for back in range(10 * YEAR)]
    with bench_server() as server:
        dsn = server.warehouse("years")
        engine = open_engine(dsn)
        fill_weeks(engine, weeks[:YEAR], bench.sizes)
        one = _cost(engine, dsn, newest)
        fill_weeks(engine, weeks[YEAR:], bench.sizes)
        ten = _cost(engine, dsn, newest)
        engine.dispose()
    work = f"one week rolled up again, {bench.sizes.activities:,} activities × {FIGURES} figures"
    return grown(work, one, ten, target=1.2, runs=_REPEATS)


def _cost(engine: Engine, dsn: str, week: ReportingWeek) -> Cost:
    def roll_up() -> None:
        with engine.begin() as connection:
            rebuild_week(connection, week)

    with Meter(dsn) as meter:
        return meter.repeated(roll_up, _REPEATS)
