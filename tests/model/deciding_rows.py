"""What becomes of a row: accepted, returned, held or ignored, and what is asked about it (contract §2, §3)."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tests.model.sameness import Said
from tests.model.series import falls, renames
from tests.model.tree import Tree, read_reference
from tests.model.versions import Decision
from tests.model.weeks import holds_new_year, monday, shift, sunday

TOO_LARGE = {"元": Decimal(10**12), "人": Decimal(10**9)}
PERIOD_OR_NAME = {"which year", "other start", "outside the tree"}
"""Queries that 说明 never answers (contract §2)."""


@dataclass(frozen=True)
class Beside:
    """What a row is judged beside: rows of its file; of its union those that count and stay, those that the file
    replaces, and those of the version it adds to; those that count of other unions."""

    file: list[Said]
    staying: list[Said]
    replaced: list[Said]
    own: list[Said]
    others: list[Said]


def decide_row(said: Said, beside: Beside, tree: Tree) -> Decision:
    """Errors return a row; a row already there is ignored; queries hold it unless 说明 releases them."""
    if is_wrong(said):
        return Decision("returned")
    queries = find_queries(said, beside, tree)
    there = find_already_there(said, beside)
    if there and not queries & PERIOD_OR_NAME:
        return there
    held = leave_unanswered(queries, said, beside)
    if said.sender != said.organiser and any(other.identity == said.identity for other in beside.others):
        return Decision("held", {*held, "another union's"}, waits=not held)
    return Decision("held" if held else "accepted", held)


def is_wrong(said: Said) -> bool:
    """Contract §2: required cells, dates, since; §4: a single figure of 10^12 元 or 10^9 人."""
    row = said.row
    days = (row.start, row.end, row.since)
    too_late = row.kind != "planned" and any(day and day > sunday(said.report_week) for day in days)
    backwards = row.start and row.end and row.end < row.start
    no_since = row.kind == "cumulative_since" and (row.since is None or row.since > said.as_of)
    units = {line["measure_id"]: line["unit"] for line in read_reference("measures.csv")}
    absurd = any(not 0 <= one.value < TOO_LARGE.get(units[measure], Decimal("inf")) for measure, one in row.measures)
    return bool(not said.is_named or too_late or backwards or no_since or absurd)


def find_already_there(said: Said, beside: Beside) -> Decision | None:
    """补充 of a key that exists; an event that another submission of the union counts (contract §2, Which version)."""
    submissions = beside.staying if said.row.kind == "event" else []
    for those, waits in ((beside.own, False), (submissions, True)):
        contents = {other.content for other in those if other.key == said.key}
        same = said.content in contents
        if same and waits and is_copy(said, beside):  # it would count as well once the other submission loses the row
            return Decision("held", {"copy"})
        if contents:
            return Decision("ignored" if same else "held", set() if same else {"other values"}, waits=same and waits)
    return None


def find_queries(said: Said, beside: Beside, tree: Tree) -> set[str]:
    """What is asked about a row for its own sake or that of rows beside it (contract §2)."""
    row, week = said.row, said.report_week
    earlier = beside.file[: said.place]
    ended = tree.has_ended(said.organiser) or tree.has_ended(said.reporting)
    asked = {
        "which year": row.kind == "ytd" and row.end is None and holds_new_year(week),
        "other start": row.kind == "ytd" and row.since not in (None, date(said.as_of.year, 1, 1)),
        "outside the tree": ended or not tree.may_write_for(said.sender, said.organiser),
        "too old": row.kind != "planned" and row.end and row.end < monday(shift(week, -8)),
        "copy": is_copy(said, beside),
        "number": any(differs_by_number(said, other) and not (said.number and other.number) for other in earlier),
        "renumbered": any(differs_by_number(said, other) and other.week == said.week for other in beside.staying),
        "repeated": any(repeats_neighbour(said, other) for other in beside.staying),
        **{f"falling {measure}": falls(said, measure, beside.staying) for measure in said.measures},
        "renamed": renames(said, [*beside.file, *beside.own], [*beside.staying, *beside.replaced], beside.staying),
    }
    return {query for query, is_asked in asked.items() if is_asked}


def leave_unanswered(queries: set[str], said: Said, beside: Beside) -> set[str]:
    """What 说明 does not answer. One that the version before gave answers again while the figures that it explained stay."""
    unanswered = queries & {*PERIOD_OR_NAME, "copy"}
    twins, again = ([row for row in rows if row.key == said.key] for rows in (beside.replaced, beside.file))
    before, now = (Counter(figure for row in rows for figure in row.measures.items()) for rows in (twins, again))
    own, words = said.words, [row.words for row in twins]
    for query in queries - unanswered:
        measure = query.removeprefix("falling ")
        stays = (measure, said.measures[measure]) in before if measure in said.measures else before == now
        if stays and words and all(words):
            said.words = own or words[-1]
        elif not own:
            unanswered.add(query)
    return unanswered


def is_copy(said: Said, beside: Beside) -> bool:
    """A key again counts as well where a 说明 of its own says so, not one copied with the row (decision 0009).

    A row without a name or a category equals no other.
    """
    twins = [other for other in beside.file[: said.place] if other.key == said.key and other.is_named]
    return bool(twins) and said.words in ("", *(other.words for other in twins))


def differs_by_number(said: Said, other: Said) -> bool:
    """Rows that gain, lose or change 活动编号 and agree in everything else (contract §2, Content).

    Within a file two numbers are two activities.
    """
    return said.number != other.number and said.content_without_number == other.content_without_number


def repeats_neighbour(said: Said, other: Said) -> bool:
    """An undated or running event with the key and the measures of the week before, whichever came first."""
    earlier, later = sorted((said, other), key=lambda one: one.week)
    events = said.row.kind == other.row.kind == "event" and shift(earlier.week, 1) == later.week
    same_key = said.work == other.work or (said.number and said.series == other.series)
    return bool(events and later.row.end is None and said.measures == other.measures and same_key)
