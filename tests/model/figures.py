"""Every figure of a week from the rows that count (contract §4, after the rollup JSON)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce

from tests.model.drops import Amount
from tests.model.sameness import CARRIED, Said
from tests.model.series import has_ended
from tests.model.tree import PROVINCE, Tree, read_parents, tree_of
from tests.model.versions import State, list_counting
from tests.model.weeks import sunday


@dataclass(frozen=True)
class Figure:
    """A value with its exactness and the number of activities that have the measure."""

    value: Decimal
    exactness: str
    activities: int


def build_figures(state: State, week: str) -> dict[str, Figure]:
    """All own, place and inclusive figures of a week by figure id; none where nobody touched the week."""
    rows = list_counting(state.current.values())
    if not is_touched(state, rows, week):
        return {}
    tree = tree_of(week, state.tree_changes)
    parts: dict[str, list[Amount]] = {}
    for said, measure, amount in list_contributions(rows, week, tree):
        for union, basis in list_places(said, tree):
            for category in (said.row.category, "all"):
                since = f"/since={said.since}" if said.since else ""
                figure_id = f"{week}/{union}/{category}/{measure}/{said.row.kind}{since}{basis}"
                parts.setdefault(figure_id, []).append(amount)
    return {figure_id: add_up(amounts) for figure_id, amounts in parts.items()}


def is_touched(state: State, rows: Iterable[Said], week: str) -> bool:
    """Somebody has a current version of the week, 零报告 included, or a row counts in it."""
    return any(of == week for _, of in state.current) or any(said.week == week for said in rows)


def list_contributions(rows: Sequence[Said], week: str, tree: Tree) -> list[tuple[Said, str, Amount]]:
    """Events of the week add; every other kind says one latest figure a series; 计划 says none.

    今年以来, 累计 and 现有 are carried from the latest as-of up to the week, unless the year, the series or the union has
    ended; 专项期间 is a figure of its own week. Twins of one file that both stand are both part of the latest figure.
    """
    known = [said for said in rows if said.week <= week and said.row.kind != "planned"]
    added = [said for said in known if said.row.kind == "event" and said.week == week]
    carried = [said for said in known if is_alive(said, week, tree) and not has_ended(said, known)]
    latest: dict[object, Said] = {}
    for said in carried:
        for measure, _ in said.row.measures:
            series = (said.series, measure)
            latest[series] = max(latest.get(series, said), said, key=lambda one: (one.as_of, one.report_week))
    last_words = {(series, said.report_week, said.as_of) for series, said in latest.items()}
    return [
        (said, measure, amount)
        for said in (*added, *carried)
        for measure, amount in said.row.measures
        if said.row.kind == "event" or ((said.series, measure), said.report_week, said.as_of) in last_words
    ]


def is_alive(said: Said, week: str, tree: Tree) -> bool:
    """Whether the week still tells the row's figure; a week with 1 January in it tells the new year's 今年以来."""
    if said.row.kind not in CARRIED:
        return said.row.kind == "campaign" and said.week == week
    same_year = said.row.kind != "ytd" or said.as_of.year == sunday(week).year
    return same_year and not tree.has_ended(said.sender) and not tree.has_ended(said.owner)


def list_places(said: Said, tree: Tree) -> list[tuple[str, str]]:
    """Where a row is counted: (union, end of the figure id).

    本级 by organiser and by place, each with what stands above it; 含下级 for the 填报单位, 专项期间 for the organiser only.
    """
    if said.row.scope == "inclusive":
        return [(said.owner, "/inclusive")]
    if said.row.kind == "campaign":
        return [(said.owner, "")]
    place = said.row.place if said.row.place in read_parents() else PROVINCE
    return [(union, "") for union in tree.line(said.owner)] + [(union, "/place") for union in tree.line(place)]


def add_up(amounts: Sequence[Amount]) -> Figure:
    value = sum((amount.value for amount in amounts), Decimal(0))
    return Figure(value, reduce(join_exactness, (amount.exactness for amount in amounts)), len(amounts))


def join_exactness(one: str, other: str) -> str:
    """Equal kinds keep it, exact + x = x, over + under = approx, anything + approx = approx (contract §2 Figures)."""
    kinds = {one, other} - {"exact"}
    return "exact" if not kinds else kinds.pop() if len(kinds) == 1 else "approx"
