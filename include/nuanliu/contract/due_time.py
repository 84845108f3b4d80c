"""When reports of a week are due: an hour of contracts/limits.yaml, moved by the workday calendar of China."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import chinese_calendar

from nuanliu.contract.input_contract import input_contract
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.settings import SHANGHAI


def report_due_at(week: ReportingWeek) -> datetime:
    """When reports of a week are due, at the hour of contracts/limits.yaml; an instant in UTC."""
    return due_at(week, int(input_contract().limits["due_hour"]))


def due_at(week: ReportingWeek, hour: int) -> datetime:
    """Monday after a week at ``hour``, moved to the first working day; an instant in UTC.

    Working days are those of the State Council's calendar where it is known, else Monday to Friday.
    """
    day = week.monday + timedelta(weeks=1)
    while not is_workday(day):
        day += timedelta(days=1)
    return datetime.combine(day, time(hour), tzinfo=SHANGHAI).astimezone(UTC)


def is_workday(day: date) -> bool:
    """Whether people work on a day in China, 调休 included.

    Source: the chinesecalendar package; years it does not know yet fall back to Monday-Friday.
    """
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.isoweekday() <= 5
