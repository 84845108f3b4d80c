"""Activities that another union's report took over or gave back, and who has been told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, any_, bindparam, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from nuanliu.domain.history import HandedOver
from nuanliu.domain.receipt import Receipt
from nuanliu.warehouse.schema.sql_files import load_sql
from nuanliu.warehouse.schema.tables import handed_over
from nuanliu.warehouse.submissions.counting import Turned

_IS_THERE = (
    handed_over.c.union_id == bindparam("of_union"),
    handed_over.c.natural_key == bindparam("of_key"),
    handed_over.c.week_start == bindparam("of_week"),
)


def note_turned(connection: Connection, turned: Iterable[Turned], receipt: Receipt, *, object_id: int) -> None:
    """Note what a drop took over from other unions and what it gave back, unless that undoes what they were not told yet.

    ``receipt``: of the drop that turned it, ``object_id``: its object.
    """
    # Thousands at once when a union reports itself what another one has reported for it.
    moves = [activity for activity in turned if activity.union_id != _whose_doing(activity, receipt)]
    untold = _untold(connection, {activity.union_id for activity in moves})
    undone, new = [], []
    for activity in moves:
        place = (activity.union_id, activity.natural_key, activity.week_start)
        if (*place, not activity.is_counting) in untold:
            undone.append({**_place(*place), "of_kind": not activity.is_counting})
            continue
        new.append(
            {
                "object_id": object_id,
                "receipt_no": receipt.receipt_no,
                "organizer_union_id": _whose_doing(activity, receipt),
                "union_id": activity.union_id,
                "from_receipt_no": activity.receipt_no,
                "natural_key": activity.natural_key,
                "week_start": activity.week_start,
                "activity_name": activity.activity_name,
                "is_given_back": activity.is_counting,
            }
        )
    moved = handed_over.c
    if undone:
        is_it = (moved.is_given_back == bindparam("of_kind"), moved.told_receipt_no.is_(None))
        connection.execute(handed_over.delete().where(*_IS_THERE, *is_it), undone)
    if new:
        statement = insert(handed_over).on_conflict_do_nothing()  # an activity key may stand twice, explained
        connection.execute(statement, new)


def read_unnotified(connection: Connection, union_id: str) -> tuple[HandedOver, ...]:
    """What no receipt of a union has told it yet, in the order in which it moved."""
    moved = handed_over.c
    rows = connection.execute(
        select(moved.object_id, moved.natural_key.label("activity_key"), moved.week_start, moved.activity_name,
               moved.organizer_union_id, moved.receipt_no, moved.from_receipt_no, moved.is_given_back)
        .where(moved.union_id == union_id, moved.told_receipt_no.is_(None))
        .order_by(moved.object_id, moved.week_start, moved.natural_key)
    )  # fmt: skip
    return tuple(HandedOver(**row._mapping) for row in rows)


def note_notified(connection: Connection, told: Iterable[HandedOver], receipt: Receipt) -> None:
    """Note which receipt told a union what moved, in the transaction of that receipt."""
    places = [
        {**_place(receipt.union_id, activity.activity_key, activity.week_start), "of_object": activity.object_id}
        for activity in told
    ]
    if places:
        is_it = handed_over.c.object_id == bindparam("of_object")
        statement = handed_over.update().where(*_IS_THERE, is_it).values(told_receipt_no=receipt.receipt_no)
        connection.execute(statement, places)


def read_told(connection: Connection, object_ids: Collection[int]) -> Sequence[Row[Any]]:
    """What unions were told that some drops took over from them."""
    moved = handed_over.c
    is_of = moved.object_id == any_(literal(list(object_ids), ARRAY(BigInteger)))
    is_told = (moved.told_receipt_no.is_not(None), ~moved.is_given_back)
    return connection.execute(select(handed_over).where(is_of, *is_told)).all()


def note_resettled(connection: Connection, turned: Collection[Turned], told: Iterable[Row[Any]]) -> None:
    """Note what turned when something else than a load decided anew which rows count, as the load that does so would.

    ``told``: as ``read_told`` gave it before.
    """
    if turned:
        connection.execute(load_sql("warehouse", "handed_over"))
    back = {(each.union_id, each.natural_key, each.week_start) for each in turned if each.is_counting}
    given_back = [
        {**row._mapping, "told_receipt_no": None, "is_given_back": True}
        for row in told
        if (row.union_id, row.natural_key, row.week_start) in back
    ]
    if given_back:
        connection.execute(insert(handed_over).on_conflict_do_nothing(), given_back)


def _place(union_id: str, natural_key: str, week_start: date) -> dict[str, Any]:
    return {"of_union": union_id, "of_key": natural_key, "of_week": week_start}


def _whose_doing(activity: Turned, receipt: Receipt) -> str:
    """The union by which an activity of another one turned; of its own doing a union is told nothing."""
    return receipt.union_id if activity.is_counting else activity.speaking_union_id


def _untold(connection: Connection, unions: Collection[str]) -> set[tuple[str, str, date, bool]]:
    """What no receipt of these unions has told them yet: union, key, week, and whether it was given back."""
    if not unions:
        return set()
    moved = handed_over.c
    columns = (moved.union_id, moved.natural_key, moved.week_start, moved.is_given_back)
    is_untold = (moved.union_id.in_(unions), moved.told_receipt_no.is_(None))
    return {tuple(row) for row in connection.execute(select(*columns).where(*is_untold))}
