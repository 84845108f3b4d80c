"""Build a week's figures anew from its facts."""

from __future__ import annotations

from nuanliu.domain.documents import RollupDocument
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.operations.context import Context
from nuanliu.warehouse.marts.figures import week_document
from nuanliu.warehouse.marts.rollup import rebuild_week


def roll_up_week(ctx: Context, week: str) -> RollupDocument:
    """Rebuild one week's marts and return its ``nuanliu.rollup/1`` document. Raises: InvalidWeek."""
    wanted = ReportingWeek.parse(week)
    with ctx.engine.begin() as connection:
        rebuild_week(connection, wanted)
    with ctx.engine.connect() as connection:
        return week_document(connection, wanted)
