"""Frames of what current submissions hold, as the history's statements give them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from nuanliu.domain.submission import empty_frame
from nuanliu.warehouse.schema.sql_files import load_sql

_ROWS_AT_A_TIME = 50_000

COLUMNS: Mapping[str, Mapping[str, str]] = {
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
    "history_other_activity": {
        "activity_key": "str",
        "series_key": "str",
        "identity_key": "str",
        "measures_hash": "str",
        "content_hash": "str",
        "start_on": "datetime64[ns]",
        "week_start": "datetime64[ns]",
        "receipt_no": "str",
        "is_dated": "bool",
        "is_numbered": "bool",
        "owner_id": "str",
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
        "reporting_union_id": "str",
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
class CurrentSubmission:
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


def of_submissions(
    connection: Connection, statement: str, submissions: Sequence[CurrentSubmission], **params: Any
) -> pd.DataFrame:
    """Run a statement over all facts of some submissions."""
    mondays = {monday for submission in submissions for monday in submission.fact_weeks}
    if not mondays:
        return empty_frame(COLUMNS[statement])
    keys = {submission.submission_key: submission.receipt_no for submission in submissions}
    return query_frame(
        connection,
        statement,
        keys,
        submission_keys=list(keys),
        first_week=min(mondays),
        last_week=max(mondays),
        **params,
    )


def query_frame(
    connection: Connection, statement: str, receipt_nos: Mapping[int, str] | None = None, **params: Any
) -> pd.DataFrame:
    """The statement's rows as a frame with the documented columns; ``receipt_nos`` turns a submission_key into its number."""
    columns = COLUMNS[statement]
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


def typed_frame(rows: Sequence[dict[str, Any]], columns: Mapping[str, Any]) -> pd.DataFrame:
    """Rows as a frame of the given columns and dtypes."""
    return pd.DataFrame({name: pd.Series([row[name] for row in rows], dtype=kind) for name, kind in columns.items()})
