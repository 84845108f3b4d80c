"""The ledger of a week: every union, expected or not, and where its report stands."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from nuanliu.domain import schemas
from nuanliu.domain.documents import StatusDocument, UnionEntry
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.warehouse.marts.coverage import UnitWeek, coverage_document, read_coverage
from nuanliu.warehouse.schema.outages import as_transient


@as_transient("reading a week's status")
def status_document(connection: Connection, week: ReportingWeek, notes: Sequence[str] = ()) -> StatusDocument:
    """The document of ``nuanliu status``. ``rows``: counts of the receipt that is named, null when there is none."""
    units = read_coverage(connection, week)
    return {
        "schema": schemas.STATUS,
        "week": str(week),
        "coverage": coverage_document(units),
        "unions": [_entry(unit) for unit in units],
        "notes": list(notes),
    }


def _entry(unit: UnitWeek) -> UnionEntry:
    return {
        "union_id": unit.union_id,
        "union_name": unit.union_name,
        "expected": unit.is_expected,
        "state": unit.state,
        "late": unit.is_late,
        "version": unit.version,
        "receipt_no": unit.receipt_no,
        "rows": unit.rows,
    }
