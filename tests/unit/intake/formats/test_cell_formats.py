"""Numbers, dates and number formats as texts."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuanliu.intake.formats.cell_formats import (
    FormatKind,
    float_text,
    format_kind,
    number_text,
    plausible_date,
    serial_text,
)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("1425", "1425"),
        ("0", "0"),
        ("-0", "0"),
        ("35.899999999999999", "35.9"),
        ("0.1", "0.1"),
        ("1425.0", "1425"),
        ("-3", "-3"),
        ("467000.50", "467000.5"),
        ("1E+05", "100000"),
        ("1.5e-7", "0.00000015"),
        ("123456789012345678", "123456789012346000"),
        ("6.20102199001011E+17", "620102199001011000"),
        ("007", "7"),
    ],
)
def test_number_is_written_without_exponent_and_with_at_most_15_digits(raw: str, text: str) -> None:
    assert number_text(raw) == text


@pytest.mark.parametrize("raw", ["NaN", "INF", "1E+400", "12人", "", "１２", "1,200", "--3", "1" * 500])
def test_what_is_no_finite_number_is_not_written_as_one(raw: str) -> None:
    assert number_text(raw) is None


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_whole_numbers_up_to_15_digits_stay_what_they_are(number: int) -> None:
    assert number_text(str(number)) == str(number)
    assert float_text(float(number)) == str(number)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("General", FormatKind.PLAIN),
        ("G/通用格式", FormatKind.PLAIN),
        ("#,##0.00", FormatKind.PLAIN),
        ("0.00E+00", FormatKind.PLAIN),
        ('0"人次"', FormatKind.PLAIN),
        ('0.0"days"', FormatKind.PLAIN),
        ("[Red]0;[Blue]-0", FormatKind.PLAIN),
        ('0!.0,"万"', FormatKind.PLAIN),
        (r"0\d", FormatKind.PLAIN),
        ("[h]:mm", FormatKind.PLAIN),
        ("@", FormatKind.PLAIN),
        ("0%", FormatKind.PERCENT),
        ("0.00%;[Red]-0.00%", FormatKind.PERCENT),
        ('0"%"', FormatKind.PLAIN),
        ("yyyy-mm-dd", FormatKind.DATE),
        ('[$-804]yyyy"年"m"月"d"日";@', FormatKind.DATE),
        ('m"月"d"日"', FormatKind.DATE),
        ("[DBNum1][$-804]yyyy年m月", FormatKind.DATE),
        ("aaaa", FormatKind.DATE),
        ("h:mm", FormatKind.TIME),
        ('上午/下午h"时"mm"分"', FormatKind.TIME),
        ("yyyy/m/d h:mm", FormatKind.DATE | FormatKind.TIME),
        ("mm:ss", FormatKind.TIME),
    ],
)
def test_format_code_tells_dates_times_and_percentages(code: str, kind: FormatKind) -> None:
    assert format_kind(code) == kind


@pytest.mark.parametrize(
    ("serial", "is_1904", "text"),
    [
        (45629, False, "2024-12-03"),
        (45629, True, "2028-12-04"),
        (45629.604166666664, False, "2024-12-03 14:30"),
        (45629.99999999, False, "2024-12-04"),
        (45629.5000116, False, "2024-12-03 12:00:01"),
        (1, False, "1900-01-01"),
        (59, False, "1900-02-28"),
        (60, False, None),
        (61, False, "1900-03-01"),
        (0, False, None),
        (-5, False, None),
        (3_000_000, False, None),
        (2958465, False, "9999-12-31"),
        (2958465, True, None),
    ],
)
def test_serial_becomes_the_date_that_excel_shows(serial: float, is_1904: bool, text: str | None) -> None:
    assert serial_text(serial, FormatKind.DATE, is_1904=is_1904) == text


def test_fraction_of_a_day_is_a_time_only_under_a_time_format() -> None:
    assert serial_text(0.604166666666667, FormatKind.TIME, is_1904=False) == "14:30"
    assert serial_text(0.5, FormatKind.DATE, is_1904=False) is None
    assert serial_text(0.9999999, FormatKind.TIME, is_1904=False) is None


@given(st.datetimes(datetime(1900, 3, 2), datetime(2100, 1, 1)))  # noqa: DTZ001 - sheets know no zone
def test_serial_round_trip_keeps_day_and_second(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    serial = (moment - datetime(1899, 12, 30)) / timedelta(days=1)  # noqa: DTZ001
    text = serial_text(serial, FormatKind.DATE, is_1904=False)
    assert text is not None
    assert datetime.fromisoformat(text) == moment


def test_only_whole_numbers_of_this_half_century_may_be_serials() -> None:
    assert plausible_date("45629", is_1904=False) == "2024-12-03"
    assert plausible_date("44167", is_1904=True) == "2024-12-03"
    assert plausible_date("36525", is_1904=False) is None
    assert plausible_date("36526", is_1904=False) == "2000-01-01"
    assert plausible_date("55154", is_1904=False) is None
    assert plausible_date("45629.5", is_1904=False) is None
