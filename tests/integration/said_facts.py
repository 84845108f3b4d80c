"""What the facts of a version have to say, row by row: read off the frames that were loaded, and off the warehouse's views."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from sqlalchemy import text

from nuanliu.warehouse.facts.kept_rows import split_names

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from nuanliu.warehouse.facts.kept_rows import KeptRows

Facts = dict[str, list[tuple[Any, ...]]]
_ROWS = (
    "counts_week", "reporting_union_id", "organizer_union_id", "category_id", "campaign_id", "place_division",
    "place_detail", "start_on", "end_on", "is_date_inferred", "period_kind", "scope", "since_on", "as_of_on", "activity_no",
    "activity_name", "item_name", "has_open_list", "activity_key", "series_key", "measures_hash", "content_hash",
    "identity_key", "explanation", "remarks", "sheet", "row",
)  # fmt: skip
_OF_FIGURES = (
    "counts_week", "organizer_union_id", "category_id", "campaign_id", "place_division", "period_kind", "scope", "since_on",
    "as_of_on", "series_key", "activity_key",
)  # fmt: skip
_ACTIVITIES = """
    select week_start, reporting_union_id, union_id, category_id, campaign_id, dim_division.division_code, place_detail, start_on, end_on,
        is_date_inferred, period_kind, scope, since_on, as_of_on, activity_no, activity_name, item_name, has_open_list,
        natural_key, series_key, measures_hash, content_hash, identity_key, explanation, remarks, source_sheet, source_row,
        is_crossing_week, is_accepted
    from fact_activity join dim_union on organizer_union_key = union_key join dim_category using (category_key)
    left join dim_campaign using (campaign_key) left join dim_division on place_division_key = division_key
    where submission_key = :key
"""
_FIGURES = """
    select f.week_start, union_id, category_id, campaign_id, dim_division.division_code, f.period_kind, f.scope, f.since_on, f.as_of_on,
        f.series_key, a.natural_key, measure_id, cast(value as text), exactness, raw_text, f.source_sheet, f.source_row,
        source_cell, f.is_counting = a.is_counting
    from fact_measure f join fact_activity a using (week_start, activity_key, submission_key) join dim_measure using (measure_key)
    join dim_union on f.organizer_union_key = union_key join dim_category on f.category_key = dim_category.category_key
    left join dim_campaign on f.campaign_key = dim_campaign.campaign_key
    left join dim_division on f.place_division_key = division_key
    where submission_key = :key
"""
_GROUPS = """
    select week_start, natural_key, group_id
    from bridge_activity_group join fact_activity using (week_start, activity_key, submission_key)
    join dim_beneficiary_group using (group_key) where submission_key = :key
"""
_PARTNERS = """
    select week_start, natural_key, partner_name, role
    from bridge_activity_partner join fact_activity using (week_start, activity_key, submission_key)
    join dim_partner using (partner_key) where submission_key = :key
"""


def facts_of_frames(kept: KeptRows) -> Facts:
    """What was loaded, one Python value after the other: no arrays, no bytes."""
    rows, figures = kept.submission.rows, kept.submission.figures
    told = rows.iloc[kept.activity_places]
    by_id = {row["activity_id"]: row for row in told.to_dict("records")}
    activities = [
        (
            *(_plain(row[name]) for name in _ROWS),
            bool(pd.notna(row["start_on"]) and row["start_on"] < row["counts_week"]),
            bool(kept.is_accepted[row["row_id"]]),
        )
        for row in by_id.values()
    ]
    said = [
        (
            *(_plain(by_id[figure["activity_id"]][name]) for name in _OF_FIGURES),
            figure["measure_id"],
            f"{figure['value_cents'] // 100}.{figure['value_cents'] % 100:02d}",
            figure["exactness"],
            figure["raw_text"],
            _plain(figure["sheet"]),
            figure["row"],
            figure["cell"],
            True,
        )
        for figure in figures.iloc[kept.figure_places].to_dict("records")
    ]
    lists = [
        (
            _plain(row["counts_week"]),
            row["activity_key"],
            _plain(row["beneficiary_groups"]),
            _plain(row["co_organizers"]),
        )
        for row in by_id.values()
    ]
    groups = [(week, key, name) for week, key, names, _ in lists if names for name in split_names(names)]
    partners = [(week, key, name, "joint") for week, key, _, names in lists if names for name in split_names(names)]
    return _sorted(activities, said, groups, partners)


def facts_of_views(connection: Connection, submission_key: int) -> Facts:
    """What readers are shown of a version."""
    statements = (_ACTIVITIES, _FIGURES, _GROUPS, _PARTNERS)
    shown = [connection.execute(text(statement), {"key": submission_key}).all() for statement in statements]
    return _sorted(*([tuple(row) for row in rows] for rows in shown))


def _sorted(*tables: list[tuple[Any, ...]]) -> Facts:
    names = ("activities", "figures", "groups", "partners")
    return {name: sorted(rows, key=repr) for name, rows in zip(names, tables, strict=True)}


def _plain(value: Any) -> Any:
    if isinstance(value, pd.Timestamp):
        return value.date()
    return None if pd.isna(value) else value
