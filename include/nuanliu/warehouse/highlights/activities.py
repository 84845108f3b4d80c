"""The activities of a week that may be told, as facts: who did what for whom, and how many, each number with its cell's id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row

from nuanliu.contract.code_lists import Measure, codes
from nuanliu.contract.highlight_rules import HighlightRules
from nuanliu.contract.label_text import fold_label
from nuanliu.contract.person_names import PersonWords
from nuanliu.domain.exactness import EXACTNESS_CODES, Exactness
from nuanliu.domain.figure_id import ActivityNumberId, digest_key
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.warehouse.schema.sql_files import load_sql
from nuanliu.warehouse.schema.union_tree import WeekTree

PEOPLE, MONEY = "people_served", "funds_total"
_GOODS = "items"


@dataclass(frozen=True)
class SaidNumber:
    """One number of an activity."""

    trace_id: ActivityNumberId
    value: Decimal
    exactness: Exactness
    unit: str
    """As the cell says it where goods are counted, else the measure's base unit."""
    item: str | None

    @property
    def measure(self) -> str:
        """Its id."""
        return self.trace_id.measure


@dataclass(frozen=True)
class Activity:
    """One activity. A free text that may name a person is not here."""

    key: tuple[str, str, str]
    """Organiser, sender and key of its first row: the order of equal activities."""
    union_id: str
    prefecture_id: str | None
    category: str
    name: str | None
    campaign_id: str | None
    campaign: str | None
    place: str | None
    start: date | None
    end: date | None
    groups: tuple[str, ...]
    partners: tuple[str, ...]
    is_list_open: bool
    numbers: tuple[SaidNumber, ...]

    @property
    def home(self) -> str:
        """The prefecture, or the union itself above them: of one not too many are told."""
        return self.prefecture_id or self.union_id

    def amount(self, measure: str) -> Decimal | None:
        """What it says of a measure; None where it says nothing."""
        return next((number.value for number in self.numbers if number.measure == measure), None)


def read_activities(
    connection: Connection,
    week: ReportingWeek,
    tree: WeekTree,
    rules: HighlightRules,
    *,
    campaign_ids: Collection[str],
    group_ids: Collection[str],
) -> list[Activity]:
    """Those that the rules can choose from, in no particular order."""
    parameters = {
        "week_start": week.monday,
        "least_people": rules.least_people,
        "most": rules.most,
        "campaign_ids": sorted(campaign_ids),
        "group_ids": sorted(group_ids),
    }
    rows = connection.execute(load_sql("marts", "week_candidates"), parameters)
    found = [(_what(row), _activity(week, row, tree, rules.persons)) for row in rows]
    return join_goods(found)


def join_goods(activities: Iterable[tuple[tuple[Any, ...], Activity]]) -> list[Activity]:
    """Gloves and hats of one visit stand in two rows and are one activity. Rows that repeat any other measure stay apart: nobody
    knows whether they say it twice.

    ``activities``: each with what makes it one activity with others.
    """
    ordered = sorted(activities, key=lambda pair: (tuple(map(str, pair[0])), pair[1].key))
    joined = []
    for _, group in groupby(ordered, key=lambda pair: tuple(map(str, pair[0]))):
        rows = [activity for _, activity in group]
        said = Counter(number.measure for row in rows for number in row.numbers)
        if any(count > 1 and not _counts_goods(measure) for measure, count in said.items()):
            joined += rows
        else:
            joined.append(replace(rows[0], numbers=tuple(number for row in rows for number in row.numbers)))
    return joined


def _counts_goods(measure_id: str) -> bool:
    measures = codes().measures
    return measure_id in measures and measures[measure_id].kind == _GOODS


def _what(row: Row[Any]) -> tuple[Any, ...]:
    return (
        row.sender_union_id, row.union_id, row.category_id, fold_label(row.activity_name), row.campaign_id,
        row.division_code, row.start_on, row.end_on, row.group_ids, row.partners,
    )  # fmt: skip


def _activity(week: ReportingWeek, row: Row[Any], tree: WeekTree, persons: PersonWords) -> Activity:
    partners = tuple(name for name in row.partners or () if persons.is_organisation(name))
    item = _unless_person(row.item_name, persons)
    return Activity(
        key=(row.union_id, row.sender_union_id, row.natural_key),
        union_id=row.union_id,
        prefecture_id=prefecture_of(tree, row.union_id),
        category=row.category_id,
        name=_unless_person(row.activity_name, persons),
        campaign_id=row.campaign_id,
        campaign=row.campaign_name if row.is_campaign_listed else _unless_person(row.campaign_name, persons),
        place=row.division_code,
        start=row.start_on,
        end=row.end_on,
        groups=tuple(row.group_ids or ()),
        partners=partners,
        is_list_open=row.has_open_list or len(partners) < len(row.partners or ()),
        numbers=tuple(_number(week, row, item, *said) for said in row.numbers),
    )


def prefecture_of(tree: WeekTree, union_id: str) -> str | None:
    """The prefecture in whose tree a union stands; None above them."""
    above = (tree.unions[member] for member in tree.upwards(union_id) if member in tree.unions)
    return next((union.union_id for union in above if union.level == "prefecture"), None)


def _unless_person(text: str | None, persons: PersonWords) -> str | None:
    return None if text is None or persons.may_name_a_person(text) else text


def _number(
    week: ReportingWeek, row: Row[Any], item: str | None, measure_id: str, value: str, exactness: int, raw_text: str
) -> SaidNumber:
    measure = codes().measures[measure_id]
    return SaidNumber(
        ActivityNumberId(week, row.sender_union_id, digest_key(row.natural_key), measure_id),
        Decimal(value),
        EXACTNESS_CODES[exactness],
        _unit(measure, raw_text),
        item if measure.kind == _GOODS else None,
    )


def _unit(measure: Measure, raw_text: str) -> str:
    """150双 stays 双: what a thing is counted in is no matter of conversion."""
    if measure.kind != _GOODS:
        return measure.unit
    said = raw_text.strip()
    units: Sequence[str] = sorted((measure.unit, *measure.unit_aliases), key=len, reverse=True)
    return next((unit for unit in units if said.endswith(unit)), measure.unit)
