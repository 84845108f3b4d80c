"""Answer one claimed drop: check, keep the bytes, load, close the row, write the receipt. Every step may be repeated after a crash."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from nuanliu.domain.checked import CheckedDrop
from nuanliu.errors import NuanliuError, ObjectMissing, UnknownObject
from nuanliu.intake.formats.limits import Oversized
from nuanliu.intake.privacy.personal_data import mask_text
from nuanliu.operations.context import Context
from nuanliu.operations.drops.answering import write_receipt_files
from nuanliu.operations.drops.archiving import close_object, keep_bytes
from nuanliu.operations.drops.dropped_bytes import read_drop, sha256_of
from nuanliu.operations.drops.registered_drop import check_registered, refuse_registered
from nuanliu.operations.drops.source_keys import dropped_key, is_waived, waiting_key
from nuanliu.storage.objects import from_storable
from nuanliu.warehouse.schema.locks import object_lock
from nuanliu.warehouse.submissions.answers import record_loaded
from nuanliu.warehouse.submissions.loading import load_drop
from nuanliu.warehouse.submissions.receipts_store import StoredReceipt, receipt_by_number, receipt_of
from nuanliu.warehouse.submissions.registry import (
    RegistryRow,
    count_attempt,
    older_claims,
    read_claim,
    withdraw,
)
from nuanliu.warehouse.submissions.waivers import read_answered_again

log = logging.getLogger(__name__)
WAITED_FOR = 4
"""A younger file tries to answer an older one that was tried less often: as often as a task is tried in one run."""
WITHDRAWN = "withdrawn"
"""The status of a claim whose file was gone or overwritten before it was read; it has no receipt."""


@dataclass(frozen=True)
class DropOutcome:
    """What became of one drop. ``weeks``: the weeks whose figures it touched."""

    object_id: int
    receipt_no: str
    status: str
    union_id: str
    week: str
    weeks: tuple[str, ...]


def ingest_drop(
    ctx: Context, object_id: int, on_answered: Callable[[DropOutcome], None] = lambda _: None
) -> DropOutcome:
    """Answer one claim, and before it those of its union that arrived earlier and have no answer yet.

    An earlier one that fails keeps nobody waiting: its own turn tells why, and what it brings later is held against what
    stands then. One object is held at a time, so that tasks of one union wait for each other but never in a circle.
    ``on_answered`` is told of each object that was answered by this call and not by another one before. A second call for
    the same object changes nothing and returns the same outcome. Raises: as ``_answer``.
    """
    with ctx.engine.connect() as connection:
        older = older_claims(connection, read_claim(connection, object_id))
    for each in older:
        if each.attempt_count < WAITED_FOR:
            _answer_older(ctx, each, on_answered)
    return _answer(ctx, object_id, on_answered)


def _answer_older(ctx: Context, row: RegistryRow, on_answered: Callable[[DropOutcome], None]) -> None:
    try:
        _answer(ctx, row.object_id, on_answered)
    except UnknownObject:
        return  # its file was taken back, and the claim with it, while this call waited
    except NuanliuError as error:
        log.warning("Object %s arrived earlier and stays without an answer: %s", row.object_id, error.message)
    except Exception:  # noqa: BLE001  # whatever it is, it ends this one only; its own turn fails by it
        # The text of a foreign error may quote a cell.
        text = mask_text(traceback.format_exc())
        log.error("Object %s arrived earlier and stays without an answer\n%s", row.object_id, text)  # noqa: TRY400


def _answer(ctx: Context, object_id: int, on_answered: Callable[[DropOutcome], None]) -> DropOutcome:
    """Answer one claim by itself.

    The order makes a crash at any point harmless: the bytes are kept, the warehouse commits, the original is taken
    away, the registry row is closed, the receipt's files are written; each step finds what an earlier run has done.
    Two callers of one object take turns. A file that is gone or overwritten before it was read gives the outcome
    ``withdrawn``.
    Raises: ObjectMissing when the kept bytes are nowhere, WarehouseUnavailable, BucketUnavailable.
    """
    with object_lock(ctx.engine, object_id):
        with ctx.engine.connect() as connection:
            row = read_claim(connection, object_id)
            stored = receipt_of(connection, object_id)
        checked = None
        is_open = row.state == "claimed" or stored is None or stored.written_at is None
        if row.state == "claimed" or (stored is not None and stored.written_at is None):
            with ctx.engine.begin() as connection:
                count_attempt(connection, object_id)
        if row.state == "claimed":
            if stored is None:
                if is_waived(row.source_key):
                    data = _waived_bytes(ctx, row)
                else:
                    claimed = _claimed_bytes(ctx, row)
                    if claimed is None:
                        return _withdraw(ctx, row)
                    data = claimed
                checked = _check_and_load(ctx, row, data)
            close_object(ctx, object_id)
        outcome = _outcome(write_receipt_files(ctx, object_id, checked))
        if is_open:
            on_answered(outcome)
        return outcome


def _withdraw(ctx: Context, row: RegistryRow) -> DropOutcome:
    """The union took its file back or overwrote it before anyone had read it: the claim is about nothing and goes too.

    What lies there instead is unclaimed again, and taken when it is complete.
    """
    with ctx.engine.begin() as connection:
        withdraw(connection, row.object_id)
    return DropOutcome(row.object_id, "", WITHDRAWN, row.union_id, "", ())


def _outcome(stored: StoredReceipt) -> DropOutcome:
    return DropOutcome(
        object_id=stored.object_id,
        receipt_no=stored.receipt.receipt_no or "",
        status=stored.receipt.status,
        union_id=stored.receipt.union_id,
        week=stored.filed_week,
        weeks=stored.weeks,
    )


def _claimed_bytes(ctx: Context, row: RegistryRow) -> bytes | Oversized | None:
    """The bytes that were claimed; None when they are gone, or others lie in their place.

    Others are a drop of their own: they arrived later, perhaps after a younger file of the union, and may not be whole yet.
    The same bytes put there again are none: a restored or copied bucket puts everything there again.
    """
    try:
        data = read_drop(ctx.bucket, waiting_key(ctx.bucket, row.source_key))
    except ObjectMissing:
        return None
    return data if sha256_of(data) == row.sha256 else None


def _waived_bytes(ctx: Context, row: RegistryRow) -> bytes | Oversized:
    """The bytes of a file that is answered again: they were kept when it was answered first. Raises: ObjectMissing."""
    with ctx.engine.connect() as connection:
        again = read_answered_again(connection, row.object_id)
        first = receipt_by_number(connection, again.receipt_no) if again else None
        kept = read_claim(connection, first.object_id).stored_key if first else None
    if kept is None:
        raise ObjectMissing(f"object {row.object_id} answers a file again whose bytes are nowhere")
    return read_drop(ctx.bucket, from_storable(kept))


def _check_and_load(ctx: Context, row: RegistryRow, data: bytes | Oversized) -> CheckedDrop:
    """Check the bytes, put them where they stay, and commit what they bring. What does not fit into memory is answered so."""
    try:
        return _check_and_commit(ctx, row, data, check_registered)
    except MemoryError:
        log.warning("Object %s does not fit into memory while it is loaded", row.object_id)
    return _check_and_commit(ctx, row, data, refuse_registered)


def _check_and_commit(
    ctx: Context, row: RegistryRow, data: bytes | Oversized, check: Callable[..., CheckedDrop]
) -> CheckedDrop:
    with ctx.engine.begin() as connection:
        checked = check(connection, row, data, dropped_key=_dropped_key(ctx, row))
        checked_at = ctx.settings.clock()
        # Before the commit: once an answer stands, the bytes it answers must lie where no union can overwrite them.
        keep_bytes(ctx, row, checked, data)
        load_drop(connection, checked, object_id=row.object_id, checked_at=checked_at)
        # The last moment that can be written down: the commit itself is not over.
        record_loaded(connection, row.object_id, ctx.settings.clock())
    return checked


def _dropped_key(ctx: Context, row: RegistryRow) -> str:
    """Where the union dropped it; of a file that still waits with the personal number its name may hold."""
    if is_waived(row.source_key):
        return from_storable(dropped_key(row.source_key))
    return waiting_key(ctx.bucket, row.source_key)
