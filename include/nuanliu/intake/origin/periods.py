"""Which week a file reports: what its cover, title, folder and name say, and what follows when they disagree."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.rules import rule_registry
from nuanliu.domain.findings import Finding
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.intake.values.dates import read_date, without_weekdays, write_in_digits
from nuanliu.intake.values.numerals import CHINESE, fold_numeral, read_numeral

PERIOD_FIELDS = frozenset({"封面", "报告期"})
"""Sources that hold a period and nothing else: what cannot be read there is not passed over."""

_PLACES = {
    "封面": "“报送信息”表的“报告期”",
    "报告期": "表上方或列里的“报告期”",
    "标题": "表格标题",
    "路径": "文件夹名",
    "文件名": "文件名",
    "压缩包内的文件名": "压缩包里的文件名",
}
_LONGEST = 200  # characters of a title or a name that are looked at
_YEAR = r"(?P<year>20[0-9]{2}|[0-9]{2}(?=年))"
_ISO = re.compile(rf"(?<![0-9A-Za-z])(?:{_YEAR}年?[-_ ./]?)?[Ww](?:eek)?[-_ ]?(?P<week>[0-9]{{1,2}})(?![0-9A-Za-z])")
_NUMBERED = re.compile(
    rf"(?<![0-9])(?:{_YEAR}(?:年度?)?[-_ ]?)?第(?P<week>[0-9]+|[{CHINESE}]+)个?(?:报告|工作)?周(?![年岁])"
)
_YEAR_NUMBERED = re.compile(
    rf"(?<![0-9]){_YEAR}(?:年度?)(?P<week>[0-9]{{1,2}})周(?![年岁])|\A(?P<alone>[0-9]{{1,2}})周\Z"
)
_SEVERAL = re.compile(rf"(?:第?[0-9{CHINESE}]+周?)[-~至到、和及,](?:第?[0-9{CHINESE}]+)周(?![年岁])")
_WEEK_OF_MONTH = re.compile(rf"[0-9{CHINESE}]月份?(?:的)?第[0-9{CHINESE}]+个?周")
_STATED_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})(?=年|[-_ (.])")


def _full_day(sign: str) -> str:
    """A day with its month, or with month and year; ``sign`` names the group of its separator."""
    return (
        rf"(?:20)?[0-9]{{2}}(?P<{sign}>[-./])[0-9]{{1,2}}(?P={sign})[0-9]{{1,2}}|20[0-9]{{2}}[01][0-9][0-3][0-9]"
        r"|(?:(?:20)?[0-9]{2}年)?[0-9]{1,2}月[0-9]{1,2}[日号]?"
    )


_SHORT_DAY = r"[0-9]{1,2}[./][0-9]{1,2}"
_RANGE = re.compile(
    rf"(?<![0-9.])(?:{_full_day('first')}|{_SHORT_DAY})[-~至到]"
    rf"(?:{_full_day('last')}|{_SHORT_DAY}|[0-9]{{1,2}}[日号]?)(?![0-9]|\.[0-9])"
)
_SINGLE = re.compile(rf"(?<![0-9.])(?:{_full_day('sign')})(?![0-9])")
_BLANKS = re.compile(r" *([-~至到第周]) *|(?<=[0-9]) +(?=[年月日号])|(?<=[年月日号]) +(?=[0-9])")
_SHOWABLE = re.compile(rf"[0-9{CHINESE}年月日号周第至到份期Ww ./~()-]{{1,40}}\Z")


@dataclass(frozen=True, slots=True)
class PeriodDecision:
    """The week a file is filed under. ``is_certain`` False: sources conflict or cannot be read, receipt ``week`` null."""

    week: ReportingWeek
    is_certain: bool
    findings: tuple[Finding, ...] = ()


class _Doubt(Enum):
    """Why a text that speaks of time names no week."""

    NONE = "none"
    LOOSE = "loose"  # days of several weeks, 12月第一周: wrong in a period field, no matter in a title
    CLEAR = "clear"  # it means to name a week and cannot be followed: 第60周, 第48-49周, 第49周(12月9日-15日)


@dataclass(frozen=True, slots=True)
class _Named:
    week: ReportingWeek | None = None
    doubt: _Doubt = _Doubt.NONE
    is_single_day: bool = False


def read_period(text: str, *, received_at: datetime) -> ReportingWeek | None:
    """The week that a cover field, a title, a folder or a file name names; None when it names none.

    2024-W49, 2024年第49周, 第四十九周, 12月2日—8日, 2024.12.2-12.8, 20241202-20241208; a single day names its week. A year
    that is left out is the one nearest to the arrival.
    """
    return _read(text, received_at).week


def decide_period(sources: Mapping[str, str | None], *, received_at: datetime, weeks_back: int) -> PeriodDecision:
    """Decide by all sources: label (封面, 标题, 路径, 文件名) → text, None or empty when it is not there.

    Those that name a week must agree. None does: the last closed week, with a warning. They disagree or cannot be read: the
    same week, uncertain, and a query that holds the file. A week after the arrival's or more than ``weeks_back`` before it: a
    query that holds the file.
    """
    rules = rule_registry()
    last_closed, arrival = ReportingWeek.last_closed_before(received_at), ReportingWeek.at(received_at)
    named: dict[str, ReportingWeek] = {}
    written: dict[str, str] = {}
    for label, text in sources.items():
        if not text or fold_numeral(text) in _null_words():
            continue
        reading = _read(text, received_at)
        is_field = label.rstrip("0123456789") in PERIOD_FIELDS  # of several covers the second is 封面2
        if reading.doubt is _Doubt.CLEAR or (is_field and reading.week is None):
            shown = text if _SHOWABLE.match(fold_numeral(text)) else None
            finding = rules["file.period.unreadable"].finding(value=shown, source=label, filed_under=last_closed.label)
            return PeriodDecision(last_closed, is_certain=False, findings=(finding,))
        # a single day of the week of arrival in a title or a name is when it was written, not what it is about
        if reading.week and (is_field or not reading.is_single_day or reading.week < arrival):
            named[label] = reading.week
            written[label] = text
    if not named:
        finding = rules["file.period.absent"].finding(filed_under=last_closed.label, example=str(last_closed.shift(-1)))
        return PeriodDecision(last_closed, is_certain=True, findings=(finding,))
    if len(set(named.values())) > 1:
        finding = _describe_conflict(named, written, last_closed)
        return PeriodDecision(last_closed, is_certain=False, findings=(finding,))
    week = next(iter(named.values()))
    for rule, is_off in (
        ("file.period.future", week > arrival),
        ("file.period.too_old", week.weeks_until(arrival) > weeks_back),
    ):
        if is_off:
            finding = rules[rule].finding(
                value=str(week), week=week.label, arrival=arrival.label, weeks_back=weeks_back
            )
            return PeriodDecision(week, is_certain=True, findings=(finding,))
    return PeriodDecision(week, is_certain=True)


def _describe_conflict(
    named: Mapping[str, ReportingWeek], written: Mapping[str, str], last_closed: ReportingWeek
) -> Finding:
    """Each source with its place and what it says, and for each week what would have to be changed to report it.

    Nobody can tell which source is stale, a cover of last week or a folder: the week that is due stands first.
    """
    places = {label: _place(label) for label in named}
    said = ";".join(f"{places[label]}写的是{_quoted(written[label], week)}" for label, week in named.items())
    ways = [
        f"报的是 {week} 的,请把{'、'.join(places[label] for label in named if named[label] != week)}改成 {week}"
        for week in sorted(set(named.values()), key=lambda week: (week != last_closed, week))
    ]
    return rule_registry()["file.period.conflict"].finding(said=said, ways=";".join(ways))


def _place(label: str) -> str:
    """Where a source stands, in words: 封面2 is that of a second cover."""
    bare = label.rstrip("0123456789")
    return f"{_PLACES[bare]}({label.removeprefix(bare)})" if label != bare else _PLACES[bare]


def _quoted(text: str, week: ReportingWeek) -> str:
    """What is written, as far as it holds nothing but dates, and the week that it names."""
    shown = f"“{text.strip()}”" if _SHOWABLE.match(fold_numeral(text)) else ""
    return f" {week}" if text.strip() == str(week) or not shown else f"{shown}({week})"


def _null_words() -> frozenset[str]:
    return frozenset(fold_numeral(word) for word in input_contract().vocabulary["null_words"])


def _read(text: str, received_at: datetime) -> _Named:
    folded = _BLANKS.sub(lambda match: match[1] or "", without_weekdays(fold_numeral(text[:_LONGEST])))
    folded = re.sub(r"-{2,}", "-", write_in_digits(folded))
    if _SEVERAL.search(folded):
        return _Named(doubt=_Doubt.CLEAR)
    if _WEEK_OF_MONTH.search(folded):
        return _Named(doubt=_Doubt.LOOSE)
    arrival = ReportingWeek.at(received_at)
    numbered = _numbered_weeks(folded, arrival)
    ranges, are_single = _ranges(folded, arrival.sunday)
    if numbered:
        weeks = numbered | (set() if are_single else ranges)
        return _Named(doubt=_Doubt.CLEAR) if None in weeks or len(weeks) > 1 else _Named(next(iter(weeks)))
    if not ranges:
        return _Named()
    if None in ranges or len(ranges) > 1:
        return _Named(doubt=_Doubt.LOOSE)
    return _Named(next(iter(ranges)), is_single_day=are_single)


def _numbered_weeks(text: str, arrival: ReportingWeek) -> set[ReportingWeek | None]:
    """The weeks named by number; None for one that does not exist."""
    years = set(_STATED_YEAR.findall(text))
    stated = int(next(iter(years))) if len(years) == 1 else None
    found: set[ReportingWeek | None] = set()
    for pattern in (_ISO, _NUMBERED, _YEAR_NUMBERED):
        for match in pattern.finditer(text):
            numeral = read_numeral((match["week"] or match.groupdict().get("alone") or "").lstrip("0"))
            number = int(numeral.value) if numeral else 0
            year = int(match["year"]) if match["year"] else stated
            if year is not None:
                found.add(_week(year if year > 99 else 2000 + year, number))
            else:
                near = [_week(arrival.monday.year + shift, number) for shift in (0, -1, 1)]
                known = [week for week in near if week]
                found.add(min(known, key=lambda week: abs(week.weeks_until(arrival.shift(-1))), default=None))
    return found


def _week(year: int, number: int) -> ReportingWeek | None:
    try:
        return ReportingWeek(date.fromisocalendar(year, number, 1))
    except ValueError:
        return None


def _ranges(text: str, sunday: date) -> tuple[set[ReportingWeek | None], bool]:
    """The weeks of the ranges of days in a text, else of its single days (True); None for what lies in no single week."""
    spans = [match[0] for match in _RANGE.finditer(text)]
    are_single = not spans
    if are_single:
        spans = [match[0] for match in _SINGLE.finditer(text)]
        if not spans and len(text) <= 5 and read_date(text, sunday=sunday).start:
            spans = [text]  # a cover that says 12.8 and nothing else
    weeks: set[ReportingWeek | None] = set()
    for span in spans:
        reading = read_date(span, sunday=sunday)
        if reading.start is None or reading.end is None:
            weeks.add(None)
        else:
            week = ReportingWeek.of(reading.start)
            weeks.add(week if week.contains(reading.end) else None)
    return weeks, are_single
