"""Random rows: new ones, ones that are said again a little differently, ones that another union takes over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from tests.histories.making.world import World
from tests.model.drops import Amount, Drop, Row
from tests.model.weeks import monday, sunday

NAMES = ("慰问活动", "慰问活动", "慰问 活动", "慰问活动(二)", "义诊")
NEW_CAMPAIGNS = ("冬日a行动", "冬日 Ａ行动")
"""One campaign on no list, written in two ways."""
EXPLANATIONS = ("",) * 6 + ("已核实", "原:慰问活动", "原:1")
PEOPLE = (10, 10, 20, 20, 30, 40, 60)
EXACTNESS = ("exact",) * 5 + ("over", "under", "approx")
STARTS = (date(2022, 1, 1), date(2022, 1, 1), date(2023, 1, 1))
LIMITS = (Decimal(999_999_999_999), Decimal("999999999999.99"), Decimal(10**12))
"""The largest a row may say in 元 (contract §4), and one too large."""


def make_row(random: Random, world: World, union: str, week: str) -> Row:
    kind = random.choice(world.kinds)
    row = Row(
        name=random.choice(NAMES),
        category=random.choice(("condolence", "condolence", "health_check")),
        measures=make_measures(random),
        organiser=random.choice((None, None, None, *world.organisers_of(union))),
        activity_no=random.choice(("", "", "", "1", "2")),
        item=random.choice(("", "", "", "手套", "帽子")),
        kind=kind,
        scope=random.choice(world.scopes),
        start=make_day(random, week) if random.random() < 0.2 else None,
        since=random.choice(STARTS) if kind == "cumulative_since" else None,
        campaign=random.choice(("", "", "暖冬送岗", *NEW_CAMPAIGNS)),
        place=random.choice((None, "620403", "620402", "620400", "620502")),
        explanation=random.choice(EXPLANATIONS) if random.random() < 0.3 else "",
    )
    return (
        replace(row, reporting=random.choice(world.organisers_of(union) or (None,))) if random.random() < 0.1 else row
    )


def make_measures(random: Random) -> tuple[tuple[str, Amount], ...]:
    """One or two figures; seldom none."""
    second = (("goods_items", make_amount(random)),) if random.random() < 0.3 else ()
    return (("people_served", make_amount(random)), *second) if random.random() < 0.97 else ()


def make_large_row(random: Random, union: str) -> Row:
    """A row at the limit of size, explained: what one union sends never stops another's week (contract §4)."""
    return Row(
        "慰问金发放", "condolence", (("funds_total", Amount(random.choice(LIMITS))),), explanation=f"{union}已核"
    )


def make_amount(random: Random) -> Amount:
    return Amount(Decimal(random.choice(PEOPLE)), random.choice(EXACTNESS))


def make_day(random: Random, week: str) -> date:
    return monday(week) + timedelta(days=random.choice((-60, -9, -3, 0, 2, 6, 6)))


def take_over_row(random: Random, world: World, row: Row, source: Drop, union: str) -> Row:
    """A row of another week's or union's file says now in cells what it left to be understood."""
    if row.kind == "event" and row.end is None and source.week and random.random() < 0.4:
        row = replace(row, end=sunday(source.week))
    if source.union == union or random.random() < 0.3:
        return row
    organiser = row.organiser or row.reporting or source.union
    may_write = organiser in world.organisers_of(union) or random.random() < 0.05
    return replace(row, organiser=organiser if may_write and organiser != union else None, reporting=None)


def alter_row(random: Random, world: World, row: Row, union: str, week: str) -> Row:
    """The row as it was, or with one thing about it changed."""
    if random.random() >= 0.25 or row.name == "慰问金发放":
        return row
    changes: tuple[Callable[[], Mapping[str, Any]], ...] = (
        lambda: {"measures": (("people_served", make_amount(random)), *row.measures[1:])},
        lambda: {"activity_no": random.choice(("", "1", "2"))},
        lambda: {"name": random.choice(NAMES)},
        lambda: {"start": random.choice((None, make_day(random, week)))},
        lambda: {"end": make_day(random, week)},
        lambda: {"end": None},
        lambda: {"organiser": random.choice((None, *world.organisers_of(union)))},
        lambda: {"reporting": random.choice((None, *world.organisers_of(union)))},
        lambda: {"explanation": random.choice(EXPLANATIONS)},
        lambda: {"explanation": ""},
        lambda: {"remarks": random.choice(("", "已核")), "place_detail": random.choice(("", "人民路"))},
        lambda: {"item": random.choice(("", "手套", "帽子"))},
        lambda: {"scope": random.choice(world.scopes)},
        lambda: {"since": random.choice((None, *STARTS, date(2024, 1, 1))) if row.kind != "event" else None},
        lambda: {"campaign": random.choice(("", "暖冬送岗", *NEW_CAMPAIGNS))},
        lambda: {"place": random.choice((None, "620402", "620502"))},
        lambda: {"groups": random.choice(((), ("truck_drivers",)))},
        lambda: {"co_organisers": random.choice(((), ("白银团市委",)))},
        lambda: {"category": random.choice(("condolence", ""))} if random.random() < 0.3 else {},
    )
    return replace(row, **random.choice(changes)())
