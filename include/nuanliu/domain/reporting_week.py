"""The reporting week: Monday to Sunday in Asia/Shanghai, named as ISO weeks are, ``2024-W49``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import total_ordering

from nuanliu.errors import InvalidWeek
from nuanliu.settings import SHANGHAI

_WEEK_NAME = re.compile(r"([0-9]{4})-W([0-9]{2})\Z")
FIRST_YEAR, LAST_YEAR = 1970, 2099
"""Years whose weeks can be named; beyond them is a slip of the pen, and near year 1 or 9999 there is no week before or after."""


@total_ordering
@dataclass(frozen=True)
class ReportingWeek:
    """One ISO week, held as its Monday."""

    monday: date

    def __post_init__(self) -> None:
        if self.monday.isoweekday() != 1:
            raise InvalidWeek(self.monday.isoformat())

    @classmethod
    def parse(cls, text: str) -> ReportingWeek:
        """Read ``2024-W49``, of 1970 to 2099. Raises: InvalidWeek."""
        match = _WEEK_NAME.match(text)
        if match is None or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
            raise InvalidWeek(text)
        try:
            return cls(date.fromisocalendar(int(match[1]), int(match[2]), 1))
        except ValueError as error:
            raise InvalidWeek(text) from error

    @classmethod
    def of(cls, day: date) -> ReportingWeek:
        """The week that holds a day (a local date)."""
        return cls(day - timedelta(days=day.isoweekday() - 1))

    @classmethod
    def at(cls, instant: datetime) -> ReportingWeek:
        """The week that holds an instant, by the clock of Asia/Shanghai."""
        return cls.of(instant.astimezone(SHANGHAI).date())

    @classmethod
    def last_closed_before(cls, instant: datetime) -> ReportingWeek:
        """The last week that had ended at an instant."""
        return cls.at(instant).shift(-1)

    @property
    def sunday(self) -> date:
        """The last day of the week."""
        return self.monday + timedelta(days=6)

    @property
    def label(self) -> str:
        """The week for people: 2024年第49周(12月2日—12月8日)."""
        year, number, _ = self.monday.isocalendar()
        first, last = self.monday, self.sunday
        return f"{year}年第{number}周({first.month}月{first.day}日—{last.month}月{last.day}日)"

    @property
    def compact(self) -> str:
        """The week inside a receipt number: 2024W49."""
        return str(self).replace("-", "")

    def shift(self, weeks: int) -> ReportingWeek:
        """The week that lies ``weeks`` later (earlier when negative)."""
        return ReportingWeek(self.monday + timedelta(weeks=weeks))

    def year_before(self) -> ReportingWeek | None:
        """The week of the same number a year earlier; None for a week 53 whose year before has 52."""
        year, number, _ = self.monday.isocalendar()
        try:
            return ReportingWeek(date.fromisocalendar(year - 1, number, 1))
        except ValueError:
            return None

    def weeks_until(self, other: ReportingWeek) -> int:
        """How many weeks later ``other`` is; negative when it is earlier."""
        return (other.monday - self.monday).days // 7

    def contains(self, day: date) -> bool:
        """Whether a local date falls in the week."""
        return self.monday <= day <= self.sunday

    def due_at(self, hour: int) -> datetime:
        """When reports of this week are due: Monday after it at ``hour``, moved to the first working day.

        Returns an instant in UTC. Working days are those of the State Council's calendar where it is known, else
        Monday to Friday.
        """
        day = self.monday + timedelta(weeks=1)
        while not is_workday(day):
            day += timedelta(days=1)
        return datetime.combine(day, time(hour), tzinfo=SHANGHAI).astimezone(UTC)

    def __str__(self) -> str:
        year, number, _ = self.monday.isocalendar()
        return f"{year:04d}-W{number:02d}"

    def __lt__(self, other: ReportingWeek) -> bool:
        return self.monday < other.monday


def report_due_at(week: ReportingWeek) -> datetime:
    """When reports of a week are due, at the hour of contracts/limits.yaml; an instant in UTC."""
    from nuanliu.contract.input_contract import input_contract

    return week.due_at(int(input_contract().limits["due_hour"]))


def is_workday(day: date) -> bool:
    """Whether people work on a day in China, 调休 included.

    Source: the chinesecalendar package; years it does not know yet fall back to Monday-Friday.
    """
    import chinese_calendar

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.isoweekday() <= 5
