"""Activities that their organiser's own report took over, and who has been told."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from nuanliu.domain.history import HandedOver
from nuanliu.domain.receipt import Receipt
from nuanliu.warehouse.schema.tables import handed_over


def read_unnotified(connection: Connection, union_id: str) -> tuple[HandedOver, ...]:
    """What no receipt of a union has told it yet, in the order in which it moved."""
    moved = handed_over.c
    rows = connection.execute(
        select(moved.object_id, moved.natural_key.label("activity_key"), moved.week_start, moved.activity_name,
               moved.organizer_union_id, moved.receipt_no, moved.from_receipt_no)
        .where(moved.union_id == union_id, moved.told_receipt_no.is_(None))
        .order_by(moved.object_id, moved.week_start, moved.natural_key)
    )  # fmt: skip
    return tuple(HandedOver(**row._mapping) for row in rows)


def note_notified(connection: Connection, told: Iterable[HandedOver], receipt: Receipt) -> None:
    """Note which receipt told a union what moved, in the transaction of that receipt."""
    moved = handed_over.c
    for activity in told:
        connection.execute(
            handed_over.update()
            .where(
                moved.object_id == activity.object_id,
                moved.union_id == receipt.union_id,
                moved.natural_key == activity.activity_key,
                moved.week_start == activity.week_start,
            )
            .values(told_receipt_no=receipt.receipt_no)
        )
