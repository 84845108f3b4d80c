"""Activities that their organiser's own report took over, and who has been told."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from nuanliu.domain.history import HandedOver
from nuanliu.domain.receipt import Receipt
from nuanliu.warehouse.schema.tables import handed_over
from nuanliu.warehouse.submissions.counting import Turned


def note_turned(connection: Connection, turned: Iterable[Turned], receipt: Receipt, *, object_id: int) -> None:
    """Note what the organiser's report took over from other unions, and forget what counts again before it was told.

    ``receipt``: of the drop that turned it, ``object_id``: its object.
    """
    moved = handed_over.c
    for activity in turned:
        if activity.is_counting:
            connection.execute(
                handed_over.delete().where(
                    moved.union_id == activity.union_id,
                    moved.natural_key == activity.natural_key,
                    moved.week_start == activity.week_start,
                    moved.told_receipt_no.is_(None),
                )
            )
        elif activity.union_id != activity.speaking_union_id:
            connection.execute(
                insert(handed_over)
                .values(
                    object_id=object_id,
                    receipt_no=receipt.receipt_no,
                    organizer_union_id=activity.speaking_union_id,
                    union_id=activity.union_id,
                    from_receipt_no=activity.receipt_no,
                    natural_key=activity.natural_key,
                    week_start=activity.week_start,
                    activity_name=activity.activity_name,
                )
                .on_conflict_do_nothing()  # an activity key may stand twice, explained
            )


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
