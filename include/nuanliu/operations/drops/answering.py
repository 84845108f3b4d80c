"""Write the files of a receipt into the bucket: JSON for programs, HTML for people, the annotated workbook for repair."""

from __future__ import annotations

import json
import logging
import traceback
from dataclasses import replace

from nuanliu.contract.code_lists import codes
from nuanliu.domain.checked import CheckedDrop
from nuanliu.domain.receipt import Receipt
from nuanliu.domain.submission import Submission
from nuanliu.errors import ObjectMissing, Transient
from nuanliu.intake.formats.open_workbook import read_workbook, unpacked
from nuanliu.intake.formats.workbook import Refusal, Sheet, Workbook
from nuanliu.intake.privacy.personal_data import mask_text
from nuanliu.intake.tables.labelled_values import without_contacts
from nuanliu.ooxml.addresses import column_index
from nuanliu.operations.context import Context
from nuanliu.operations.drops.archiving import QUARANTINE_RULE
from nuanliu.operations.drops.receipt_keys import receipt_stem
from nuanliu.operations.drops.registered_drop import read_registered
from nuanliu.operations.drops.source_keys import dropped_key
from nuanliu.operations.mailing.alerts import raise_alert
from nuanliu.reporting.marking.annotated_workbook import TablePlace, Unmarkable, annotate_workbook, list_findings
from nuanliu.reporting.marking.made_workbook import SheetTexts, make_workbook
from nuanliu.reporting.receipts.receipt_page import render_receipt
from nuanliu.storage.objects import from_storable
from nuanliu.warehouse.submissions.receipts_store import StoredReceipt, mark_written, receipt_of
from nuanliu.warehouse.submissions.registry import RegistryRow, read_claim

log = logging.getLogger(__name__)
MOST_CELLS = 400_000
MOST_CHARACTERS = 8_000_000
"""A larger workbook is answered by the list of findings alone: changing it would take minutes and gigabytes."""


def write_receipt_files(ctx: Context, object_id: int, checked: CheckedDrop | None) -> StoredReceipt:
    """Write what is missing of a receipt's files and note that they are there. Repeating it changes nothing.

    A workbook that cannot be marked, for whatever reason, is answered by the list of findings: a receipt that is never
    written would hold up every publication. The engineers are told of a reason that nobody foresaw.
    ``checked``: what this run found, None when an earlier run loaded the drop.
    """
    with ctx.engine.connect() as connection:
        stored = receipt_of(connection, object_id)
    if stored is None:
        raise ObjectMissing(f"object {object_id} has no receipt to write")
    if stored.written_at is not None:
        return stored
    stem = receipt_stem(stored)
    document = stored.receipt.as_json()
    ctx.bucket.write(f"{stem}.json", json.dumps(document, ensure_ascii=False, indent=2).encode())
    ctx.bucket.write(f"{stem}.html", render_receipt(stored.receipt).encode())
    marked, unforeseen = _annotated_workbook(ctx, stored, checked)
    if marked is not None:
        ctx.bucket.write(f"{stem}.xlsx", marked)
    written_at = ctx.settings.clock()
    with ctx.engine.begin() as connection:
        mark_written(connection, object_id, written_at)
    if unforeseen:
        _tell_unmarked(ctx, stored, unforeseen)
    return replace(stored, written_at=written_at)


