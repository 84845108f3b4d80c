"""What a publication's look at its records costs when ten years of facts lie beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.bench.backend_time import backend_seconds
from tests.bench.big_table import WEEK
from tests.bench.measurement import Measurement
from tests.bench.server import bench_server
from tests.bench.years_of_facts import fill_weeks

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.storage.database import open_engine
from nuanliu.warehouse.marts.reconcile import COUNTED_IDENTITIES, reconcile_document
from nuanliu.warehouse.marts.rollup import rebuild_weeks
from nuanliu.warehouse.reconciliation.printed_weeks import printed_scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine
    from tests.bench.sizes import Sizes

_YEAR = 52
_ROLLED_UP = 30
"""The newest weeks have figures: as far as a campaign without a season reaches back, and some."""
_REPEATS = 5


def measure(sizes: Sizes) -> Iterator[Measurement]:
    """Facts and figures of the newest week's edition, with one year of facts and then with ten."""
    newest = ReportingWeek.parse(WEEK)
    weeks = [newest.shift(-back) for back in range(10 * _YEAR)]
    with bench_server() as server:
        engine = open_engine(server.warehouse("reconcile"))
        fill_weeks(engine, weeks[:_YEAR], sizes.activities)
        with engine.begin() as connection:
            rebuild_weeks(connection, weeks[:_ROLLED_UP])
        one = _seconds(engine, newest)
        fill_weeks(engine, weeks[_YEAR:], sizes.activities)
        ten = _seconds(engine, newest)
        engine.dispose()
    note = f"{one * 1000:.0f} ms → {ten * 1000:.0f} ms of PostgreSQL, {sizes.activities} activities a week"
    yield Measurement("reconcile for a publication, 10 years of facts against one", ten / one, 1.2, "×", note)


def _seconds(engine: Engine, week: ReportingWeek) -> float:
    with engine.connect() as connection:

        def look() -> None:
            scope = replace(printed_scope(connection, week), identities=COUNTED_IDENTITIES)
            reconcile_document(connection, None, scope=scope)

        return backend_seconds(connection, look, _REPEATS)
