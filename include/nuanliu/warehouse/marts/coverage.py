"""Who reported on a week, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from nuanliu.domain.documents import CoverageEntry, RowsEntry
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.warehouse.schema.sql_files import load_sql


@dataclass(frozen=True, slots=True)
class UnitWeek:
    """One union's report of one week."""

    union_id: str
    union_name: str
    is_expected: bool
    version: int | None
    """The latest current one, None without."""
    receipt_no: str | None
    """Of that version; without one, of the file that was held or rejected last; else None."""
    state: str
    """reported, confirmed_zero, missing, returned or held."""
    is_late: bool
    """Whatever its state."""
    rows: RowsEntry | None
    """Of that receipt."""


def read_coverage(connection: Connection, week: ReportingWeek) -> tuple[UnitWeek, ...]:
    """Every union that may report and existed in the week, in code order. Read from the records, never from the mart."""
    return read_coverages(connection, [week])[week]


def read_coverages(connection: Connection, weeks: Sequence[ReportingWeek]) -> dict[ReportingWeek, tuple[UnitWeek, ...]]:
    """The same of several weeks, in one query."""
    units: dict[str, list[UnitWeek]] = {str(week): [] for week in weeks}
    parameters = {"week_ids": list(units), "week_starts": [week.monday for week in weeks]}
    for row in connection.execute(load_sql("marts", "week_coverage"), parameters):
        units[row.week_id].append(
            UnitWeek(
                row.union_id,
                row.union_name,
                row.is_expected,
                row.version,
                row.receipt_no,
                row.state,
                row.is_late,
                _rows(row) if row.received is not None else None,
            )
        )
    return {week: tuple(units[str(week)]) for week in weeks}


def is_touched(connection: Connection, week: ReportingWeek) -> bool:
    """Whether anybody reported on a week, a 零报告 too, or a fact of another week's report counts in it; else it has no figures."""
    parameters = {"week_start": week.monday, "week_id": str(week)}
    return bool(connection.execute(load_sql("marts", "week_is_touched"), parameters).scalar_one())


def _rows(row: Row[Any]) -> RowsEntry:
    return {
        "received": row.received,
        "accepted": row.accepted,
        "returned": row.returned,
        "held": row.held,
        "ignored": row.ignored,
    }


def coverage_document(units: Sequence[UnitWeek]) -> CoverageEntry:
    """The contract's ``coverage``: the expected unions by state; expected = all five states together."""
    expected = [unit for unit in units if unit.is_expected]

    def ids(state: str) -> list[str]:
        return [unit.union_id for unit in expected if unit.state == state]

    return {
        "expected": len(expected),
        "reported": len(ids("reported")),
        "confirmed_zero": len(ids("confirmed_zero")),
        "missing": ids("missing"),
        "held": ids("held"),
        "returned": ids("returned"),
        "late": [unit.union_id for unit in expected if unit.is_late],
    }
