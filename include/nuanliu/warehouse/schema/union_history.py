"""dim_union as a slowly changing dimension: a union that changes gets a new row, and weeks before it keep the old one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from nuanliu.contract.union_life import FILE, NOBODY, Union, UnionPast
from nuanliu.errors import UndatedUnionChange
from nuanliu.warehouse.schema.sql_files import load_sql
from nuanliu.warehouse.schema.tables import dim_union

ALWAYS = date(2000, 1, 1)
"""Before every week that can be reported."""
OPEN_END = date(9999, 12, 31)


@dataclass(frozen=True)
class _Attributes:
    """What makes a new row when it changes; names as in dim_union."""

    union_name: str
    level: str
    """province, province_own, prefecture, county, special or industry."""
    parent_union_id: str | None
    """None for the province."""
    division_code: str
    is_expected_weekly: bool
    successor_union_id: str | None = None
    """Of the last row of a union that has ended: who reports instead, None where nobody does."""


def load_unions(
    connection: Connection, unions: Iterable[Union], *, changes_from: date | None, past: Sequence[UnionPast] = ()
) -> None:
    """Make the rows that are valid now say what the list says.

    Unions with a ``past`` have exactly the rows that it and the list give, whatever was there: their changes are dated.

    An empty table takes every union from 2000-01-01. Later a changed union's row ends on ``changes_from`` and a new one
    begins there (a second change from the same day overwrites the first); a union that left the list ends; a new union
    is known from 2000-01-01 on, but expected only from ``changes_from``.
    Raises: UndatedUnionChange when something changed and ``changes_from`` is None or lies before an earlier change.
    """
    listed = list(unions)
    dated = {each.union.id for each in past}
    for union in listed:
        if union.id in dated:
            write_history(connection, union, [each for each in past if each.union.id == union.id])
    wanted = {union.id: _attributes(union) for union in listed if union.id not in dated}
    open_rows = {union_id: row for union_id, row in _open_rows(connection).items() if union_id not in dated}
    if not open_rows:
        _insert(connection, [_row(union_id, said, ALWAYS) for union_id, said in wanted.items()])
        return
    newcomers = {union_id: said for union_id, said in wanted.items() if union_id not in open_rows}
    changed = [union_id for union_id, (said, _) in open_rows.items() if wanted.get(union_id) != said]
    late = [union_id for union_id, said in newcomers.items() if said.is_expected_weekly]
    if (changed or late) and changes_from is None:
        unknown = tuple(sorted((*changed, *late)))
        raise UndatedUnionChange(unknown, ways=tuple(_way(connection, each, listed) for each in unknown))
    day = changes_from or ALWAYS
    for union_id in changed:
        _change(connection, union_id, open_rows[union_id][1], wanted.get(union_id), day)
    for union_id, said in newcomers.items():
        _begin(connection, union_id, said, day)


def union_rows(connection: Connection) -> list[tuple[Any, ...]]:
    """All rows, to see whether they are still the same."""
    return [tuple(row) for row in connection.execute(select(dim_union).order_by(dim_union.c.union_key))]


def write_history(connection: Connection, union: Union, past: Sequence[UnionPast]) -> None:
    """Give a union exactly the rows of its past, and today's from the end of the last on unless it ended there; equal rows
    are not written again.

    Facts that were loaded under another row of the union are moved to the one of their week, else the nearest: a row goes only
    when no fact names it. The caller holds the locks of all unions, so that no load names one meanwhile. Weeks that were built under
    other rows must be rolled up again, as ``nuanliu init`` does.
    """
    wanted = {each.valid_from or ALWAYS: (_past_attributes(each), each.valid_to) for each in past}
    if not past[-1].successor:
        wanted[past[-1].valid_to] = (_attributes(union), OPEN_END)
    rows = connection.execute(select(dim_union).where(dim_union.c.union_id == union.id)).mappings().all()
    said = {
        row["valid_from"]: (
            _Attributes(**{name: row[name] for name in _Attributes.__dataclass_fields__}),
            row["valid_to"],
        )
        for row in rows
    }
    if said == wanted:
        return
    for since, (attributes, until) in wanted.items():
        row = {**_row(union.id, attributes, since), "valid_to": until}
        if since in said:
            connection.execute(
                dim_union.update()
                .where(dim_union.c.union_id == union.id, dim_union.c.valid_from == since)
                .values(**row)
            )
        else:
            _insert(connection, [row])
    connection.execute(load_sql("warehouse", "facts_union"), {"union_id": union.id, "valid_froms": sorted(wanted)})
    outdated = dim_union.c.valid_from.in_(sorted(said.keys() - wanted.keys()))
    connection.execute(dim_union.delete().where(dim_union.c.union_id == union.id, outdated))


def _way(connection: Connection, union_id: str, listed: Sequence[Union]) -> str:
    """What to write so that a change of a union has a day."""
    rows = connection.execute(
        select(dim_union).where(dim_union.c.union_id == union_id).order_by(dim_union.c.valid_from)
    ).all()
    today = next((union for union in listed if union.id == union_id), None)
    if not rows:
        line = f"{union_id},,,,,no,,<first day on which it is expected>,"
        return f"unions.csv line {today.line if today else '?'} is new: add to {FILE} the line {line}"
    if today is None:
        was = rows[-1]
        kept = ",".join(
            (was.union_id, was.union_name, was.level, was.parent_union_id or "", was.division_code, "no", "")
        )
        # Until its end it is expected as it was, whatever the line that is put back says of today.
        expected, until = "yes" if was.is_expected_weekly else "no", "<first day without it>"
        end = f"{union_id},,,,,{expected},{_since(was.valid_from)},{until},<id of its successor, or {NOBODY}>"
        return (
            f"unions.csv has lost {union_id}: put back the line {kept}; if it has ended, add to {FILE} the line {end}"
        )
    lines = " and ".join(_past_line(row) for row in rows)
    return f"unions.csv line {today.line}: add to {FILE} the line {lines}"


def _past_line(row: Row[Any]) -> str:
    until = "<first day of the change>" if row.valid_to == OPEN_END else row.valid_to.isoformat()
    says = (row.union_name, row.level, row.parent_union_id or "", row.division_code)
    expected = "yes" if row.is_expected_weekly else "no"
    return ",".join((row.union_id, *says, expected, _since(row.valid_from), until, ""))


def _since(day: date) -> str:
    return "" if day == ALWAYS else day.isoformat()


def _open_rows(connection: Connection) -> dict[str, tuple[_Attributes, date]]:
    """union_id → (what its open row says, since when)."""
    rows = connection.execute(select(dim_union).where(dim_union.c.valid_to == OPEN_END)).mappings()
    return {
        row["union_id"]: (
            _Attributes(**{name: row[name] for name in _Attributes.__dataclass_fields__}),
            row["valid_from"],
        )
        for row in rows
    }


def _change(connection: Connection, union_id: str, since: date, said: _Attributes | None, day: date) -> None:
    """End a union's open row on a day and, unless the union left the list, begin its next one there."""
    this_row = update(dim_union).where(dim_union.c.union_id == union_id, dim_union.c.valid_from == since)
    if said is not None and day == since:  # a slip in what was said to hold from that day is put right
        connection.execute(this_row.values(**vars(said)))
        return
    if day <= since:
        raise UndatedUnionChange((union_id,), open_since=since)
    connection.execute(this_row.values(valid_to=day))
    if said is not None:
        _insert(connection, [_row(union_id, said, day)])


def _begin(connection: Connection, union_id: str, said: _Attributes, day: date) -> None:
    """A union that the list did not hold before: known for all weeks that no row covers, expected from ``day`` on."""
    ended = connection.execute(select(func.max(dim_union.c.valid_to)).where(dim_union.c.union_id == union_id)).scalar()
    first = ended or ALWAYS
    if not said.is_expected_weekly or day <= first:
        _insert(connection, [_row(union_id, said, first)])
        return
    unexpected = {**_row(union_id, said, first), "is_expected_weekly": False, "valid_to": day}
    _insert(connection, [unexpected, _row(union_id, said, day)])


def _insert(connection: Connection, rows: list[dict[str, Any]]) -> None:
    connection.execute(dim_union.insert(), rows)


def _row(union_id: str, said: _Attributes, since: date) -> dict[str, Any]:
    return {"union_id": union_id, **vars(said), "valid_from": since, "valid_to": OPEN_END}


def _past_attributes(past: UnionPast) -> _Attributes:
    successor = None if past.successor == NOBODY else past.successor
    return replace(_attributes(past.union), successor_union_id=successor)


def _attributes(union: Union) -> _Attributes:
    return _Attributes(union.name, union.level, union.parent_id, union.division_code, union.expected_weekly)
