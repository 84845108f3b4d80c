"""What the warehouse knows that a new file must be held against, read in a few short statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from nuanliu.domain.arrival import LAST_PLACE
from nuanliu.domain.history import EarlierVersion, History
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.domain.submission import CARRIED, PeriodKind, empty_frame
from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.sql_files import load_sql
from nuanliu.warehouse.submissions.superseded_activities import read_unnotified
from nuanliu.warehouse.submissions.versions import weeks_near

TYPICAL_WEEKS = 26
"""How far back a union's usual figures are looked for."""
TYPICAL_FIGURES = 200_000
"""And how many of them at most: a union that sends a million figures a week is well known by fewer."""
SERIES_WEEKS = 13
"""How many weeks are searched for series at a time; one that is still reported is found in the first piece."""
_ROWS_AT_A_TIME = 50_000
STOCK_WEEKS = 53
"""How far back the figures of a stock (现有) are looked for."""
SAME_BYTES_WEEKS = 9
"""How many weeks around its own a file's bytes are looked for at other unions; older periods are not taken anyway."""

_CUMULATIVE = {PeriodKind.YTD, PeriodKind.CUMULATIVE_SINCE, PeriodKind.STOCK, PeriodKind.CAMPAIGN}
"""Kinds whose figures are told again week by week, so that an earlier 说明 may still answer."""

_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "history_current_row": {
        "activity_key": "str",
        "content_hash": "str",
        "activity_name": "str",
        "receipt_no": "str",
        "explanation": "str",
        "is_counting": "bool",
    },
    "history_current_figure": {
        "activity_key": "str",
        "measure_id": "str",
        "value_cents": "int64",
        "exactness": "int8",
    },
    "history_other_event": {
        "activity_key": "str",
        "series_key": "str",
        "identity_key": "str",
        "measures_hash": "str",
        "content_hash": "str",
        "start_on": "datetime64[ns]",
        "week_start": "datetime64[ns]",
        "receipt_no": "str",
        "is_dated": "bool",
    },
    "history_series": {
        "series_key": "str",
        "measure_id": "str",
        "scope": "str",
        "period_kind": "str",
        "since_on": "datetime64[ns]",
        "as_of_on": "datetime64[ns]",
        "value_cents": "int64",
        "exactness": "int8",
        "explanation": "str",
        "receipt_no": "str",
    },
    "history_current_series": {
        "series_key": "str",
        "measure_id": "str",
        "period_kind": "str",
        "scope": "str",
        "since_on": "datetime64[ns]",
        "as_of_on": "datetime64[ns]",
        "activity_name": "str",
        "activity_no": "str",
        "category_id": "str",
        "item_name": "str",
        "organizer_union_id": "str",
        "explanation": "str",
        "receipt_no": "str",
    },
    "history_foreign": {
        "organizer_union_id": "str",
        "category_id": "str",
        "activity_name": "str",
        "start_on": "datetime64[ns]",
        "week_start": "datetime64[ns]",
        "reporting_union_id": "str",
        "receipt_no": "str",
        "identity_key": "str",
        "period_kind": "str",
    },
    "history_typical": {
        "category_id": "str",
        "measure_id": "str",
        "weeks": "int64",
        "median_cents": "int64",
        "max_cents": "int64",
    },
}
"""Statement → columns and dtypes of the frame it fills; names as nuanliu.domain.history.History documents them."""


@dataclass(frozen=True)
class _Submission:
    """A current submission of the union."""

    submission_key: int
    week_start: date
    """The Monday it reports on."""
    receipt_no: str
    """Of the receipt that answered it."""
    fact_weeks: Sequence[date]
    """Mondays its facts count in."""
    figure_count: int
    """How many figures it brought."""


@as_transient("reading the history")
def read_history(
    connection: Connection,
    *,
    union_id: str,
    week: ReportingWeek,
    rows: pd.DataFrame,
    sha256: str = "",
    place: tuple[str, int] = (LAST_PLACE, 0),
) -> History:
    """Everything the rules against earlier weeks need for one file of a union; ``rows`` as ``Submission.rows``.

    ``sha256``: of the file, to find the same bytes from another union. ``place``: ``RegistryRow.place`` of the file, to tell
    which versions are younger.

    ``series``, ``later_series``: only those the file continues, without the versions this file would replace. ``foreign``:
    only the organisers the file names, in the weeks it touches and those beside them, and what is said anywhere of the file's
    cumulative activities; ``reporting_union_id`` is the union that sent the file. ``typical``: per figure, own
    scope, the last 26 weeks before the report period.
    Raises: WarehouseUnavailable.
    """
    every = [
        _Submission(**row._mapping)
        for row in connection.execute(load_sql("warehouse", "history_submission"), {"union_id": union_id})
    ]
    current = [submission for submission in every if submission.week_start == week.monday]
    others = [submission for submission in every if submission.week_start != week.monday]
    touched = _weeks_of(rows)
    earlier, later = _series(connection, others, week, rows), _later_series(connection, others, rows)
    return History(
        versions=_versions(connection, union_id, week, place),
        current_rows=_of_submissions(connection, "history_current_row", current),
        current_figures=_of_submissions(connection, "history_current_figure", current),
        other_events=_other_events(connection, others, weeks_near(touched)),
        series=earlier,
        later_series=later,
        current_series=_current_series(connection, every, rows, pd.concat([earlier, later])),
        foreign=_foreign(connection, union_id, touched, rows),
        typical=_typical(connection, others, week),
        same_bytes=_same_bytes(connection, union_id, week, sha256),
        handed_over=read_unnotified(connection, union_id),
    )


