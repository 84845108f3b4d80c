"""Dates as people write them (M64-M70): the day or the range, or a question; never another day."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nuanliu.contract.rules import rule_registry
from nuanliu.domain.findings import Severity
from nuanliu.intake.values.dates import (
    DateReading,
    infer_year,
    read_date,
    read_dates,
    read_since,
    read_sinces,
    season_start,
)

SUNDAY = date(2024, 12, 8)
NEW_YEAR_SUNDAY = date(2025, 1, 5)


def day(text: str) -> date:
    return date.fromisoformat(text)


SINGLE_DAYS = [
    # text, day, whether the year was inferred
    ("2024-12-03", "2024-12-03", False),
    ("2024-12-3", "2024-12-03", False),
    ("2024/12/03", "2024-12-03", False),
    ("2024/12/3", "2024-12-03", False),
    ("2024.12.3", "2024-12-03", False),
    ("2024.12.03", "2024-12-03", False),
    ("2024.12.3。", "2024-12-03", False),
    ("20241203", "2024-12-03", False),
    ("24-12-3", "2024-12-03", False),
    ("24.12.3", "2024-12-03", False),
    ("24/12/3", "2024-12-03", False),
    ("24年12月3日", "2024-12-03", False),
    ("2024年12月3日", "2024-12-03", False),
    ("2024年12月3号", "2024-12-03", False),
    ("2024年12月03日", "2024-12-03", False),
    ("2024 年 12 月 3 日", "2024-12-03", False),
    ("２０２４年１２月３日", "2024-12-03", False),
    ("２０２４－１２－０３", "2024-12-03", False),
    ("2024–12–03", "2024-12-03", False),
    ("2024年12.3", "2024-12-03", False),
    ("二〇二四年十二月三日", "2024-12-03", False),
    ("二○二四年十二月三日", "2024-12-03", False),
    ("二零二四年十二月三日", "2024-12-03", False),
    ("今年12月3日", "2024-12-03", False),
    ("去年12月3日", "2023-12-03", False),
    ("12月3日", "2024-12-03", True),
    ("12月3号", "2024-12-03", True),
    ("12月3", "2024-12-03", True),
    ("12月03日", "2024-12-03", True),
    ("于12月3日", "2024-12-03", True),
    ("十二月三日", "2024-12-03", True),
    ("十二月三十一日", "2024-12-31", True),
    ("十一月廿八日", "2024-11-28", True),
    ("十月十日", "2024-10-10", True),
    ("12.3", "2024-12-03", True),
    ("12/3", "2024-12-03", True),
    ("12-03", "2024-12-03", True),
    ("12月3日上午", "2024-12-03", True),
    ("12月3日下午3点半", "2024-12-03", True),
    ("12月3日9:00", "2024-12-03", True),
    ("12月3日9:00-11:00", "2024-12-03", True),
    ("12月3日上午9点至11点", "2024-12-03", True),
    ("12月3日上午9:00-下午4:30", "2024-12-03", True),
    ("12月3日当天", "2024-12-03", True),
    ("12月3日举办", "2024-12-03", True),
    ("12月3日(周二)", "2024-12-03", True),
    ("12月3日（星期二）", "2024-12-03", True),
    ("12月3日 周二", "2024-12-03", True),
    ("2024-12-03 14:30", "2024-12-03", False),
    ("2024-12-03 00:00:00", "2024-12-03", False),
    ("2024-12-03T14:30:00", "2024-12-03", False),
    ("2024年12月3日14时30分", "2024-12-03", False),
    ("2月29日", "2024-02-29", True),
    ("2024-02-29", "2024-02-29", False),
    ("12月8日", "2024-12-08", True),
    ("12月20日", "2024-12-20", True),
    ("1月20日", "2024-01-20", True),
]


@pytest.mark.parametrize(("text", "written", "is_inferred"), SINGLE_DAYS)
def test_one_day_starts_and_ends_on_it(text: str, written: str, is_inferred: bool) -> None:
    assert read_date(text, sunday=SUNDAY) == DateReading(day(written), day(written), is_inferred=is_inferred)


RANGES = [
    ("11月11日至12日", "2024-11-11", "2024-11-12", True),
    ("11月11日到12日", "2024-11-11", "2024-11-12", True),
    ("11月11日-12日", "2024-11-11", "2024-11-12", True),
    ("11月11日–12日", "2024-11-11", "2024-11-12", True),
    ("11月11日—12日", "2024-11-11", "2024-11-12", True),
    ("11月11日——12日", "2024-11-11", "2024-11-12", True),
    ("11月11日~12日", "2024-11-11", "2024-11-12", True),
    ("11月11日～12日", "2024-11-11", "2024-11-12", True),
    ("11月11日 至 12日", "2024-11-11", "2024-11-12", True),
    ("11月11-12日", "2024-11-11", "2024-11-12", True),
    ("11.11-12", "2024-11-11", "2024-11-12", True),
    ("11.11-11.12", "2024-11-11", "2024-11-12", True),
    ("11/28-12/2", "2024-11-28", "2024-12-02", True),
    ("11-28至12-2", "2024-11-28", "2024-12-02", True),
    ("11月28日—12月2日", "2024-11-28", "2024-12-02", True),
    ("十一月十一日至十二日", "2024-11-11", "2024-11-12", True),
    ("十一月三至五日", "2024-11-03", "2024-11-05", True),
    ("12月3日上午至12月4日下午", "2024-12-03", "2024-12-04", True),
    ("12月2日(周一)至12月8日(周日)", "2024-12-02", "2024-12-08", True),
    ("12月3日起至12月5日", "2024-12-03", "2024-12-05", True),
    ("从12月3日到5日", "2024-12-03", "2024-12-05", True),
    ("12月3日至5日(共3天)", "2024-12-03", "2024-12-05", True),
    ("12月3日至5日,为期三天", "2024-12-03", "2024-12-05", True),
    ("12月3日、4日", "2024-12-03", "2024-12-04", True),
    ("12月3、4日", "2024-12-03", "2024-12-04", True),
    ("12月3日和5日", "2024-12-03", "2024-12-05", True),
    ("11月30日、12月1日、2日", "2024-11-30", "2024-12-02", True),
    ("2024.11.11-2024.11.12", "2024-11-11", "2024-11-12", False),
    ("2024.11.11-11.12", "2024-11-11", "2024-11-12", False),
    ("2024.11.11-12", "2024-11-11", "2024-11-12", False),
    ("2024-11-11-2024-11-12", "2024-11-11", "2024-11-12", False),
    ("2024-11-11至2024-11-12", "2024-11-11", "2024-11-12", False),
    ("2024-11-11—2024-11-12", "2024-11-11", "2024-11-12", False),
    ("2024-11-11至12", "2024-11-11", "2024-11-12", False),
    ("2024/11/28-12/2", "2024-11-28", "2024-12-02", False),
    ("20241111-20241112", "2024-11-11", "2024-11-12", False),
    ("2024年11月11日-12日", "2024-11-11", "2024-11-12", False),
    ("2024年11月28日至12月2日", "2024-11-28", "2024-12-02", False),
    ("2023年12月30日至1月2日", "2023-12-30", "2024-01-02", False),
    ("12月30日至2025年1月2日", "2024-12-30", "2025-01-02", False),
]


@pytest.mark.parametrize(("text", "start", "end", "is_inferred"), RANGES)
def test_a_range_runs_from_its_first_to_its_last_day(text: str, start: str, end: str, is_inferred: bool) -> None:
    assert read_date(text, sunday=SUNDAY) == DateReading(day(start), day(end), is_inferred=is_inferred)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("12月30日至1月2日", "2024-12-30", "2025-01-02"),
        ("12月30日", "2024-12-30", "2024-12-30"),
        ("1月3日", "2025-01-03", "2025-01-03"),
    ],
)
def test_a_range_without_years_may_cross_the_new_year(text: str, start: str, end: str) -> None:
    assert read_date(text, sunday=NEW_YEAR_SUNDAY) == DateReading(day(start), day(end), is_inferred=True)


@pytest.mark.parametrize("text", ["12月3日起", "自12月3日起", "12月3日至今", "12月3日-今", "12月3日开始"])
def test_an_open_range_has_no_end(text: str) -> None:
    assert read_date(text, sunday=SUNDAY) == DateReading(day("2024-12-03"), None, is_inferred=True)


@pytest.mark.parametrize("text", ["截至12月8日", "截止12月8日", "截止到12月8日", "12月8日止"])
def test_an_as_of_day_has_no_start(text: str) -> None:
    assert read_date(text, sunday=SUNDAY) == DateReading(None, day("2024-12-08"), is_inferred=True)


@pytest.mark.parametrize("text", ["", " ", "-", "—", "/", "无", "暂无", "\u3000"])
def test_nothing_written_is_nothing_read(text: str) -> None:
    assert read_date(text, sunday=SUNDAY) == read_since(text, sunday=SUNDAY) == DateReading()


@pytest.mark.parametrize(
    "text",
    [
        "近日",
        "日前",
        "近期",
        "连日来",
        "近段时间",
        "上旬",
        "12月上旬",
        "十二月上旬",
        "12月初",
        "12月",
        "2024年12月",
        "12月份",
        "冬至",
        "腊八",
        "农历腊月初八",
        "正月十五",
        "本周",
        "年底",
    ],
)
def test_an_inexact_word_leaves_the_report_period_with_a_warning(text: str) -> None:
    assert read_date(text, sunday=SUNDAY) == DateReading(is_inferred=True, note="row.date.inexact")


PROBLEMS = [
    ("2月30日", "impossible"),
    ("2024-02-30", "impossible"),
    ("2023-02-29", "impossible"),
    ("2024-13-01", "impossible"),
    ("2024-12-32", "impossible"),
    ("13月3日", "impossible"),
    ("12月0日", "impossible"),
    ("20241303", "impossible"),
    ("十三月三日", "impossible"),
    ("11月28日至31日", "impossible"),
    ("2.30", "impossible"),
    ("2042-12-03", "implausible"),
    ("2042", "implausible"),
    ("2042年12月3日", "implausible"),
    ("1998-01-01", "implausible"),
    ("1900-01-05", "implausible"),
    ("12月5日至3日", "reversed"),
    ("12月5日至12月3日", "reversed"),
    ("2024年12月5日至12月3日", "reversed"),
    ("2024-12-05至2024-12-03", "reversed"),
    ("11月28日至2日", "reversed"),
    ("12月5日、3日", "reversed"),
    ("2024.1", "no_day"),
    ("2024.10", "no_day"),
    ("2024-12", "no_day"),
    ("2024", "no_day"),
    ("2024年", "no_day"),
    ("8月", "no_day"),
    ("2024年8月", "no_day"),
    ("2023年12月", "no_day"),
    ("8月上旬", "no_day"),
    ("12月中旬", "no_day"),
    ("3/12/24", "unreadable"),
    ("12/3/24", "unreadable"),
    ("12/3/2024", "unreadable"),
    ("13.5", "unreadable"),
    ("241203", "unreadable"),
    ("12345", "unreadable"),
    ("54000", "implausible"),
    ("12月2 2日", "unreadable"),
    ("4 5629", "unreadable"),
    ("3起-5", "unreadable"),
    ("62010212", "unreadable"),
    ("近日(12月3日)", "unreadable"),
    ("12月3日近日", "unreadable"),
    ("12月3日-4日、7日", "unreadable"),
    ("11日至12日", "unreadable"),
    ("3日", "unreadable"),
    ("周二", "unreadable"),
    ("上周", "unreadable"),
    ("待定", "unreadable"),
    ("每周", "unreadable"),
    ("十一", "unreadable"),
    ("兰州市", "unreadable"),
    ("12月3日在兰州", "unreadable"),
    ("2024-12-03 2024-12-05", "unreadable"),
    ("12月3日" * 30, "unreadable"),
]


@pytest.mark.parametrize(("text", "part"), PROBLEMS)
def test_what_is_no_certain_day_is_a_problem(text: str, part: str) -> None:
    assert read_date(text, sunday=SUNDAY) == DateReading(problem=f"row.date.{part}")
    finding = rule_registry()[f"row.date.{part}"].finding(column_id="start_date", value=text)
    assert finding.severity is (Severity.ERROR if part in ("impossible", "implausible", "reversed") else Severity.QUERY)


@pytest.mark.parametrize("text", ["12.3", "11.11", "1203", "2024.1", "2024"])
def test_a_number_that_may_have_been_a_date_is_a_question(text: str) -> None:
    assert read_date(text, sunday=SUNDAY, is_number=True) == DateReading(problem="row.date.number")


def test_a_compact_date_typed_as_a_number_is_a_date() -> None:
    assert read_date("20241203", sunday=SUNDAY, is_number=True).start == day("2024-12-03")


@pytest.mark.parametrize("is_number", [True, False])
@pytest.mark.parametrize("text", ["45629", "45629.5"])
def test_an_excel_serial_is_its_day_with_a_note(text: str, is_number: bool) -> None:
    expected = DateReading(day("2024-12-03"), day("2024-12-03"), note="row.date.serial")
    assert read_date(text, sunday=SUNDAY, is_number=is_number) == expected


@pytest.mark.parametrize("text", ["2024-12-02T20:00:00Z", "2024-12-02T20:00:00+00:00", "2024-12-03 03:00:00+08:00"])
def test_an_instant_is_cut_to_the_day_of_shanghai(text: str) -> None:
    assert read_date(text, sunday=SUNDAY).start == day("2024-12-03")


def test_an_error_value_is_an_absent_date_with_a_warning() -> None:
    assert read_date("#REF!", sunday=SUNDAY) == DateReading(is_inferred=True, note="row.date.error_value")
    assert read_since("#N/A", sunday=SUNDAY) == DateReading(note="row.date.error_value")


@pytest.mark.parametrize("text", ["12月3日(周三)", "2024-12-03 星期一", "12月2日(周一)至12月8日(周六)"])
def test_a_weekday_that_is_not_that_of_the_day_is_warned_of(text: str) -> None:
    assert read_date(text, sunday=SUNDAY).note == "row.date.weekday_differs"


@pytest.mark.parametrize("note", ["inexact", "error_value", "serial", "weekday_differs"])
def test_every_note_is_no_more_than_a_warning(note: str) -> None:
    rule = rule_registry()[f"row.date.{note}"]
    assert rule.severity.rank >= Severity.WARNING.rank
    assert "近日" in rule.finding(column_id="activity_time", value="近日").message


SINCES = [
    ("2022年以来", "2022-01-01", False),
    ("自2022年以来", "2022-01-01", False),
    ("2022", "2022-01-01", False),
    ("2022年", "2022-01-01", False),
    ("2022年度", "2022-01-01", False),
    ("22年", "2022-01-01", False),
    ("2022年初", "2022-01-01", False),
    ("二〇二二年以来", "2022-01-01", False),
    ("2022年1月", "2022-01-01", False),
    ("2024年11月", "2024-11-01", False),
    ("2024年11月以来", "2024-11-01", False),
    ("2024-11", "2024-11-01", False),
    ("2024.11", "2024-11-01", False),
    ("2024-11-07", "2024-11-07", False),
    ("2024年11月7日", "2024-11-07", False),
    ("2024年11月7日以来", "2024-11-07", False),
    ("20241107", "2024-11-07", False),
    ("2024年11月7日至今", "2024-11-07", False),
    ("2024年11月7日—12月8日", "2024-11-07", False),
    ("2024-11-07 00:00:00", "2024-11-07", False),
    ("去年11月以来", "2023-11-01", False),
    ("11月7日以来", "2024-11-07", True),
    ("11月以来", "2024-11-01", True),
    ("十一月以来", "2024-11-01", True),
    ("12月31日", "2023-12-31", True),
    ("今年以来", "2024-01-01", False),
    ("今年", "2024-01-01", False),
    ("本年", "2024-01-01", False),
    ("年初以来", "2024-01-01", False),
    ("本月以来", "2024-12-01", False),
    ("入冬以来", "2024-11-07", True),
    ("入冬", "2024-11-07", True),
    ("自入冬以来", "2024-11-07", True),
    ("进入冬季以来", "2024-11-07", True),
    ("今冬以来", "2024-11-07", True),
    ("立冬", "2024-11-07", True),
    ("入夏以来", "2024-05-05", True),
    ("开春以来", "2024-02-04", True),
    ("元旦以来", "2024-01-01", True),
    ("国庆以来", "2024-10-01", True),
]


@pytest.mark.parametrize(("text", "since", "is_inferred"), SINCES)
def test_a_count_starts_on_the_day_its_word_means(text: str, since: str, is_inferred: bool) -> None:
    assert read_since(text, sunday=SUNDAY) == DateReading(day(since), is_inferred=is_inferred)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("近期", "unreadable"),
        ("党的二十大以来", "unreadable"),
        ("2024.1", "no_day"),
        ("2042", "implausible"),
        ("2025年", "implausible"),
        ("2024-12-09", "implausible"),
        ("2024年13月", "impossible"),
        ("2月30日", "impossible"),
        ("1800年", "implausible"),
    ],
)
def test_a_count_whose_start_is_not_known_is_a_problem(text: str, part: str) -> None:
    assert read_since(text, sunday=SUNDAY) == DateReading(problem=f"row.date.{part}")


@pytest.mark.parametrize(
    ("sunday", "since"),
    [
        ("2025-01-05", "2024-11-07"),
        ("2024-11-03", "2023-11-08"),
        ("2024-11-10", "2024-11-07"),
        ("2025-07-06", "2024-11-07"),
    ],
)
def test_the_winter_is_the_one_that_had_begun(sunday: str, since: str) -> None:
    assert read_since("入冬以来", sunday=day(sunday)).start == day(since)


def test_this_year_is_the_year_in_which_the_week_ends() -> None:
    assert read_since("今年以来", sunday=NEW_YEAR_SUNDAY).start == day("2025-01-01")


def _solar_longitude(moment: datetime) -> float:
    """Apparent longitude of the sun in degrees (Meeus, low precision: good to a minute or so of time)."""
    century = ((moment - datetime(2000, 1, 1, 12)).total_seconds() / 86400) / 36525  # noqa: DTZ001 - universal time
    mean = 280.46646 + 36000.76983 * century
    anomaly = math.radians(357.52911 + 35999.05029 * century)
    centre = (1.914602 - 0.004817 * century) * math.sin(anomaly) + 0.019993 * math.sin(2 * anomaly)
    node = math.radians(125.04 - 1934.136 * century)
    return (mean + centre - 0.00569 - 0.00478 * math.sin(node)) % 360


@pytest.mark.parametrize(("season", "longitude"), [("春", 315), ("夏", 45), ("秋", 135), ("冬", 225)])
def test_the_seasons_begin_when_the_sun_says_so(season: str, longitude: int) -> None:
    for year in set(range(2000, 2100)) - ({2097} if season == "夏" else set()):  # within seconds of midnight
        start = season_start(season, year)
        assert start is not None
        midnight = datetime.combine(start, datetime.min.time()) - timedelta(hours=8)
        before, after = (_solar_longitude(midnight + timedelta(days=shift)) for shift in (0, 1))
        assert (before - longitude + 180) % 360 - 180 < 0 <= (after - longitude + 180) % 360 - 180, year


@pytest.mark.parametrize(("season", "start"), [("冬", "2089-11-07"), ("秋", "2002-08-08")])
def test_the_seasons_that_a_plain_formula_misses_by_a_day(season: str, start: str) -> None:
    assert season_start(season, day(start).year) == day(start)


def test_no_season_is_guessed_beyond_the_years_that_are_known() -> None:
    assert [season_start("秋", year) for year in (1999, 2101)] == [None, None]
    assert read_since("入秋以来", sunday=day("2000-01-09")).problem == "row.date.implausible"
    assert read_since("入秋以来", sunday=day("2000-08-13")).start == day("2000-08-07")
    assert read_since("入冬以来", sunday=day("2100-01-03")).start == day("2099-11-07")


@given(st.dates(date(2001, 1, 7), date(2090, 12, 31)), st.integers(-330, 35))
def test_a_day_without_its_year_is_found_again(anchor: date, shift: int) -> None:
    written = anchor + timedelta(days=shift)
    found = infer_year(written.month, written.day, sunday=anchor)
    assert found is not None
    assert (found.month, found.day) == (written.month, written.day)
    assert -330 <= (found - anchor).days <= 35


WRITINGS = [
    "{0.year}-{0.month:02}-{0.day:02}",
    "{0.year}/{0.month}/{0.day}",
    "{0.year}.{0.month}.{0.day}",
    "{0.year}年{0.month}月{0.day}日",
    "{0.year}{0.month:02}{0.day:02}",
]


@given(
    st.dates(date(2024, 1, 1), date(2025, 12, 31)),
    st.integers(0, 170),
    st.sampled_from(WRITINGS),
    st.sampled_from("-—~～至到"),
)
def test_any_range_reads_back(start: date, length: int, writing: str, between: str) -> None:
    end = min(start + timedelta(days=length), date(2025, 12, 31))
    assert read_date(writing.format(start), sunday=SUNDAY) == DateReading(start, start)
    assert read_date(f"{writing.format(start)}{between}{writing.format(end)}", sunday=SUNDAY) == DateReading(start, end)


@given(st.integers(0, 300), st.integers(0, 100), st.sampled_from("-—~至"))
def test_any_range_without_years_reads_back(ago: int, length: int, between: str) -> None:
    end = SUNDAY - timedelta(days=ago)
    start = end - timedelta(days=length)
    text = f"{start.month}月{start.day}日{between}{end.month}月{end.day}日"
    assert read_date(text, sunday=SUNDAY) == DateReading(start, end, is_inferred=True)


CELLS = st.one_of(
    st.text(max_size=20), st.text(alphabet="0123456789年月日-./至~、 上下午周一二三十廿近截起今()", max_size=16)
)


@given(CELLS, st.booleans())
@settings(max_examples=200)
def test_any_cell_is_a_day_or_a_problem_or_flagged_or_empty(text: str, is_number: bool) -> None:
    for reading in (read_date(text, sunday=SUNDAY, is_number=is_number), read_since(text, sunday=SUNDAY)):
        if reading.problem:
            assert (reading.start, reading.end, reading.is_inferred) == (None, None, False)
        elif reading.start is None and reading.end is None:
            assert reading.note in ("row.date.inexact", "row.date.error_value") or not any(
                char in "0123456789" for char in text
            )
        for rule in (reading.problem, reading.note):
            if rule:
                rule_registry()[rule].finding(column_id="people_served", value=text)


@given(
    st.lists(
        st.tuples(
            st.one_of(CELLS, st.sampled_from(["12.3", "近日", "45629", "", "2024-12-03", "11月28日—12月2日"])),
            st.booleans(),
        ),
        max_size=20,
    )
)
@settings(max_examples=30)
def test_a_column_says_what_its_cells_say(cells: list[tuple[str, bool]]) -> None:
    index = [7 * place for place in range(len(cells))]
    texts = pd.Series([text for text, _ in cells], index=index, dtype="object")
    numbers = pd.Series([is_number for _, is_number in cells], index=index, dtype=bool)
    for frame, readings in (
        (
            read_dates(texts, sunday=SUNDAY, is_number=numbers),
            [read_date(text, sunday=SUNDAY, is_number=is_number) for text, is_number in cells],
        ),
        (read_dates(texts, sunday=SUNDAY), [read_date(text, sunday=SUNDAY) for text, _ in cells]),
        (read_sinces(texts, sunday=SUNDAY), [read_since(text, sunday=SUNDAY) for text, _ in cells]),
    ):
        assert list(frame.index) == index
        for said, reading in zip(frame.itertuples(index=False), readings, strict=True):
            dates = tuple(None if pd.isna(each) else each.date() for each in (said.start_on, said.end_on))
            assert dates == (reading.start, reading.end)
            assert (said.is_inferred, said.problem, said.note) == (
                reading.is_inferred,
                reading.problem or said.problem,
                reading.note or said.note,
            )
            assert (pd.isna(said.problem), pd.isna(said.note)) == (reading.problem is None, reading.note is None)


def test_shape_and_dtypes_of_a_column_even_when_empty() -> None:
    for texts in (
        pd.Series([], dtype="str"),
        pd.Series(["近日", None], dtype="str"),
        pd.Series(["2024-12-03"], dtype="str"),
    ):
        frame = read_dates(texts, sunday=SUNDAY)
        assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == {
            "start_on": "datetime64[ns]",
            "end_on": "datetime64[ns]",
            "is_inferred": "bool",
            "problem": "str",
            "note": "str",
        }
        assert len(frame) == len(texts)
