"""Find what unions have dropped and take it: the registry row comes first, so that nothing can be lost after it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nuanliu.errors import ObjectMissing
from nuanliu.operations.drop_path import INTAKE, is_temporary, read_drop_path
from nuanliu.operations.source_keys import registered_key
from nuanliu.storage.bucket import storable

if TYPE_CHECKING:
    from nuanliu.operations.context import Context
    from nuanliu.storage.bucket import StoredObject


@dataclass(frozen=True)
class Claim:
    """A drop that is ours to answer."""

    object_id: int
    union_id: str
    file_name: str
    """As shown to people: personal data masked."""


def waiting_objects(ctx: Context) -> list[StoredObject]:
    """Complete drops that nobody has claimed, by key. Temporary names and files still being written are left alone."""
    from nuanliu.warehouse.registry import open_claims

    with ctx.engine.connect() as connection:
        claimed = {claim.source_key for claim in open_claims(connection)}
    return [item for item in complete_objects(ctx) if registered_key(item.key) not in claimed]


def complete_objects(ctx: Context) -> list[StoredObject]:
    """Everything under intake/ that is whole."""
    found = [item for item in ctx.bucket.list(INTAKE) if not is_temporary(item.key)]
    if not ctx.bucket.needs_settling:
        return found
    # The settling age is about this machine's clock and the file's, never about the arrival time that may be pinned.
    settled_before = time.time() - ctx.settings.settle_seconds
    return [item for item in found if item.modified_at.timestamp() <= settled_before]


def claim_waiting(ctx: Context) -> list[Claim]:
    """Claim every waiting drop and return all that is not fully answered, oldest first.

    What an earlier run left open, or answered without writing the receipt's files, is returned too: answering twice is
    harmless, not answering is not.
    """
    from nuanliu.warehouse.registry import open_claims, unwritten_objects

    for item in waiting_objects(ctx):
        _claim(ctx, item)
    with ctx.engine.connect() as connection:
        rows = [*open_claims(connection), *unwritten_objects(connection)]
    return [Claim(row.object_id, row.union_id, row.object_key.rsplit("/", 1)[-1]) for row in rows]


def _claim(ctx: Context, item: StoredObject) -> None:
    from nuanliu.intake.personal_data import mask_text
    from nuanliu.warehouse.registry import claim, withdraw

    path = read_drop_path(item.key)
    try:
        sha256, size = ctx.bucket.digest(item.key)
    except ObjectMissing:  # another intake was quicker
        return
    with ctx.engine.begin() as connection:
        object_id = claim(
            connection,
            object_key=mask_text(storable(item.key)),
            source_key=registered_key(item.key),
            union_id=path.union_id,
            path_week=path.week,
            is_trial=path.is_trial,
            sha256=sha256,
            size_bytes=size,
            received_at=ctx.settings.clock(),
        )
        # Another intake may have answered and taken the file away since it was listed: then this claim is about nothing.
        if object_id is not None and ctx.bucket.stat(item.key) is None:
            withdraw(connection, object_id)
