"""What campaigns have reached in their season up to a week, as documents tell it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from nuanliu.contract.season import Season
from nuanliu.domain.documents import CampaignEntry
from nuanliu.domain.exactness import exactness_word, plain_number
from nuanliu.domain.figure_id import CampaignFigureId
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.warehouse.marts.coverage import is_touched
from nuanliu.warehouse.schema.sql_files import load_sql
from nuanliu.warehouse.schema.tables import dim_campaign

WEEKS_WITHOUT_SEASON = 26
"""How far back a campaign reaches that no list gives a season."""


@dataclass(frozen=True)
class Seasons:
    """The campaigns that have a season, with the Monday it began; None between seasons. ``others_since``: of all others."""

    began: Mapping[str, date | None]
    others_since: date

    def first_monday(self, campaign_id: str) -> date | None:
        """The first week of a campaign's sum; None when its season is over or has not begun."""
        return self.began.get(campaign_id, self.others_since)


def read_seasons(connection: Connection, week: ReportingWeek) -> Seasons:
    """The seasons as the code list gave them to the warehouse, seen from a week."""
    listed = select(dim_campaign).where(dim_campaign.c.starts_on.is_not(None)).order_by(dim_campaign.c.campaign_id)
    firsts = {
        row.campaign_id: Season(row.starts_on, row.ends_on or "").first_week(week) for row in connection.execute(listed)
    }
    began = {campaign_id: first.monday if first else None for campaign_id, first in firsts.items()}
    return Seasons(began, week.shift(-WEEKS_WITHOUT_SEASON).monday)


def campaign_entries(connection: Connection, week: ReportingWeek) -> list[CampaignEntry]:
    """Campaigns within their season up to the week; none in a week that nobody touched."""
    if not is_touched(connection, week):
        return []
    seasons = read_seasons(connection, week)
    parameters = {
        "week_start": week.monday,
        "campaign_ids": list(seasons.began),
        "first_weeks": list(seasons.began.values()),
        "others_since": seasons.others_since,
    }
    return [
        {
            "figure_id": str(CampaignFigureId(week, row.campaign_id, row.measure_id)),
            "campaign": row.campaign_name,
            "measure": row.measure_id,
            "value": plain_number(row.value),
            "exactness": exactness_word(row.exactness),
            "unions": row.union_count,
            "first_week": str(ReportingWeek(row.first_week_start)),
            "last_week": str(ReportingWeek(row.last_week_start)),
        }
        for row in connection.execute(load_sql("marts", "campaigns"), parameters)
    ]
