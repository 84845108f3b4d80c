"""Random histories, small and full of near-collisions, the same for the same seed.

Values stay within a factor of six of each other, so that only rules of the contract are met, not limits of size.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from tests.model.drops import Amount, Drop, Publish, Row, Step, TreeChange
from tests.model.saying import CITY, COUNTY, OTHER_CITY, OTHER_COUNTY, when
from tests.model.weeks import monday, shift, sunday, week_of

SIBLING, PROVINCE_OWN = "620403", "620000-own"
SENDERS = (CITY, CITY, COUNTY, COUNTY, SIBLING, OTHER_CITY, OTHER_COUNTY, PROVINCE_OWN)
FIRST_WEEKS = ("2024-W46", "2024-W46", "2024-W51")  # the last leads over new year
NAMES = ("慰问活动", "慰问活动", "慰问 活动", "慰问活动(二)", "义诊")
FILE_NAMES = ("周报.xlsx", "周报-2.xlsx", "周报(更正).xlsx", "周报2.xlsx", "周报10.xlsx")
TYPES = ("首报",) * 6 + ("更正",) * 5 + ("补充",) * 3 + ("零报告", "更正零报告")
KINDS = ("event",) * 6 + ("ytd",) * 3 + ("cumulative_since", "stock", "campaign", "planned")
EXPLANATIONS = ("",) * 6 + ("已核实", "原:慰问活动", "原:1")
PEOPLE = (10, 10, 20, 20, 30, 40, 60)


def generate_history(seed: int, drops: int = 10) -> tuple[Step, ...]:
    """So many drops with tree changes and publications in between, listed in any order."""
    random = Random(seed)
    weeks = [shift(random.choice(FIRST_WEEKS), later) for later in range(4)]
    steps: list[Step] = []
    at = when(weeks[0])
    for _ in range(drops):
        at += timedelta(minutes=random.choice((0, 0, 1, 60, 60 * 24, 60 * 24 * 3)))
        earlier = [step for step in steps if isinstance(step, Drop)]
        steps.append(make_drop(random, weeks, at, earlier))
        if random.random() < 0.25:
            steps.append(
                Publish(at + timedelta(seconds=len(steps)), random.choice([of for of in weeks if is_closed(of, at)]))
            )
        if random.random() < 0.1:
            steps.append(make_tree_change(random, weeks, at + timedelta(seconds=len(steps))))
    random.shuffle(steps)
    return tuple(steps)


def is_closed(week: str, at: datetime) -> bool:
    return sunday(week) < at.date()


def make_drop(random: Random, weeks: list[str], at: datetime, earlier: list[Drop]) -> Drop:
    """A new file, or one made from an earlier one of the union, or of another."""
    union = random.choice(SENDERS)
    week = random.choice([of for of in weeks if of <= week_of(at.date())][-3:])
    own = [drop for drop in earlier if drop.union == union]
    if own and random.random() < 0.1:
        repeated = random.choice(own)
        return place(random, replace(repeated, arrived=at, trial=False), earlier)
    source = random.choice(own if own and random.random() < 0.6 else earlier) if earlier else None
    rows = list(source.rows) if source and random.random() < 0.8 else []
    rows = [take_over_row(random, row, source, union) for row in rows]
    rows = [alter_row(random, row, union, week) for row in rows] or [make_row(random, union, week)]
    if random.random() < 0.25:
        rows.append(make_row(random, union, week))
    if random.random() < 0.12:
        rows.append(replace(random.choice(rows), explanation=random.choice(EXPLANATIONS)))
    if len(rows) > 1 and random.random() < 0.15:
        rows.pop(random.randrange(len(rows)))
    kind = random.choice(TYPES)
    if kind in ("零报告", "更正零报告") and random.random() < 0.95:
        rows = []
    drop = Drop(
        union,
        at,
        None if random.random() < 0.04 else week,
        tuple(rows),
        kind,
        trial=random.random() < 0.06,
        path_week=random.choice(weeks) if random.random() < 0.04 else None,
        form=random.choice(("xlsx", "xlsx", "csv", "reordered")) if rows else "xlsx",
    )
    return place(random, drop, earlier)


def take_over_row(random: Random, row: Row, source: Drop, union: str) -> Row:
    """A row of another week's or union's file says now in cells what it left to be understood."""
    if row.kind == "event" and row.end is None and source.week and random.random() < 0.4:
        row = replace(row, end=sunday(source.week))
    if source.union == union or random.random() < 0.3:
        return row
    organiser = row.organiser or row.reporting or source.union
    may_write = organiser in organisers_of(union) or random.random() < 0.05
    return replace(row, organiser=organiser if may_write and organiser != union else None)


def place(random: Random, drop: Drop, earlier: list[Drop]) -> Drop:
    """A file name that no file of the union has at the same moment; seldom an answer that comes an hour later."""
    taken = {other.name for other in earlier if (other.union, other.arrived) == (drop.union, drop.arrived)}
    names = [name for name in FILE_NAMES if name not in taken] or [f"周报{len(earlier) + 20}.xlsx"]
    late = drop.arrived + timedelta(hours=1) if random.random() < 0.12 else None
    return replace(drop, name=random.choice(names), answered=late)


def make_row(random: Random, union: str, week: str) -> Row:
    kind = random.choice(KINDS)
    measures = [("people_served", make_amount(random))]
    if random.random() < 0.3:
        measures.append(("goods_items", make_amount(random)))
    return Row(
        name=random.choice(NAMES),
        category=random.choice(("condolence", "condolence", "health_check")),
        measures=tuple(measures),
        organiser=random.choice((None, None, None, *organisers_of(union))),
        activity_no=random.choice(("", "", "", "1", "2")),
        item=random.choice(("", "", "", "手套", "帽子")),
        kind=kind,
        scope=random.choice(("own", "own", "own", "inclusive")),
        start=make_day(random, week) if random.random() < 0.2 else None,
        since=date(2022, 1, 1) if kind == "cumulative_since" else None,
        campaign=random.choice(("", "", "暖冬送岗", "冬日行动")),
        place=random.choice((None, None, "620402", "620400", "620502")),
    )


def organisers_of(union: str) -> tuple[str, ...]:
    return {CITY: (COUNTY, COUNTY, SIBLING), OTHER_CITY: (OTHER_COUNTY, OTHER_COUNTY, COUNTY)}.get(union, ())


def make_amount(random: Random) -> Amount:
    return Amount(Decimal(random.choice(PEOPLE)), random.choice(("exact",) * 5 + ("over", "under", "approx")))


def make_day(random: Random, week: str) -> date:
    return monday(week) + timedelta(days=random.choice((-9, -3, 0, 2, 6, 6)))


def alter_row(random: Random, row: Row, union: str, week: str) -> Row:
    """The row as it was, or with one thing about it changed."""
    changes = (
        lambda: {"measures": (("people_served", make_amount(random)), *row.measures[1:])},
        lambda: {"activity_no": random.choice(("", "1", "2"))},
        lambda: {"name": random.choice(NAMES)},
        lambda: {"end": make_day(random, week)},
        lambda: {"end": None},
        lambda: {"organiser": random.choice((None, *organisers_of(union)))},
        lambda: {"explanation": random.choice(EXPLANATIONS)},
        lambda: {"remarks": random.choice(("", "已核"))},
        lambda: {"item": random.choice(("", "手套", "帽子"))},
        lambda: {"scope": random.choice(("own", "inclusive"))},
        lambda: {"campaign": random.choice(("", "暖冬送岗"))},
        lambda: {"place": random.choice((None, "620402", "620502"))},
        lambda: {"groups": random.choice(((), ("truck_drivers",)))},
        lambda: {"category": random.choice(("condolence", ""))} if random.random() < 0.3 else {},
    )
    return replace(row, **random.choice(changes)()) if random.random() < 0.25 else row


def make_tree_change(random: Random, weeks: list[str], at: datetime) -> TreeChange:
    """A county for another prefecture and back, or a county's end."""
    if random.random() < 0.3:
        return TreeChange(at, SIBLING, random.choice(weeks[1:]), ended=True)
    return TreeChange(at, COUNTY, random.choice(weeks[1:]), random.choice((CITY, OTHER_CITY)))


