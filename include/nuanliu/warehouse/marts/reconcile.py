"""The records against each other: bucket = registry = receipts; rows add up; facts = accepted activities; rollup = facts;
reports = editions.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from nuanliu.domain import schemas
from nuanliu.domain.documents import DifferenceEntry, ReconcileDocument
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.warehouse.marts.editions import document_hash
from nuanliu.warehouse.schema import tables
from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.sql_files import load_sql

IDENTITIES: Mapping[str, tuple[str, ...]] = {
    "bucket = registry": ("registry__object_missing", "registry__object_unnamed"),
    "registry = receipts": ("registry__unanswered",),
    "received = accepted + returned + held + ignored": ("receipt__row_identity",),
    "facts = accepted activities": (
        "fact_activity__accepted_activities",
        "fact_measure__activity_missing",
        "fact_measure__receipt_totals",
    ),
    "an activity counts once": ("fact_activity__counting", "fact_measure__counting"),
    "rollup = facts": (
        "mart_week_figure__events",
        "mart_week_figure__campaigns",
        "mart_week_figure__cumulatives",
        "mart_week_figure__places",
        "mart_week_figure__place_facts",
        "mart_cumulative__facts",
        "mart_campaign_week__facts",
    ),
    "reports = editions": ("edition__report_changed", "edition__report_unnamed", "edition__document_changed"),
}
"""Identity → its files in include/sql/checks; each returns offending rows as subject, expected, found. The last one looks
at documents, whose hash no statement can take.
"""
EDITION_DOCUMENT = "edition__document_changed"
_OF_REPORTS = frozenset(IDENTITIES["reports = editions"])
_OF_OBJECTS = frozenset(IDENTITIES["bucket = registry"])
_Offence = tuple[str, str, str]
"""Subject, expected, found."""


@as_transient("reconciling")
def reconcile_document(
    connection: Connection,
    objects: Mapping[str, Collection[str]] | None,
    *,
    reports: Mapping[str, str] | None = None,
    week: ReportingWeek | None = None,
) -> ReconcileDocument:
    """The document of ``nuanliu reconcile``.

    ``objects``: the keys that the bucket holds under ``intake``, ``archive`` and ``quarantine``, as the registry writes
    them; None leaves the bucket unlooked at. ``reports``: object key → sha256 of what it holds under ``reports/``; None leaves what was published unlooked at.
    ``week``: figures and facts of this week only; without it all weeks, which takes seconds a year.
    Differences: ``{"identity", "check", "subject", "expected", "found"}``, in the order of the identities. Call it
    between loads and roll-ups: a week that waits for its roll-up differs.
    """
    given: dict[str, Any] = {
        **{f"{prefix}_keys": [] for prefix in ("intake", "archive", "quarantine")},
        **{f"{prefix.strip('/')}_keys": sorted(keys) for prefix, keys in (objects or {}).items()},
        "first_week_start": week.monday if week else date.min,
        "last_week_start": week.monday if week else date.max,
        "report_keys": sorted(reports or ()),
        "report_hashes": [digest for _, digest in sorted((reports or {}).items())],
    }
    differences = [
        DifferenceEntry(identity=identity, check=check, subject=subject, expected=expected, found=found)
        for identity, checks in IDENTITIES.items()
        for check in checks
        if (reports is not None or check not in _OF_REPORTS) and (objects is not None or check not in _OF_OBJECTS)
        for subject, expected, found in _offending(connection, check, given)
    ]
    return {"schema": schemas.RECONCILE, "ok": not differences, "differences": differences}


def _offending(connection: Connection, check: str, given: Mapping[str, Any]) -> list[_Offence]:
    if check == EDITION_DOCUMENT:
        return _changed_documents(connection)
    statement = load_sql("checks", check)
    rows = connection.execute(statement, {name: given[name] for name in statement.compile().params})
    return [(row.subject, row.expected, row.found) for row in rows]


def _changed_documents(connection: Connection) -> list[_Offence]:
    """Editions whose document is no longer the one whose hash was recorded."""
    edition = tables.edition.c
    rows = connection.execute(
        select(edition.week_id, edition.edition_no, edition.content_hash, edition.document).order_by(
            edition.week_id, edition.edition_no
        )
    )
    hashed = (
        (f"edition {row.edition_no} of {row.week_id}", row.content_hash, document_hash(row.document)) for row in rows
    )
    return [(subject, recorded, found) for subject, recorded, found in hashed if recorded != found]
