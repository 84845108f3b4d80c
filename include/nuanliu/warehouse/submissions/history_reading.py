"""What the warehouse knows that a new file must be held against, read in a few short statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

import pandas as pd
from sqlalchemy import Connection

from nuanliu.domain.arrival import LAST_PLACE
from nuanliu.domain.history import EarlierVersion, History
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.domain.submission import CARRIED, empty_frame
from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.sql_files import load_sql
from nuanliu.warehouse.submissions.history_frames import COLUMNS, CurrentSubmission, of_submissions, query_frame
from nuanliu.warehouse.submissions.history_series import current_series, earlier_series, later_series
from nuanliu.warehouse.submissions.superseded_activities import read_unnotified
from nuanliu.warehouse.submissions.versions import weeks_near

TYPICAL_WEEKS = 26
"""How far back a union's usual figures are looked for."""
TYPICAL_FIGURES = 200_000
"""And how many of them at most: a union that sends a million figures a week is well known by fewer."""
SAME_BYTES_WEEKS = 9
"""How many weeks around its own a file's bytes are looked for at other unions; older periods are not taken anyway."""


@as_transient("reading the history")
def read_history(
    connection: Connection,
    *,
    union_id: str,
    week: ReportingWeek,
    rows: pd.DataFrame,
    figures: pd.DataFrame,
    sha256: str = "",
    place: tuple[str, int] = (LAST_PLACE, 0),
    is_supplement: bool = False,
) -> History:
    """Everything the rules against earlier weeks need for one file of a union; ``rows``, ``figures`` as ``Submission`` has them.

    ``sha256``: of the file, to find the same bytes from another union. ``place``: ``RegistryRow.place`` of the file, to tell
    which versions are younger. ``is_supplement``: whether it adds to the version of its week, which then stays.

    ``series``, ``later_series``: only those the file continues, without the versions this file would replace. ``foreign``:
    only the organisers the file names, in the weeks it touches and those beside them, and what is said anywhere of the file's
    cumulative activities; ``reporting_union_id`` is the union that sent the file. ``typical``: per figure, own
    scope, the last 26 weeks before the report period.
    Raises: WarehouseUnavailable.
    """
    every = [
        CurrentSubmission(**row._mapping)
        for row in connection.execute(load_sql("warehouse", "history_submission"), {"union_id": union_id})
    ]
    current = [submission for submission in every if submission.week_start == week.monday]
    others = [submission for submission in every if submission.week_start != week.monday]
    touched = _weeks_of(rows)
    near = weeks_near(touched)
    earlier = earlier_series(connection, others, week, rows, figures)
    later = later_series(connection, others, rows)
    return History(
        versions=_versions(connection, union_id, week, place),
        current_rows=of_submissions(connection, "history_current_row", current),
        current_figures=of_submissions(connection, "history_current_figure", current),
        other_activities=_activities(connection, others, near),
        own_activities=_activities(connection, current if is_supplement else (), near),
        series=earlier,
        later_series=later,
        current_series=current_series(connection, every, rows, pd.concat([earlier, later])),
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


def _activities(
    connection: Connection, submissions: Sequence[CurrentSubmission], weeks: Iterable[ReportingWeek]
) -> pd.DataFrame:
    mondays = {week.monday for week in weeks}
    known = {s.submission_key: s.receipt_no for s in submissions if mondays.intersection(s.fact_weeks)}
    if not known:
        return empty_frame(COLUMNS["history_other_activity"])
    return query_frame(
        connection, "history_other_activity", known, submission_keys=list(known), week_starts=sorted(mondays)
    )


def _foreign(
    connection: Connection, union_id: str, touched: Sequence[ReportingWeek], rows: pd.DataFrame
) -> pd.DataFrame:
    organizers = sorted(rows["organizer_union_id"].dropna().unique())
    if not organizers or not touched:
        return empty_frame(COLUMNS["history_foreign"])
    is_carried = rows["period_kind"].isin([str(kind) for kind in CARRIED])
    return query_frame(
        connection,
        "history_foreign",
        union_id=union_id,
        organizer_ids=organizers,
        week_starts=[near.monday for near in weeks_near(touched)],
        identity_keys=sorted(rows.loc[is_carried, "identity_key"].dropna().unique()),
    )


def _typical(connection: Connection, submissions: Sequence[CurrentSubmission], week: ReportingWeek) -> pd.DataFrame:
    first = week.monday - timedelta(weeks=TYPICAL_WEEKS)
    known: list[CurrentSubmission] = []
    figure_count = 0
    for submission in submissions:  # newest first
        if first <= submission.week_start < week.monday and figure_count < TYPICAL_FIGURES:
            known.append(submission)
            figure_count += submission.figure_count
    return of_submissions(connection, "history_typical", known)


def _weeks_of(rows: pd.DataFrame) -> list[ReportingWeek]:
    return sorted(ReportingWeek(day.date()) for day in rows["counts_week"].dropna().unique())
