"""What the board shows: unions by weeks, and one receipt with what came before and after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nuanliu.domain.documents import CoverageEntry
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.errors import ObjectMissing, ReceiptMissing
from nuanliu.operations.context import Context
from nuanliu.operations.drops.receipt_keys import receipt_stem
from nuanliu.warehouse.marts.coverage import UnitWeek, coverage_document, read_coverages
from nuanliu.warehouse.submissions.receipts_store import (
    StoredReceipt,
    newest_filed_week,
    receipt_by_number,
    receipts_of_week,
)

WEEKS_SHOWN = 12


@dataclass(frozen=True)
class LedgerRow:
    """One union in each shown week, oldest week first; None in a week in which there was no such union."""

    union_id: str
    union_name: str
    is_expected: bool
    cells: tuple[UnitWeek | None, ...]


@dataclass(frozen=True)
class Ledger:
    """The matrix, with the contract's coverage of each week.

    ``is_past``: the shown weeks are not the latest, because nothing was sent in those.
    """

    weeks: tuple[ReportingWeek, ...]
    coverage: tuple[CoverageEntry, ...]
    rows: tuple[LedgerRow, ...]
    is_past: bool


@dataclass(frozen=True)
class SubmissionView:
    """One receipt, its siblings of the same union and week, and the files that can be fetched."""

    stored: StoredReceipt
    siblings: tuple[StoredReceipt, ...]
    endings: tuple[str, ...]


def read_ledger(ctx: Context, until: str | None = None) -> Ledger:
    """The last twelve closed weeks, or the twelve up to ``until``. Raises: InvalidWeek.

    When nothing was sent in the last twelve, the twelve up to the newest week with a receipt are shown instead.
    """
    last = ReportingWeek.last_closed_before(ctx.settings.clock())
    with ctx.engine.connect() as connection:
        shown = ReportingWeek.parse(until) if until else last
        if until is None:
            newest = newest_filed_week(connection)
            if newest is not None and ReportingWeek.parse(newest) < last.shift(1 - WEEKS_SHOWN):
                shown = ReportingWeek.parse(newest)
        weeks = tuple(shown.shift(number - WEEKS_SHOWN + 1) for number in range(WEEKS_SHOWN))
        units = tuple(read_coverages(connection, weeks).values())
    return Ledger(weeks, tuple(coverage_document(week) for week in units), _rows(units), shown < last)


def _rows(units: Sequence[Sequence[UnitWeek]]) -> tuple[LedgerRow, ...]:
    """Expected unions, and others that sent something in one of the weeks; each as it was in the newest of them."""
    by_week = [{unit.union_id: unit for unit in week} for week in units]
    newest = {unit.union_id: unit for week in units for unit in week}
    rows = (
        LedgerRow(union_id, unit.union_name, unit.is_expected, tuple(week.get(union_id) for week in by_week))
        for union_id, unit in newest.items()
    )
    return tuple(row for row in rows if row.is_expected or any(cell and cell.state != "missing" for cell in row.cells))


def read_submission_view(ctx: Context, receipt_no: str) -> SubmissionView:
    """One receipt by number. Raises: ReceiptMissing."""
    with ctx.engine.connect() as connection:
        stored = receipt_by_number(connection, receipt_no)
        if stored is None:
            raise ReceiptMissing(receipt_no)
        siblings = receipts_of_week(connection, stored.receipt.union_id, stored.filed_week)
    files = ctx.bucket.list(receipt_stem(stored) + ".")
    return SubmissionView(stored, tuple(siblings), tuple(item.key.rpartition(".")[2] for item in files))


def read_receipt_file(ctx: Context, receipt_no: str, ending: str) -> bytes:
    """The bytes of one of a receipt's files. Raises: ReceiptMissing, ObjectMissing."""
    view = read_submission_view(ctx, receipt_no)
    if ending not in view.endings:
        raise ObjectMissing(f"receipt {receipt_no} has no {ending} file")
    return ctx.bucket.read(f"{receipt_stem(view.stored)}.{ending}")
