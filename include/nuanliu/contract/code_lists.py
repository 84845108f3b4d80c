"""The code lists: unions, divisions, categories, measures, groups, campaigns. Data in reference/*.csv."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from nuanliu.contract.label_text import fold_label
from nuanliu.contract.reference_files import Line, read_lines
from nuanliu.contract.reloading import reloads_with_data
from nuanliu.contract.season import Season
from nuanliu.contract.union_life import Union, UnionPast, UnionsOfWeek, read_union_past, unions_on
from nuanliu.errors import UnknownUnion
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
    """A named programme that several unions take part in; None: no season is known of it."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    season: Season | None = None


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

    @cached_property
    def all_names(self) -> str:
        """A short code list whole: whoever fills in a form of their own has no drop-down and no 代码表."""
        return "、".join(entry.name for entry in self)

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
    """By union and time, each ending where the next begins; the last ends where today's entry begins, or the union ended."""

    def was_ever_below(self, union_id: str | None, above_id: str) -> bool:
        """Whether a union stands or stood at any time in the tree of another."""
        parents: dict[str, set[str]] = {}
        for union in (*self.unions.list, *(entry.union for entry in self.union_past)):
            parents.setdefault(union.id, set()).update({union.parent_id} if union.parent_id else ())
        line = [union_id] if union_id else []
        for member in line:
            line.extend(sorted(parents.get(member, set()) - set(line)))
        return above_id in line


def read_codes(folder: Path) -> Codes:
    """Read the six CSV files of a folder, and ``union_history.csv`` where there is one.

    Raises: BrokenContract, naming file, line and what to write: a repeated id, a spelling that two entries claim, a parent
    that does not exist, days or seasons that are none.
    """
    union_lines = read_lines(folder / "unions.csv", _COLUMNS["unions.csv"])
    division_lines = read_lines(folder / "divisions.csv", _COLUMNS["divisions.csv"])
    group_lines = read_lines(folder / "beneficiary_groups.csv", _COLUMNS["beneficiary_groups.csv"])
    unions = _code_list((line, _union(line)) for line in union_lines)
    divisions = _code_list(
        (line, Division(line["code"], line["name"], line["level"], line["parent_code"] or None))
        for line in division_lines
    )
    groups = _code_list(
        (line, BeneficiaryGroup(line["group_id"], line["name"], line["parent_id"] or None, line.names("aliases")))
        for line in group_lines
    )
    _check_parents(union_lines, "parent_id", unions)
    _check_parents(division_lines, "parent_code", divisions)
    _check_parents(group_lines, "parent_id", groups)
    categories = _code_list(
        (line, Category(line["category_id"], line["name"], line.names("aliases")))
        for line in read_lines(folder / "categories.csv", _COLUMNS["categories.csv"])
    )
    measures = _code_list(
        (line, _measure(line)) for line in read_lines(folder / "measures.csv", _COLUMNS["measures.csv"])
    )
    campaigns = _code_list(
        (line, Campaign(line["campaign_id"], line["name"], line.names("aliases"), _season(line)))
        for line in read_lines(folder / "campaigns.csv", _COLUMNS["campaigns.csv"])
    )
    past = read_union_past(folder, unions.entries)
    return Codes(UnionTree(unions), divisions, categories, measures, groups, campaigns, past)


_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "unions.csv": ("union_id", "name", "level", "parent_id", "division_code", "expected_weekly", "aliases"),
    "divisions.csv": ("code", "name", "level", "parent_code"),
    "categories.csv": ("category_id", "name", "aliases"),
    "measures.csv": ("measure_id", "name", "unit", "unit_aliases", "kind", "part_of", "headers"),
    "beneficiary_groups.csv": ("group_id", "name", "parent_id", "aliases"),
    "campaigns.csv": ("campaign_id", "name", "aliases"),
}
"""What each file must have. campaigns.csv may have starts_on and ends_on, union_history.csv successor."""
_LEVELS = ("province", "province_own", "prefecture", "county", "special", "industry")


def _union(line: Line) -> Union:
    if line["level"] not in _LEVELS:
        raise line.refuse(f"level is {line['level']!r}", f"write one of {', '.join(_LEVELS)}")
    return Union(
        line["union_id"],
        line["name"],
        line["level"],
        line["parent_id"] or None,
        line["division_code"],
        line.yes_or_no("expected_weekly"),
        line.names("aliases"),
        line.number,
    )


def _measure(line: Line) -> Measure:
    return Measure(
        line["measure_id"],
        line["name"],
        line["unit"],
        line.names("unit_aliases"),
        line["kind"],
        line["part_of"] or None,
        line.names("headers"),
    )


def _season(line: Line) -> Season | None:
    if not line["starts_on"] and not line["ends_on"]:
        return None
    try:
        return Season(line["starts_on"], line["ends_on"])
    except ValueError as error:
        raise line.refuse(f"{line['campaign_id']} {line['name']} has no season", str(error)) from error


def _check_parents(lines: Iterable[Line], column: str, entries: CodeList[Any]) -> None:
    for line in lines:
        if line[column] and line[column] not in entries:
            raise line.refuse(f"parent {line[column]} does not exist", "write an id of this file, or nothing")


@reloads_with_data
@cache
def codes() -> Codes:
    """The project's own code lists, read once per process."""
    return read_codes(INCLUDE_DIR / "reference")


@reloads_with_data
@lru_cache(maxsize=64)
def unions_of_week(monday: date) -> UnionsOfWeek:
    """The project's own unions as they stand on a week's Monday."""
    lists = codes()
    return unions_on(monday, lists.unions.list.entries, lists.union_past)


def _code_list(entries: Iterable[tuple[Line, N]]) -> CodeList[N]:
    by_id: dict[str, N] = {}
    by_label: dict[str, tuple[N, Line]] = {}
    for line, entry in entries:
        if not entry.id or not entry.name:
            raise line.refuse("id or name is empty", "write both, or take the line away")
        if entry.id in by_id:
            first = by_label[fold_label(entry.id)][1].number
            raise line.refuse(
                f"id {entry.id} stands twice, first in line {first}", "write another id, or take one line away"
            )
        by_id[entry.id] = entry
        for spelling in (entry.id, entry.name, *entry.aliases):
            other, first_line = by_label.setdefault(fold_label(spelling), (entry, line))
            if other is not entry:
                raise line.refuse(
                    f"{spelling!r} names both {other.id} (line {first_line.number}) and {entry.id}",
                    "leave it with one of the two",
                )
    return CodeList(by_id, {label: entry for label, (entry, _) in by_label.items()})
