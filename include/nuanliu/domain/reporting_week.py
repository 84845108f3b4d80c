"""The reporting week: Monday to Sunday in Asia/Shanghai, named as ISO weeks are, ``2024-W49``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
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

    def __str__(self) -> str:
        year, number, _ = self.monday.isocalendar()
        return f"{year:04d}-W{number:02d}"

    def __lt__(self, other: ReportingWeek) -> bool:
        return self.monday < other.monday
