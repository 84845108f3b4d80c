from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.patching import replace_everywhere

from nuanliu.contract.due_time import due_at, report_due_at
from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.workdays import is_workday
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.errors import InvalidWeek
from nuanliu.settings import SHANGHAI


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1)))
def test_a_day_lies_in_its_week_and_the_name_reads_back(day: date) -> None:
    week = ReportingWeek.of(day)
    assert week.contains(day)
    assert ReportingWeek.parse(str(week)) == week


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1)), st.integers(-500, 500))
def test_shifting_and_counting_weeks_agree(day: date, weeks: int) -> None:
    week = ReportingWeek.of(day)
    assert week.weeks_until(week.shift(weeks)) == weeks


def test_the_year_edge_belongs_to_the_iso_year() -> None:
    assert str(ReportingWeek.of(date(2024, 12, 30))) == "2025-W01"
    assert str(ReportingWeek.of(date(2020, 12, 31))) == "2020-W53"


@pytest.mark.parametrize(
    "text", ["2024-W54", "2024-W00", "2023-W53", "2024-49", "2024W49", "2024-W49 ", "２０２４-W49", ""]
)
def test_what_is_no_week_is_refused_with_the_right_form(text: str) -> None:
    with pytest.raises(InvalidWeek, match="2024-W49"):
        ReportingWeek.parse(text)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("2024-W53", "2024 has 52 weeks, its last is 2024-W52; the next, from 2024-12-30, is 2025-W01"),
        ("2020-W54", "2020 has 53 weeks, its last is 2020-W53; the next, from 2021-01-04, is 2021-W01"),
        ("2024-W00", "the first week of 2024 is 2024-W01"),
        ("2024W49", "write it as 2024-W49"),
        ("2024-49", "write it as 2024-W49"),
        ("2024-w9", "write it as 2024-W09"),
        ("2024年第49周", "write it as 2024-W49"),
        (" 2024-W49 ", "write it as 2024-W49"),
        ("W49", "say of which year, e.g. 2024-W49"),
        ("第49周", "say of which year"),
        ("2024-12-03", "that day lies in 2024-W49"),
        ("2124-W01", "years run from 1970 to 2099"),
    ],
)
def test_what_was_probably_meant_is_said(text: str, hint: str) -> None:
    with pytest.raises(InvalidWeek) as raised:
        ReportingWeek.parse(text)
    assert hint in raised.value.message
    assert pickle.loads(pickle.dumps(raised.value)).message == raised.value.message


@pytest.mark.parametrize("text", ["0000-W01", "0001-W01", "1969-W52", "2100-W01", "9999-W52", "9999-W53"])
def test_a_week_of_no_year_that_reports_know_is_refused(text: str) -> None:
    with pytest.raises(InvalidWeek, match=text):
        ReportingWeek.parse(text)


@pytest.mark.parametrize("text", ["1970-W01", "2099-W53"])
def test_the_first_and_the_last_week_that_can_be_named_have_neighbours_and_a_due_time(text: str) -> None:
    week = ReportingWeek.parse(text)
    assert week.shift(-600) < week < week.shift(600)
    assert due_at(week, 12).tzinfo is UTC


def test_a_week_begins_at_midnight_in_shanghai() -> None:
    midnight = datetime(2024, 12, 1, 16, tzinfo=UTC)  # Monday 00:00 in Shanghai
    assert str(ReportingWeek.at(midnight)) == "2024-W49"
    assert str(ReportingWeek.at(midnight - timedelta(seconds=1))) == "2024-W48"


def test_the_last_closed_week_is_the_one_before() -> None:
    assert str(ReportingWeek.last_closed_before(datetime(2024, 12, 9, 1, tzinfo=UTC))) == "2024-W49"


def test_reports_are_due_on_monday_at_the_hour_that_is_asked_for() -> None:
    assert due_at(ReportingWeek.parse("2024-W49"), 12) == datetime(2024, 12, 9, 4, tzinfo=UTC)


@pytest.mark.parametrize("hour", [12, 17])
def test_the_hour_at_which_reports_are_due_is_the_contract_s(hour: int, monkeypatch: pytest.MonkeyPatch) -> None:
    contract = input_contract()
    replace_everywhere(
        monkeypatch,
        "nuanliu.contract.input_contract.input_contract",
        lambda: replace(contract, limits={**contract.limits, "due_hour": hour}),
    )
    due = report_due_at(ReportingWeek.parse("2024-W49"))
    assert due.astimezone(SHANGHAI) == datetime(2024, 12, 9, hour, tzinfo=SHANGHAI)


def test_a_holiday_moves_the_due_day_to_the_first_working_day() -> None:
    # The State Council's list frees 28 January to 4 February 2025.
    due = due_at(ReportingWeek.parse("2025-W05"), 12)
    assert due == datetime(2025, 2, 5, 4, tzinfo=UTC)


def test_a_year_the_calendar_does_not_know_falls_back_to_monday_to_friday() -> None:
    assert is_workday(date(2080, 1, 1)) == (date(2080, 1, 1).isoweekday() <= 5)


def test_the_label_says_year_week_and_days() -> None:
    assert ReportingWeek.parse("2024-W49").label == "2024年第49周(12月2日—12月8日)"


@pytest.mark.parametrize(
    ("week", "before"),
    [
        ("2024-W49", "2023-W49"),
        ("2021-W01", "2020-W01"),
        ("2025-W01", "2024-W01"),  # begins on 2024-12-30
        ("2021-W52", "2020-W52"),
        ("2020-W53", None),
        ("2026-W53", None),
    ],
)
def test_the_week_of_last_year_has_the_same_number_and_week_53_has_none(week: str, before: str | None) -> None:
    found = ReportingWeek.parse(week).year_before()
    assert (str(found) if found else None) == before
