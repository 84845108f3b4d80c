"""The registry: one row per object that was taken, written before anything else happens to it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    any_,
    exists,
    func,
    literal,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert

from nuanliu.domain.arrival import RECEIVED_LENGTH, arrival_order, arrived
from nuanliu.errors import UnknownObject
from nuanliu.warehouse.schema.locks import lock_unions
from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.sql_files import load_sql
from nuanliu.warehouse.schema.tables import fact_submission, receipt, registry


@dataclass(frozen=True)
class RegistryRow:
    """One taken object, as the registry knows it; fields as the table's columns, instants in UTC."""

    object_id: int
    object_key: str
    """As receipts show it, personal numbers masked."""
    source_key: str
    """Where it lay when it was taken."""
    union_id: str
    path_week: str | None
    """The week its path names, or None."""
    is_trial: bool
    state: str
    stored_key: str | None
    """Under archive/ or quarantine/; None until it is moved."""
    sha256: str
    size_bytes: int
    received_at: datetime
    """Fixed at the claim."""
    finished_at: datetime | None
    """When it was answered; None before."""
    attempt_count: int
    """How often the answer was tried."""
    arrived_at: datetime | None
    """When it came to lie in the bucket; None where that is not known."""
    arrival_order: str
    """Its place among all, see ``nuanliu.domain.arrival``; equal places by object_id."""
    claimed_at: datetime | None = None
    """When it was claimed, where that is not ``received_at``, which follows the order in which files arrived."""

    @property
    def taken_at(self) -> datetime:
        """Since when its answer is due."""
        return self.claimed_at or self.received_at

    @property
    def place(self) -> tuple[str, int]:
        """Its place among all, without ties."""
        return (self.arrival_order, self.object_id)


@as_transient("claiming a drop")
def claim(
    connection: Connection,
    *,
    object_key: str,
    source_key: str,
    union_id: str,
    path_week: str | None,
    is_trial: bool,
    sha256: str,
    size_bytes: int,
    received_at: datetime,
    arrived_at: datetime | None = None,
) -> int | None:
    """Take an object by writing its registry row. Of two claimers of one ``source_key`` the second gets None.

    A key may be claimed again once the earlier claim is finished: the union has dropped a new file under the old name.
    ``object_key`` is what people may see (personal data masked), ``source_key`` what the bytes are moved by.
    ``received_at``: now. A file that is claimed after one of its union that arrived later was received with that one, and no
    file was received before one that arrived earlier, though another clock was ahead when that was claimed: what was received
    follows the order in which it arrived. ``arrived_at`` None: not known; it came as it is claimed.
    """
    place = arrived(arrived_at or received_at, object_key)
    claimed_at = received_at
    if arrived_at is not None:
        lock_unions(connection, [f"claims/{union_id}"])  # two claimers see each other's rows
        taken = registry.c
        of_place = func.substr(taken.arrival_order, RECEIVED_LENGTH + 1)
        older = select(func.max(taken.received_at)).where(
            taken.union_id == union_id, taken.arrived_at <= arrived_at, of_place < place
        )
        younger = select(func.min(taken.received_at)).where(
            taken.union_id == union_id, taken.arrived_at >= arrived_at, of_place > place
        )
        received_at = max(received_at, connection.execute(older).scalar() or received_at)
        received_at = min(received_at, connection.execute(younger).scalar() or received_at)
    statement = (
        insert(registry)
        .values(
            object_key=object_key,
            source_key=source_key,
            union_id=union_id,
            path_week=path_week,
            is_trial=is_trial,
            state="claimed",
            sha256=sha256,
            size_bytes=size_bytes,
            received_at=received_at,
            claimed_at=claimed_at,
            arrived_at=arrived_at,
            arrival_order=arrival_order(received_at, place),
        )
        .on_conflict_do_nothing(index_elements=["source_key"], index_where=text("state = 'claimed'"))
        .returning(registry.c.object_id)
    )
    return connection.execute(statement).scalar()


@as_transient("reading a claim")
def read_claim(connection: Connection, object_id: int) -> RegistryRow:
    """The registry row of an object, finished or not. Raises: UnknownObject."""
    row = connection.execute(select(registry).where(registry.c.object_id == object_id)).one_or_none()
    if row is None:
        raise UnknownObject(object_id)
    return RegistryRow(**row._mapping)


