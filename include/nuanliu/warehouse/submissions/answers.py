"""What is written down of every answered drop, loaded or not: its receipt, findings, held rows and counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
from sqlalchemy import Connection

from nuanliu.domain.checked import CheckedDrop, RowStatus
from nuanliu.domain.findings import Severity
from nuanliu.domain.receipt import Receipt
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.warehouse.facts.kept_rows import KeptRows
from nuanliu.warehouse.schema.copying import copy_frame
from nuanliu.warehouse.schema.sql_files import load_sql
from nuanliu.warehouse.schema.storable_text import storable_json
from nuanliu.warehouse.schema.tables import fact_submission
from nuanliu.warehouse.schema.tables import receipt as receipt_table


@dataclass(frozen=True)
class IssuedNumber:
    """The number of a receipt that was given out before, and the week it is filed under."""

    receipt_no: str
    filed_week: str


def next_receipt_no(connection: Connection, union_id: str, filed_week: ReportingWeek) -> str:
    """The next number of a union and the week a drop is filed under: 620400-2024W49-001, without gaps.

    The caller holds the union's lock, so that counting is safe.
    """
    count = connection.execute(
        load_sql("warehouse", "receipt_count"), {"union_id": union_id, "filed_week": str(filed_week)}
    ).scalar_one()
    return f"{union_id}-{filed_week.compact}-{count + 1:03d}"


def record_receipt(connection: Connection, receipt: Receipt, *, object_id: int, filed_week: str) -> None:
    """Write a numbered receipt and its findings."""
    connection.execute(
        load_sql("warehouse", "receipt"),
        {
            "receipt_no": receipt.receipt_no,
            "object_id": object_id,
            "union_id": receipt.union_id,
            "filed_week": filed_week,
            "status": receipt.status,
            "document": storable_json(receipt.as_json()),
        },
    )
    copy_frame(connection, "finding", _finding_frame(receipt))


def record_held_rows(connection: Connection, checked: CheckedDrop, receipt: Receipt) -> None:
    """Write which rows wait for an explanation, and the queries each waits for."""
    copy_frame(connection, "held_row", _held_row_frame(checked, receipt))


def record_counts(
    connection: Connection,
    checked: CheckedDrop,
    loaded: KeptRows | None,
    *,
    object_id: int,
    checked_at: datetime | None,
) -> None:
    """Write the drop's row of fact_submission; ``loaded`` is None when nothing becomes a fact.

    ``checked_at``: None where nobody measured; nothing reads it but people.
    """
    receipt = checked.receipt
    connection.execute(
        fact_submission.insert(),
        {
            "object_id": object_id,
            "union_id": receipt.union_id,
            "week_start": checked.submission.week.monday,
            "received_at": receipt.received_at,
            "checked_at": checked_at,
            **{f"{name}_count": count for name, count in vars(receipt.rows).items()},
            "activity_count": len(loaded.activity_places) if loaded else 0,
            "figure_count": len(loaded.figure_places) if loaded else 0,
            "is_late": receipt.late,
        },
    )


def record_loaded(connection: Connection, object_id: int, loaded_at: datetime) -> None:
    """Note when the load of a drop was over but for its commit; the first note stands."""
    connection.execute(
        fact_submission.update()
        .where(fact_submission.c.object_id == object_id, fact_submission.c.loaded_at.is_(None))
        .values(loaded_at=loaded_at)
    )


def record_touched_weeks(connection: Connection, object_id: int, weeks: Iterable[str]) -> None:
    """Note which weeks to roll up again because of a drop; a later run of the same drop reads it from here."""
    connection.execute(
        receipt_table.update().where(receipt_table.c.object_id == object_id).values(touched_weeks=list(weeks))
    )


def _finding_frame(receipt: Receipt) -> pd.DataFrame:
    findings = receipt.findings
    return pd.DataFrame(
        {
            "receipt_no": receipt.receipt_no,
            "ordinal": range(1, len(findings) + 1),
            "rule": [finding.rule for finding in findings],
            "severity": [str(finding.severity) for finding in findings],
            "sheet": [finding.sheet for finding in findings],
            "cell": [finding.cell for finding in findings],
            "source_row": pd.array([finding.row for finding in findings], dtype="Int64"),
            "column_header": [finding.column for finding in findings],
            "value": [finding.value for finding in findings],
            "expected": [finding.expected for finding in findings],
            "message": [finding.message for finding in findings],
            "fix": [finding.fix for finding in findings],
        }
    )


def _held_row_frame(checked: CheckedDrop, receipt: Receipt) -> pd.DataFrame:
    """One row per held row of the file. A row without a query of its own is held by the file's queries."""
    rows = checked.submission.rows
    held = rows.loc[checked.row_status == RowStatus.HELD, ["row_id", "sheet", "row", "activity_key"]]
    queries: dict[int | None, list[str]] = {}
    for finding in receipt.findings:
        if finding.severity is Severity.QUERY:
            queries.setdefault(finding.row_id, []).append(finding.rule)
    of_file = queries.pop(None, [])
    by_row = {row_id: _joined((*rules, *of_file)) for row_id, rules in queries.items()}
    return (
        held.assign(
            receipt_no=receipt.receipt_no,
            source_sheet=held["sheet"].fillna(""),
            rules=[by_row.get(row_id, _joined(of_file)) for row_id in held["row_id"]],
        )
        .rename(columns={"row": "source_row"})
        .drop_duplicates(["source_sheet", "source_row"])  # two tables side by side share their sheet rows
        .loc[:, ["receipt_no", "source_sheet", "source_row", "rules", "activity_key"]]
    )


def _joined(rules: Iterable[str]) -> str:
    return ";".join(sorted(set(rules)))
