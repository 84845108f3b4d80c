"""Which week a file reports: one text, then all sources together."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuanliu.domain.findings import Severity
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.intake.origin.periods import decide_period, read_period
from nuanliu.settings import SHANGHAI

ARRIVAL = datetime.fromisoformat("2024-12-09T09:00+08:00")
W49 = ReportingWeek.parse("2024-W49")


def week_of(text: str, received_at: datetime = ARRIVAL) -> str | None:
    week = read_period(text, received_at=received_at)
    return str(week) if week else None


@pytest.mark.parametrize(
    "text",
    [
        "2024-W49",
        "2024W49",
        "2024w49",
        "2024_W49",
        "２０２４－Ｗ４９",
        "W49",
        "2024年W49",
        "2024年第49周",
        "2024年 第 49 周",
        "2024年度第49周",
        "24年第49周",
        "2024年49周",
        "第49周",
        "49周",
        "第四十九周",
        "2024年第四十九周",
        "12月2日-12月8日",
        "12月2日—8日",
        "12月2日至8日",
        "12月02日-12月08日",
        "十二月二日至八日",
        "12月2日(周一)-12月8日(周日)",
        "12月2日 - 12月8日",
        "2024年12月2日—8日",
        "2024年12月2日—12月8日",
        "2024.12.2-12.8",
        "2024.12.2-8",
        "24.12.2-12.8",
        "12.2-12.8",
        "12/2-12/8",
        "2024/12/2-12/8",
        "2024-12-02至2024-12-08",
        "2024-12-02—2024-12-08",
        "20241202-20241208",
        "12月3日-12月6日",
        "12月3日",
        "2024-12-03",
        "20241208",
        "XX市总工会2024年第49周工作周报(12月2日-8日)",
        "白银市总工会周报（2024年12月2日—12月8日）",
        "周报2024-W49(2).xlsx",
        "周报W49最终版.xlsx",
        "白银2024周报第49周.xlsx",
        "周报(12.2-12.8)修改.xls",
        "周报_20241208.xlsx",
        "周报20241202-20241208.csv",
        "2024-12-02_2024-12-08.xlsx",
        "intake/620400/2024-W49/周报.xlsx",
        "报告期:2024-W49",
        "2024年第49周 填报日期:2024年12月9日",
    ],
)
def test_every_way_to_name_the_week_is_read(text: str) -> None:
    assert week_of(text) == "2024-W49"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "周报",
        "周报.xlsx",
        "周报(2).xlsx",
        "2024年",
        "2024",
        "3月份",
        "2024年12月",
        "第49期",
        "建会49周年",
        "集中13天",
        "每周一次",
        "2022年以来",
        "上周",
        "本周",
        "620400",
        "V1.2",
        "13812345678",
        "62010220241203",
        "第60周",
        "2024-W60",
        "2024-W00",
        "第48-49周",
        "第48周、第49周",
        "12月第一周",
        "2024年12月第1周",
        "11月11日-12月8日",
        "11月29日-12月5日",
        "12月3日、12月10日",
        "2024年第50周(12月2日-8日)",
        "2024-W48 2024-W49",
    ],
)
def test_what_names_no_single_week_is_none(text: str) -> None:
    assert week_of(text) is None


@pytest.mark.parametrize(
    ("text", "received_at", "week"),
    [
        ("第52周", "2025-01-06T09:00+08:00", "2024-W52"),
        ("第1周", "2025-01-06T09:00+08:00", "2025-W01"),
        ("12月30日-1月5日", "2025-01-06T09:00+08:00", "2025-W01"),
        ("第49周", "2024-12-02T00:30+08:00", "2024-W49"),
        ("12月2日-8日", "2025-01-13T09:00+08:00", "2024-W49"),
        ("2024年12月30日-2025年1月5日", "2025-01-06T09:00+08:00", "2025-W01"),
        ("2020-W53", "2021-01-04T09:00+08:00", "2020-W53"),
    ],
)
def test_a_year_that_is_left_out_is_the_one_near_the_arrival(text: str, received_at: str, week: str) -> None:
    assert week_of(text, datetime.fromisoformat(received_at)) == week


@given(st.dates(date(2015, 1, 1), date(2040, 12, 31)), st.integers(1, 8))
def test_what_the_reports_print_of_a_week_is_read_back(day: date, weeks_later: int) -> None:
    week = ReportingWeek.of(day)
    received_at = datetime.combine(week.monday + timedelta(weeks=weeks_later), datetime.min.time(), tzinfo=SHANGHAI)
    first, last = week.monday, week.sunday
    assert read_period(str(week), received_at=received_at) == week
    assert read_period(week.compact, received_at=received_at) == week
    assert read_period(f"{first.month}月{first.day}日—{last.month}月{last.day}日", received_at=received_at) == week
    assert read_period(week.label, received_at=received_at) == week


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading(text: str) -> None:
    week = read_period(text, received_at=ARRIVAL)
    assert week is None or any(char.isnumeric() for char in text)
    decision = decide_period({"封面": text, "文件名": text}, received_at=ARRIVAL, weeks_back=8)
    assert decision.is_certain or decision.week == W49


def decide_period_of(**sources: str | None) -> tuple[str, bool, list[str]]:
    decision = decide_period(sources, received_at=ARRIVAL, weeks_back=8)
    return str(decision.week), decision.is_certain, [finding.rule for finding in decision.findings]


@pytest.mark.parametrize(
    "sources",
    [
        {"封面": "2024-W49"},
        {"封面": "2024-W49", "标题": "2024年第49周", "路径": "2024-W49", "文件名": "周报12.2-12.8.xlsx"},
        {"封面": None, "标题": "", "路径": "2024-W49", "文件名": "周报.xlsx"},
        {"封面": "无", "文件名": "周报2024-W49.xlsx"},
        {"封面": "2024-W49", "文件名": "周报20241209.xlsx"},  # the day it was sent
        {"封面": "2024-W49", "标题": "白银市总工会周报 填报日期:2024年12月9日"},
        {"路径": "2024-W49", "标题": "入冬以来(11月7日-12月8日)送温暖统计"},
        {"路径": "2024-W49", "标题": "12月第一周工作周报"},
    ],
)
def test_sources_that_agree_settle_the_week_without_a_word(sources: dict[str, str | None]) -> None:
    assert decide_period_of(**sources) == ("2024-W49", True, [])


@pytest.mark.parametrize(
    "sources", [{}, {"封面": None}, {"封面": "", "文件名": "周报.xlsx"}, {"文件名": "周报20241209.xlsx"}, {"封面": "-"}]
)
def test_no_source_means_the_last_closed_week_with_a_warning(sources: dict[str, str | None]) -> None:
    decision = decide_period(sources, received_at=ARRIVAL, weeks_back=8)
    assert (decision.week, decision.is_certain) == (W49, True)
    assert [(finding.rule, finding.severity) for finding in decision.findings] == [
        ("file.period.absent", Severity.WARNING)
    ]
    assert "2024年第49周(12月2日—12月8日)" in decision.findings[0].message


def test_the_last_closed_week_is_by_the_clock_of_shanghai() -> None:
    sunday_evening_utc = datetime.fromisoformat("2024-12-08T17:00+00:00")  # Monday 01:00 in Shanghai
    assert decide_period({}, received_at=sunday_evening_utc, weeks_back=8).week == W49
    assert decide_period({}, received_at=sunday_evening_utc - timedelta(hours=2), weeks_back=8).week == W49.shift(-1)


@pytest.mark.parametrize(
    "sources",
    [
        {"封面": "2024-W49", "文件名": "周报2024-W50.xlsx"},
        {"封面": "2024-W48", "路径": "2024-W49"},
        {"标题": "2024年第48周(11月25日-12月1日)", "路径": "2024-W49"},
        {"封面": "2024-W49", "文件名": "周报20241203.xlsx", "标题": "第47周"},
    ],
)
def test_sources_that_disagree_hold_the_file_under_the_last_closed_week(sources: dict[str, str | None]) -> None:
    decision = decide_period(sources, received_at=ARRIVAL, weeks_back=8)
    assert (decision.week, decision.is_certain) == (W49, False)
    (finding,) = decision.findings
    assert (finding.rule, finding.severity, finding.is_file_level) == ("file.period.conflict", Severity.QUERY, True)
    assert finding.message.count("写的是") == len(sources)


@pytest.mark.parametrize(
    "sources",
    [
        {"封面": "12月"},
        {"封面": "2024年冬季"},
        {"封面": "11月11日-12月8日"},
        {"封面": "12月第一周", "路径": "2024-W49"},
        {"封面": "第60周"},
        {"报告期": "本周"},
        {"报告期": "2024-W49", "报告期2": "本周"},
        {"标题": "第48-49周周报"},
        {"文件名": "周报2024-W60.xlsx"},
        {"标题": "2024年第50周(12月2日-8日)"},
    ],
)
def test_a_period_that_cannot_be_followed_holds_the_file_under_the_last_closed_week(
    sources: dict[str, str | None],
) -> None:
    decision = decide_period(sources, received_at=ARRIVAL, weeks_back=8)
    assert (decision.week, decision.is_certain) == (W49, False)
    assert [(finding.rule, finding.severity) for finding in decision.findings] == [
        ("file.period.unreadable", Severity.QUERY)
    ]
    assert "None" not in decision.findings[0].message + decision.findings[0].fix


def test_an_unreadable_period_is_shown_only_when_it_holds_nothing_but_dates() -> None:
    shown, hidden = (
        decide_period({"封面": text}, received_at=ARRIVAL, weeks_back=8).findings[0].value
        for text in ("11月11日-12月8日", "张三 冬季")
    )
    assert (shown, hidden) == ("11月11日-12月8日", None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-W50", ("2024-W50", True, [])),  # the week of arrival itself
        ("2024-W51", ("2024-W51", True, ["file.period.future"])),
        ("2042-W01", ("2042-W01", True, ["file.period.future"])),
        ("2024-W42", ("2024-W42", True, [])),  # eight weeks before that of arrival
        ("2024-W41", ("2024-W41", True, ["file.period.too_old"])),
        ("2023-W49", ("2023-W49", True, ["file.period.too_old"])),
    ],
)
def test_a_period_ahead_or_too_far_back_holds_the_file_under_that_period(
    text: str, expected: tuple[str, bool, list[str]]
) -> None:
    assert decide_period_of(封面=text) == expected


def test_holding_for_the_period_is_a_query() -> None:
    findings = [
        decide_period({"封面": text}, received_at=ARRIVAL, weeks_back=8).findings[0]
        for text in ("2024-W51", "2024-W41")
    ]
    assert [finding.severity for finding in findings] == [Severity.QUERY, Severity.QUERY]
    assert "2024年第51周" in findings[0].message
    assert "8 周" in findings[1].message


def test_a_conflict_names_each_source_with_its_place_and_value_and_the_way_to_each_week() -> None:
    sources = {"封面": "12月2日-12月8日", "路径": "2024-W50", "文件名": "白银周报2024年第49周.xlsx", "标题2": "第49周"}
    (finding,) = decide_period(sources, received_at=ARRIVAL, weeks_back=8).findings
    assert "“报送信息”表的“报告期”写的是“12月2日-12月8日”(2024-W49)" in finding.message
    assert "文件夹名写的是 2024-W50" in finding.message
    assert "白银" not in finding.message
    assert finding.fix == (
        "报的是 2024-W49 的,请把文件夹名改成 2024-W49;"
        "报的是 2024-W50 的,请把“报送信息”表的“报告期”、文件名、表格标题(2)改成 2024-W50,再报一次。"
    )


def test_a_stale_cover_is_what_must_change_to_report_the_week_that_is_due() -> None:
    (finding,) = decide_period({"封面": "2024-W48", "路径": "2024-W49"}, received_at=ARRIVAL, weeks_back=8).findings
    assert finding.fix.startswith("报的是 2024-W49 的,请把“报送信息”表的“报告期”改成 2024-W49")