@as_transient("reading claims")
def claims_of(connection: Connection, object_ids: Collection[int]) -> list[RegistryRow]:
    """The rows of some objects, those that are still there, in order of arrival."""
    rows = connection.execute(
        select(registry).where(_is_of(object_ids)).order_by(registry.c.arrival_order, registry.c.object_id)
    )
    return [RegistryRow(**row._mapping) for row in rows]


@as_transient("listing the open claims")
def open_claims(connection: Connection) -> list[RegistryRow]:
    """Objects that were taken and are not finished yet, in the order in which they arrived."""
    rows = connection.execute(
        select(registry).where(registry.c.state == "claimed").order_by(registry.c.arrival_order, registry.c.object_id)
    )
    return [RegistryRow(**row._mapping) for row in rows]


@as_transient("listing older open claims")
def older_claims(connection: Connection, row: RegistryRow) -> list[RegistryRow]:
    """Claims of the same union that arrived before a given one and have no answer yet, in the order in which they arrived."""
    has_receipt = exists().where(receipt.c.object_id == registry.c.object_id)
    before = tuple_(registry.c.arrival_order, registry.c.object_id) < tuple_(*row.place)
    rows = connection.execute(
        select(registry)
        .where(registry.c.union_id == row.union_id, registry.c.state == "claimed", before, ~has_receipt)
        .order_by(registry.c.arrival_order, registry.c.object_id)
    )
    return [RegistryRow(**older._mapping) for older in rows]


@as_transient("counting an attempt")
def count_attempt(connection: Connection, object_id: int) -> int:
    """Note that an attempt to answer a claim begins; returns how many there were, this one included.

    Raises: UnknownObject.
    """
    count = connection.execute(
        update(registry)
        .where(registry.c.object_id == object_id)
        .values(attempt_count=registry.c.attempt_count + 1)
        .returning(registry.c.attempt_count)
    ).scalar()
    if count is None:
        raise UnknownObject(object_id)
    return int(count)


@as_transient("finishing an object")
def finish_object(
    connection: Connection, object_id: int, *, state: str, stored_key: str, finished_at: datetime
) -> None:
    """Close a claim: the bytes now lie under ``stored_key``. Closing it again changes nothing.

    ``state``: archived or quarantined.
    """
    closed = connection.execute(
        update(registry)
        .where(registry.c.object_id == object_id, registry.c.state == "claimed")
        .values(state=state, stored_key=stored_key, finished_at=finished_at)
    ).rowcount
    if closed:
        connection.execute(
            update(fact_submission).where(fact_submission.c.object_id == object_id).values(answered_at=finished_at)
        )


@as_transient("finding where objects are stored")
def stored_keys(connection: Connection, object_ids: Collection[int]) -> list[str]:
    """The keys under which the bytes of some finished objects are kept, each once."""
    kept = select(registry.c.stored_key).distinct().where(_is_of(object_ids), registry.c.stored_key.is_not(None))
    return list(connection.execute(kept).scalars())


def _is_of(object_ids: Collection[int]) -> ColumnElement[bool]:
    """One array parameter, however many ids: a list of parameters ends at 65535."""
    return registry.c.object_id == any_(literal(list(object_ids), ARRAY(BigInteger)))


@as_transient("reading the newest object")
def last_object_id(connection: Connection) -> int:
    """The id of the object that was taken last, 0 when none was."""
    return int(connection.execute(select(func.coalesce(func.max(registry.c.object_id), 0))).scalar_one())


@as_transient("withdrawing a claim")
def withdraw(connection: Connection, object_id: int) -> None:
    """Forget a claim whose file was taken back or overwritten before it was read. A claim with a receipt stays.

    Through a function of the tables' owner: whoever loads may delete no record.
    """
    connection.execute(load_sql("warehouse", "withdraw_claim"), {"object_id": object_id})


@as_transient("listing objects without written receipts")
def unwritten_objects(connection: Connection) -> list[RegistryRow]:
    """Objects whose row is closed and whose receipt's files are not known to be in the bucket, in order of arrival."""
    rows = connection.execute(
        select(registry)
        .join(receipt, receipt.c.object_id == registry.c.object_id)
        .where(registry.c.state != "claimed", receipt.c.written_at.is_(None))
        .order_by(registry.c.arrival_order, registry.c.object_id)
    )
    return [RegistryRow(**row._mapping) for row in rows]
