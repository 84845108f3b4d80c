"""The workday calendar of China: the days of reference/workdays.csv over the chinesecalendar package; else Monday to Friday."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import chinese_calendar

from nuanliu.contract.reloading import reloads_with_data
from nuanliu.errors import BrokenContract
from nuanliu.settings import INCLUDE_DIR

_KINDS = {"holiday": False, "workday": True}
WARNED_AHEAD = timedelta(days=60)
"""So long before the first day of a year whose holidays nobody knows a person should hear of it."""


def is_workday(day: date) -> bool:
    """Whether people work on a day in China, 调休 included. In a year that nobody knows: from Monday to Friday."""
    listed = workdays().get(day)
    if listed is not None:
        return listed
    if _package_knows(day.year):
        return bool(chinese_calendar.is_workday(day))
    return day.isoweekday() <= 5


def workdays_in(monday: date) -> int | None:
    """On how many days of a week people work, 调休 included; None where nobody knows the holidays of all its days."""
    days = [monday + timedelta(days=number) for number in range(7)]
    if not all(is_year_known(year) for year in {day.year for day in days}):
        return None
    return sum(map(is_workday, days))


def is_year_known(year: int) -> bool:
    """Whether the holidays of a year are known: to the package, or because the file lists some.

    The State Council announces a year's holidays in one notice, so a year is written down whole or not at all.
    """
    return _package_knows(year) or any(day.year == year and not works for day, works in workdays().items())


def unknown_year_ahead(today: date) -> int | None:
    """The first year up to ``WARNED_AHEAD`` from a day whose holidays are not known; None when all are."""
    years = range(today.year, (today + WARNED_AHEAD).year + 1)
    return next((year for year in years if not is_year_known(year)), None)


def describe_unknown_year(year: int) -> str:
    """What the engineers are told, and what they can do."""
    return (
        f"{year} 年的放假和调休安排还没有录入,报送时限和迟报暂按周一至周五判断;"
        f"请把国务院办公厅通知里的放假日(holiday)和调休上班日(workday)写进 include/reference/workdays.csv。"
    )


@reloads_with_data
@cache
def workdays() -> Mapping[date, bool]:
    """The project's own days."""
    return read_workdays(INCLUDE_DIR / "reference" / "workdays.csv")


def read_workdays(path: Path) -> Mapping[date, bool]:
    """Day → whether people work. Columns: day, kind (holiday or workday), name.

    Raises: BrokenContract naming file and line for a day that is none or stands twice, an unknown kind, or other columns.
    """
    found: dict[date, bool] = {}
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        if reader.fieldnames != ["day", "kind", "name"]:
            raise BrokenContract(f"{path.name} line 1: the columns must be day,kind,name")
        for row in reader:
            where = f"{path.name} line {reader.line_num}"
            text, kind = (row["day"] or "").strip(), (row["kind"] or "").strip()
            try:
                day = date.fromisoformat(text)
            except ValueError as error:
                raise BrokenContract(f"{where}: {text!r} is no day; write it as 2027-01-01") from error
            if kind not in _KINDS:
                raise BrokenContract(f"{where}: kind {kind!r} is neither holiday nor workday")
            if day in found:
                raise BrokenContract(f"{where}: {day} stands in an earlier line already; keep one of them")
            found[day] = _KINDS[kind]
    return found


def _package_knows(year: int) -> bool:
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:  # the package's word for a year that it does not hold
        return False
    return True
