"""Catalogue M64–M70: how clerks write dates, each through the real check of a workbook or CSV.

Writings that are read alike stand below each other in one workbook, a row for each; it is checked once.
"""

from __future__ import annotations

from datetime import date, datetime, time
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from tests.catalogue.checking import SHEET, activity, check, counts, fill, finding, rules, saved, text_file, workbook

if TYPE_CHECKING:
    from nuanliu.domain.checked import CheckedDrop

HEADER = ("活动名称", "活动类别", "活动时间", "统计口径", "服务人数(人)")
TIME = "C2"
THIRD = (date(2024, 12, 3), date(2024, 12, 3))


class Days(NamedTuple):
    """What became of one writing. ``days``: start and end; ``rules``: found on its cell."""

    days: tuple[date | None, date | None]
    is_inferred: bool
    counts_week: date
    status: str
    rules: tuple[str, ...]


def _day(moment: Any) -> date | None:
    return None if pd.isna(moment) else moment.date()


@cache
def together(
    writings: tuple[object, ...], *, week: str = "2024-W49", arrival: str = "2024-12-09T09:00+08:00"
) -> dict[str, Days]:
    """Many writings of 活动时间, each in a row of its own of one workbook; by what ``repr`` shows of them."""
    rows = [[f"走访第{at}车间", "走访慰问", written, "本次", 50] for at, written in enumerate(writings)]
    checked = check(workbook(rows, HEADER), week=week, received_at=datetime.fromisoformat(arrival))
    assert checked.receipt.rows.is_identity_kept
    read = checked.submission.rows
    return {
        repr(written): Days(
            (_day(read["start_on"].iloc[at]), _day(read["end_on"].iloc[at])),
            bool(read["is_date_inferred"].iloc[at]),
            _day(read["counts_week"].iloc[at]) or date.min,
            checked.row_status.iloc[at],
            tuple(found.rule for found in checked.receipt.findings if found.cell == f"C{at + 2}"),
        )
        for at, written in enumerate(writings)
    }


def of(start: object, end: object, **more: Any) -> CheckedDrop:
    """One activity with 开始日期 and 结束日期."""
    return check(workbook([activity(start=start, end=end)]), **more)


FULL = (
    "2024.12.3", "2024.12.03", "2024/12/03", "2024/12/3", "20241203", "24-12-3", "24.12.3", "2024-12-3", "2024年12月3日",
    "２０２４年１２月３日", "2024 年 12 月 3 日", "2024．12．3", "2024年十二月三日", "二〇二四年十二月三日", "2024年12.3", "2024-12-03 00:00:00",
    "今年12月3日", "2024.12.03日", "2024年12月3日（星期二）",
)  # fmt: skip


@pytest.mark.parametrize("written", FULL)
def test_m64_a_day_with_its_year_is_that_day(written: str) -> None:
    assert together(FULL)[repr(written)] == Days(THIRD, False, date(2024, 12, 2), "accepted", ())


YEARLESS = (
    "12月3日", "12月03号", "12月3", "12/3", "12-3", "12.3", "十二月三日", "12月3日上午", "12月3日(周二)", "12 月 3 日", "12月3日 9:00-11:30",
)  # fmt: skip


@pytest.mark.parametrize("written", YEARLESS)
def test_m64_a_day_without_its_year_is_flagged_as_inferred(written: str) -> None:
    assert together(YEARLESS)[repr(written)] == Days(THIRD, True, date(2024, 12, 2), "accepted", ())


@pytest.mark.parametrize(
    ("written", "day"),
    [("12月30日", date(2024, 12, 30)), ("1月2日", date(2025, 1, 2)), ("11月28日", date(2024, 11, 28))],
)
def test_m64_the_year_that_is_left_out_is_the_nearest_one_over_the_turn_of_the_year(written: str, day: date) -> None:
    read = together(("12月30日", "1月2日", "11月28日"), week="2025-W01", arrival="2025-01-06T09:00+08:00")
    assert (read[repr(written)].days, read[repr(written)].status) == ((day, day), "accepted")


def test_m64_dates_of_a_csv_are_read_alike() -> None:
    rows = [activity(start=text, end=text, name=f"走访第{at}车间") for at, text in enumerate(FULL[:8])]
    checked = check(text_file(rows, encoding="gb18030"), "周报.csv")
    assert set(checked.submission.rows["end_on"].dt.date) == {THIRD[1]}
    assert counts(checked) == (8, 0, 0, 0)


