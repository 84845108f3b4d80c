"""Who reported on a week, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nuanliu.warehouse.sql_files import load_sql

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from nuanliu.reporting_week import ReportingWeek


@dataclass(frozen=True)
class UnitWeek:
    """One union's report of one week.

    ``state``: reported, confirmed_zero, missing, returned or held. ``version``: the latest current one, None without.
    ``receipt_no``, ``rows``: of that version; without one, of the file that was held or rejected last; else None.
    """

    union_id: str
    union_name: str
    is_expected: bool
    state: str
    is_late: bool
    version: int | None
    receipt_no: str | None
    rows: Mapping[str, int] | None


def read_coverage(connection: Connection, week: ReportingWeek) -> tuple[UnitWeek, ...]:
    """Every union that may report and existed in the week, in code order. Read from the books, never from the mart."""
    rows = connection.execute(
        load_sql("marts", "week_coverage"), {"week_start": week.monday, "week_id": str(week)}
    ).mappings()
    names = {"row_counts": "rows"}
    return tuple(UnitWeek(**{names.get(name, name): value for name, value in row.items()}) for row in rows)


def coverage_document(units: Sequence[UnitWeek]) -> dict[str, Any]:
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
