"""The code lists: unions, divisions, categories, measures, groups, campaigns. Data in reference/*.csv."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from nuanliu.contract.label_text import fold_label
from nuanliu.contract.reloading import reloads_with_data
from nuanliu.errors import BrokenContract, UnknownUnion
from nuanliu.settings import INCLUDE_DIR

PROVINCE = "620000"
PROVINCE_OWN = "620000-own"
_MONEY_KINDS = frozenset({"money", "money_transfer"})


class Named(Protocol):
    """Anything with an id, a name and other names."""

    @property
    def id(self) -> str:
        """The key that files and the warehouse use."""
        ...

    @property
    def name(self) -> str:
        """The name people use first."""
        ...

    @property
    def aliases(self) -> tuple[str, ...]:
        """Other spellings that mean the same."""
        ...


N = TypeVar("N", bound=Named)


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


@dataclass(frozen=True)
class UnionPast:
    """What a union was before it became what the list says. ``valid_from`` None: always so until ``valid_to`` (exclusive)."""

    union: Union
    valid_from: date | None
    valid_to: date


@dataclass(frozen=True)
class Division:
    """An administrative division; ``id`` is its six-digit code."""

    id: str
    name: str
    level: str
    parent_id: str | None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Category:
    """An activity category."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Measure:
    """A measure. ``unit`` is the base unit; ``kind`` money, people, items …; ``part_of`` names its total; ``aliases``
    are the headers it is read from.
    """

    id: str
    name: str
    unit: str
    unit_aliases: tuple[str, ...]
    kind: str
    part_of: str | None
    aliases: tuple[str, ...] = ()

    @property
    def header(self) -> str:
        """The header in the template: 服务人数(人)."""
        return f"{self.name}({self.unit})"

    @property
    def is_money(self) -> bool:
        """Whether it is an amount of money: kept to the 分, read in a sheet's 单位 line, shown in 万元."""
        return self.kind in _MONEY_KINDS


@dataclass(frozen=True)
class BeneficiaryGroup:
    """A group of people served; groups overlap, so figures are never added across them."""

    id: str
    name: str
    parent_id: str | None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Campaign:
    """A named programme that several unions take part in."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class CodeList(Generic[N]):
    """A code list with look-up by id and by any spelling of any name."""

    entries: Mapping[str, N]
    by_label: Mapping[str, N] = field(repr=False)

    def __getitem__(self, entry_id: str) -> N:
        return self.entries[entry_id]

    def __contains__(self, entry_id: object) -> bool:
        return entry_id in self.entries

    def __iter__(self) -> Iterator[N]:
        return iter(self.entries.values())

    def __len__(self) -> int:
        return len(self.entries)

    def find(self, text: str) -> N | None:
        """The entry a text names (by name, alias or id), or None."""
        return self.by_label.get(fold_label(text))

    def nearest(self, text: str, most: int = 3) -> tuple[str, ...]:
        """Names like an unknown one, best first; only ever proposed, never used."""
        hits = get_close_matches(fold_label(text), self.by_label, n=most * 2, cutoff=0.5)
        return tuple(dict.fromkeys(self.by_label[hit].name for hit in hits))[:most]


class UnionTree:
    """The unions and who stands below whom."""

    def __init__(self, unions: CodeList[Union]) -> None:
        self.list = unions
        self._children: dict[str, list[str]] = {}
        for union in unions:
            if union.parent_id:
                self._children.setdefault(union.parent_id, []).append(union.id)

    def get(self, union_id: str) -> Union:
        """The union with an id. Raises: UnknownUnion with the nearest ids."""
        if union_id not in self.list:
            raise UnknownUnion(union_id, self.ids_like(union_id))
        return self.list[union_id]

    def ids_like(self, text: str) -> tuple[str, ...]:
        """Ids that look like an unknown one, best first."""
        return tuple(get_close_matches(text, list(self.list.entries), n=3))

    def sender(self, union_id: str) -> Union:
        """A union that may drop files: any but 620000 itself. Raises: UnknownUnion."""
        if union_id == PROVINCE:
            raise UnknownUnion(union_id, (PROVINCE_OWN,))
        return self.get(union_id)

    def find(self, text: str) -> Union | None:
        """The union a text names; the names of 620000 mean 620000-own wherever a file uses them."""
        found = self.list.find(text)
        return self.list[PROVINCE_OWN] if found is not None and found.id == PROVINCE else found

    def subtree(self, union_id: str) -> tuple[str, ...]:
        """The union and everything below it."""
        below = [union_id]
        for member in below:
            below.extend(self._children.get(member, ()))
        return tuple(below)


@dataclass(frozen=True)
class Codes:
    """All code lists together."""

    unions: UnionTree
    divisions: CodeList[Division]
    categories: CodeList[Category]
    measures: CodeList[Measure]
    groups: CodeList[BeneficiaryGroup]
    campaigns: CodeList[Campaign]
    union_past: tuple[UnionPast, ...] = ()
    """By union and time, each ending where the next begins; the last ends where today's entry begins."""