DOUBTFUL = (
    "3/12/2024",
    "12/3/2024",
    "2024、12、3",
    "241203",
    "1203",
    "3日",
    "周二",
    "2024-W49",
    "Dec 3 2024",
    "20241203.5",
)


@pytest.mark.parametrize("written", DOUBTFUL)
def test_m64_a_writing_that_may_be_another_day_is_asked_about(written: str) -> None:
    days = together(DOUBTFUL)[repr(written)]
    assert (days.days, days.status, days.rules) == ((None, None), "held", ("row.date.unreadable",))


MAYBE_RANGES = ("3-5日", "11-12日", "2-8号", "11-12", "3-5")


@pytest.mark.parametrize("written", MAYBE_RANGES)
def test_m64_days_whose_month_was_left_out_are_not_taken_for_a_month_and_a_day(written: str) -> None:
    """In December 11-12日 is the eleventh and twelfth; as 12 November it would count three weeks too early, unasked."""
    days = together(MAYBE_RANGES)[repr(written)]
    assert (days.days, days.status, days.rules) == ((None, None), "held", ("row.date.unreadable",))


STORED_AS_NUMBERS = (12.3, 12.30, 2024.10, 2024.1, 12.8)


@pytest.mark.parametrize("stored", STORED_AS_NUMBERS)
def test_m65_a_date_that_became_a_decimal_is_asked_about(stored: float) -> None:
    days = together(STORED_AS_NUMBERS)[repr(stored)]
    assert (days.days, days.status, days.rules) == ((None, None), "held", ("row.date.number",))


def test_m65_the_question_names_the_cell_and_why() -> None:
    asked = finding(of(12.3, "2024-12-04"), "row.date.number")
    assert (asked.cell, asked.column, asked.value) == ("C2", "开始日期", "12.3")
    assert "12.30 会变成 12.3" in asked.message


MONTHS = ("2024.1", "2024.10", "2024.12", "2024-12", "2024年", "2024")


@pytest.mark.parametrize("written", MONTHS)
def test_m65_a_month_or_year_without_a_day_is_asked_about(written: str) -> None:
    days = together(MONTHS)[repr(written)]
    assert (days.days, days.status, days.rules) == ((None, None), "held", ("row.date.no_day",))


def test_m65_rows_with_unreadable_days_are_not_called_the_same_activity() -> None:
    rows = [activity(start=12.3, end=12.3), activity(start=12.4, end=12.4)]
    assert "set.key.repeated" not in rules(check(workbook(rows)))


MIDNIGHT = datetime.fromisoformat("2024-12-03T00:00")  # a sheet's dates have no zone
SERIALS = (45629, MIDNIGHT, MIDNIGHT.replace(hour=23, minute=59), MIDNIGHT.date(), 20241203)


@pytest.mark.parametrize("stored", SERIALS)
def test_m66_what_excel_stores_for_a_day_is_that_day(stored: object) -> None:
    assert together(SERIALS)[repr(stored)] == Days(THIRD, False, date(2024, 12, 2), "accepted", ())


def test_m66_a_serial_as_text_is_that_day_and_said() -> None:
    assert together(("45629",))["'45629'"] == Days(THIRD, False, date(2024, 12, 2), "accepted", ("row.date.serial",))


def test_m66_serials_of_the_1904_system_are_read_by_the_workbooks_flag() -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.title = SHEET
    fill(book.active, [HEADER, ["义诊", "健康义诊", MIDNIGHT, "本次", 50]])
    checked = check(saved(book))
    assert _day(checked.submission.rows["end_on"].iloc[0]) == THIRD[1]
    assert counts(checked) == (1, 0, 0, 0)


NO_SERIALS = (1, 12, 60000, 99999, time(9, 0))


@pytest.mark.parametrize("stored", NO_SERIALS)
def test_m66_a_number_that_is_no_day_of_our_time_is_asked_about(stored: object) -> None:
    assert together(NO_SERIALS)[repr(stored)].status == "held"


