"""The cumulative series that a file continues: what they said before and after, and which of the union's others stand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

import pandas as pd
from sqlalchemy import Connection, RowMapping

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.domain.submission import PeriodKind, empty_frame
from nuanliu.warehouse.schema.sql_files import load_sql
from nuanliu.warehouse.submissions.history_frames import COLUMNS, CurrentSubmission, of_submissions, typed_frame

SERIES_WEEKS = 13
"""How many weeks are searched for series at a time; one that is still reported is found in the first piece."""
STOCK_WEEKS = 53
"""How far back the figures of a stock (现有) are looked for."""
_CUMULATIVE = {PeriodKind.YTD, PeriodKind.CUMULATIVE_SINCE, PeriodKind.STOCK, PeriodKind.CAMPAIGN}
"""Kinds whose figures are told again week by week, so that an earlier 说明 may still answer."""
_Point = tuple[str, date, str]
"""Series, the as-of that is asked about, and measure."""


def earlier_series(
    connection: Connection,
    submissions: Sequence[CurrentSubmission],
    week: ReportingWeek,
    rows: pd.DataFrame,
    figures: pd.DataFrame,
) -> pd.DataFrame:
    """The points before each row's as-of; some weeks at a time, the newest first, until every measure that a row says is
    found or none can have begun earlier. A figure counts in the week of its as-of, so that a newer week's figure is the later
    one.
    """
    cumulative = _cumulative(rows)
    wanted, said = _asked_of(cumulative), _said_of(cumulative, figures)
    oldest, last = _oldest_week(cumulative, week), week
    found: list[pd.DataFrame] = []
    known: set[_Point] = set()
    while wanted and last >= oldest:
        first = last.shift(1 - SERIES_WEEKS)
        points, answered = _points(connection, submissions, (first.monday, last.monday), wanted, known, is_later=False)
        found.append(points)
        known |= answered
        # One measure may have rested while another was said week by week.
        resting = {(series_key, day) for series_key, day, _ in said - known}
        wanted = resting | (wanted - {(series_key, day) for series_key, day, _ in known})
        last = first.shift(-1)
    return _joined(found)


def later_series(connection: Connection, submissions: Sequence[CurrentSubmission], rows: pd.DataFrame) -> pd.DataFrame:
    """The points after each row's as-of: a file may be answered after those of later weeks."""
    wanted = _asked_of(_cumulative(rows))
    mondays = [monday for submission in submissions for monday in submission.fact_weeks]
    if not wanted or not mondays:
        return empty_frame(COLUMNS["history_series"])
    # A 今年以来 of the last days of a year counts in the week before.
    first = ReportingWeek.of(min(day for _, day in wanted)).shift(-1).monday
    if max(mondays) < first:
        return empty_frame(COLUMNS["history_series"])
    return _joined([_points(connection, submissions, (first, max(mondays)), wanted, (), is_later=True)[0]])


def _cumulative(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["period_kind"].isin([str(kind) for kind in _CUMULATIVE])]


def _asked_of(cumulative: pd.DataFrame) -> set[tuple[str, date]]:
    """Series and as-of of each row."""
    known = cumulative.dropna(subset=["series_key", "as_of_on"])
    return set(zip(known["series_key"], known["as_of_on"].dt.date, strict=True))


def _said_of(cumulative: pd.DataFrame, figures: pd.DataFrame) -> set[_Point]:
    """Series, as-of and measure of each figure of these activities."""
    of_rows = cumulative.dropna(subset=["series_key", "as_of_on"])[["activity_id", "series_key", "as_of_on"]]
    said = figures[["activity_id", "measure_id"]].merge(of_rows.drop_duplicates(), on="activity_id")
    return set(zip(said["series_key"], said["as_of_on"].dt.date, said["measure_id"], strict=True))


