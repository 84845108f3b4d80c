"""Every figure of a week from the rows that count (contract §4, after the rollup JSON)."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache, reduce

from tests.model.drops import Amount
from tests.model.sameness import CARRIED, Said, fold
from tests.model.series import has_ended
from tests.model.tree import PROVINCE, Tree, read_parents, read_reference
from tests.model.versions import State
from tests.model.weeks import monday, shift, sunday, week_of

LONGEST_UNLISTED, LONG_DATE = 26, len("2024-11-01")  # weeks back; a date with its year
Campaigns = dict[str, tuple[str, str, str]]
"""Folded name → id, starts_on and ends_on: days (2024-11-01) or, for every year, MM-DD; empty: none."""


@dataclass(frozen=True)
class Figure:
    """A value with its exactness and the number of activities that have the measure; organisers and weeks are told
    of campaigns."""

    value: Decimal
    exactness: str
    activities: int
    unions: int = field(default=0, compare=False)
    first_week: str = field(default="", compare=False)
    last_week: str = field(default="", compare=False)


def build_figures(state: State, week: str, campaigns: Campaigns | None = None) -> dict[str, Figure]:
    """All own, place, inclusive and campaign figures of a week by figure id; none where nobody touched the week.

    A week is touched when somebody has a current version of it, 零报告 included, or a row counts in it.
    """
    rows = state.list_counting()
    if week not in {of for _, of in state.current} | {said.week for said in rows}:
        return {}
    tree = state.tree(week)
    parts: dict[str, list[tuple[Said, Amount]]] = defaultdict(list)
    for said, measure, amount in list_contributions(rows, week, tree):
        for union, basis in list_places(said, tree):
            for category in (said.row.category, "all"):
                since = f"/since={said.since}" if said.since else ""
                parts[f"{week}/{union}/{category}/{measure}/{said.row.kind}{since}{basis}"].append((said, amount))
    for said in rows:
        campaign = find_campaign(said, week, read_campaigns() if campaigns is None else campaigns)
        for measure, amount in said.measures.items() if campaign else ():
            parts[f"{week}/campaign/{campaign}/{measure}/event"].append((said, amount))
    return {figure_id: add_up(made_of) for figure_id, made_of in parts.items()}


def list_contributions(rows: list[Said], week: str, tree: Tree) -> list[tuple[Said, str, Amount]]:
    """Events of the week add; every other kind says one latest figure a series; 计划 says none.

    今年以来, 累计 and 现有 are carried from the latest as-of up to the week, unless the year, the series or the union has
    ended; 专项期间 is a figure of its own week. Twins of one file that both stand are both part of the latest figure.
    """
    known = [said for said in rows if said.week <= week]
    told = [said for said in known if is_told(said, week, tree) and not has_ended(said, known)]
    told.sort(key=lambda said: (said.as_of, said.report_week))
    latest = {(said.series, measure): (said.as_of, said.report_week) for said in told for measure in said.measures}
    return [
        (said, measure, amount)
        for said in told
        for measure, amount in said.measures.items()
        if said.row.kind == "event" or latest[said.series, measure] == (said.as_of, said.report_week)
    ]


def is_told(said: Said, week: str, tree: Tree) -> bool:
    """Whether the week still tells the row's figure; a week with 1 January in it tells the new year's 今年以来."""
    if said.row.kind not in CARRIED:
        return said.row.kind != "planned" and said.week == week
    same_year = said.year in (None, sunday(week).year)
    return same_year and not tree.has_ended(said.sender) and not tree.has_ended(said.owner)


def list_places(said: Said, tree: Tree) -> list[tuple[str, str]]:
    """Where a row is counted: (union, end of the figure id).

    本级 by organiser and by place, each with what stands above it; 含下级 for the 填报单位, 专项期间 for the organiser only.
    """
    if said.row.scope == "inclusive":
        return [(said.owner, "/inclusive")]
    if said.row.kind == "campaign":
        return [(said.owner, "")]
    place = tree.find_home(said.row.place) if said.row.place in read_parents() else PROVINCE
    return [(union, "") for union in tree.line(said.owner)] + [(union, "/place") for union in tree.line(place)]


def add_up(parts: list[tuple[Said, Amount]]) -> Figure:
    value = sum((amount.value for _, amount in parts), Decimal(0))
    exactness = reduce(join_exactness, (amount.exactness for _, amount in parts))
    weeks = [said.week for said, _ in parts]
    return Figure(value, exactness, len(parts), len({said.organiser for said, _ in parts}), min(weeks), max(weeks))


def join_exactness(one: str, other: str) -> str:
    """Equal kinds keep it, exact + x = x, over + under = approx, anything + approx = approx (contract §2 Figures)."""
    kinds = {one, other} - {"exact"}
    return "exact" if not kinds else kinds.pop() if len(kinds) == 1 else "approx"


@cache
def read_campaigns() -> Campaigns:
    """campaigns.csv by each id, name and alias."""
    found: Campaigns = {}
    for line in read_reference("campaigns.csv"):
        for name in (line["campaign_id"], line["name"], *line["aliases"].split(";")):
            found[fold(name)] = (line["campaign_id"], line["starts_on"], line["ends_on"])
    return found


def find_campaign(said: Said, week: str, listed: Campaigns) -> str | None:
    """Whose figure of a week counts a row: 本级 events of its season up to the week."""
    name = fold(said.row.campaign)
    if not name or (said.row.kind, said.row.scope) != ("event", "own"):
        return None
    campaign_id, *season = listed.get(name, (name.upper(), "", ""))
    first_week = find_season(week, *season)
    return campaign_id if first_week and first_week <= said.week <= week else None


def find_season(week: str, starts_on: str = "", ends_on: str = "") -> str | None:
    """First week of the season that a week lies in; None between seasons."""
    if not starts_on:
        return shift(week, -LONGEST_UNLISTED)
    for year in (sunday(week).year, sunday(week).year - 1):
        start = date.fromisoformat(f"{year}-{starts_on}"[-LONG_DATE:])
        ends = [
            date.fromisoformat(f"{of}-{ends_on or '9999-12-31'}"[-LONG_DATE:]) for of in (start.year, start.year + 1)
        ]
        if week_of(start) <= week and monday(week) <= min(day for day in ends if day >= start):
            return week_of(start)
    return None
