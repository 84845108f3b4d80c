"""Files that are answered again because an engineer let some of their queries pass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from nuanliu.domain.waiver import AnsweredAgain, Waiver
from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.tables import answered_again, registry, released_query

_WHOLE_FILE = 0


@as_transient("recording a waiver")
def record_waiver(connection: Connection, claimed: Mapping[str, Any], again: AnsweredAgain) -> int:
    """Write down a waiver and claim the file it is about anew, in the caller's transaction; returns the new object's id.

    ``claimed``: the columns of its registry row. A receipt's file is answered again once: the caller holds the union's lock
    and has looked.
    """
    statement = registry.insert().values(**claimed).returning(registry.c.object_id)
    object_id = int(connection.execute(statement).scalar_one())
    note_waiver(connection, object_id, again)
    return object_id


def note_waiver(connection: Connection, object_id: int, again: AnsweredAgain) -> None:
    """Write down what is let pass in an object that has its registry row."""
    connection.execute(
        answered_again.insert(),
        {"object_id": object_id, "receipt_no": again.receipt_no, "arrived_at": again.arrived_at},
    )
    rows = [
        {
            "object_id": object_id,
            "source_sheet": waiver.sheet or "",
            "source_row": _WHOLE_FILE if waiver.row is None else waiver.row,
            "rule": waiver.rule,
            "reason": waiver.reason,
            "person": waiver.person,
            "released_at": waiver.waived_at,
        }
        for waiver in again.waivers
    ]
    if rows:
        connection.execute(released_query.insert(), rows)


@as_transient("reading a waiver")
def read_answered_again(connection: Connection, object_id: int) -> AnsweredAgain | None:
    """What is let pass in an object, None for one that a union dropped."""
    found = connection.execute(select(answered_again).where(answered_again.c.object_id == object_id)).one_or_none()
    if found is None:
        return None
    rows = connection.execute(
        select(released_query)
        .where(released_query.c.object_id == object_id)
        .order_by(released_query.c.source_sheet, released_query.c.source_row, released_query.c.rule)
    )
    return AnsweredAgain(found.receipt_no, found.arrived_at, tuple(_waiver(row) for row in rows))


def _waiver(row: Any) -> Waiver:
    return Waiver(
        sheet=row.source_sheet or None,
        row=None if row.source_row == _WHOLE_FILE else row.source_row,
        rule=row.rule,
        reason=row.reason,
        person=row.person,
        waived_at=row.released_at,
    )


@as_transient("looking for a waiver")
def answered_again_as(connection: Connection, receipt_no: str) -> int | None:
    """The object that answers a receipt's file again, None while there is none."""
    return connection.execute(
        select(answered_again.c.object_id).where(answered_again.c.receipt_no == receipt_no)
    ).scalar()