def _annotated_workbook(ctx: Context, stored: StoredReceipt, checked: CheckedDrop | None) -> tuple[bytes | None, str]:
    """The union's own workbook with the findings marked; None for quarantined and unreadable files.

    With it the class of the unforeseen error for which it became the list of findings; empty when there was none.
    """
    if any(finding.rule == QUARANTINE_RULE for finding in stored.receipt.findings):
        return None, ""
    with ctx.engine.connect() as connection:
        row = read_claim(connection, stored.object_id)
    if row.stored_key is None:
        return None, ""
    if not stored.receipt.rows.received:
        return None, ""  # nothing could be read, so there is nothing to mark
    data = ctx.bucket.read(row.stored_key)
    try:
        submission = checked.submission if checked else _read_again(ctx, row, data)
        return mark_drop(data, dropped_key(row.source_key), stored.receipt, submission), ""
    except Transient:
        raise  # the next attempt marks it; a list of findings would stand for good
    except Exception as error:  # noqa: BLE001  # whatever it is, the receipt must be written
        # Its text may quote a cell of the union's.
        text = mask_text(traceback.format_exc())
        log.error("%s: marking failed, answered by the findings alone\n%s", stored.receipt.receipt_no, text)  # noqa: TRY400
        return _findings_alone(stored.receipt), type(error).__name__


def _tell_unmarked(ctx: Context, stored: StoredReceipt, unforeseen: str) -> None:
    number = stored.receipt.receipt_no
    lines = [f"回执 {number} 的标注工作簿只列出了问题,没有在原表上标注。", f"原因:{unforeseen},明细见日志。"]
    raise_alert(ctx, purpose=f"unmarked/{number}", title=f"标注工作簿失败:{number}", lines=lines)


def mark_drop(data: bytes, file_name: str, receipt: Receipt, submission: Submission | None) -> bytes | None:
    """A drop's own workbook with the findings of its receipt; None for a file that cannot be read.

    Of a CSV or .xls file, and of an xlsx whose parts cannot be changed, a workbook is made from the texts; of one that is
    too large to be handed back, or whose texts cannot be marked either, the list of findings alone.
    """
    book = read_workbook(data, file_name)
    if isinstance(book, Refusal):
        return None
    if sum(sheet.grid.size for sheet in book.sheets) > MOST_CELLS or _characters(book) > MOST_CHARACTERS:
        return _findings_alone(receipt)

    def mark(workbook: bytes) -> bytes:
        return annotate_workbook(
            workbook,
            receipt,
            contact_cells=submission.cover.contact_cells if submission else (),
            blank_contact=without_contacts,
            mask=mask_text,
            tables=_table_places(submission) if submission else (),
        )

    if book.kind == "xlsx":
        try:
            return mark(unpacked(data))
        except Unmarkable as problem:
            log.warning("%s: made anew to be marked: %s", receipt.receipt_no, problem.message)
    try:
        return mark(make_workbook(map(_texts, book.sheets)))
    except Unmarkable as problem:
        log.warning("%s: answered by the findings alone: %s", receipt.receipt_no, problem.message)
        return _findings_alone(receipt)


def _characters(book: Workbook) -> int:
    """What all cells show together: a text that many cells name is written out, and masked, for each of them."""
    return sum(int(sheet.grid[letter].str.len().sum()) for sheet in book.sheets for letter in sheet.grid.columns)


def _findings_alone(receipt: Receipt) -> bytes:
    return list_findings(make_workbook(()), receipt)


def _table_places(submission: Submission) -> list[TablePlace]:
    """Where the tables stand and where their 说明 is."""
    places = []
    for sheet, header_row in submission.header_rows.items():
        letter = submission.layout[sheet].get("explanation")
        places.append(TablePlace(sheet, header_row, column_index(letter) + 1 if letter else None))
    return places


def _texts(sheet: Sheet) -> SheetTexts:
    merged = tuple((area.first_row, area.first_column, area.last_row, area.last_column) for area in sheet.merged)
    return SheetTexts(sheet.name, sheet.grid, merged, sheet.hidden_rows, sheet.hidden_columns, sheet.is_visible)


def _read_again(ctx: Context, row: RegistryRow, data: bytes) -> Submission | None:
    """What the intake reads in a drop that an earlier run checked, as that run read it."""
    if row.union_id not in codes().unions.list:
        return None
    with ctx.engine.connect() as connection:
        return read_registered(connection, row, data, dropped_key=from_storable(dropped_key(row.source_key)))
