"""Move an answered drop's bytes where they stay: archive/ for all, quarantine/ when they hold personal data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nuanliu.errors import ObjectMissing
from nuanliu.storage.bucket import from_storable

if TYPE_CHECKING:
    from nuanliu.operations.context import Context
    from nuanliu.warehouse.registry import RegistryRow

_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}\Z")
QUARANTINE_RULE = "pii.person_level"


def archive_object(ctx: Context, row: RegistryRow, data: bytes | None) -> None:
    """Store the bytes under their hash, take the original away, then close the registry row.

    ``data`` None: an earlier run took the original away already. Raises: ObjectMissing when the bytes are nowhere.
    """
    from nuanliu.warehouse.receipts_store import receipt_of
    from nuanliu.warehouse.registry import finish_object, read_claim

    with ctx.engine.connect() as connection:
        stored = receipt_of(connection, row.object_id)
        sha256 = read_claim(connection, row.object_id).sha256
    if stored is None:
        raise ObjectMissing(f"object {row.object_id} has no receipt and cannot be archived")
    source = from_storable(row.source_key)
    quarantined = any(finding.rule == QUARANTINE_RULE for finding in stored.receipt.findings)
    target = stored_key(row.union_id, stored.filed_week, sha256, source, quarantined=quarantined)
    if data is None:
        if ctx.bucket.stat(target) is None:
            raise ObjectMissing(f"object {row.object_id}: neither {row.source_key} nor {target} is in the bucket")
    else:
        if ctx.bucket.stat(target) is None:
            ctx.bucket.write(target, data)
        _take_away(ctx, source, data)
    with ctx.engine.begin() as connection:
        finish_object(
            connection,
            row.object_id,
            state="quarantined" if quarantined else "archived",
            stored_key=target,
            finished_at=ctx.settings.clock(),
        )


def stored_key(union_id: str, week: str, sha256: str, source_key: str, *, quarantined: bool) -> str:
    """Where a drop's bytes lie for good. Only a harmless ending is kept of the union's file name."""
    if quarantined:
        return f"quarantine/{union_id}/{sha256}"
    ending = _ENDING.search(source_key)
    return f"archive/{union_id}/{week}/{sha256}{ending[0].lower() if ending else ''}"


def _take_away(ctx: Context, source: str, data: bytes) -> None:
    """Delete the original unless the union has put other bytes there meanwhile: those are a new drop."""
    try:
        now_there = ctx.bucket.read(source)
    except ObjectMissing:
        return
    if now_there == data:
        ctx.bucket.delete(source)
