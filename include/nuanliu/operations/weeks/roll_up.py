"""Build a week's figures anew from its facts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError

from nuanliu.domain.documents import RollupDocument
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.errors import Permanent
from nuanliu.operations.context import Context
from nuanliu.warehouse.marts.figures import week_document
from nuanliu.warehouse.marts.rollup import rebuild_week
from nuanliu.warehouse.marts.weeks_pending import pending_weeks


class WeekNotRolledUp(Permanent):
    """The figures of a week cannot be built from its facts, now or later: a defect, which must not stop other weeks."""

    def __init__(self, week: str, problem: str) -> None:
        super().__init__(f"{week} cannot be rolled up ({problem}); the engineers must look at its facts")
        self.week = week
        self.problem = problem

    def __reduce__(self) -> tuple[type[WeekNotRolledUp], tuple[str, str]]:
        return (WeekNotRolledUp, (self.week, self.problem))


@contextmanager
def failing_alone(week: ReportingWeek) -> Iterator[None]:
    """Turn what the warehouse refuses for good into an error of the week. Raises: WeekNotRolledUp."""
    try:
        yield
    except DataError as error:
        # Only the class of the error: the server's words may quote a value.
        raise WeekNotRolledUp(str(week), type(error.orig).__name__) from error


def roll_up_week(ctx: Context, week: str, *, compares: bool = True) -> RollupDocument:
    """Rebuild one week's marts and return its ``nuanliu.rollup/1`` document. Raises: InvalidWeek, WeekNotRolledUp.

    ``compares``: as ``week_document`` takes it; for nobody who only wants the marts.
    """
    wanted = ReportingWeek.parse(week)
    with failing_alone(wanted), ctx.engine.begin() as connection:
        rebuild_week(connection, wanted)
    with ctx.engine.connect() as connection:
        return week_document(connection, wanted, compares=compares)


def roll_up_waiting_week(ctx: Context, week: str) -> bool:
    """Rebuild one week's marts if it waits for that; whether it did. A run for a week that an earlier run has taken along
    ends so. Raises: InvalidWeek, WeekNotRolledUp.
    """
    wanted = ReportingWeek.parse(week)
    with ctx.engine.connect() as connection:
        if str(wanted) not in pending_weeks(connection):
            return False
    with failing_alone(wanted), ctx.engine.begin() as connection:
        rebuild_week(connection, wanted)
    return True