def read_codes(folder: Path) -> Codes:
    """Read the six CSV files of a folder, and ``union_history.csv`` where there is one.

    Raises: BrokenContract for a repeated id, a spelling that two entries claim, or a parent that does not exist.
    """
    unions = _code_list(
        Union(
            r["union_id"],
            r["name"],
            r["level"],
            r["parent_id"] or None,
            r["division_code"],
            r["expected_weekly"] == "yes",
            _split(r["aliases"]),
        )
        for r in _read(folder / "unions.csv")
    )
    divisions = _code_list(
        Division(r["code"], r["name"], r["level"], r["parent_code"] or None) for r in _read(folder / "divisions.csv")
    )
    categories = _code_list(
        Category(r["category_id"], r["name"], _split(r["aliases"])) for r in _read(folder / "categories.csv")
    )
    measures = _code_list(
        Measure(
            r["measure_id"],
            r["name"],
            r["unit"],
            _split(r["unit_aliases"]),
            r["kind"],
            r["part_of"] or None,
            _split(r["headers"]),
        )
        for r in _read(folder / "measures.csv")
    )
    groups = _code_list(
        BeneficiaryGroup(r["group_id"], r["name"], r["parent_id"] or None, _split(r["aliases"]))
        for r in _read(folder / "beneficiary_groups.csv")
    )
    campaigns = _code_list(
        Campaign(r["campaign_id"], r["name"], _split(r["aliases"])) for r in _read(folder / "campaigns.csv")
    )
    for lower in (*unions, *divisions, *groups):
        if lower.parent_id is not None and not any(lower.parent_id in upper for upper in (unions, divisions, groups)):
            raise BrokenContract(f"{lower.id} {lower.name}: parent {lower.parent_id} does not exist")
    return Codes(UnionTree(unions), divisions, categories, measures, groups, campaigns, _union_past(folder, unions))


def _union_past(folder: Path, unions: CodeList[Union]) -> tuple[UnionPast, ...]:
    """The earlier entries of unions; an empty cell says what today's entry says, an empty valid_from 'always'.

    Raises: BrokenContract for an unknown union, a day that is none, and times that overlap or leave a gap.
    """
    path = folder / "union_history.csv"
    if not path.exists():
        return ()
    past = sorted((_past_entry(row, unions) for row in _read(path)), key=lambda each: (each.union.id, each.valid_to))
    ends: dict[str, date] = {}
    for each in past:
        if each.valid_from != ends.get(each.union.id):
            raise BrokenContract(
                f"union_history.csv: {each.union.id} {each.union.name} must begin where the entry before it ends"
            )
        ends[each.union.id] = each.valid_to
    return tuple(past)


def _past_entry(row: Mapping[str, str], unions: CodeList[Union]) -> UnionPast:
    if row["union_id"] not in unions:
        raise BrokenContract(f"union_history.csv: {row['union_id']} is not in unions.csv")
    today = unions[row["union_id"]]
    try:
        valid_from = date.fromisoformat(row["valid_from"]) if row["valid_from"] else None
        valid_to = date.fromisoformat(row["valid_to"])
    except ValueError as error:
        raise BrokenContract(f"union_history.csv: {today.id}: write days as 2018-09-03 ({error})") from error
    if valid_from is not None and valid_from >= valid_to:
        raise BrokenContract(f"union_history.csv: {today.id}: {valid_from} does not lie before {valid_to}")
    if row["parent_id"] and row["parent_id"] not in unions:
        raise BrokenContract(f"union_history.csv: {today.id}: parent {row['parent_id']} does not exist")
    expected = row["expected_weekly"] == "yes" if row["expected_weekly"] else today.expected_weekly
    was = replace(
        today,
        name=row["name"] or today.name,
        level=row["level"] or today.level,
        parent_id=row["parent_id"] or today.parent_id,
        division_code=row["division_code"] or today.division_code,
        expected_weekly=expected,
        aliases=(),
    )
    return UnionPast(was, valid_from, valid_to)


@reloads_with_data
@cache
def codes() -> Codes:
    """The project's own code lists, read once per process."""
    return read_codes(INCLUDE_DIR / "reference")


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _split(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(";") if part)


def _code_list(entries: Iterable[N]) -> CodeList[N]:
    by_id: dict[str, N] = {}
    by_label: dict[str, N] = {}
    for entry in entries:
        if entry.id in by_id:
            raise BrokenContract(f"id {entry.id} stands twice")
        by_id[entry.id] = entry
        for spelling in (entry.id, entry.name, *entry.aliases):
            label = fold_label(spelling)
            if by_label.setdefault(label, entry) is not entry:
                raise BrokenContract(f"{spelling!r} names both {by_label[label].id} and {entry.id}")
    return CodeList(by_id, by_label)