def shrink_history(steps: tuple[Step, ...], fails: object) -> tuple[Step, ...]:
    """Leave out steps, then rows, one at a time, as long as ``fails(steps)`` still holds."""
    for smaller in list_smaller(steps):
        if fails(smaller):
            return shrink_history(smaller, fails)
    return steps


def list_smaller(steps: tuple[Step, ...]) -> list[tuple[Step, ...]]:
    """Each history with one step less, then each with one row less."""
    without_step = [steps[:at] + steps[at + 1 :] for at in range(len(steps))]
    without_row = [
        (*steps[:at], replace(step, rows=step.rows[:row] + step.rows[row + 1 :]), *steps[at + 1 :])
        for at, step in enumerate(steps)
        if isinstance(step, Drop)
        for row in range(len(step.rows))
    ]
    return without_step + without_row


def print_script(steps: tuple[Step, ...]) -> str:
    """The history as a script that plays it again, only what differs from the defaults said."""
    listed = ",\n".join(f"    {print_value(step)}" for step in steps)
    imports = (
        "import datetime",
        "from decimal import Decimal",
        "from tests.model.drops import Amount, Drop, Publish, Row, TreeChange",
        "from tests.model.history import play",
    )
    return "\n".join((*imports, f"steps = (\n{listed},\n)", "history = play(steps)"))


def print_value(value: object) -> str:
    if is_dataclass(value):
        said = ((field, getattr(value, field.name)) for field in fields(value))
        cells = (f"{field.name}={print_value(cell)}" for field, cell in said if cell != field.default)
        return f"{type(value).__name__}({', '.join(cells)})"
    if isinstance(value, tuple):
        return f"({''.join(f'{print_value(part)}, ' for part in value)})"
    return repr(value)
