"""The reporting week: Monday to Sunday in Asia/Shanghai, named as ISO weeks are, ``2024-W49``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import total_ordering

from nuanliu.errors import InvalidWeek, UsageError
from nuanliu.settings import SHANGHAI

_WEEK_NAME = re.compile(r"([0-9]{4})-W([0-9]{2})\Z")
_WEEK_MEANT = re.compile(r"([0-9]{4})年?[-_./ ]?(?:[Ww](?:eek)?[-_ ]?|第)?([0-9]{1,2})周?\Z")
_NUMBER_ALONE = re.compile(r"(?:[Ww](?:eek)?[-_ ]?|第)?([0-9]{1,2})周?\Z")
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
            raise InvalidWeek(text, _meant(text))
        try:
            return cls(date.fromisocalendar(int(match[1]), int(match[2]), 1))
        except ValueError as error:
            raise InvalidWeek(text, _meant(text)) from error

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


def parse_weeks(text: str) -> tuple[ReportingWeek, ReportingWeek]:
    """The first and the last of ``2024-W46..2024-W49``, or of one week. Raises: InvalidWeek, UsageError."""
    first_text, _, last_text = text.partition("..")
    first = ReportingWeek.parse(first_text)
    last = ReportingWeek.parse(last_text) if ".." in text else first
    if last < first:
        raise UsageError(f"--weeks {text}: the last week lies before the first")
    return first, last


def _meant(text: str) -> str:
    """What is wrong with a text that is no week, or what it probably means; empty where nobody can tell."""
    bare = text.strip()
    try:
        day = date.fromisoformat(bare) if len(bare) == len("2024-12-03") else None
    except ValueError:
        day = None
    if day is not None:
        return f"that day lies in {ReportingWeek.of(day)}"
    if match := _WEEK_MEANT.match(bare):
        year, number = int(match[1]), int(match[2])
        if not FIRST_YEAR <= year <= LAST_YEAR:
            return f"years run from {FIRST_YEAR} to {LAST_YEAR}"
        last = ReportingWeek.of(date(year, 12, 28))  # by ISO 8601 that day is always in the last week of its year
        if number == 0:
            return f"the first week of {year} is {year}-W01"
        if f"{year}-W{number:02d}" > str(last):
            after = last.shift(1)
            return f"{year} has {str(last)[-2:]} weeks, its last is {last}; the next, from {after.monday}, is {after}"
        return f"write it as {year}-W{number:02d}"
    if match := _NUMBER_ALONE.match(bare):
        return f"say of which year, e.g. 2024-W{int(match[1]):02d}"
    return ""
