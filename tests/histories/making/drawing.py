"""Random histories, small and full of near-collisions, the same for the same seed.

Values stay within a factor of six of each other, so that only rules of the contract are met, not limits of size.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from tests.histories.making.drawing_rows import EXPLANATIONS, alter_row, make_large_row, make_row, take_over_row
from tests.histories.making.saying import CITY, COUNTY, OTHER_CITY, OTHER_COUNTY, when
from tests.histories.making.world import SIBLING, WIDE, World
from tests.histories.making.writing import file_name
from tests.model.drops import Drop, Publish, Step, TreeChange
from tests.model.weeks import monday, sunday

FILE_NAMES = ("周报.xlsx", "周报-2.xlsx", "周报(更正).xlsx", "周报2.xlsx", "周报10.xlsx")
PAUSES = (0, 0, 1, 60, 60 * 24, 60 * 24 * 3)  # minutes from one file to the next
ZERO_TYPES = ("零报告", "更正零报告")


def generate_history(seed: int, drops: int = 10, world: World = WIDE) -> tuple[Step, ...]:
    """So many drops with tree changes and publications in between, listed in any order."""
    random = Random(seed)
    weeks = random.choice(world.weeks)
    steps: list[Step] = []
    at = when(weeks[0])
    for number in range(drops):
        at = max(
            at, when(weeks[min(number * len(weeks) // drops, len(weeks) - 1)]) - timedelta(days=random.choice((2, 9)))
        )
        at += timedelta(minutes=random.choice(PAUSES))
        earlier = [step for step in steps if isinstance(step, Drop)]
        steps.append(make_drop(random, world, weeks, at, earlier))
        closed = [week for week in weeks if sunday(week) < at.date()]
        if closed and random.random() < world.publications:
            steps.append(Publish(at + timedelta(seconds=len(steps)), random.choice(closed[-3:])))
        if random.random() < world.tree_changes:
            steps.append(make_tree_change(random, weeks, at + timedelta(seconds=len(steps))))
    random.shuffle(steps)
    return tuple(steps)


def make_drop(random: Random, world: World, weeks: tuple[str, ...], at: datetime, earlier: list[Drop]) -> Drop:
    """A new file, one made from an earlier one of the union or of another, or an earlier one again."""
    union = random.choice(world.senders)
    week = random.choice([of for of in weeks if monday(of) <= at.date()][-3:])
    own = [drop for drop in earlier if drop.union == union]
    if own and random.random() < 0.15:
        return place(random, world, repeat_drop(random, world, random.choice(own[-4:]), at), earlier)
    source = random.choice(own if own and random.random() < 0.6 else earlier) if earlier else None
    rows = list(source.rows) if source and random.random() < 0.8 else []
    rows = [take_over_row(random, world, row, source, union) for row in rows]
    rows = [alter_row(random, world, row, union, week) for row in rows] or [make_row(random, world, union, week)]
    if random.random() < 0.25:
        rows.append(make_row(random, world, union, week))
    if random.random() < 0.12:
        twin = random.choice(rows)
        rows.append(replace(twin, explanation=random.choice((twin.explanation, *EXPLANATIONS))))
    if len(rows) > 1 and random.random() < 0.15:
        rows.pop(random.randrange(len(rows)))
    if "funds" in world.rare and random.random() < 0.03:
        rows.append(make_large_row(random, union))
    return place(random, world, fill_drop(random, world, weeks, Drop(union, at, week, tuple(rows[:5]))), earlier)


def fill_drop(random: Random, world: World, weeks: tuple[str, ...], drop: Drop) -> Drop:
    """Type, form and folder; 零报告 comes without rows nearly always."""
    kind = random.choice(world.types)
    zero_line = kind == "更正" and "zero_line" in world.rare and random.random() < 0.08
    rows = () if zero_line or (kind in ZERO_TYPES and random.random() < 0.95) else drop.rows
    return replace(
        drop,
        type=kind,
        rows=rows,
        zero_line=zero_line,
        form=random.choice(world.forms) if rows else "xlsx",
        week=None if random.random() < world.path_weeks else drop.week,
        trial=random.random() < world.trials,
        path_week=random.choice(weeks) if random.random() < world.path_weeks else None,
    )


def repeat_drop(random: Random, world: World, drop: Drop, at: datetime) -> Drop:
    """The same bytes again, or the same content as another file or of another type."""
    change = random.choice(
        ({}, {}, {"form": random.choice(world.forms)}, {"type": random.choice(("首报", "更正", "补充"))})
    )
    repeated = replace(drop, arrived=at, trial=False, **change)
    return repeated if repeated.rows else replace(repeated, form="xlsx", type=drop.type)


def place(random: Random, world: World, drop: Drop, earlier: list[Drop]) -> Drop:
    """A file name that no file of the union has at the same moment; seldom an answer that comes an hour later."""
    taken = {Path(other.name).stem for other in earlier if (other.union, other.arrived) == (drop.union, drop.arrived)}
    names = [name for name in FILE_NAMES if Path(name).stem not in taken] or [f"周报{len(earlier) + 20}.xlsx"]
    late = drop.arrived + timedelta(hours=1) if random.random() < world.delays else None
    named = replace(drop, name=random.choice(names), answered=late)
    return replace(named, name=file_name(named))  # its ending decides between files of one moment


def make_tree_change(random: Random, weeks: tuple[str, ...], at: datetime) -> TreeChange:
    """A county for another prefecture and back, or a county's end."""
    if random.random() < 0.3:
        heir = random.choice((None, COUNTY, OTHER_COUNTY))
        return TreeChange(at, SIBLING, random.choice(weeks[1:]), ended=True, successor=heir)
    return TreeChange(at, COUNTY, random.choice(weeks[1:]), random.choice((CITY, OTHER_CITY)))
