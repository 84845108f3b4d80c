"""What a publication's look at its records costs when ten years of facts lie beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.bench.big_table import WEEK
from tests.bench.measuring.meter import Meter
from tests.bench.results.rows import Row
from tests.bench.server import bench_server
from tests.bench.years_of_facts import FIGURES, YEAR, fill_weeks, grown

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.storage.database import open_engine
from nuanliu.warehouse.marts.reconcile import COUNTED_IDENTITIES, reconcile_document
from nuanliu.warehouse.marts.rollup import rebuild_weeks
from nuanliu.warehouse.reconciliation.printed_weeks import printed_scope

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from tests.bench.measuring.cost import Cost
    from tests.bench.sizes import Bench

_ROLLED_UP = 30
"""The newest weeks have figures: as far as a campaign without a season reaches back, and some."""
_REPEATS = 5


def measure(bench: Bench) -> Row:
    """Facts and figures of the newest week's edition, with one year of facts and then with ten."""
    newest = ReportingWeek.parse(WEEK)
    weeks = [newest.shift(-back) for back in range(10 * YEAR)]
    with bench_server() as server:
        dsn = server.warehouse("reconcile")
        engine = open_engine(dsn)
        fill_weeks(engine, weeks[:YEAR], bench.sizes)
        with engine.begin() as connection:
            rebuild_weeks(connection, weeks[:_ROLLED_UP])
        one = _cost(engine, dsn, newest)
        fill_weeks(engine, weeks[YEAR:], bench.sizes)
        ten = _cost(engine, dsn, newest)
        engine.dispose()
    work = f"reconcile of a publication, {bench.sizes.activities:,} activities × {FIGURES} figures a week"
    return grown(work, one, ten, target=1.2, runs=_REPEATS)


def _cost(engine: Engine, dsn: str, week: ReportingWeek) -> Cost:
    with engine.connect() as connection, Meter(dsn) as meter:

        def look() -> None:
            scope = replace(printed_scope(connection, week), identities=COUNTED_IDENTITIES)
            reconcile_document(connection, None, scope=scope)

        return meter.repeated(look, _REPEATS)