def _versions(
    connection: Connection, union_id: str, week: ReportingWeek, place: tuple[str, int]
) -> tuple[EarlierVersion, ...]:
    params = {"union_id": union_id, "week_id": str(week), "arrival_order": place[0], "object_id": place[1]}
    found = connection.execute(load_sql("warehouse", "history_version"), params)
    return tuple(
        EarlierVersion(
            receipt_no=row.receipt_no,
            version=row.version,
            sha256=row.sha256,
            content_hash=row.content_hash,
            is_current=row.is_current,
            receipt=row.document,
            is_younger=row.is_younger,
        )
        for row in found
    )


def _same_bytes(connection: Connection, union_id: str, week: ReportingWeek, sha256: str) -> tuple[tuple[str, str], ...]:
    params = {
        "union_id": union_id,
        "sha256": sha256,
        "first_week": str(week.shift(-SAME_BYTES_WEEKS)),
        "last_week": str(week.shift(SAME_BYTES_WEEKS)),
    }
    found = connection.execute(load_sql("warehouse", "history_same_bytes"), params)
    return tuple((row.union_id, row.receipt_no) for row in found)


def _other_events(
    connection: Connection, submissions: Sequence[_Submission], weeks: Iterable[ReportingWeek]
) -> pd.DataFrame:
    mondays = {week.monday for week in weeks}
    known = {s.submission_key: s.receipt_no for s in submissions if mondays.intersection(s.fact_weeks)}
    if not known:
        return empty_frame(_COLUMNS["history_other_event"])
    return _query(connection, "history_other_event", known, submission_keys=list(known), week_starts=sorted(mondays))


def _series(
    connection: Connection, submissions: Sequence[_Submission], week: ReportingWeek, rows: pd.DataFrame
) -> pd.DataFrame:
    """The points before each row's as-of; some weeks at a time, the newest first, until every series is found or none can
    have begun earlier. A figure counts in the week of its as-of, so that a newer week's figure is the later one.
    """
    cumulative = _cumulative(rows)
    wanted = _asked_of(cumulative)
    oldest, last = _oldest_week(cumulative, week), week
    found: list[pd.DataFrame] = []
    while wanted and last >= oldest:
        first = last.shift(1 - SERIES_WEEKS)
        points, answered = _points(connection, submissions, (first.monday, last.monday), wanted, is_later=False)
        found.append(points)
        wanted -= answered
        last = first.shift(-1)
    return _joined(found)


def _later_series(connection: Connection, submissions: Sequence[_Submission], rows: pd.DataFrame) -> pd.DataFrame:
    """The points after each row's as-of: a file may be answered after those of later weeks."""
    wanted = _asked_of(_cumulative(rows))
    mondays = [monday for submission in submissions for monday in submission.fact_weeks]
    if not wanted or not mondays:
        return empty_frame(_COLUMNS["history_series"])
    # A 今年以来 of the last days of a year counts in the week before.
    first = ReportingWeek.of(min(day for _, day in wanted)).shift(-1).monday
    if max(mondays) < first:
        return empty_frame(_COLUMNS["history_series"])
    return _joined([_points(connection, submissions, (first, max(mondays)), wanted, is_later=True)[0]])


def _cumulative(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["period_kind"].isin([str(kind) for kind in _CUMULATIVE])]


def _asked_of(cumulative: pd.DataFrame) -> set[tuple[str, date]]:
    """Series and as-of of each row."""
    known = cumulative.dropna(subset=["series_key", "as_of_on"])
    return set(zip(known["series_key"], known["as_of_on"].dt.date, strict=True))


def _points(
    connection: Connection,
    submissions: Sequence[_Submission],
    between: tuple[date, date],
    wanted: Iterable[tuple[str, date]],
    *,
    is_later: bool,
) -> tuple[pd.DataFrame, set[tuple[str, date]]]:
    """The nearest points of the series in the weeks between two Mondays, and which of the wanted ones have any."""
    first, last = between
    known = {s.submission_key: s for s in submissions if any(first <= day <= last for day in s.fact_weeks)}
    if not known:
        return empty_frame(_COLUMNS["history_series"]), set()
    asked = sorted(wanted)
    params = {
        "submission_keys": sorted(known, key=lambda key: known[key].week_start, reverse=True),
        "first_week": first,
        "last_week": last,
        "series_keys": [series_key for series_key, _ in asked],
        "days": [day for _, day in asked],
        "is_later": is_later,
    }
    latest = connection.execute(load_sql("warehouse", "history_series"), params).mappings().all()
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
    return _typed(rows, _COLUMNS["history_series"]), {(row["series_key"], row["day"]) for row in latest}


