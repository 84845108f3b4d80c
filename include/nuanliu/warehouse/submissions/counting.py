"""Which facts count. A current version keeps its rows; one that another row counts in place of waits, and may count again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.domain.submission import Submission
from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.sql_files import load_sql
from nuanliu.warehouse.schema.tables import dim_submission


@dataclass(frozen=True)
class Turned:
    """An activity that counts now and did not, or the other way round. ``week_start``: the Monday it counts in.

    ``union_id``, ``receipt_no``: who sent it, and the answer. ``speaking_union_id``: whose row of the activity counts now.
    """

    week_start: date
    is_counting: bool
    natural_key: str
    activity_name: str
    union_id: str
    receipt_no: str
    organizer_union_id: str
    speaking_union_id: str


def lock_counting(connection: Connection, submission: Submission) -> None:
    """Let no other load settle activities of the organisers that a submission's rows name, or those of the version that it
    may replace. After the locks of unions, before anything is taken away.
    """
    organizers = submission.rows["organizer_union_id"].dropna().unique()
    connection.execute(
        load_sql("warehouse", "lock_counting"),
        {
            "union_ids": sorted(map(str, organizers)),
            "union_id": submission.union_id,
            "week_id": str(submission.week),
        },
    )


def settle_counting(
    connection: Connection, submission_keys: Iterable[int], weeks: Iterable[ReportingWeek]
) -> tuple[Turned, ...]:
    """Decide anew which facts count, from the current versions alone; in the caller's transaction.

    ``submission_keys``: versions whose facts came. ``weeks``: those where facts came or went. The caller holds
    ``lock_counting``, or the locks of all unions. A second call finds nothing.
    """
    found = connection.execute(
        load_sql("warehouse", "settle_counting"),
        {"submission_keys": sorted(submission_keys), "week_starts": sorted(week.monday for week in weeks)},
    ).mappings()
    return tuple(Turned(**{name: row[name] for name in Turned.__dataclass_fields__}) for row in found)


@as_transient("settling which activities count")
def settle_everything(connection: Connection) -> tuple[ReportingWeek, ...]:
    """Decide of all facts which count, where the rules or keys of before let others count; the caller holds the locks of all
    unions. Their organisers' reports that take over will be told to who reported first. Returns: the weeks where facts
    turned, ascending.
    """
    version = dim_submission.c
    current = connection.execute(
        select(version.submission_key, version.fact_weeks).where(version.superseded_at.is_(None))
    ).all()
    weeks = {ReportingWeek(monday) for row in current for monday in row.fact_weeks}
    turned = settle_counting(connection, [row.submission_key for row in current], weeks)
    if turned:
        connection.execute(load_sql("warehouse", "handed_over"))
    return tuple(sorted({ReportingWeek(activity.week_start) for activity in turned}))
