"""Rebuild the marts of a week, and of the later weeks that carry its cumulative figures on."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Connection

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.warehouse.marts.change_causes import Cause, PossibleCauses
from nuanliu.warehouse.marts.coverage import is_touched, read_coverage
from nuanliu.warehouse.marts.published_figures import note_changes
from nuanliu.warehouse.marts.renamed_series import find_ended_activities
from nuanliu.warehouse.marts.weeks_pending import clear_pending
from nuanliu.warehouse.reconciliation.weeks_due import forget_clean
from nuanliu.warehouse.schema import tables
from nuanliu.warehouse.schema.locks import lock_rollup
from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.sql_files import load_sql

_MARTS = (
    tables.mart_week_figure,
    tables.mart_cumulative,
    tables.mart_campaign_week,
    tables.mart_week_coverage,
)


def rebuild_week(connection: Connection, week: ReportingWeek) -> tuple[ReportingWeek, ...]:
    """``rebuild_weeks`` for one week, when nobody knows what changed it."""
    return rebuild_weeks(connection, [week])


@as_transient("rolling up weeks")
def rebuild_weeks(
    connection: Connection, weeks: Iterable[ReportingWeek], cause: Cause | None = None, *, is_searched: bool = False
) -> tuple[ReportingWeek, ...]:
    """Delete and insert everything the marts hold of some weeks, in the caller's transaction.

    A cumulative figure stands in every later week until it is said anew. So when what a week hands on has changed
    (a late report, a correction), the later weeks that were built before are rebuilt too, up to the first that comes
    out as it was. What becomes of figures that readers know is noted, all of it as one step. What changed them is ``cause`` and
    the drops for which the weeks waited; ``is_searched``: unknown, and searched among the files that no edition knew.
    One session at a time; others wait. A rerun changes nothing.
    Returns: the weeks rebuilt, ascending. Raises: WarehouseUnavailable.
    """
    lock_rollup(connection)
    wanted = sorted(set(weeks))
    rebuilt: dict[ReportingWeek, Collection[int]] = {}
    for week in wanted:
        if week not in rebuilt:
            _rebuild_with_followers(connection, week, rebuilt)

    def causes(week: ReportingWeek) -> PossibleCauses:
        if is_searched:
            return PossibleCauses.search(connection, week)
        waited = {each.monday: drops for each, drops in rebuilt.items()}
        return PossibleCauses.read(connection, week, cause, waited)

    if wanted:
        note_changes(connection, wanted[0], causes)
    return tuple(sorted(rebuilt))


def _rebuild_with_followers(
    connection: Connection, week: ReportingWeek, rebuilt: dict[ReportingWeek, Collection[int]]
) -> None:
    """``rebuilt``: the weeks that were, to which these are added, each with the drops for which it waited."""
    if not _hands_on_something_else(connection, week, rebuilt):
        return
    for monday in connection.execute(load_sql("marts", "later_weeks"), {"week_start": week.monday}).scalars().all():
        later = ReportingWeek(monday)
        # An untouched week holds nothing and hands on nothing of its own; only a touched one can end the chain.
        if not _hands_on_something_else(connection, later, rebuilt) and is_touched(connection, later):
            break


def _hands_on_something_else(
    connection: Connection, week: ReportingWeek, rebuilt: dict[ReportingWeek, Collection[int]]
) -> bool:
    """Rebuild one week; whether its cumulative series differ from what they were."""
    before = _digest(connection, week)
    waited_for = _rebuild(connection, week)
    rebuilt[week] = {*rebuilt.get(week, ()), *waited_for}
    return _digest(connection, week) != before


def _rebuild(connection: Connection, week: ReportingWeek) -> frozenset[int]:
    waited_for = clear_pending(connection, str(week))
    forget_clean(connection, week)
    for mart in _MARTS:
        connection.execute(mart.delete().where(mart.c.week_start == week.monday))
    if is_touched(connection, week):
        monday = {"week_start": week.monday}
        ended = find_ended_activities(connection, week)
        parameters = {**monday, "sunday": week.sunday, "ended_activity_keys": ended}
        connection.execute(load_sql("marts", "mart_cumulative"), parameters)
        connection.execute(load_sql("marts", "mart_week_figure"), {**monday, "week_id": str(week)})
        connection.execute(load_sql("marts", "mart_campaign_week"), monday)
    _insert_coverage(connection, week)
    return waited_for


def _insert_coverage(connection: Connection, week: ReportingWeek) -> None:
    rows = [
        {
            "week_start": week.monday,
            "union_id": unit.union_id,
            "is_expected": unit.is_expected,
            "state": unit.state,
            "is_late": unit.is_late,
            "version": unit.version,
            "receipt_no": unit.receipt_no,
        }
        for unit in read_coverage(connection, week)
    ]
    if rows:
        connection.execute(tables.mart_week_coverage.insert(), rows)


def _digest(connection: Connection, week: ReportingWeek) -> str | None:
    digest: str | None = connection.execute(
        load_sql("marts", "cumulative_digest"), {"week_start": week.monday}
    ).scalar_one()
    return digest
