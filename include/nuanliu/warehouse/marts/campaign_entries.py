"""What campaigns have reached up to a week, as documents tell it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from nuanliu.domain.documents import CampaignEntry
from nuanliu.domain.exactness import exactness_word, plain_number
from nuanliu.domain.figure_id import CampaignFigureId
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.warehouse.schema.sql_files import load_sql

CAMPAIGN_WEEKS = 12
"""A campaign of which nothing was reported for so long is shown to the end of its year only."""


def campaign_entries(connection: Connection, week: ReportingWeek) -> list[CampaignEntry]:
    """Campaigns from their start to the week: those of the reporting year, and over New Year those of the winter before."""
    year_begins = ReportingWeek.of(date(week.monday.isocalendar().year, 1, 4))
    active_since = min(year_begins, week.shift(-CAMPAIGN_WEEKS))
    parameters = {"week_start": week.monday, "active_since": active_since.monday}
    return [
        {
            "figure_id": str(CampaignFigureId(row.campaign_id, row.measure_id)),
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
