"""What unions were before, when they ended and who reports instead: reference/union_history.csv, read without a database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from nuanliu.contract.reference_files import Line, read_lines

FILE = "union_history.csv"
COLUMNS = (
    "union_id",
    "name",
    "level",
    "parent_id",
    "division_code",
    "expected_weekly",
    "valid_from",
    "valid_to",
    "successor",
)
NOBODY = "-"
"""Written as successor of a union that ended without one."""


@dataclass(frozen=True)
class Union:
    """A union. ``level``: province, province_own, prefecture, county, special or industry."""

    id: str
    name: str
    level: str
    parent_id: str | None
    division_code: str
    expected_weekly: bool
    aliases: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)
    """Where it stands in unions.csv."""


@dataclass(frozen=True)
class UnionPast:
    """What a union was before it became what the list says. ``valid_from`` None: always so until ``valid_to`` (exclusive).

    ``successor``: with it the union ended on ``valid_to``: who reports instead, or NOBODY.
    """

    union: Union
    valid_from: date | None
    valid_to: date
    successor: str | None = None


@dataclass(frozen=True)
class UnionsOfWeek:
    """The unions as they stand on a week's Monday. One that has ended stands where it stood last, and says so."""

    monday: date
    standing: Mapping[str, Union]
    ends: Mapping[str, UnionPast]
    """Those that have ended by then."""

    @cached_property
    def _children(self) -> Mapping[str, Sequence[str]]:
        below: dict[str, list[str]] = {}
        for union in self.standing.values():
            if union.parent_id:
                below.setdefault(union.parent_id, []).append(union.id)
        return below

    def subtree(self, union_id: str) -> tuple[str, ...]:
        """The union and everything below it."""
        below = [union_id]
        for member in below:
            below.extend(self._children.get(member, ()))
        return tuple(below)

    def heir(self, union_id: str) -> Union | None:
        """Who reports for a union that has ended; None where nobody does. An heir that has ended too hands on to its own."""
        if union_id not in self.ends:
            return None
        heir = union_id
        while heir in self.ends:
            heir = self.ends[heir].successor or NOBODY
        return self.standing.get(heir)


def unions_on(monday: date, unions: Mapping[str, Union], past: Sequence[UnionPast]) -> UnionsOfWeek:
    """The unions on a week's Monday: as the history says, else as the list does today."""
    standing = dict(unions)
    ends: dict[str, UnionPast] = {}
    for entry in past:
        is_then = (entry.valid_from or date.min) <= monday < entry.valid_to
        if is_then or (entry.successor and monday >= entry.valid_to):
            standing[entry.union.id] = entry.union
        if entry.successor and monday >= entry.valid_to:
            ends[entry.union.id] = entry
    return UnionsOfWeek(monday, standing, ends)


def read_union_past(folder: Path, unions: Mapping[str, Union]) -> tuple[UnionPast, ...]:
    """The earlier entries of unions, and their ends; an empty cell says what today's entry says, an empty valid_from 'always'.

    Raises: BrokenContract, naming the line and what to write.
    """
    path = folder / FILE
    if not path.exists():
        return ()
    read = [(_past_entry(line, unions), line) for line in read_lines(path, COLUMNS[:-1])]
    entries = sorted(read, key=lambda each: (each[0].union.id, each[0].valid_to))
    last: dict[str, UnionPast] = {}
    for entry, line in entries:
        before = last.get(entry.union.id)
        if before is not None and before.successor:
            raise line.refuse(
                f"{entry.union.id} has ended on {before.valid_to}",
                "write nothing after its end; a union founded anew has a new id",
            )
        begins = before.valid_to if before is not None else None
        if entry.valid_from != begins:
            raise line.refuse(
                f"{entry.union.id} {entry.union.name} must begin where the entry before it ends",
                f"write {begins} as valid_from" if begins else "leave valid_from of its first line empty",
            )
        last[entry.union.id] = entry
    ends = {entry.union.id: entry for entry in last.values() if entry.successor}
    for entry, line in entries:
        if entry.successor:
            _check_successor(entry, line, unions, ends)
    return tuple(entry for entry, _ in entries)


def _past_entry(line: Line, unions: Mapping[str, Union]) -> UnionPast:
    union_id = line["union_id"]
    if union_id not in unions:
        raise line.refuse(
            f"{union_id!r} is not in unions.csv", "keep the line of a union that has ended there too, or mend the id"
        )
    today = unions[union_id]
    valid_from, valid_to = line.day("valid_from"), line.day("valid_to")
    if valid_to is None:
        raise line.refuse(
            "valid_to is empty", "write the first day on which this was no longer so; write days as 2018-09-03"
        )
    if valid_from is not None and valid_from >= valid_to:
        raise line.refuse(
            f"valid_from {valid_from} does not lie before valid_to {valid_to}", "mend one of the two days"
        )
    if line["parent_id"] and line["parent_id"] not in unions:
        raise line.refuse(f"parent {line['parent_id']} does not exist", "write an id of unions.csv")
    was = replace(
        today,
        name=line["name"] or today.name,
        level=line["level"] or today.level,
        parent_id=line["parent_id"] or today.parent_id,
        division_code=line["division_code"] or today.division_code,
        expected_weekly=line.yes_or_no("expected_weekly") if line["expected_weekly"] else today.expected_weekly,
        aliases=(),
    )
    return UnionPast(was, valid_from, valid_to, line["successor"] or None)


def _check_successor(entry: UnionPast, line: Line, unions: Mapping[str, Union], ends: Mapping[str, UnionPast]) -> None:
    write = f"write the id of the union that reports instead, or {NOBODY} when none does"
    union_id, successor = entry.union.id, entry.successor or ""
    if ends.get(union_id) is not entry:
        raise line.refuse(
            f"{union_id} has a successor but goes on after {entry.valid_to}", "leave successor empty here"
        )
    if successor == NOBODY:
        return
    if successor not in unions:
        raise line.refuse(f"successor {successor!r} is not in unions.csv", write)
    if successor == union_id:
        raise line.refuse(f"{union_id} is its own successor", write)
    if successor in ends and ends[successor].valid_to <= entry.valid_to:
        raise line.refuse(f"successor {successor} has itself ended on {ends[successor].valid_to}", write)
