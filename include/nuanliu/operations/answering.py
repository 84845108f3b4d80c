"""Write the files of a receipt into the bucket: JSON for programs, HTML for people, the marked workbook for repair."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from nuanliu.errors import ObjectMissing
from nuanliu.operations.archiving import QUARANTINE_RULE

if TYPE_CHECKING:
    import pandas as pd

    from nuanliu.checked import CheckedDrop
    from nuanliu.operations.context import Context
    from nuanliu.submission import Cover
    from nuanliu.warehouse.receipts_store import StoredReceipt


def write_receipt_files(ctx: Context, object_id: int, checked: CheckedDrop | None) -> StoredReceipt:
    """Write what is missing of a receipt's files and note that they are there. Repeating it changes nothing.

    ``checked``: what this run found, None when an earlier run loaded the drop.
    """
    from nuanliu.reporting.receipt_page import render_receipt
    from nuanliu.warehouse.receipts_store import mark_written, receipt_of

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
    marked = _marked_workbook(ctx, stored, checked)
    if marked is not None:
        ctx.bucket.write(f"{stem}.xlsx", marked)
    written_at = ctx.settings.clock()
    with ctx.engine.begin() as connection:
        mark_written(connection, object_id, written_at)
    return replace(stored, written_at=written_at)


def receipt_stem(stored: StoredReceipt) -> str:
    """The key of a receipt's files without their ending."""
    return f"receipts/{stored.receipt.union_id}/{stored.filed_week}/{stored.receipt.receipt_no}"


def _marked_workbook(ctx: Context, stored: StoredReceipt, checked: CheckedDrop | None) -> bytes | None:
    """The union's own workbook with the findings marked; None for quarantined and unreadable files."""
    from nuanliu.intake.personal_data import mask_text
    from nuanliu.reporting.marked_workbook import mark_workbook
    from nuanliu.warehouse.registry import read_claim

    if any(finding.rule == QUARANTINE_RULE for finding in stored.receipt.findings):
        return None
    with ctx.engine.connect() as connection:
        row = read_claim(connection, stored.object_id)
    if row.stored_key is None:
        return None
    if not stored.receipt.rows.received:
        return None  # nothing could be read, so there is nothing to mark
    data = ctx.bucket.read(row.stored_key)
    cover = checked.submission.cover if checked else _cover(data, stored)
    return mark_workbook(
        data, stored.receipt, contact_cells=cover.contact_cells, mask=mask_text, grids=_grids(data, row.source_key)
    )


def _grids(data: bytes, name: str) -> dict[str | None, pd.DataFrame] | None:
    """The texts of a file that is no xlsx, from which a workbook is made; None for an xlsx, which is marked itself."""
    from nuanliu.intake.reading import read_workbook
    from nuanliu.intake.workbook import Refusal

    book = read_workbook(data, name)
    if isinstance(book, Refusal) or book.kind == "xlsx":
        return None
    return {sheet.name: sheet.grid for sheet in book.sheets}


def _cover(data: bytes, stored: StoredReceipt) -> Cover:
    from nuanliu.codes import codes
    from nuanliu.intake.reader import read_submission
    from nuanliu.submission import Cover

    if stored.receipt.union_id not in codes().unions.list:
        return Cover()
    return read_submission(
        data,
        object_key=stored.receipt.object_key,
        sender_id=stored.receipt.union_id,
        path_week=None,
        received_at=stored.receipt.received_at,
    ).cover
