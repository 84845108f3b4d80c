"""The season of a campaign: once, from one day to another, or every year from one day of the year to another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from nuanliu.domain.reporting_week import ReportingWeek

_DAY_OF_YEAR = re.compile(r"[0-9]{2}-[0-9]{2}\Z")
_LEAP_YEAR = 2024
_ORDINARY_YEAR = 2023


@dataclass(frozen=True)
class Season:
    """``starts_on``, ``ends_on``: days (2024-11-01) or, for every year, MM-DD (11-01); an empty end is open.

    A yearly season without an end lasts until it begins anew. It may lead over New Year: 11-01 to 03-31.
    Raises: ValueError, naming what is wrong, for days that are none or that do not go together.
    """

    starts_on: str
    ends_on: str = ""

    def __post_init__(self) -> None:
        for name in ("starts_on", "ends_on"):
            text = getattr(self, name)
            if text:
                _check_day(name, text)
        if not self.starts_on:
            raise ValueError("ends_on stands without starts_on; write the first day too, as 2024-11-01 or 11-01")
        if self.ends_on and self.is_yearly != bool(_DAY_OF_YEAR.match(self.ends_on)):
            raise ValueError("write both days with a year (2024-11-01) or both without one (11-01)")
        if self.ends_on and not self.is_yearly and self.ends_on < self.starts_on:
            raise ValueError(f"ends_on {self.ends_on} lies before starts_on {self.starts_on}")

    @property
    def is_yearly(self) -> bool:
        """Whether it comes again every year."""
        return bool(_DAY_OF_YEAR.match(self.starts_on))

    def first_week(self, week: ReportingWeek) -> ReportingWeek | None:
        """The first week of the season that a week lies in, with one day at least; None between seasons."""
        for year in (week.sunday.year, week.sunday.year - 1):
            start = _day(self.starts_on, year)
            end = self._end_after(start)
            if ReportingWeek.of(start) <= week and (end is None or week.monday <= end):
                return ReportingWeek.of(start)
        return None

    def _end_after(self, start: date) -> date | None:
        if not self.ends_on:
            return None
        return min(day for day in (_day(self.ends_on, year) for year in (start.year, start.year + 1)) if day >= start)


def _check_day(name: str, text: str) -> None:
    for year in (_LEAP_YEAR, _ORDINARY_YEAR):
        try:
            _day(text, year)
        except ValueError as error:
            raise ValueError(
                f"{name} {text!r} is no day of every year; write 2024-11-01, or 11-01 for a season of every year"
            ) from error


def _day(text: str, year: int) -> date:
    if len(text) == len("11-01"):
        return date.fromisoformat(f"{year}-{text}")
    if len(text) != len("2024-11-01"):  # 20241101 is a day to fromisoformat too
        raise ValueError(text)
    return date.fromisoformat(text)
