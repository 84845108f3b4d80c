"""Submission versions: the next one of a (union, week), what it supersedes, and the facts that go away with that."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection, func, select

from nuanliu.domain.checked import CheckedDrop
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.warehouse.schema import tables
from nuanliu.warehouse.schema.sql_files import load_sql

FACT_TABLES = (
    tables.stored_measure,
    tables.bridge_activity_group,
    tables.bridge_activity_partner,
    tables.stored_activity,
)
"""All have week_start, activity_key and submission_key."""


def next_version(connection: Connection, union_id: str, week: ReportingWeek) -> int:
    """The number of the next version of a (union, week); the first is 1. The caller holds the union's lock."""
    submission = tables.dim_submission.c
    latest = connection.execute(
        select(func.max(submission.version)).where(submission.union_id == union_id, submission.week_id == str(week))
    ).scalar()
    return (latest or 0) + 1


def begin_version(
    connection: Connection, checked: CheckedDrop, *, object_id: int, weeks: Iterable[ReportingWeek]
) -> int:
    """Write the dim_submission row of a version; returns its submission_key.

    ``checked.receipt`` has its number and version. ``weeks``: those its facts count in.
    """
    submission, receipt = checked.submission, checked.receipt
    statement = tables.dim_submission.insert().values(
        object_id=object_id,
        receipt_no=receipt.receipt_no,
        union_id=submission.union_id,
        week_id=str(submission.week),
        week_start=submission.week.monday,
        version=receipt.version,
        submission_type=submission.submission_type,
        status=checked.status,
        sha256=receipt.sha256,
        content_hash=submission.content_hash,
        is_late=receipt.late,
        received_at=receipt.received_at,
        fact_weeks=[week.monday for week in weeks],
        arrival_order=select(tables.registry.c.arrival_order)
        .where(tables.registry.c.object_id == object_id)
        .scalar_subquery(),
    )
    return int(connection.execute(statement.returning(tables.dim_submission.c.submission_key)).scalar_one())


def supersede_others(connection: Connection, submission_key: int) -> set[ReportingWeek]:
    """Make a version the only current one of its (union, week) but for younger ones: the others are marked, their facts
    deleted.

    Returns: the weeks the deleted facts counted in.
    """
    superseded = connection.execute(
        load_sql("warehouse", "superseded_submission"), {"submission_key": submission_key}
    ).all()
    keys = [row.submission_key for row in superseded]
    mondays = sorted({monday for row in superseded for monday in row.fact_weeks})
    if not mondays:
        return set()
    for table in FACT_TABLES:
        connection.execute(table.delete().where(table.c.week_start.in_(mondays), table.c.submission_key.in_(keys)))
    return _weeks(mondays)


def weeks_near(weeks: Iterable[ReportingWeek]) -> list[ReportingWeek]:
    """The weeks, and one before and after each: two unions may date the same activity a few days apart."""
    return sorted({week.shift(by) for week in weeks for by in (-1, 0, 1)})


def _weeks(mondays: Iterable[date]) -> set[ReportingWeek]:
    return {ReportingWeek(monday) for monday in mondays}
