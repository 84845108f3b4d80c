"""The books against each other: bucket = registry = receipts; rows add up; facts = accepted activities; rollup = facts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from nuanliu.warehouse.outages import passing_outages
from nuanliu.warehouse.sql_files import load_sql

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import Connection

    from nuanliu.reporting_week import ReportingWeek

SCHEMA = "nuanliu.reconcile/1"

IDENTITIES: Mapping[str, tuple[str, ...]] = {
    "bucket = registry": ("registry__object_missing", "registry__object_unnamed"),
    "registry = receipts": ("registry__unanswered",),
    "received = accepted + returned + held + ignored": ("receipt__row_identity",),
    "facts = accepted activities": ("fact_activity__accepted_activities", "fact_measure__activity_missing"),
    "rollup = facts": (
        "mart_week_figure__events",
        "mart_week_figure__cumulatives",
        "mart_week_figure__places",
        "mart_cumulative__facts",
        "mart_campaign_week__facts",
    ),
}
"""Identity → its files in include/sql/checks; each returns offending rows as subject, expected, found."""


@passing_outages("reconciling")
def reconcile_document(
    connection: Connection, objects: Mapping[str, Collection[str]], *, week: ReportingWeek | None = None
) -> dict[str, Any]:
    """The document of ``nuanliu reconcile``.

    ``objects``: the keys that the bucket holds under ``intake``, ``archive`` and ``quarantine``, as the registry writes
    them. ``week``: figures and facts of this week only; without it all weeks, which takes seconds a year.
    Differences: ``{"identity", "check", "subject", "expected", "found"}``, in the order of the identities. Call it
    between loads and roll-ups: a week that waits for its roll-up differs.
    """
    given: dict[str, Any] = {
        **{f"{prefix}_keys": [] for prefix in ("intake", "archive", "quarantine")},
        **{f"{prefix.strip('/')}_keys": sorted(keys) for prefix, keys in objects.items()},
        "first_week_start": week.monday if week else date.min,
        "last_week_start": week.monday if week else date.max,
    }
    differences = [
        {"identity": identity, "check": check, **row}
        for identity, checks in IDENTITIES.items()
        for check in checks
        for row in _offending(connection, check, given)
    ]
    return {"schema": SCHEMA, "ok": not differences, "differences": differences}


def _offending(connection: Connection, check: str, given: Mapping[str, Any]) -> list[dict[str, str]]:
    statement = load_sql("checks", check)
    rows = connection.execute(statement, {name: given[name] for name in statement.compile().params})
    return [{"subject": row.subject, "expected": row.expected, "found": row.found} for row in rows]
