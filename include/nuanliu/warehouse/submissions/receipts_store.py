"""Receipts as the warehouse keeps them: the document, where it is filed, and whether its files are written."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, any_, func, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from nuanliu.domain.receipt import Receipt
from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.tables import receipt, registry


@dataclass(frozen=True)
class StoredReceipt:
    """A numbered receipt."""

    object_id: int
    """The drop that it answers."""
    receipt: Receipt
    filed_week: str
    """Where it is filed, even when the receipt's own week is None."""
    weeks: tuple[str, ...]
    """To be rolled up again because of this drop."""
    written_at: datetime | None
    """When receipts/ held its files; None before."""


@dataclass(frozen=True)
class Verdict:
    """``written_at``: when receipts/ held the receipt's files; None before."""

    receipt_no: str
    status: str
    written_at: datetime | None


@as_transient("reading a receipt")
def receipt_of(connection: Connection, object_id: int) -> StoredReceipt | None:
    """The receipt of an object, or None while it has none."""
    return next(iter(_read(connection, receipt.c.object_id == object_id)), None)


@as_transient("reading a receipt")
def receipt_by_number(connection: Connection, receipt_no: str) -> StoredReceipt | None:
    """The receipt with a number, or None."""
    return next(iter(_read(connection, receipt.c.receipt_no == receipt_no)), None)


@as_transient("reading answers")
def verdicts_of(connection: Connection, object_ids: Collection[int]) -> dict[int, Verdict]:
    """What the receipts of some objects come to, by object id, without the receipts themselves."""
    wanted = select(receipt.c.object_id, receipt.c.receipt_no, receipt.c.status, receipt.c.written_at).where(
        receipt.c.object_id == any_(literal(list(object_ids), ARRAY(BigInteger)))
    )
    return {row.object_id: Verdict(row.receipt_no, row.status, row.written_at) for row in connection.execute(wanted)}


@as_transient("reading a week's receipts")
def receipts_of_week(connection: Connection, union_id: str, week: str) -> list[StoredReceipt]:
    """All receipts of a union that are filed under a week, trials too, in the order in which the files arrived."""
    return _read(connection, receipt.c.union_id == union_id, receipt.c.filed_week == week)


@as_transient("listing unwritten receipts")
def unwritten_receipts(connection: Connection) -> list[StoredReceipt]:
    """Receipts whose files are not known to be in the bucket yet, oldest first."""
    return _read(connection, receipt.c.written_at.is_(None))


@as_transient("marking a receipt as written")
def mark_written(connection: Connection, object_id: int, written_at: datetime) -> None:
    """Note that receipts/ holds a receipt's files; the first note stands."""
    connection.execute(
        update(receipt)
        .where(receipt.c.object_id == object_id, receipt.c.written_at.is_(None))
        .values(written_at=written_at)
    )


def _read(connection: Connection, *conditions: ColumnElement[bool]) -> list[StoredReceipt]:
    rows = connection.execute(
        select(receipt)
        .join(registry, receipt.c.object_id == registry.c.object_id)
        .where(*conditions)
        .order_by(registry.c.arrival_order, receipt.c.object_id)
    ).mappings()
    return [_stored(row) for row in rows]


def _stored(row: Any) -> StoredReceipt:
    return StoredReceipt(
        object_id=row["object_id"],
        receipt=Receipt.from_json(row["document"]),
        filed_week=row["filed_week"],
        weeks=tuple(row["touched_weeks"]),
        written_at=row["written_at"],
    )


@as_transient("listing new receipts")
def receipts_after(connection: Connection, object_id: int) -> list[StoredReceipt]:
    """The receipts of objects that were taken after a given one, oldest first."""
    return _read(connection, receipt.c.object_id > object_id)


@as_transient("reading the newest week")
def newest_filed_week(connection: Connection) -> str | None:
    """The latest week that any receipt is filed under, None when there is no receipt."""
    return connection.execute(select(func.max(receipt.c.filed_week))).scalar()
