"""Delete what has been kept long enough: written down first, so that a crash in between leaves nothing half-done.

Published editions are never deleted, and nothing that is loaded is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from nuanliu.domain import schemas
from nuanliu.errors import NuanliuError, ObjectMissing
from nuanliu.operations.context import Context
from nuanliu.settings import Keeping
from nuanliu.storage.objects import from_storable, storable
from nuanliu.warehouse.recovery.deletions import (
    BegunDeletion,
    Doomed,
    ExpiredObject,
    begun_deletions,
    close_deletion,
    expired_objects,
    is_in_use,
    log_deletions,
    withdraw_deletions,
)
from nuanliu.warehouse.schema.locks import lock_unions

MOST_AT_ONCE = 5000
"""Objects of one run: a task ends in time, and what is left goes the next night."""


def delete_expired(ctx: Context, now: datetime | None = None) -> dict[str, Any]:
    """Delete originals with their receipts, and quarantined lists, whose time has come; first end what a killed run began.

    ``now``: None takes the earlier of the real clock and the pinned one: playing a later year deletes nothing.
    Returns ``nuanliu.retention/1``: how many objects went, and their bytes. Raises: BucketUnavailable when the store
    refuses; that object then stays, and its deletion stands withdrawn.
    """
    at = now or min(ctx.settings.clock(), datetime.now(UTC))
    keeping = ctx.settings.keeping
    done = _end_begun(ctx, at)
    with ctx.engine.connect() as connection:
        expired = expired_objects(
            connection,
            originals_before=_years_before(at, keeping.originals_years),
            quarantined_before=at - timedelta(days=keeping.quarantine_days) if keeping.quarantine_days else None,
            most=MOST_AT_ONCE,
        )
    for each in expired:
        done += _delete_object(ctx, each, _period(keeping, each.rule), at)
    return {
        "schema": schemas.RETENTION,
        "deleted": len(done),
        "bytes": sum(each.size_bytes for each in done),
        "complete": len(expired) < MOST_AT_ONCE,
    }


def _end_begun(ctx: Context, at: datetime) -> list[BegunDeletion]:
    """Deletions that a killed run left open. An object that is in use again since lies there for its new drop."""
    done = []
    with ctx.engine.connect() as connection:
        begun = begun_deletions(connection)
    for each in begun:
        with ctx.engine.begin() as guard:
            lock_unions(guard, {each.union_id, each.sha256})
            is_used = is_in_use(guard, each.object_key, each.sha256, since=each.logged_at)
            if is_used and ctx.bucket.stat(from_storable(each.object_key)) is not None:
                withdraw_deletions(guard, [each.deletion_key], withdrawn_at=at)
            else:
                done += _delete_written(ctx, [each], at)
    return done


def _delete_object(ctx: Context, expired: ExpiredObject, period: str, at: datetime) -> list[BegunDeletion]:
    """Delete one stored object and the receipts that answer it.

    The locks keep a drop of the same bytes waiting, which would find them stored and then gone.
    """
    with ctx.engine.begin() as guard:
        lock_unions(guard, {expired.union_id, expired.sha256})
        if is_in_use(guard, expired.stored_key, expired.sha256, since=at):
            return []
        keys = [from_storable(expired.stored_key)]
        if expired.rule == "originals":
            keys += [item.key for stem in expired.receipt_stems for item in ctx.bucket.list(f"{stem}.")]
        try:
            doomed = [_doomed(ctx, key, expired, period) for key in keys]
        except ObjectMissing:
            return []  # gone, and not by us: reconcile says so
        with ctx.engine.begin() as connection:
            begun = log_deletions(connection, doomed, logged_at=at)
        return _delete_written(ctx, begun, at)


def _doomed(ctx: Context, key: str, expired: ExpiredObject, period: str) -> Doomed:
    sha256, size = ctx.bucket.digest(key)
    return Doomed(storable(key), expired.union_id, sha256, size, expired.rule, period)


def _delete_written(ctx: Context, begun: Sequence[BegunDeletion], at: datetime) -> list[BegunDeletion]:
    """Delete what is written down, the original first, and close each. What the store refuses to delete is withdrawn."""
    for position, each in enumerate(begun):
        key = from_storable(each.object_key)
        try:
            ctx.bucket.delete(key)
        except NuanliuError:
            if ctx.bucket.stat(key) is not None:
                with ctx.engine.begin() as connection:
                    left = [later.deletion_key for later in begun[position:]]
                    withdraw_deletions(connection, left, withdrawn_at=at)
            raise
        with ctx.engine.begin() as connection:
            close_deletion(connection, each.deletion_key, deleted_at=at)
    return list(begun)


def _years_before(at: datetime, years: int | None) -> datetime | None:
    if years is None:
        return None
    try:
        return at.replace(year=at.year - years)
    except ValueError:  # 29 February: the day before is kept a day longer
        return at.replace(year=at.year - years, day=28)


def _period(keeping: Keeping, rule: str) -> str:
    return f"{keeping.originals_years} years" if rule == "originals" else f"{keeping.quarantine_days} days"
