"""Where the files of a receipt lie. Light: the board asks for it and must not load the checks for that."""

from __future__ import annotations

from nuanliu.warehouse.submissions.receipts_store import StoredReceipt


def receipt_stem(stored: StoredReceipt) -> str:
    """The key of a receipt's files without their ending."""
    return f"receipts/{stored.receipt.union_id}/{stored.filed_week}/{stored.receipt.receipt_no}"
