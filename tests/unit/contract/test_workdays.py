"""The workday calendar: data over the package, and what is said of a year that neither knows."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest
from tests.patching import replace_everywhere

from nuanliu.contract.due_time import report_due_at, year_of_guessed_due
from nuanliu.contract.workdays import (
    is_workday,
    is_year_known,
    read_workdays,
    unknown_year_ahead,
    workdays_in,
)
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.errors import BrokenContract
from nuanliu.settings import INCLUDE_DIR

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "day,kind,name\n"


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> dict[date, bool]:
    """The data file's days, to be filled by the test."""
    days: dict[date, bool] = {}
    replace_everywhere(monkeypatch, "nuanliu.contract.workdays.workdays", lambda: days)
    return days


def test_the_data_file_that_is_shipped_can_be_read() -> None:
    read_workdays(INCLUDE_DIR / "reference" / "workdays.csv")


def test_the_package_knows_holidays_and_make_up_days() -> None:
    assert not is_workday(date(2025, 1, 29))
    assert is_workday(date(2025, 1, 26))


def test_the_data_file_stands_over_the_package(listed: dict[date, bool]) -> None:
    listed |= {date(2025, 1, 29): True, date(2025, 1, 26): False}
    assert is_workday(date(2025, 1, 29))
    assert not is_workday(date(2025, 1, 26))


def test_a_year_that_nobody_knows_is_monday_to_friday(listed: dict[date, bool]) -> None:
    assert not is_year_known(2050)
    assert [is_workday(date(2050, 1, day)) for day in range(1, 8)] == [False, False, True, True, True, True, True]


def test_a_year_is_known_once_its_holidays_are_listed(listed: dict[date, bool]) -> None:
    week = ReportingWeek.parse("2050-W01")
    assert year_of_guessed_due(week) == 2050
    assert report_due_at(week) == datetime.fromisoformat("2050-01-10T12:00+08:00")
    listed[date(2050, 1, 15)] = True
    assert not is_year_known(2050)
    listed[date(2050, 1, 10)] = False
    assert is_year_known(2050)
    assert year_of_guessed_due(week) is None
    assert report_due_at(week) == datetime.fromisoformat("2050-01-11T12:00+08:00")


@pytest.mark.parametrize(
    ("today", "year"),
    [(date(2049, 11, 1), None), (date(2049, 11, 2), 2050), (date(2050, 6, 1), 2050)],
)
def test_an_unknown_year_is_told_sixty_days_ahead(listed: dict[date, bool], today: date, year: int | None) -> None:
    listed[date(2049, 1, 1)] = False
    assert unknown_year_ahead(today) == year


@pytest.mark.parametrize(
    ("lines", "line", "why"),
    [
        ("2027-01-01,休,元旦\n", 2, "neither holiday nor workday"),
        ("2027-01-01,holiday,元旦\n2027-01-01,workday,\n", 3, "stands in an earlier line"),
        ("2027-02-30,holiday,\n", 2, "is no day"),
        ("2027年1月1日,holiday,元旦\n", 2, "is no day"),
        ("\n,holiday,\n", 3, "is no day"),
    ],
)
def test_a_day_that_cannot_be_read_is_refused_naming_file_and_line(
    tmp_path: Path, lines: str, line: int, why: str
) -> None:
    path = tmp_path / "workdays.csv"
    path.write_text(HEADER + lines, "utf-8")
    with pytest.raises(BrokenContract, match=rf"workdays\.csv line {line}: .*{why}"):
        read_workdays(path)


def test_other_columns_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "workdays.csv"
    path.write_text("date,holiday\n2027-01-01,yes\n", "utf-8")
    with pytest.raises(BrokenContract, match="line 1"):
        read_workdays(path)


def test_the_workdays_of_a_week_count_holidays_and_make_up_days(listed: dict[date, bool]) -> None:
    """国庆节 2024: off from 1 to 7 October, worked on Saturday 12 October."""
    counted = {name: workdays_in(ReportingWeek.parse(name).monday) for name in ("2024-W40", "2024-W41", "2024-W49")}
    assert counted == {"2024-W40": 1, "2024-W41": 5, "2024-W49": 5}
    listed[date(2024, 12, 4)] = False
    assert workdays_in(date(2024, 12, 2)) == 4


def test_the_workdays_of_a_week_in_a_year_that_nobody_knows_are_not_guessed() -> None:
    assert workdays_in(date(2060, 6, 7)) is None
