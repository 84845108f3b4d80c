"""正月初一 of each year, and the week that lies as far from it a year before: reference/spring_festival.csv.

The days were made with lunar-python and lunardate, which agree on all of them. They are data and no dependency: a table of 131 days
starts at once, while the one comes as a source package that loads a whole almanac and the other under the GPL.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from nuanliu.contract.reference_files import read_lines
from nuanliu.contract.reloading import reloads_with_data
from nuanliu.domain.reporting_week import FIRST_YEAR, LAST_YEAR, ReportingWeek
from nuanliu.errors import BrokenContract
from nuanliu.settings import INCLUDE_DIR

FILE = "spring_festival.csv"
WEEKS_BEFORE, WEEKS_AFTER = 2, 4
"""So far from 正月初一 the holiday decides what unions do, not the date."""


def weeks_from_festival(week: ReportingWeek) -> int | None:
    """How many weeks a week lies after that of 正月初一, negative before it; None where the holiday is far."""
    distance = _festival_week(week.monday.year).weeks_until(week)  # no week near it holds two years
    return distance if -WEEKS_BEFORE <= distance <= WEEKS_AFTER else None


def festival_year_before(week: ReportingWeek) -> ReportingWeek | None:
    """The week of the same distance to 正月初一 a year before; None where the holiday is far."""
    distance = weeks_from_festival(week)
    return None if distance is None else _festival_week(week.monday.year - 1).shift(distance)


def _festival_week(year: int) -> ReportingWeek:
    return ReportingWeek.of(festival_days()[year])


@reloads_with_data
@cache
def festival_days() -> Mapping[int, date]:
    """The project's own table."""
    return read_festival_days(INCLUDE_DIR / "reference" / FILE)


def read_festival_days(path: Path) -> Mapping[int, date]:
    """Year → 正月初一, of every year that a week may lie in and the one before. Raises: BrokenContract, naming the line."""
    days: dict[int, date] = {}
    for line in read_lines(path, ("year", "first_day")):
        day = line.day("first_day")
        if day is None or line["year"] != str(day.year):
            raise line.refuse(
                f"{day} is not in the year {line['year']!r}", "write the day of that year: 2025,2025-01-29"
            )
        if day.year in days:
            raise line.refuse(f"{day.year} stands in an earlier line already", "keep one of them")
        days[day.year] = day
    lacking = [year for year in range(FIRST_YEAR - 1, LAST_YEAR + 1) if year not in days]
    if lacking:
        raise BrokenContract(
            f"{path.name} lacks 正月初一 of {lacking[0]}; write a line for every year up to {LAST_YEAR}"
        )
    return days
