"""Which weeks the nightly reconcile looks at: those that were touched since it found them clean, and a share of the rest."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.sql_files import load_sql
from nuanliu.warehouse.schema.tables import reconciled_week

SEEN_WITHIN = timedelta(weeks=8)
"""No week stays longer without being looked at, as long as the nightly run runs."""
_NIGHTS = 49
"""Nights in which every week has had its turn once; the week that is left to the eighth is for nights that fail."""


@as_transient("finding out which weeks are due")
def weeks_due(connection: Connection, now: datetime) -> list[ReportingWeek]:
    """The weeks to look at tonight, ascending: as ``choose_due`` says of all weeks from the first to the last of which the
    warehouse holds anything.
    """
    rows = connection.execute(load_sql("warehouse", "week_clean_since")).all()
    return choose_due({ReportingWeek(row.week_start): row.clean_at for row in rows}, now)


def choose_due(clean_at: Mapping[ReportingWeek, datetime | None], now: datetime) -> list[ReportingWeek]:
    """``clean_at``: when each week was found clean; None: never, or it was touched since. Those, those whose time is up, and
    of the others so many of the longest unseen that all have their turn in ``_NIGHTS`` nights.
    """
    seen = {week: at for week, at in clean_at.items() if at is not None}
    up_at = now - timedelta(days=_NIGHTS)
    due = {week for week in clean_at if week not in seen or seen[week] <= up_at}
    share = -(-len(clean_at) // _NIGHTS)
    longest_unseen = sorted(seen.keys() - due, key=lambda week: (seen[week], week))
    return sorted({*due, *longest_unseen[:share]})


@as_transient("beginning to look at weeks")
def begin_look(connection: Connection, weeks: Collection[ReportingWeek]) -> None:
    """Note that weeks are being looked at: what touches one from here on takes the note away."""
    rows = [{"week_start": week.monday} for week in weeks]
    if rows:
        connection.execute(insert(reconciled_week).on_conflict_do_nothing(), rows)


@as_transient("noting clean weeks")
def note_clean(connection: Connection, weeks: Collection[ReportingWeek], now: datetime) -> None:
    """Note that the look found weeks clean; not of those that were touched since it began."""
    noted = reconciled_week.c
    mondays = [week.monday for week in weeks]
    connection.execute(reconciled_week.update().where(noted.week_start.in_(mondays)).values(clean_at=now))


def forget_clean(connection: Connection, week: ReportingWeek) -> None:
    """Let a week be looked at in the next night, whatever was found before; in the transaction that touches it."""
    connection.execute(reconciled_week.delete().where(reconciled_week.c.week_start == week.monday))