RANGES = {
    "11月11日至12日": ("2024-11-11", "2024-11-12"),
    "11.11-12": ("2024-11-11", "2024-11-12"),
    "11月28日—12月2日": ("2024-11-28", "2024-12-02"),
    "12月3日-5日": ("2024-12-03", "2024-12-05"),
    "12月3-5日": ("2024-12-03", "2024-12-05"),
    "12月3日–5日": ("2024-12-03", "2024-12-05"),
    "12月3日~5日": ("2024-12-03", "2024-12-05"),
    "12月3日～5日": ("2024-12-03", "2024-12-05"),
    "12月3日到5日": ("2024-12-03", "2024-12-05"),
    "12月3日——5日": ("2024-12-03", "2024-12-05"),
    "12.3-12.5": ("2024-12-03", "2024-12-05"),
    "12.3-5日": ("2024-12-03", "2024-12-05"),
    "2024.12.3-12.5": ("2024-12-03", "2024-12-05"),
    "2024/12/3-2024/12/5": ("2024-12-03", "2024-12-05"),
    "20241203-20241205": ("2024-12-03", "2024-12-05"),
    "2024-12-03至2024-12-05": ("2024-12-03", "2024-12-05"),
    "12月3日上午至5日下午": ("2024-12-03", "2024-12-05"),
    "12月3日(周二)至12月5日(周四)": ("2024-12-03", "2024-12-05"),
    "12月3日、4日、5日": ("2024-12-03", "2024-12-05"),
    "12月3日至\n12月5日": ("2024-12-03", "2024-12-05"),
    "12月2日-8日（共7天）": ("2024-12-02", "2024-12-08"),
}


@pytest.mark.parametrize("written", RANGES)
def test_m67_a_range_is_read_with_whatever_dash_and_counts_in_the_week_of_its_end(written: str) -> None:
    start, end = (date.fromisoformat(day) for day in RANGES[written])
    days = together(tuple(RANGES))[repr(written)]
    is_earlier = end.month == 11
    monday, told = (date(2024, 11, 11), ("row.end_date.own_week",)) if is_earlier else (date(2024, 12, 2), ())
    assert (days.days, days.counts_week, days.status, days.rules) == ((start, end), monday, "accepted", told)


OVER_THE_YEAR = ("12月30日至1月2日", "12.30-1.2", "2024年12月30日—1月2日", "12月30日—2025年1月2日")


@pytest.mark.parametrize("written", OVER_THE_YEAR)
def test_m67_a_range_over_the_turn_of_the_year_ends_in_the_new_one(written: str) -> None:
    days = together(OVER_THE_YEAR, week="2025-W01", arrival="2025-01-06T09:00+08:00")[repr(written)]
    assert (days.days, days.counts_week, days.status) == (
        (date(2024, 12, 30), date(2025, 1, 2)),
        date(2024, 12, 30),
        "accepted",
    )


RUNNING = ("12月3日起", "12月3日至今", "2024-12-03至今", "自12月3日以来")


@pytest.mark.parametrize("written", RUNNING)
def test_m67_an_open_end_leaves_the_activity_running_in_the_report_week(written: str) -> None:
    days = together(RUNNING)[repr(written)]
    assert (days.days, days.counts_week, days.status) == ((THIRD[0], None), date(2024, 12, 2), "accepted")


@pytest.mark.parametrize("written", ["12月5日至3日", "12月5日—12月3日"])
def test_m67_a_range_written_backwards_goes_back(written: str) -> None:
    days = together(("12月5日至3日", "12月5日—12月3日"))[repr(written)]
    assert (days.status, days.rules) == ("returned", ("row.date.reversed",))


INEXACT = (
    "近日", "日前", "连日来", "近期", "12月上旬", "十二月上旬", "12月初", "12月", "月初", "本周", "本周内", "冬至", "腊八", "腊月初八", "大雪", "春节期间",
)  # fmt: skip


@pytest.mark.parametrize("written", INEXACT)
def test_m68_an_inexact_word_counts_in_the_report_week_with_a_warning(written: str) -> None:
    days = together(INEXACT)[repr(written)]
    assert days == Days((None, None), True, date(2024, 12, 2), "accepted", ("row.date.inexact",))


@pytest.mark.parametrize("written", ["", None, "-", "无"])
def test_m68_an_absent_date_is_the_report_week_with_a_warning(written: object) -> None:
    days = together(("", None, "-", "无"))[repr(written)]
    assert days == Days((None, None), True, date(2024, 12, 2), "accepted", ("row.date.absent",))


