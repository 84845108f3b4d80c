"""Which facts count. A current version keeps its rows; one that another row counts in place of waits, and may count again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.warehouse.schema.sql_files import load_sql


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


def settle_counting(
    connection: Connection, submission_keys: Iterable[int], weeks: Iterable[ReportingWeek]
) -> tuple[Turned, ...]:
    """Decide anew which facts count, from the current versions alone; in the caller's transaction, after all other locks.

    ``submission_keys``: versions whose facts came. ``weeks``: those where facts came or went. A second call finds nothing.
    """
    connection.execute(load_sql("warehouse", "lock_counting"))
    found = connection.execute(
        load_sql("warehouse", "settle_counting"),
        {"submission_keys": sorted(submission_keys), "week_starts": sorted(week.monday for week in weeks)},
    ).mappings()
    return tuple(Turned(**{name: row[name] for name in Turned.__dataclass_fields__}) for row in found)
