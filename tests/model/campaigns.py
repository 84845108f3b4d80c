"""Campaigns: event sums within a season (contract §4, A campaign has a season)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from tests.model.figures import Figure, add_up, is_touched
from tests.model.sameness import fold
from tests.model.tree import read_reference
from tests.model.versions import State, list_counting
from tests.model.weeks import monday, shift, sunday, week_of

LONGEST_UNLISTED = 26  # weeks back


@dataclass(frozen=True)
class Campaign:
    """A listed campaign; starts and ends are days (2024-11-01) or, for every year, MM-DD."""

    campaign_id: str
    names: tuple[str, ...] = ()
    starts_on: str = ""
    ends_on: str = ""


@dataclass(frozen=True)
class CampaignFigure:
    """Like a figure, with the number of organisers and the first and last week that it is made of."""

    figure: Figure
    unions: int
    first_week: str
    last_week: str


@cache
def read_campaigns() -> tuple[Campaign, ...]:
    """campaigns.csv; columns that a list does not have are empty."""
    lines = read_reference("campaigns.csv")
    season = [(line.get("starts_on") or "", line.get("ends_on") or "") for line in lines]
    names = [(line["name"], *line["aliases"].split(";")) for line in lines]
    return tuple(Campaign(line["campaign_id"], names[at], *season[at]) for at, line in enumerate(lines))


def find_season(campaign: Campaign, week: str) -> tuple[str, str] | None:
    """First and last week of the season that a week lies in; None between seasons."""
    if not campaign.starts_on:
        return shift(week, -LONGEST_UNLISTED), week
    for year in (sunday(week).year, sunday(week).year - 1):
        start = day_of(campaign.starts_on, year)
        ends = [day_of(campaign.ends_on, of) for of in (start.year, start.year + 1)] if campaign.ends_on else [date.max]
        end = min(day for day in ends if day >= start)
        if week_of(start) <= week and monday(week) <= end:
            return week_of(start), week
    return None


def day_of(text: str, year: int) -> date:
    return date.fromisoformat(text if len(text) == 10 else f"{year}-{text}")


def build_campaign_figures(state: State, week: str, listed: tuple[Campaign, ...]) -> dict[str, CampaignFigure]:
    """Sums of 本级 events of each campaign within its season up to the week, by figure id."""
    rows = list_counting(state.current.values())
    by_name = {fold(name): campaign for campaign in listed for name in (campaign.campaign_id, *campaign.names)}
    parts: dict[str, list] = {}
    for said in rows if is_touched(state, rows, week) else ():
        name = fold(said.row.campaign)
        campaign = by_name.get(name, Campaign(name.upper()))
        season = find_season(campaign, week) if name and (said.row.kind, said.row.scope) == ("event", "own") else None
        for measure, amount in said.row.measures if season and season[0] <= said.week <= season[1] else ():
            parts.setdefault(f"{week}/campaign/{campaign.campaign_id}/{measure}/event", []).append((said, amount))
    return {figure_id: sum_up(made_of) for figure_id, made_of in parts.items()}


def sum_up(parts: list) -> CampaignFigure:
    weeks = sorted(said.week for said, _ in parts)
    unions = {said.organiser for said, _ in parts}
    return CampaignFigure(add_up([amount for _, amount in parts]), len(unions), weeks[0], weeks[-1])