ELSEWHEN = ("12月中旬", "11月下旬", "12月底", "上周", "近日(12月3日)", "农历十一月初三", "不定期", "待定", "每周三")


@pytest.mark.parametrize("written", ELSEWHEN)
def test_m68_a_word_for_another_time_or_beside_a_day_is_asked_about(written: str) -> None:
    days = together(ELSEWHEN)[repr(written)]
    assert (days.days, days.status) == ((None, None), "held")
    assert set(days.rules) <= {"row.date.no_day", "row.date.unreadable"}


IMPOSSIBLE = ("2月30日", "2024-02-30", "2024-13-03", "12月32日", "2024-11-31", "20241332", "2023-02-29")


@pytest.mark.parametrize("written", IMPOSSIBLE)
def test_m69_a_day_that_no_calendar_has_goes_back(written: str) -> None:
    days = together(IMPOSSIBLE)[repr(written)]
    assert (days.days, days.status, days.rules) == ((None, None), "returned", ("row.date.impossible",))


@pytest.mark.parametrize("written", ["2042-12-03", "1900-01-01", "1999-12-3"])
def test_m69_a_year_far_away_goes_back(written: str) -> None:
    days = together(("2042-12-03", "1900-01-01", "1999-12-3"))[repr(written)]
    assert (days.status, days.rules) == ("returned", ("row.date.implausible",))


@pytest.mark.parametrize(
    ("start", "end", "rule", "cell"),
    [
        ("2024-12-05", "2024-12-03", "row.end_date.before_start", "D2"),
        ("12月5日", "2024.12.3", "row.end_date.before_start", "D2"),
        ("2024-12-03", "2024-12-09", "row.end_date.after_period", "D2"),
        ("2024-12-09", None, "row.start_date.after_period", "C2"),
        ("2024-12-03", "2042-12-05", "row.date.implausible", "D2"),
        ("2025-12-03", "2025-12-04", "row.end_date.after_period", "D2"),
    ],
)
def test_m69_an_end_before_the_start_or_a_day_ahead_goes_back(
    start: str, end: str | None, rule: str, cell: str
) -> None:
    checked = of(start, end)
    error = finding(checked, rule)
    assert (error.cell, error.severity, error.row) == (cell, "error", 2)
    assert counts(checked) == (0, 1, 0, 0)


def test_m69_what_is_planned_may_lie_ahead_and_is_no_result() -> None:
    checked = check(workbook([activity(start="2024-12-20", end="2024-12-22", kind="计划")]))
    assert counts(checked) == (1, 0, 0, 0)
    assert {total.period_kind for total in checked.receipt.totals} == {"planned"}


@pytest.mark.parametrize("end", ["2023-12-03", "2024-10-06"])
def test_m69_a_day_more_than_eight_weeks_back_is_asked_about(end: str) -> None:
    asked = finding(of(end, end), "row.end_date.too_old")
    assert (asked.cell, asked.severity, asked.value) == ("D2", "query", end)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2024-12-02T16:30:00Z", date(2024, 12, 3)),
        ("2024-12-03T15:59:59+00:00", date(2024, 12, 3)),
        ("2024-12-03T00:10:00+08:00", date(2024, 12, 3)),
        ("2024-12-03 23:50", date(2024, 12, 3)),
    ],
)
def test_m70_a_day_is_cut_by_the_clock_of_shanghai(written: str, day: date) -> None:
    assert together((written,))[repr(written)].days == (day, day)


@pytest.mark.parametrize(
    ("received_at", "week"),
    [
        ("2024-12-08T15:59:59Z", "2024-W48"),
        ("2024-12-08T16:00:00Z", "2024-W49"),
        ("2024-12-09T00:30:00+08:00", "2024-W49"),
    ],
)
def test_m70_the_last_closed_week_ends_at_midnight_in_shanghai(received_at: str, week: str) -> None:
    checked = check(
        workbook([activity(start="近日", end=None)]), week=None, received_at=datetime.fromisoformat(received_at)
    )
    assert checked.receipt.week == week


@pytest.mark.parametrize(("received_at", "late"), [("2024-12-09T04:00:00Z", False), ("2024-12-09T04:00:01Z", True)])
def test_m70_noon_on_monday_is_noon_in_shanghai(received_at: str, late: bool) -> None:
    assert check(workbook([activity()]), received_at=datetime.fromisoformat(received_at)).receipt.late is late
