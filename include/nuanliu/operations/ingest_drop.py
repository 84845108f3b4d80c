"""Answer one claimed drop: check, load, archive, write the receipt. Every step may be repeated after a crash."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nuanliu.errors import ObjectMissing
from nuanliu.operations.answering import write_receipt_files
from nuanliu.operations.archiving import close_object, keep_bytes
from nuanliu.operations.check_drop import Drop, check_drop
from nuanliu.operations.drop_path import DropPath, read_drop_path
from nuanliu.operations.dropped_bytes import read_drop, sha256_of
from nuanliu.operations.source_keys import dropped_key, is_released, waiting_key
from nuanliu.storage.bucket import from_storable

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from nuanliu.checked import CheckedDrop
    from nuanliu.history import History
    from nuanliu.intake.oversized import Oversized
    from nuanliu.operations.context import Context
    from nuanliu.submission import Submission
    from nuanliu.warehouse.receipts_store import StoredReceipt
    from nuanliu.warehouse.registry import RegistryRow


WITHDRAWN = "withdrawn"
"""The status of a claim whose file was gone before it was read; it has no receipt."""


@dataclass(frozen=True)
class DropOutcome:
    """What became of one drop. ``weeks``: the weeks whose figures it touched."""

    object_id: int
    receipt_no: str
    status: str
    union_id: str
    week: str
    weeks: tuple[str, ...]


def ingest_drop(ctx: Context, object_id: int) -> DropOutcome:
    """Answer one claim. A second call for the same object changes nothing and returns the same outcome.

    The order makes a crash at any point harmless: the bytes are kept, the warehouse commits, the original is taken
    away, the registry row is closed, the receipt's files are written; each step finds what an earlier run has done.
    Two callers of one object take turns. A file that is gone before it was read gives the outcome ``withdrawn``.
    Raises: ObjectMissing when the kept bytes are nowhere, WarehouseUnavailable, BucketUnavailable.
    """
    from nuanliu.warehouse.locks import alone_with_object
    from nuanliu.warehouse.receipts_store import receipt_of
    from nuanliu.warehouse.registry import count_attempt, read_claim

    with alone_with_object(ctx.engine, object_id):
        with ctx.engine.connect() as connection:
            row = read_claim(connection, object_id)
            is_answered = receipt_of(connection, object_id) is not None
        checked = None
        if row.state == "claimed":
            with ctx.engine.begin() as connection:
                count_attempt(connection, object_id)
            if not is_answered:
                if is_released(row.source_key):
                    data = _released_bytes(ctx, row)
                else:
                    try:
                        row, data = _claimed_bytes(ctx, row)
                    except ObjectMissing:
                        return _withdraw(ctx, row)
                checked = _check_and_load(ctx, row, data)
            close_object(ctx, object_id)
        return _outcome(write_receipt_files(ctx, object_id, checked))


def _withdraw(ctx: Context, row: RegistryRow) -> DropOutcome:
    """The union took its file back before anyone had read it: there is nothing to answer, the claim goes too."""
    from nuanliu.warehouse.registry import withdraw

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


def _claimed_bytes(ctx: Context, row: RegistryRow) -> tuple[RegistryRow, bytes | Oversized]:
    """The bytes of a claim that has no answer yet.

    A union may overwrite its file between claim and reading: then the newer bytes are what it wants answered.
    """
    from nuanliu.warehouse.registry import restamp

    data = read_drop(ctx.bucket, waiting_key(ctx.bucket, row.source_key))
    sha256 = sha256_of(data)
    if sha256 != row.sha256:
        with ctx.engine.begin() as connection:
            restamp(connection, row.object_id, sha256=sha256, size_bytes=len(data))
    return replace(row, sha256=sha256, size_bytes=len(data)), data


def _released_bytes(ctx: Context, row: RegistryRow) -> bytes | Oversized:
    """The bytes of a file that is answered again: they were kept when it was answered first. Raises: ObjectMissing."""
    from nuanliu.warehouse.receipts_store import receipt_by_number
    from nuanliu.warehouse.registry import read_claim
    from nuanliu.warehouse.releases import read_answered_again

    with ctx.engine.connect() as connection:
        again = read_answered_again(connection, row.object_id)
        first = receipt_by_number(connection, again.receipt_no) if again else None
        kept = read_claim(connection, first.object_id).stored_key if first else None
    if kept is None:
        raise ObjectMissing(f"object {row.object_id} answers a file again whose bytes are nowhere")
    return read_drop(ctx.bucket, from_storable(kept))


def _check_and_load(ctx: Context, row: RegistryRow, data: bytes | Oversized) -> CheckedDrop:
    """Check the bytes, put them where they stay, and commit what they bring."""
    from nuanliu.warehouse.answers import AnswerTimes
    from nuanliu.warehouse.learning import read_learned
    from nuanliu.warehouse.loading import load_drop
    from nuanliu.warehouse.locks import lock_submission
    from nuanliu.warehouse.releases import read_answered_again

    with ctx.engine.begin() as connection:
        again = read_answered_again(connection, row.object_id)
        drop = Drop(data, _path_of(ctx, row), row.object_key, row.received_at, again)

        def history(submission: Submission) -> History:
            # From here to the commit the sender is ours: what the checks saw is what the load meets.
            lock_submission(connection, submission, drop.sha256)
            return _read_history(connection, submission, drop)

        checked = check_drop(drop, history, learned=read_learned(connection, row.union_id))
        times = AnswerTimes(checked_at=ctx.settings.clock(), loaded_at=ctx.settings.clock())
        # Before the commit: once an answer stands, the bytes it answers must lie where no union can overwrite them.
        keep_bytes(ctx, row, checked, data)
        load_drop(connection, checked, object_id=row.object_id, times=times)
    return checked


def _path_of(ctx: Context, row: RegistryRow) -> DropPath:
    if is_released(row.source_key):
        path = read_drop_path(from_storable(dropped_key(row.source_key)))
        return replace(path, union_id=row.union_id, week=row.path_week, is_trial=row.is_trial)
    # The sender was told at the claim; a union that the code list gains or loses later changes no open claim.
    return replace(read_drop_path(waiting_key(ctx.bucket, row.source_key)), union_id=row.union_id)


def _read_history(connection: Connection, submission: Submission, drop: Drop) -> History:
    from nuanliu.warehouse.history_reading import read_history
    from nuanliu.warehouse.learning import tolerances_in_force

    union_id = submission.union_id
    history = read_history(
        connection, union_id=union_id, week=submission.week, rows=submission.rows, sha256=drop.sha256
    )
    return replace(history, tolerances=tolerances_in_force(connection, union_id, drop.arrived_at))
