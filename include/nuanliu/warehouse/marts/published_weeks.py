"""Published weeks are rolled up with what touches them, a drop or a change of the unions: only so is every step of a figure
seen, and its cause known.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, OperationalError

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.domain.revised_figures import Reason
from nuanliu.warehouse.marts.change_causes import Cause, cause_of_drop
from nuanliu.warehouse.marts.published_figures import last_published_week
from nuanliu.warehouse.marts.rollup import rebuild_weeks
from nuanliu.warehouse.marts.weeks_pending import weeks_pending_by_rules
from nuanliu.warehouse.schema.locks import lock_rollup
from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.sql_files import load_sql

log = logging.getLogger(__name__)


@as_transient("waiting for a publication to end")
def share_publication(connection: Connection) -> None:
    """Keep publications waiting until this transaction, which changes facts or the tree, ends; and wait for one under way.

    Raises: WarehouseUnavailable when it did not end in time.
    """
    connection.execute(load_sql("marts", "share_publication"))


def roll_up_published(connection: Connection, object_id: int, weeks: Iterable[str]) -> None:
    """Roll up those of the weeks that a drop touched whose figures readers may know; the last thing its load does.

    Two drops that arrive between two roll-ups would else be one step, and nobody could say which of them changed what. Weeks
    after the last published one wait for their roll-up as ever. A roll-up that fails for good leaves its weeks waiting
    too: the drop is answered all the same, and whoever rolls up next is told.
    """
    share_publication(connection)
    known = _known_to_readers(connection, weeks)
    if known:
        _rebuild_or_leave(connection, known, cause_of_drop(connection, object_id), f"object {object_id}")


def roll_up_by_rules(connection: Connection) -> None:
    """Roll up the weeks that readers may know and that wait because rules or code lists are others: the next drop that touches
    them would else pass for what changed them. All at once; the others wait for their roll-up as ever.
    """
    known = _known_to_readers(connection, weeks_pending_by_rules(connection))
    if known:
        _rebuild_or_leave(connection, known, Cause(Reason.RULES), "other rules")


def _known_to_readers(connection: Connection, weeks: Iterable[str]) -> list[ReportingWeek]:
    """Those of the weeks, as 2024-W49, whose figures an edition may have shown or carried on."""
    last = last_published_week(connection)
    return [week for week in map(ReportingWeek.parse, weeks) if last is not None and week <= last]


def _rebuild_or_leave(connection: Connection, weeks: list[ReportingWeek], cause: Cause | None, behind: str) -> None:
    try:
        with connection.begin_nested():
            rebuild_weeks(connection, weeks, cause)
    except DBAPIError as error:
        if isinstance(error, OperationalError) or error.connection_invalidated:
            raise
        log.error("%s: %s not rolled up: %s", behind, weeks[0], type(error.orig).__name__)  # noqa: TRY400


def read_week_trees(connection: Connection) -> dict[date, str]:
    """Monday of each week that was rolled up → a hash of the unions as they stand in it. No other is rolled up until this
    transaction ends.
    """
    lock_rollup(connection)
    rows = connection.execute(load_sql("marts", "week_trees"))
    return {row.week_start: row.digest for row in rows}


def roll_up_moved(connection: Connection, before: Mapping[date, str]) -> None:
    """Roll up the weeks in which the unions stand otherwise than ``before``, in the transaction that changed them."""
    moved = [
        ReportingWeek(monday) for monday, digest in read_week_trees(connection).items() if before[monday] != digest
    ]
    if moved:
        rebuild_weeks(connection, moved, Cause(Reason.UNIONS))
