"""Bring the dimensions to what the code lists say. A second run with the same lists changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Table, or_, select
from sqlalchemy.dialects.postgresql import insert

from nuanliu.contract.code_lists import Codes
from nuanliu.contract.code_lists import codes as project_codes
from nuanliu.contract.workdays import is_workday
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.warehouse.schema import tables
from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.union_history import load_unions

CALENDAR = (date(2018, 1, 1), date(2035, 12, 31))
"""The days of dim_date: 2018 is when 华亭 became a city, the oldest change of our unions."""


@as_transient("loading the reference data")
def load_reference(connection: Connection, codes: Codes | None = None, *, changes_from: date | None = None) -> None:
    """Upsert every dimension that has a code list, and the calendar, in the caller's transaction.

    What a code list no longer holds stays, because facts may name it. ``changes_from``: the day from which unions that
    are renamed, moved, new among the expected or dropped are so (dim_union keeps their history); not needed while none is,
    nor for unions whose past stands in ``reference/union_history.csv``.
    Raises: UndatedUnionChange when a union changed and ``changes_from`` is None.
    """
    lists = codes or project_codes()
    load_union_tree(connection, lists, changes_from=changes_from)
    load_code_lists(connection, lists)


@as_transient("loading the unions")
def load_union_tree(connection: Connection, codes: Codes | None = None, *, changes_from: date | None = None) -> None:
    """The unions of ``load_reference`` alone."""
    lists = codes or project_codes()
    load_unions(connection, lists.unions.list, changes_from=changes_from, past=lists.union_past)


@as_transient("loading the code lists")
def load_code_lists(connection: Connection, codes: Codes | None = None) -> bool:
    """All of ``load_reference`` but the unions. Returns: whether figures by place are others for it, of every week: a division
    that was known lies in another now. Seasons of campaigns are looked up whenever their figures are read, and of what else
    changes here no figure depends.
    """
    lists = codes or project_codes()
    parents = _division_parents(connection)
    for table, key, rows in (
        (tables.dim_date, "date_key", _days(*CALENDAR)),
        (tables.dim_division, "division_code", _divisions(lists)),
        (tables.dim_category, "category_id", _categories(lists)),
        (tables.dim_measure, "measure_id", _measures(lists)),
        (tables.dim_beneficiary_group, "group_id", _groups(lists)),
        (tables.dim_campaign, "campaign_id", _campaigns(lists)),
    ):
        _upsert(connection, table, key, rows)
    today = _division_parents(connection)
    return any(today[code] != parent for code, parent in parents.items())


def _division_parents(connection: Connection) -> dict[str, str | None]:
    division = tables.dim_division.c
    return {
        row.division_code: row.parent_code
        for row in connection.execute(select(division.division_code, division.parent_code))
    }


def _upsert(connection: Connection, table: Table, key: str, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows by their id and update those that say something else; equal rows are not written again.

    They are not even sent: an insert takes a key of the sequence also where the row is there, and the facts have two bytes for
    the keys of measures, categories and groups.
    """
    known = {row[key]: dict(row) for row in connection.execute(select(*(table.c[name] for name in rows[0]))).mappings()}
    changed = [row for row in rows if known.get(row[key]) != row]
    if not changed:
        return
    statement = insert(table)
    said = {name: statement.excluded[name] for name in rows[0] if name != key}
    differs = or_(*(table.c[name].is_distinct_from(value) for name, value in said.items()))
    connection.execute(statement.on_conflict_do_update(index_elements=[key], set_=said, where=differs), changed)


def _days(first: date, last: date) -> list[dict[str, Any]]:
    days = (first + timedelta(days=count) for count in range((last - first).days + 1))
    return [_day(day) for day in days]


def _day(day: date) -> dict[str, Any]:
    week = ReportingWeek.of(day)
    return {
        "date_key": day.year * 10_000 + day.month * 100 + day.day,
        "date_on": day,
        "week_id": str(week),
        "week_start": week.monday,
        "month_id": f"{day:%Y-%m}",
        "year_number": day.year,
        "is_workday": is_workday(day),
    }


def _divisions(codes: Codes) -> list[dict[str, Any]]:
    return [
        {"division_code": d.id, "division_name": d.name, "level": d.level, "parent_code": d.parent_id}
        for d in codes.divisions
    ]


def _categories(codes: Codes) -> list[dict[str, Any]]:
    return [{"category_id": category.id, "category_name": category.name} for category in codes.categories]


def _measures(codes: Codes) -> list[dict[str, Any]]:
    return [
        {
            "measure_id": measure.id,
            "measure_name": measure.name,
            "unit": measure.unit,
            "kind": measure.kind,
            "part_of_measure_id": measure.part_of,
        }
        for measure in codes.measures
    ]


def _groups(codes: Codes) -> list[dict[str, Any]]:
    return [{"group_id": g.id, "group_name": g.name, "parent_group_id": g.parent_id} for g in codes.groups]


def _campaigns(codes: Codes) -> list[dict[str, Any]]:
    return [
        {
            "campaign_id": campaign.id,
            "campaign_name": campaign.name,
            "is_listed": True,
            "starts_on": campaign.season.starts_on if campaign.season else None,
            "ends_on": (campaign.season.ends_on or None) if campaign.season else None,
        }
        for campaign in codes.campaigns
    ]
