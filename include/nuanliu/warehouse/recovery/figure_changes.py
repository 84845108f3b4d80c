"""The figures before and after something was done to the warehouse, in one transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row

from nuanliu.domain.exactness import EXACTNESS_CODES, plain_number, show_figure
from nuanliu.domain.figure_id import CampaignFigureId
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.sql_files import load_sql


@as_transient("remembering the figures")
def keep_figures(connection: Connection) -> None:
    """Remember every figure until the transaction ends."""
    connection.execute(load_sql("marts", "figure_before"))


@as_transient("comparing the figures")
def changed_figures(connection: Connection) -> list[dict[str, Any]]:
    """The figures that differ from the remembered ones: ``{"week", "union_id", "figure_id", "old", "new"}``.

    By week, union and figure. ``old`` is null for a figure that is new, ``new`` for one that is gone. Numbers are plain;
    where only the exactness changed, both carry their mark (260余). Of a campaign: what the union adds to it in the week.
    """
    differences = [_difference(row) for row in connection.execute(load_sql("marts", "figure_difference"))]
    return sorted(differences, key=lambda found: (found["week"], found["union_id"], found["figure_id"]))


def _difference(row: Row[Any]) -> dict[str, Any]:
    week = ReportingWeek(row.week_start)
    same_value = row.old_value == row.new_value
    return {
        "week": str(week),
        "union_id": row.union_id,
        "figure_id": row.figure_id or str(CampaignFigureId(week, row.campaign_id, row.measure_id)),
        "old": _text(row.old_value, row.old_exactness, marked=same_value),
        "new": _text(row.new_value, row.new_exactness, marked=same_value),
    }


def _text(value: Any, exactness: int | None, *, marked: bool) -> str | None:
    if value is None or exactness is None:
        return None
    return show_figure(value, EXACTNESS_CODES[exactness]) if marked else plain_number(value)