def _joined(found: Sequence[pd.DataFrame]) -> pd.DataFrame:
    filled = [frame for frame in found if len(frame)]
    if not filled:
        return empty_frame(_COLUMNS["history_series"])
    return pd.concat(filled).drop_duplicates().sort_values("as_of_on", kind="stable", ignore_index=True)


def _current_series(
    connection: Connection, every: Sequence[_Submission], rows: pd.DataFrame, known: pd.DataFrame
) -> pd.DataFrame:
    """Read only for a file that brings a series of which its union's other reports say nothing."""
    carried = _cumulative(rows)
    carried = carried[carried["period_kind"].ne(str(PeriodKind.CAMPAIGN))]
    if set(_of_year(carried)) <= set(_of_year(known)):
        return _with_weeks(empty_frame(_COLUMNS["history_current_series"]), every)
    kinds = sorted(carried["period_kind"].unique())
    return _with_weeks(_of_submissions(connection, "history_current_series", every, period_kinds=kinds), every)


def _of_year(rows: pd.DataFrame) -> Iterable[tuple[str, int]]:
    """Series, those of 今年以来 with their year."""
    years = rows["as_of_on"].dt.year.where(rows["period_kind"].eq(str(PeriodKind.YTD)), 0)
    return zip(rows["series_key"], years, strict=True)


def _with_weeks(series: pd.DataFrame, submissions: Sequence[_Submission]) -> pd.DataFrame:
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


def _foreign(
    connection: Connection, union_id: str, touched: Sequence[ReportingWeek], rows: pd.DataFrame
) -> pd.DataFrame:
    organizers = sorted(rows["organizer_union_id"].dropna().unique())
    if not organizers or not touched:
        return empty_frame(_COLUMNS["history_foreign"])
    is_carried = rows["period_kind"].isin([str(kind) for kind in CARRIED])
    return _query(
        connection,
        "history_foreign",
        union_id=union_id,
        organizer_ids=organizers,
        week_starts=[near.monday for near in weeks_near(touched)],
        identity_keys=sorted(rows.loc[is_carried, "identity_key"].dropna().unique()),
    )


def _typical(connection: Connection, submissions: Sequence[_Submission], week: ReportingWeek) -> pd.DataFrame:
    first = week.monday - timedelta(weeks=TYPICAL_WEEKS)
    known: list[_Submission] = []
    figure_count = 0
    for submission in submissions:  # newest first
        if first <= submission.week_start < week.monday and figure_count < TYPICAL_FIGURES:
            known.append(submission)
            figure_count += submission.figure_count
    return _of_submissions(connection, "history_typical", known)


def _of_submissions(
    connection: Connection, statement: str, submissions: Sequence[_Submission], **params: Any
) -> pd.DataFrame:
    """Run a statement over all facts of some submissions."""
    mondays = {monday for submission in submissions for monday in submission.fact_weeks}
    if not mondays:
        return empty_frame(_COLUMNS[statement])
    keys = {submission.submission_key: submission.receipt_no for submission in submissions}
    return _query(
        connection,
        statement,
        keys,
        submission_keys=list(keys),
        first_week=min(mondays),
        last_week=max(mondays),
        **params,
    )


def _query(
    connection: Connection, statement: str, receipt_nos: Mapping[int, str] | None = None, **params: Any
) -> pd.DataFrame:
    """The statement's rows as a frame with the documented columns; ``receipt_nos`` turns a submission_key into its number."""
    columns = _COLUMNS[statement]
    # A version of a million rows must not stand in memory as Python objects.
    found = connection.execute(
        load_sql("warehouse", statement), params, execution_options={"yield_per": _ROWS_AT_A_TIME}
    )
    names = list(found.keys())
    parts = []
    for rows in found.partitions():
        values = dict(zip(names, zip(*rows, strict=True), strict=True))
        if receipt_nos is not None and "submission_key" in values:
            values["receipt_no"] = tuple(receipt_nos[key] for key in values["submission_key"])
        parts.append(pd.DataFrame({name: pd.Series(values[name], dtype=kind) for name, kind in columns.items()}))
    return pd.concat(parts, ignore_index=True) if parts else empty_frame(columns)


def _typed(rows: Sequence[dict[str, Any]], columns: Mapping[str, Any]) -> pd.DataFrame:
    """Rows as a frame of the given columns and dtypes."""
    return pd.DataFrame({name: pd.Series([row[name] for row in rows], dtype=kind) for name, kind in columns.items()})


def _weeks_of(rows: pd.DataFrame) -> list[ReportingWeek]:
    return sorted(ReportingWeek(day.date()) for day in rows["counts_week"].dropna().unique())
