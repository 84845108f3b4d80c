"""What the warehouse knows that a new file must be held against, read in a few short statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from nuanliu.history import EarlierVersion, History
from nuanliu.reporting_week import ReportingWeek
from nuanliu.submission import PeriodKind, empty_frame
from nuanliu.warehouse.outages import passing_outages
from nuanliu.warehouse.sql_files import load_sql
from nuanliu.warehouse.versions import weeks_near

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd
    from sqlalchemy import Connection

TYPICAL_WEEKS = 26
"""How far back a union's usual figures are looked for."""
TYPICAL_FIGURES = 200_000
"""And how many of them at most: a union that sends a million figures a week is well known by fewer."""
SERIES_WEEKS = 13
"""A series that is still reported is found in this many weeks; only for others all weeks are searched."""

_CUMULATIVE = {PeriodKind.YTD, PeriodKind.CUMULATIVE_SINCE, PeriodKind.STOCK}

_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "history_current_row": {
        "activity_key": "str",
        "content_hash": "str",
        "activity_name": "str",
        "receipt_no": "str",
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
        "content_hash": "str",
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
    },
    "history_foreign": {
        "organizer_union_id": "str",
        "category_id": "str",
        "activity_name": "str",
        "start_on": "datetime64[ns]",
        "week_start": "datetime64[ns]",
        "reporting_union_id": "str",
        "receipt_no": "str",
        "activity_key": "str",
    },
    "history_typical": {
        "category_id": "str",
        "measure_id": "str",
        "weeks": "int64",
        "median_cents": "int64",
        "max_cents": "int64",
    },
}
"""Statement → columns and dtypes of the frame it fills; names as nuanliu.history.History documents them."""


@dataclass(frozen=True)
class _Submission:
    """A current submission of the union."""

    submission_key: int
    week_start: date
    receipt_no: str
    fact_weeks: Sequence[date]
    figure_count: int


@passing_outages("reading the history")
def read_history(connection: Connection, *, union_id: str, week: ReportingWeek, rows: pd.DataFrame) -> History:
    """Everything the rules against earlier weeks need for one file of a union; ``rows`` as ``Submission.rows``.

    ``series``: only those the file continues, as they stood up to the report period's Sunday without the versions this
    file would replace. ``foreign``: only the organisers the file names, in the weeks it touches and those beside them;
    planned activities left out; ``reporting_union_id`` is the union that sent the file. ``typical``: per figure, own
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
    return History(
        versions=_versions(connection, union_id, week),
        current_rows=_of_submissions(connection, "history_current_row", current),
        current_figures=_of_submissions(connection, "history_current_figure", current),
        other_events=_of_submissions(connection, "history_other_event", others, [*touched, week.shift(-1)]),
        series=_series(connection, others, week, rows),
        foreign=_foreign(connection, union_id, touched, rows),
        typical=_typical(connection, others, week),
    )


def _versions(connection: Connection, union_id: str, week: ReportingWeek) -> tuple[EarlierVersion, ...]:
    found = connection.execute(load_sql("warehouse", "history_version"), {"union_id": union_id, "week_id": str(week)})
    return tuple(
        EarlierVersion(
            receipt_no=row.receipt_no,
            version=row.version,
            sha256=row.sha256,
            content_hash=row.content_hash,
            is_current=row.is_current,
            receipt=row.document,
        )
        for row in found
    )


def _series(
    connection: Connection, submissions: Sequence[_Submission], week: ReportingWeek, rows: pd.DataFrame
) -> pd.DataFrame:
    """The newest weeks first, since there the latest as-of of most series stands; the rest for what was not found.

    A figure counts in the week of its as-of, so that a newer week's figure is the later one.
    """
    import pandas as pd

    is_cumulative = rows["period_kind"].isin([str(kind) for kind in _CUMULATIVE])
    wanted = set(rows.loc[is_cumulative, "series_key"].dropna().unique())
    mondays = sorted({day for s in submissions for day in s.fact_weeks if day <= week.monday}, reverse=True)
    found: list[pd.DataFrame] = []
    for part in (mondays[:SERIES_WEEKS], mondays[SERIES_WEEKS:]):
        if not wanted or not part:
            break
        frame = _of_submissions(
            connection,
            "history_series",
            submissions,
            [ReportingWeek(day) for day in part],
            series_keys=sorted(wanted),
            until=week.sunday,
        )
        found.append(frame)
        wanted -= set(frame["series_key"])
    found = [frame for frame in found if len(frame)]
    return pd.concat(found, ignore_index=True) if found else empty_frame(_COLUMNS["history_series"])


def _foreign(
    connection: Connection, union_id: str, touched: Sequence[ReportingWeek], rows: pd.DataFrame
) -> pd.DataFrame:
    organizers = sorted(rows["organizer_union_id"].dropna().unique())
    if not organizers or not touched:
        return empty_frame(_COLUMNS["history_foreign"])
    return _query(
        connection,
        "history_foreign",
        union_id=union_id,
        organizer_ids=organizers,
        week_starts=[near.monday for near in weeks_near(touched)],
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
    connection: Connection,
    statement: str,
    submissions: Iterable[_Submission],
    weeks: Iterable[ReportingWeek] | None = None,
    **params: Any,
) -> pd.DataFrame:
    """Run a statement over the facts of some submissions, in all their weeks or those of ``weeks`` they touch."""
    wanted = None if weeks is None else {week.monday for week in weeks}
    receipt_nos: dict[int, str] = {}
    mondays: set[date] = set()
    for submission in submissions:
        touched = set(submission.fact_weeks) if wanted is None else wanted.intersection(submission.fact_weeks)
        if touched:
            receipt_nos[submission.submission_key] = submission.receipt_no
            mondays |= touched
    if not mondays:
        return empty_frame(_COLUMNS[statement])
    return _query(
        connection,
        statement,
        receipt_nos,
        submission_keys=list(receipt_nos),
        week_starts=sorted(mondays),
        **params,
    )


def _query(
    connection: Connection, statement: str, receipt_nos: Mapping[int, str] | None = None, **params: Any
) -> pd.DataFrame:
    """The statement's rows as a frame with the documented columns; ``receipt_nos`` turns a submission_key into its number."""
    import pandas as pd

    result = connection.execute(load_sql("warehouse", statement), params)
    names = list(result.keys())
    frame = pd.DataFrame(result.all(), columns=names)
    if receipt_nos is not None and "submission_key" in names:
        frame["receipt_no"] = frame["submission_key"].map(receipt_nos)
    columns: Mapping[str, Any] = _COLUMNS[statement]
    return pd.DataFrame(
        {
            name: pd.to_datetime(frame[name]).astype(kind) if kind.startswith("datetime") else frame[name].astype(kind)
            for name, kind in columns.items()
        }
    )


def _weeks_of(rows: pd.DataFrame) -> list[ReportingWeek]:
    return sorted(ReportingWeek(day.date()) for day in rows["counts_week"].dropna().unique())
