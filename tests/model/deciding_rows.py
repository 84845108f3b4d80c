"""What becomes of a row: accepted, returned, held or ignored, and by which rules (contract §2, §3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tests.model.sameness import Said
from tests.model.series import falls, renames
from tests.model.shared_activities import is_counted_by_another
from tests.model.tree import Tree, read_reference
from tests.model.versions import Decision
from tests.model.weeks import holds_new_year, monday, sunday, weeks_between


@dataclass(frozen=True)
class Beside:
    """What a row is judged beside: rows of its file, rows that stay, rows as they were before, its own version."""

    file: Sequence[Said]
    others: Sequence[Said]
    before: Sequence[Said]
    own: Sequence[Said] = ()


def decide_row(said: Said, place: int, beside: Beside, tree: Tree) -> Decision:
    """Errors return a row; a row already there is ignored; queries hold it unless 说明 releases them."""
    if is_wrong(said):
        return Decision("returned", ("row",))
    fixed = find_period_and_name_queries(said, tree)
    there = find_already_there(said, place, beside)
    if there and not fixed:
        return there
    releasable = find_queries_about_others(said, place, beside)
    held = (*fixed, *(() if said.row.explanation.strip() else releasable))
    if is_counted_by_another(said, beside.others):
        return Decision("held", tuple(sorted({*held, "org"})), waits=not held)
    return Decision("held", held) if held else Decision("accepted", releasable)


def is_wrong(said: Said) -> bool:
    """Contract §2: required cells, dates, since; §4: a single figure of 10^12 元 or 10^9 人."""
    row = said.row
    last = sunday(said.report_week)
    too_late = row.kind != "planned" and any(day and day > last for day in (row.start, row.end))
    backwards = bool(row.start and row.end and row.end < row.start)
    no_since = row.kind == "cumulative_since" and (row.since is None or row.since > said.as_of)
    broken = not row.name.strip() or not row.category or too_late or backwards or no_since
    return broken or any(is_absurd(measure, amount.value) for measure, amount in row.measures)


def is_absurd(measure: str, value: Decimal) -> bool:
    unit = next(line["unit"] for line in read_reference("measures.csv") if line["measure_id"] == measure)
    return value < 0 or (unit == "元" and value >= 10**12) or (unit == "人" and value >= 10**9)


def find_period_and_name_queries(said: Said, tree: Tree) -> tuple[str, ...]:
    """Queries that 说明 does not release: about a period or a name (contract §2)."""
    row = said.row
    which_year = row.kind == "ytd" and row.end is None and holds_new_year(said.report_week)
    other_start = row.kind == "ytd" and row.since not in (None, date(said.as_of.year, 1, 1))
    over = tree.has_ended(said.organiser) or tree.has_ended(said.reporting)
    foreign = over or not tree.may_write_for(said.sender, said.organiser)
    return (*(("row",) if which_year or other_start else ()), *(("org",) if foreign else ()))


def find_already_there(said: Said, place: int, beside: Beside) -> Decision | None:
    """补充 of a key that exists; an event that another submission of the union counts (contract §2, Which version)."""
    union = [other for other in beside.others if said.row.kind == "event" and other.sender == said.sender]
    twins = {other.key for other in beside.file[:place]}
    for those, waits in ((beside.own, False), (union, True)):
        contents = {other.content for other in those if other.key == said.key}
        same = said.content in contents
        if same and waits and said.key in twins and not said.row.explanation.strip():
            return Decision("held", ("set",))  # a second copy would count as well once the other submission loses it
        if contents:
            return Decision("ignored" if same else "held", ("file",), waits=same and waits)
    return None


def find_queries_about_others(said: Said, place: int, beside: Beside) -> tuple[str, ...]:
    """Queries that 说明 releases: age, twins in the file, another 活动编号, last week's figures, cumulative series."""
    earlier = beside.file[:place]
    union = [other for other in beside.others if other.sender == said.sender]
    twin = any(other.key == said.key for other in earlier) or any(
        differs_by_number(said, other) and not (said.number and other.number) for other in earlier
    )
    renumbered = any(differs_by_number(said, other) and other.week == said.week for other in union)
    repeated = any(repeats_neighbour(said, other) for other in union)
    fallen = falls(said, union)
    renamed = renames(said, [*beside.file, *beside.own], beside.before, union)
    end = said.row.end
    too_old = said.row.kind != "planned" and end is not None and (monday(said.report_week) - end).days > 7 * 8
    return (
        *(("row",) if too_old else ()),
        *(("set",) if twin or renumbered else ()),
        *(("time",) if repeated or fallen or renamed else ()),
    )


def differs_by_number(said: Said, other: Said) -> bool:
    """Rows that gain, lose or change 活动编号 and agree in everything else (contract §2, Content)."""
    return said.number != other.number and said.content_without_number == other.content_without_number


def repeats_neighbour(said: Said, other: Said) -> bool:
    """An undated or running event with the key and the measures of the week before, whichever came first."""
    if said.row.kind != "event" or other.row.kind != "event" or abs(weeks_between(other.week, said.week)) != 1:
        return False
    later = max(said, other, key=lambda row: row.week)
    same_number = said.series == other.series and bool(said.number)
    same_name = (said.name, said.owner, said.start, said.base) == (other.name, other.owner, other.start, other.base)
    return later.row.end is None and said.amounts == other.amounts and (same_number or same_name)
