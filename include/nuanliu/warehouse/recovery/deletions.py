"""Which objects may be deleted, and the record of those that were: written before the deletion, closed after it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, insert, or_, select, tuple_, update

from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.sql_files import load_sql
from nuanliu.warehouse.schema.tables import deletion, registry


@dataclass(frozen=True)
class ExpiredObject:
    """A stored object whose time has come. ``rule``: originals or quarantine; ``receipt_stems``: of its receipts' files."""

    stored_key: str
    union_id: str
    sha256: str
    receipt_stems: tuple[str, ...]
    rule: str


@dataclass(frozen=True)
class Doomed:
    """An object that is about to be deleted, with the hash of what lies there."""

    object_key: str
    union_id: str
    sha256: str
    size_bytes: int
    rule: str
    period: str


@dataclass(frozen=True)
class BegunDeletion:
    """A deletion that was written down and not closed."""

    deletion_key: int
    object_key: str
    union_id: str
    sha256: str
    size_bytes: int
    logged_at: datetime


@as_transient("looking for objects whose time has come")
def expired_objects(
    connection: Connection, *, originals_before: datetime | None, quarantined_before: datetime | None, most: int
) -> list[ExpiredObject]:
    """Answered objects received before an instant; None keeps them for ever. What was deleted already is left out."""
    given = {"originals_before": originals_before, "quarantined_before": quarantined_before, "most": most}
    return [
        ExpiredObject(row.stored_key, row.union_id, row.sha256, tuple(row.receipt_stems), row.kept_by)
        for row in connection.execute(load_sql("warehouse", "expired_object"), given)
    ]


@as_transient("looking whether an object is in use")
def is_in_use(connection: Connection, stored_key: str, sha256: str, *, since: datetime) -> bool:
    """Whether a drop of these bytes is being answered, or came to lie under this key after ``since``."""
    row = registry.c
    using = or_(
        (row.state == "claimed") & (row.sha256 == sha256), (row.stored_key == stored_key) & (row.finished_at > since)
    )
    return connection.execute(select(row.object_id).where(using).limit(1)).first() is not None


@as_transient("writing deletions down")
def log_deletions(connection: Connection, doomed: Iterable[Doomed], *, logged_at: datetime) -> list[BegunDeletion]:
    """Write down what will be deleted next, in the order given."""
    begun = []
    for each in doomed:
        key = connection.execute(
            insert(deletion).values(**vars(each), logged_at=logged_at).returning(deletion.c.deletion_key)
        ).scalar_one()
        begun.append(BegunDeletion(key, each.object_key, each.union_id, each.sha256, each.size_bytes, logged_at))
    return begun


@as_transient("closing a deletion")
def close_deletion(connection: Connection, deletion_key: int, *, deleted_at: datetime) -> None:
    """The object is gone."""
    connection.execute(update(deletion).where(deletion.c.deletion_key == deletion_key).values(deleted_at=deleted_at))


@as_transient("taking a deletion back")
def withdraw_deletions(connection: Connection, deletion_keys: Collection[int], *, withdrawn_at: datetime) -> None:
    """Deletions that did not happen: the objects lie there, and will. Their rows stay, as every record does."""
    begun = deletion.c.deletion_key.in_(deletion_keys) & deletion.c.deleted_at.is_(None)
    connection.execute(update(deletion).where(begun).values(withdrawn_at=withdrawn_at))


@as_transient("looking for deletions that were not closed")
def begun_deletions(connection: Connection) -> list[BegunDeletion]:
    """What a run that was killed left open, in the order in which it was written down."""
    named = (deletion.c[name] for name in BegunDeletion.__dataclass_fields__)
    is_open = deletion.c.deleted_at.is_(None) & deletion.c.withdrawn_at.is_(None)
    rows = connection.execute(select(*named).where(is_open).order_by(deletion.c.deletion_key))
    return [BegunDeletion(**row._mapping) for row in rows]


@as_transient("looking for deleted objects")
def deleted_keys(connection: Connection) -> frozenset[str]:
    """The stored keys of registry rows whose object was deleted, or is being."""
    rows = connection.execute(select(registry.c.stored_key).distinct().join(deletion, _took_it()))
    return frozenset(rows.scalars())


@as_transient("looking for deleted originals")
def deleted_originals(connection: Connection, dropped: Collection[tuple[str, str]]) -> dict[tuple[str, str], datetime]:
    """Of files by object key and sha256, those whose bytes are kept nowhere any more, with when they were deleted."""
    if not dropped:
        return {}
    rows = connection.execute(
        select(registry.c.object_key, registry.c.sha256, func.max(deletion.c.logged_at).label("logged_at"))
        .join(deletion, _took_it())
        .where(tuple_(registry.c.object_key, registry.c.sha256).in_(list(dropped)))
        .group_by(registry.c.object_key, registry.c.sha256)
    )
    return {(row.object_key, row.sha256): row.logged_at for row in rows}


def _took_it() -> ColumnElement[bool]:
    """That a deletion is of what a registry row names, and not of what lay under the key before."""
    return (
        (deletion.c.object_key == registry.c.stored_key)
        & (registry.c.finished_at <= deletion.c.logged_at)
        & deletion.c.withdrawn_at.is_(None)
    )
