"""When reports of a week are due: an hour of contracts/limits.yaml, moved by the workday calendar of China."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.workdays import is_workday, is_year_known
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.settings import SHANGHAI


def report_due_at(week: ReportingWeek) -> datetime:
    """When reports of a week are due, at the hour of contracts/limits.yaml; an instant in UTC."""
    return due_at(week, int(input_contract().limits["due_hour"]))


def due_at(week: ReportingWeek, hour: int) -> datetime:
    """Monday after a week at ``hour``, moved to the first working day; an instant in UTC.

    Working days are those of the workday calendar where it knows the year, else Monday to Friday.
    """
    day = week.monday + timedelta(weeks=1)
    while not is_workday(day):
        day += timedelta(days=1)
    return datetime.combine(day, time(hour), tzinfo=SHANGHAI).astimezone(UTC)


def year_of_guessed_due(week: ReportingWeek) -> int | None:
    """The year of the due day, if nobody knows its holidays: reports may then be due later than ``report_due_at`` says."""
    year = report_due_at(week).astimezone(SHANGHAI).year
    return None if is_year_known(year) else year
