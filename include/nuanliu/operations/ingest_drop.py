"""Answer one claimed drop: check, load, archive, write the receipt. Every step may be repeated after a crash."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nuanliu.errors import ObjectMissing
from nuanliu.operations.answering import write_receipt_files
from nuanliu.operations.archiving import archive_object
from nuanliu.operations.check_drop import Drop, check_drop
from nuanliu.operations.drop_path import DropPath, read_drop_path
from nuanliu.storage.bucket import from_storable

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from nuanliu.checked import CheckedDrop
    from nuanliu.history import History
    from nuanliu.operations.context import Context
    from nuanliu.submission import Submission
    from nuanliu.warehouse.receipts_store import StoredReceipt
    from nuanliu.warehouse.registry import RegistryRow


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

    The order makes a crash at any point harmless: the warehouse commits first, then the bytes are archived, then the
    original is taken away, and the registry row is closed only when that is done.
    Raises: ObjectMissing when the claimed bytes are nowhere, WarehouseUnavailable, BucketUnavailable.
    """
    from nuanliu.warehouse.registry import count_attempt, read_claim

    with ctx.engine.connect() as connection:
        row = read_claim(connection, object_id)
    checked = None
    if row.state == "claimed":
        with ctx.engine.begin() as connection:
            count_attempt(connection, object_id)
        data = _claimed_bytes(ctx, row)
        checked = _check_and_load(ctx, row, data)
        archive_object(ctx, row, data)
    return _outcome(write_receipt_files(ctx, object_id, checked))


def _outcome(stored: StoredReceipt) -> DropOutcome:
    return DropOutcome(
        object_id=stored.object_id,
        receipt_no=stored.receipt.receipt_no or "",
        status=stored.receipt.status,
        union_id=stored.receipt.union_id,
        week=stored.filed_week,
        weeks=stored.weeks,
    )


def _claimed_bytes(ctx: Context, row: RegistryRow) -> bytes | None:
    """The bytes as claimed; None when an earlier run already moved them.

    A union may overwrite its file between claim and reading: then the newer bytes are what it wants answered.
    """
    from nuanliu.warehouse.registry import restamp

    try:
        data = ctx.bucket.read(from_storable(row.source_key))
    except ObjectMissing:
        return None
    sha256 = hashlib.sha256(data).hexdigest()
    if sha256 != row.sha256:
        with ctx.engine.begin() as connection:
            restamp(connection, row.object_id, sha256=sha256, size_bytes=len(data))
    return data


def _check_and_load(ctx: Context, row: RegistryRow, data: bytes | None) -> CheckedDrop | None:
    """Check the bytes and commit what they bring, unless an earlier run did; returns what this run checked."""
    from nuanliu.warehouse.learning import read_learned
    from nuanliu.warehouse.loading import load_drop
    from nuanliu.warehouse.locks import lock_submission
    from nuanliu.warehouse.receipts_store import receipt_of

    with ctx.engine.connect() as connection:
        if receipt_of(connection, row.object_id) is not None:
            return None
    if data is None:
        raise ObjectMissing(
            f"{row.source_key} (object {row.object_id}) was claimed, is not in the bucket and has no receipt"
        )
    drop = Drop(data, _path_of(row), row.object_key, row.received_at)
    with ctx.engine.begin() as connection:

        def history(submission: Submission) -> History:
            # From here to the commit the sender is ours: what the checks saw is what the load meets.
            lock_submission(connection, submission)
            return _read_history(connection, submission, row.received_at)

        checked = check_drop(drop, history, learned=read_learned(connection, row.union_id))
        load_drop(connection, checked, object_id=row.object_id)
    return checked


def _path_of(row: RegistryRow) -> DropPath:
    # The sender was told at the claim; a union that the code list gains or loses later changes no open claim.
    return replace(read_drop_path(from_storable(row.source_key)), union_id=row.union_id)


def _read_history(connection: Connection, submission: Submission, received_at: datetime) -> History:
    from nuanliu.warehouse.history_reading import read_history
    from nuanliu.warehouse.learning import tolerances_in_force

    union_id = submission.union_id
    history = read_history(connection, union_id=union_id, week=submission.week, rows=submission.rows)
    return replace(history, tolerances=tolerances_in_force(connection, union_id, received_at))