def _points(
    connection: Connection,
    submissions: Sequence[CurrentSubmission],
    between: tuple[date, date],
    wanted: Iterable[tuple[str, date]],
    nearer: Collection[_Point],
    *,
    is_later: bool,
) -> tuple[pd.DataFrame, set[_Point]]:
    """The nearest points of the series in the weeks between two Mondays, and of what. ``nearer``: those found before."""
    first, last = between
    known = {s.submission_key: s for s in submissions if any(first <= day <= last for day in s.fact_weeks)}
    if not known:
        return empty_frame(COLUMNS["history_series"]), set()
    asked = sorted(wanted)
    params = {
        "submission_keys": sorted(known, key=lambda key: known[key].week_start, reverse=True),
        "first_week": first,
        "last_week": last,
        "series_keys": [series_key for series_key, _ in asked],
        "days": [day for _, day in asked],
        "is_later": is_later,
    }
    nearest = connection.execute(load_sql("warehouse", "history_series"), params).mappings()
    latest = [row for row in nearest if _point(row) not in nearer]
    activities = {
        "activity_keys": sorted({row["activity_key"] for row in latest}),
        "week_starts": sorted({row["week_start"] for row in latest}),
    }
    explained = connection.execute(load_sql("warehouse", "history_explanation"), activities) if latest else ()
    explanations = {row.activity_key: row.explanation for row in explained}
    rows = [
        {
            **row,
            "explanation": explanations.get(row["activity_key"]),
            "receipt_no": known[row["submission_key"]].receipt_no,
        }
        for row in latest
    ]
    return typed_frame(rows, COLUMNS["history_series"]), {_point(row) for row in latest}


def _point(row: RowMapping) -> _Point:
    return row["series_key"], row["day"], row["measure_id"]


def _joined(found: Sequence[pd.DataFrame]) -> pd.DataFrame:
    filled = [frame for frame in found if len(frame)]
    if not filled:
        return empty_frame(COLUMNS["history_series"])
    return pd.concat(filled).drop_duplicates().sort_values("as_of_on", kind="stable", ignore_index=True)


def current_series(
    connection: Connection, every: Sequence[CurrentSubmission], rows: pd.DataFrame, known: pd.DataFrame
) -> pd.DataFrame:
    """Read only for a file that brings a series of which its union's other reports say nothing."""
    carried = _cumulative(rows)
    carried = carried[carried["period_kind"].ne(str(PeriodKind.CAMPAIGN))]
    if set(_of_year(carried)) <= set(_of_year(known)):
        return _with_weeks(empty_frame(COLUMNS["history_current_series"]), every)
    kinds = sorted(carried["period_kind"].unique())
    return _with_weeks(of_submissions(connection, "history_current_series", every, period_kinds=kinds), every)


def _of_year(rows: pd.DataFrame) -> Iterable[tuple[str, int]]:
    """Series, those of 今年以来 with their year."""
    years = rows["as_of_on"].dt.year.where(rows["period_kind"].eq(str(PeriodKind.YTD)), 0)
    return zip(rows["series_key"], years, strict=True)


def _with_weeks(series: pd.DataFrame, submissions: Sequence[CurrentSubmission]) -> pd.DataFrame:
    weeks = {submission.receipt_no: pd.Timestamp(submission.week_start) for submission in submissions}
    return series.assign(week_start=series["receipt_no"].map(weeks).astype("datetime64[ns]"))


def _oldest_week(cumulative: pd.DataFrame, week: ReportingWeek) -> ReportingWeek:
    """The week before which no figure of these series can stand: a series begins at its since date or with the year.

    A stock has no beginning; a year back is as far as anyone compares.
    """
    if cumulative.empty:
        return week
    as_of = cumulative["as_of_on"].fillna(pd.Timestamp(week.sunday))
    begins = cumulative["since_on"].fillna(as_of.dt.to_period("Y").dt.start_time)
    oldest = ReportingWeek.of(begins.min().date())
    has_stock = bool(cumulative["period_kind"].eq(PeriodKind.STOCK).any())
    return min(oldest, week.shift(-STOCK_WEEKS)) if has_stock else oldest
