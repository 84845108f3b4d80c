"""The books against each other: bucket = registry = receipts; rows add up; facts = accepted activities; rollup = facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nuanliu.warehouse.outages import passing_outages
from nuanliu.warehouse.sql_files import load_sql

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import Connection

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

_PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "registry__object_missing": ("intake", "archive", "quarantine"),
    "registry__object_unnamed": ("archive", "quarantine"),
}


@passing_outages("reconciling")
def reconcile_document(connection: Connection, objects: Mapping[str, Collection[str]]) -> dict[str, Any]:
    """The document of ``nuanliu reconcile``.

    ``objects``: the keys that the bucket holds under ``intake``, ``archive`` and ``quarantine``, as the registry writes
    them. Differences: ``{"identity", "check", "subject", "expected", "found"}``, in the order of the identities. Call it
    between loads and roll-ups: a week that waits for its roll-up differs.
    """
    listings = {f"{prefix.strip('/')}_keys": sorted(keys) for prefix, keys in objects.items()}
    differences = [
        {"identity": identity, "check": check, **row}
        for identity, checks in IDENTITIES.items()
        for check in checks
        for row in _offending(connection, check, listings)
    ]
    return {"schema": SCHEMA, "ok": not differences, "differences": differences}


def _offending(connection: Connection, check: str, listings: Mapping[str, list[str]]) -> list[dict[str, str]]:
    names = [f"{prefix}_keys" for prefix in _PARAMETERS.get(check, ())]
    rows = connection.execute(load_sql("checks", check), {name: listings.get(name, []) for name in names})
    return [{"subject": row.subject, "expected": row.expected, "found": row.found} for row in rows]
