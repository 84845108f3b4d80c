"""Keep a checked drop's bytes, in archive/ or with personal data in quarantine/; once it is loaded, take the original away."""

from __future__ import annotations

import re

from nuanliu.domain.checked import CheckedDrop
from nuanliu.domain.receipt import Receipt
from nuanliu.errors import ObjectMissing
from nuanliu.intake.formats.limits import Oversized
from nuanliu.operations.context import Context
from nuanliu.operations.drops.source_keys import dropped_key, is_waived, waiting_key
from nuanliu.storage.objects import from_storable
from nuanliu.warehouse.submissions.receipts_store import receipt_of
from nuanliu.warehouse.submissions.registry import RegistryRow, finish_object, read_claim

_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}\Z")
QUARANTINE_RULE = "pii.person_level"


def keep_bytes(ctx: Context, row: RegistryRow, checked: CheckedDrop, data: bytes | Oversized) -> None:
    """Write a drop's bytes under their hash; what lies there already is the same. Raises: ObjectChanged."""
    target = stored_key(
        row.union_id,
        str(checked.submission.week),
        row.sha256,
        from_storable(dropped_key(row.source_key)),
        quarantined=_is_quarantined(checked.receipt),
    )
    if ctx.bucket.stat(target) is not None:
        return
    if isinstance(data, Oversized):
        ctx.bucket.copy(waiting_key(ctx.bucket, row.source_key), target, row.sha256)
    else:
        ctx.bucket.write(target, data)


def close_object(ctx: Context, object_id: int) -> None:
    """Take the original of an answered drop away, then close its registry row.

    Raises: ObjectMissing when the kept bytes are not in the bucket.
    """
    with ctx.engine.connect() as connection:
        row = read_claim(connection, object_id)
        stored = receipt_of(connection, object_id)
    if stored is None:
        raise ObjectMissing(f"object {object_id} has no receipt and cannot be closed")
    source = from_storable(dropped_key(row.source_key))
    quarantined = _is_quarantined(stored.receipt)
    target = stored_key(row.union_id, stored.filed_week, row.sha256, source, quarantined=quarantined)
    if ctx.bucket.stat(target) is None:
        raise ObjectMissing(f"object {object_id} was answered, but {target} is not in the bucket")
    if not is_waived(row.source_key):
        _take_away(ctx, waiting_key(ctx.bucket, row.source_key), row.sha256)
    with ctx.engine.begin() as connection:
        finish_object(
            connection,
            object_id,
            state="quarantined" if quarantined else "archived",
            stored_key=target,
            finished_at=ctx.settings.clock(),
        )


def _is_quarantined(receipt: Receipt) -> bool:
    return any(finding.rule == QUARANTINE_RULE for finding in receipt.findings)


def stored_key(union_id: str, week: str, sha256: str, source_key: str, *, quarantined: bool) -> str:
    """Where a drop's bytes lie for good. Only a harmless ending is kept of the union's file name."""
    if quarantined:
        return f"quarantine/{union_id}/{sha256}"
    ending = _ENDING.search(source_key)
    return f"archive/{union_id}/{week}/{sha256}{ending[0].lower() if ending else ''}"


def _take_away(ctx: Context, source: str, sha256: str) -> None:
    """Delete the original unless the union has put other bytes there meanwhile: those are a new drop."""
    try:
        now_there, _ = ctx.bucket.digest(source)
    except ObjectMissing:
        return
    if now_there == sha256:
        ctx.bucket.delete(source)
