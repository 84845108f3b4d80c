"""本周亮点 of a week as its document has it: what is chosen, and when each prefecture was told last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import Connection

from nuanliu.contract.highlight_rules import HighlightRule, Wording, highlight_rules
from nuanliu.domain.documents import (
    CampaignEntry,
    HighlightEntry,
    HighlightNumberEntry,
    HighlightsDocument,
)
from nuanliu.domain.exactness import plain_number
from nuanliu.domain.figure_id import CampaignFigureId
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.warehouse.highlights.activities import Activity, SaidNumber, read_activities
from nuanliu.warehouse.highlights.choosing import Choice, Circumstances, choose
from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.sql_files import load_sql
from nuanliu.warehouse.schema.union_tree import read_tree


@as_transient("choosing what is told of a week")
def read_highlights(
    connection: Connection, week: ReportingWeek, campaigns: Iterable[CampaignEntry]
) -> HighlightsDocument:
    """The activities to be told. ``campaigns``: those of the week's document.

    Whose turn it is goes by the newest edition of an earlier week, so that what was never told to anybody is no turn.
    """
    rules = highlight_rules()
    seen = Circumstances(
        _first_campaigns(connection, week, campaigns),
        _unusual_groups(connection, week, rules.unusual),
        _last_told(connection, week),
    )
    activities = read_activities(
        connection,
        week,
        read_tree(connection, week),
        rules,
        campaign_ids=seen.first_campaigns,
        group_ids=seen.unusual_groups,
    )
    chosen = choose(activities, rules, seen)
    now = {choice.activity.prefecture_id: str(week) for choice in chosen}
    told = {**seen.last_told, **{home: name for home, name in now.items() if home is not None}}
    return {
        "activities": [_entry(choice, rules.wording) for choice in chosen],
        "last_told": dict(sorted(told.items())),
    }


def _first_campaigns(connection: Connection, week: ReportingWeek, campaigns: Iterable[CampaignEntry]) -> set[str]:
    """Campaigns that began in the week; none in the first week of all, in which everything is new."""
    began: dict[str, str] = {}
    for entry in campaigns:
        campaign_id = CampaignFigureId.parse(entry["figure_id"]).campaign_id
        began[campaign_id] = min(entry["first_week"], began.get(campaign_id, entry["first_week"]))
    first = {campaign_id for campaign_id, first_week in began.items() if first_week == str(week)}
    return first if first and _was_any_week_before(connection, week) else set()


def _was_any_week_before(connection: Connection, week: ReportingWeek) -> bool:
    return bool(connection.execute(load_sql("marts", "any_week_before"), {"week_start": week.monday}).scalar())


def _unusual_groups(connection: Connection, week: ReportingWeek, rule: HighlightRule | None) -> set[str]:
    if rule is None:
        return set()
    parameters = {"first_start": week.shift(-rule.weeks).monday, "week_start": week.monday}
    weeks: set[date] = set()
    known: set[str] = set()
    for row in connection.execute(load_sql("marts", "groups_before"), parameters):
        weeks.add(row.week_start)
        known.add(row.group_id)
    if len(weeks) < rule.least_weeks:
        return set()
    now = connection.execute(load_sql("marts", "groups_of_week"), {"week_start": week.monday}).scalars()
    return set(now) - known


def _last_told(connection: Connection, week: ReportingWeek) -> Mapping[str, str]:
    return connection.execute(load_sql("marts", "highlights_before"), {"week_id": str(week)}).scalar() or {}


def _entry(choice: Choice, wording: Wording) -> HighlightEntry:
    activity = choice.activity
    return {
        "rule": choice.rule.id,
        "union_id": activity.union_id,
        "prefecture_id": activity.prefecture_id,
        "category": activity.category,
        "name": activity.name,
        "campaign": activity.campaign,
        "place": activity.place,
        "start": activity.start.isoformat() if activity.start else None,
        "end": activity.end.isoformat() if activity.end else None,
        "groups": list(activity.groups),
        "partners": list(activity.partners),
        "is_list_open": activity.is_list_open,
        "numbers": [_number(said) for said in _told_numbers(activity, wording)],
    }


def _told_numbers(activity: Activity, wording: Wording) -> list[SaidNumber]:
    """In the order of the wording; what it does not know comes last."""
    order = {measure: place for place, measure in enumerate(wording.measures)}
    ordered = sorted(
        activity.numbers, key=lambda said: (order.get(said.measure, len(order)), said.measure, str(said.trace_id))
    )
    return ordered[: wording.most_numbers]


def _number(said: SaidNumber) -> HighlightNumberEntry:
    return {
        "trace_id": str(said.trace_id),
        "measure": said.measure,
        "value": plain_number(said.value),
        "exactness": str(said.exactness),
        "unit": said.unit,
        "item": said.item,
    }
