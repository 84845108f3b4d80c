"""What an edition of a week prints: its own figures, those it compares them with, and those that it says have changed."""

from __future__ import annotations

from sqlalchemy import Connection

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.warehouse.marts.campaign_entries import campaign_entries
from nuanliu.warehouse.marts.revisions import unmailed_steps, untold_steps
from nuanliu.warehouse.marts.weeks_pending import pending_weeks
from nuanliu.warehouse.reconciliation.scope import Scope, spans_of
from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.sql_files import load_sql


@as_transient("finding out what an edition prints")
def printed_weeks(connection: Connection, week: ReportingWeek) -> set[ReportingWeek]:
    """The weeks whose figures the next edition of a week prints: its own, those of the week before it and the one a year before
    (both compared with), and those of which a correction is told.
    """
    steps = [*untold_steps(connection, week), *unmailed_steps(connection, week)]
    weeks = {week, week.shift(-1), *(ReportingWeek.parse(step.week_id) for step in steps)}
    before = week.year_before()
    return weeks | ({before} if before else set())


@as_transient("finding out what an edition rests on")
def printed_scope(connection: Connection, week: ReportingWeek) -> Scope:
    """What the next edition of a week rests on: the weeks that it prints, the originals of what counts in them, and what its
    campaigns gained since their seasons began.

    Of the others those are left out that wait for a roll-up: what they will say is not known yet, and a week that cannot be
    rolled up stops no other.
    """
    waiting = set(map(ReportingWeek.parse, pending_weeks(connection))) - {week}
    weeks = printed_weeks(connection, week) - waiting
    campaigns = [ReportingWeek.parse(entry["first_week"]) for entry in campaign_entries(connection, week)]
    originals = connection.execute(
        load_sql("warehouse", "counting_object"), {"week_starts": [each.monday for each in weeks]}
    ).scalars()
    return Scope(
        spans_of(weeks),
        campaigns_since=min(campaigns, default=None),
        object_ids=tuple(originals),
    )
