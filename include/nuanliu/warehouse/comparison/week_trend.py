"""The last twelve weeks of the whole province: people, money, and how many unions answered. What is unknown is no zero."""

from __future__ import annotations

from sqlalchemy import Connection

from nuanliu.contract.code_lists import PROVINCE
from nuanliu.domain.documents import AmountEntry, WeekPointEntry
from nuanliu.domain.exactness import exactness_word, plain_number
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.warehouse.marts.coverage import UnitWeek, read_coverages
from nuanliu.warehouse.schema.sql_files import load_sql

TREND_WEEKS = 12
TREND_MEASURES = ("people_served", "funds_total")
_ANSWERED = frozenset({"reported", "confirmed_zero"})


def read_trend(connection: Connection, week: ReportingWeek) -> list[WeekPointEntry]:
    """One point a week, oldest first, as the marts and records stand now; a week in which nobody answered says nothing."""
    weeks = [week.shift(-back) for back in range(TREND_WEEKS - 1, -1, -1)]
    parameters = {
        "week_starts": [each.monday for each in weeks],
        "union_id": PROVINCE,
        "measure_ids": list(TREND_MEASURES),
    }
    said: dict[ReportingWeek, dict[str, AmountEntry]] = {each: {} for each in weeks}
    for row in connection.execute(load_sql("marts", "week_totals"), parameters):
        amount: AmountEntry = {"value": plain_number(row.value), "exactness": exactness_word(row.exactness)}
        said[ReportingWeek(row.week_start)][row.measure_id] = amount
    coverages = read_coverages(connection, weeks)
    return [_point(each, said[each], coverages[each]) for each in weeks]


def _point(week: ReportingWeek, said: dict[str, AmountEntry], units: tuple[UnitWeek, ...]) -> WeekPointEntry:
    expected = [unit for unit in units if unit.is_expected]
    answered = sum(unit.state in _ANSWERED for unit in expected)
    is_known = bool(answered or said)
    return {
        "week": str(week),
        "figures": said,
        "answered": answered if is_known else None,
        "expected": len(expected) if is_known else None,
    }
