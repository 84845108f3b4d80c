"""Cumulative series that go on under another name: the former one ends in the week whose row says so."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, select

from nuanliu.contract.former_names import SeriesNames, continues, former_name
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.domain.submission import CARRIED
from nuanliu.warehouse.schema.sql_files import load_sql
from nuanliu.warehouse.schema.tables import stored_activity

_MARK = "%原%"
"""What every 说明 that may say so fits."""


def find_ended_activities(connection: Connection, week: ReportingWeek) -> list[int]:
    """Keys of the activities that a week no longer counts, because a row of it says 原:… of them; ascending.

    Found anew from the facts in every roll-up: when the row that says so goes away, the former series counts again. What
    is said of the former one at a later as-of counts again too.
    """
    monday = {"week_start": week.monday}
    marked = connection.execute(load_sql("marts", "series_heirs"), {**monday, "mark": _MARK}).all()
    heirs = [row for row in marked if former_name(row.explanation) is not None]
    if not heirs:
        return []
    senders = sorted({row.sender_union_id for row in heirs})
    formers = connection.execute(load_sql("marts", "series_formers"), {**monday, "sender_ids": senders}).all()
    by_series: dict[tuple[Any, ...], list[Row[Any]]] = {}
    for heir in heirs:
        by_series.setdefault(_of_series(heir), []).append(heir)
    return sorted(
        {
            former.activity_key
            for former in formers
            if any(_continues(heir, former) for heir in by_series.get(_of_series(former), ()))
        }
    )


def find_ended_between(connection: Connection, first: date, last: date) -> dict[str, list[Any]]:
    """The same of all weeks from one Monday to another: ``ended_week_starts`` and ``ended_activity_keys``, pair by pair."""
    row = stored_activity.c
    marked = (
        select(row.week_start)
        .distinct()
        .where(row.week_start.between(first, last), row.is_counting, row.period_kind.in_(CARRIED))
        .where(row.explanation.like(_MARK))
        .order_by(row.week_start)
    )
    ended = [
        (monday, key)
        for monday in connection.execute(marked).scalars().all()
        for key in find_ended_activities(connection, ReportingWeek(monday))
    ]
    return {
        "ended_week_starts": [monday for monday, _ in ended],
        "ended_activity_keys": [key for _, key in ended],
    }


def _of_series(row: Row[Any]) -> tuple[Any, ...]:
    """What a series keeps under another name: whose it is, kind, scope, since, year, and a measure of it."""
    year = row.as_of_on.year if row.period_kind == "ytd" else None
    return (row.sender_union_id, row.period_kind, row.scope, row.since_on, year, row.measure_key)


def _continues(heir: Row[Any], former: Row[Any]) -> bool:
    return bool(
        heir.series_key != former.series_key
        and heir.report_week_start != former.report_week_start
        and former.as_of_on <= heir.as_of_on
        and continues(heir.explanation, _names(heir), _names(former))
    )


def _names(row: Row[Any]) -> SeriesNames:
    return SeriesNames(*(getattr(row, field) for field in SeriesNames._fields))
