"""正月初一, and the week that lies as far from it a year before."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import chinese_calendar
import pytest

from nuanliu.contract.spring_festival import (
    festival_days,
    festival_year_before,
    read_festival_days,
    weeks_from_festival,
)
from nuanliu.domain.reporting_week import FIRST_YEAR, LAST_YEAR, ReportingWeek
from nuanliu.errors import BrokenContract

LIST = "year,first_day\n"


def around(year: int) -> dict[str, int]:
    """The weeks of a year that lie near the holiday → their distance."""
    mondays = (ReportingWeek.of(date(year, 1, 4)).shift(number) for number in range(52))
    found = {str(week): weeks_from_festival(week) for week in mondays}
    return {name: distance for name, distance in found.items() if distance is not None}


def test_the_holiday_of_2025_reaches_from_two_weeks_before_it_to_four_after() -> None:
    assert around(2025) == {f"2025-W{number:02d}": number - 5 for number in range(3, 10)}


def test_the_week_of_the_same_distance_stands_for_it_a_year_before() -> None:
    """正月初一: 29 January 2025, a Wednesday of W05; 10 February 2024, a Saturday of W06."""
    assert str(festival_year_before(ReportingWeek.parse("2025-W05"))) == "2024-W06"
    assert str(festival_year_before(ReportingWeek.parse("2025-W03"))) == "2024-W04"
    assert str(festival_year_before(ReportingWeek.parse("2025-W09"))) == "2024-W10"
    assert festival_year_before(ReportingWeek.parse("2025-W10")) is None
    assert festival_year_before(ReportingWeek.parse("2025-W02")) is None


def test_the_first_and_the_last_week_that_can_be_named_have_an_answer() -> None:
    for year in (FIRST_YEAR, LAST_YEAR):
        assert len(around(year)) == 7
    assert festival_year_before(ReportingWeek.parse("2099-W04")) == ReportingWeek.of(festival_days()[2098])


@pytest.mark.parametrize("year", range(2004, 2027))
def test_the_day_is_one_of_the_holidays_that_the_state_council_announced(year: int) -> None:
    assert chinese_calendar.get_holiday_detail(festival_days()[year]) == (
        True,
        chinese_calendar.Holiday.spring_festival.value,
    )


def test_years_are_twelve_or_thirteen_moons_long_and_begin_between_late_january_and_late_february() -> None:
    days = [festival_days()[year] for year in range(FIRST_YEAR - 1, LAST_YEAR + 1)]
    assert {(later - earlier).days for earlier, later in pairwise(days)} <= {353, 354, 355, 383, 384, 385}
    assert all(date(day.year, 1, 20) < day < date(day.year, 2, 21) for day in days)


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("2025,2024-01-29\n", "line 2: 2024-01-29 is not in the year '2025'"),
        ("2025,\n", "line 2: None is not in the year '2025'"),
        ("2025,2025-01-29\n2025,2025-01-29\n", "line 3: 2025 stands in an earlier line already"),
        ("2025,2025-01-29\n", "lacks 正月初一 of 1969"),
    ],
)
def test_a_broken_table_is_refused_with_what_to_write(tmp_path: Path, lines: str, problem: str) -> None:
    path = tmp_path / "spring_festival.csv"
    path.write_text(LIST + lines, "utf-8")
    with pytest.raises(BrokenContract, match=problem.replace("(", r"\(")):
        read_festival_days(path)
