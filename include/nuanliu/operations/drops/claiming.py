"""Find what unions have dropped and take it: the registry row comes first, so that nothing can be lost after it."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

from nuanliu.contract.visible_text import visible
from nuanliu.domain.arrival import arrived
from nuanliu.errors import BucketUnavailable, ObjectMissing
from nuanliu.intake.privacy.personal_data import mask_text
from nuanliu.operations.context import Context
from nuanliu.operations.drops.drop_path import INTAKE_PREFIX, is_temporary, read_drop_path
from nuanliu.operations.drops.source_keys import registered_key
from nuanliu.storage.objects import StoredObject, storable
from nuanliu.warehouse.submissions.registry import RegistryRow, claim, open_claims, unwritten_objects, withdraw

log = logging.getLogger(__name__)
MOST_ATTEMPTS = 40
"""Attempts after which no run is started for a drop alone: ten runs of four tries each, spread over six hours.

Whatever ends an attempt that often is no outage but the file or the program, and the engineers were told of every run.
"""


@dataclass(frozen=True)
class Claim:
    """A drop that is ours to answer."""

    object_id: int
    union_id: str
    file_name: str
    """As shown to people: personal data masked, and nothing that acts on a terminal."""
    size_bytes: int
    attempt_count: int
    """How often its answer was tried before."""


def waiting_objects(ctx: Context, whole: Collection[str] = ()) -> list[StoredObject]:
    """Complete drops that nobody has claimed, in the order in which they arrived (at one time: by name).

    Temporary names and files still being written are left alone. ``whole``: as ``complete_objects`` takes it.
    """
    with ctx.engine.connect() as connection:
        claimed = {claim.source_key for claim in open_claims(connection)}
    waiting = [item for item in complete_objects(ctx, whole) if registered_key(item.key) not in claimed]
    return sorted(waiting, key=lambda item: arrived(item.arrived_at, _shown(item)))


def complete_objects(ctx: Context, whole: Collection[str] = ()) -> list[StoredObject]:
    """Everything under intake/ that is whole: in a folder what has lain unchanged for a while, and what ``whole`` marks."""
    found = [item for item in ctx.bucket.list(INTAKE_PREFIX) if not is_temporary(item.key)]
    if not ctx.bucket.needs_settling:
        return found
    # The settling age is about this machine's clock and the file's, never about the arrival time that may be pinned.
    decided_before = time.time() - ctx.settings.settle_seconds
    return [item for item in found if item.modified_at.timestamp() <= decided_before or mark_of(item) in whole]


def mark_of(item: StoredObject) -> str:
    """The object as it is now, without its name, in which personal data may stand."""
    return hashlib.sha256(f"{item.key}\n{item.stamp}".encode("utf-8", "surrogateescape")).hexdigest()[:16]


def claim_waiting(
    ctx: Context,
    *,
    limit: int | None = None,
    whole: Collection[str] = (),
    on_unreadable: Callable[[str], None] = lambda _: None,
) -> list[Claim]:
    """Claim waiting drops and return all that is not fully answered, in the order in which it arrived.

    What an earlier run left open, or answered without writing the receipt's files, is returned too: answering twice is
    harmless, not answering is not. ``limit``: so many are returned at most, and no more claimed than that leaves room for;
    drops that failed MOST_ATTEMPTS times come last and take nobody's place. ``whole``: as ``complete_objects`` takes it.
    ``on_unreadable``: is told, in one line, of each object that cannot be read although the store answers; it stays
    unclaimed. Raises: BucketUnavailable for a store that does not answer, WarehouseUnavailable.
    """
    room = None if limit is None else limit - sum(not is_given_up(row) for row in unanswered(ctx))
    for item in waiting_objects(ctx, whole):
        if room is not None and room <= 0:
            break
        try:
            is_claimed = _claim(ctx, item)
        except BucketUnavailable as error:
            ctx.bucket.list(item.key)  # does the store answer at all? If not, this ends the run
            log.warning("A waiting drop stays unclaimed: %s", error.message)
            on_unreadable(error.message)
            continue
        if room is not None and is_claimed:
            room -= 1
    rows = sorted(unanswered(ctx), key=is_given_up)
    return [
        Claim(
            row.object_id,
            row.union_id,
            visible(row.object_key.rsplit("/", 1)[-1]),
            row.size_bytes,
            row.attempt_count,
        )
        for row in rows[:limit]
    ]


def unanswered(ctx: Context) -> list[RegistryRow]:
    """Claims without an answer, in the order in which they arrived, then answers whose files are not written."""
    with ctx.engine.connect() as connection:
        return [*open_claims(connection), *unwritten_objects(connection)]


def is_given_up(row: RegistryRow) -> bool:
    """Whether so many attempts have failed that a run for this drop alone would be in vain."""
    return row.attempt_count >= MOST_ATTEMPTS


def _shown(item: StoredObject) -> str:
    return mask_text(storable(item.key))


def _claim(ctx: Context, item: StoredObject) -> bool:
    """Whether the object is claimed now and was not before."""
    path = read_drop_path(item.key)
    found = ctx.bucket.stat(item.key)
    if found is None or (ctx.bucket.needs_settling and found.stamp != item.stamp):
        return False  # another intake was quicker, or a writer has it in hand again
    try:
        sha256, size = ctx.bucket.digest(item.key)
    except ObjectMissing:
        return False
    with ctx.engine.begin() as connection:
        object_id = claim(
            connection,
            object_key=_shown(item),
            source_key=registered_key(item.key),
            union_id=path.union_id,
            path_week=path.week,
            is_trial=path.is_trial,
            sha256=sha256,
            size_bytes=size,
            received_at=ctx.settings.clock(),
            # Overwritten since it was listed, it came when it was overwritten; a listing may tell more of a second.
            arrived_at=max(item.arrived_at, found.arrived_at),
        )
        # Another intake may have answered and taken the file away since it was found, or its union have overwritten it: then
        # this claim is about nothing, and what lies there now is a drop of its own time.
        if object_id is not None and ctx.bucket.stat(item.key) != found:
            withdraw(connection, object_id)
            return False
    return object_id is not None
