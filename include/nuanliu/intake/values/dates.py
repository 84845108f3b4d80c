"""Read a date or a range of days as people write it: 12月3日, 2024.11.11-12, 12月30日至1月2日, 近日, 2022年以来.

Days are local days of Asia/Shanghai. A year that is missing is the one that puts the day within 330 days before the end of
the report period, or at most 35 days after it (then later rules say that it lies ahead).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import chinese_calendar
import numpy as np
import pandas as pd

from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.reloading import reloads_with_data
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.intake.values.numerals import CHINESE, DIGITS, ERROR_VALUE, fold_numeral, read_numeral
from nuanliu.settings import SHANGHAI

EARLIEST_YEAR, EARLIEST_SINCE_YEAR = 2000, 1949
_DAYS_BACK, _DAYS_AHEAD = 330, 35
_LONGEST_TURN = 180  # days of a range whose other year is inferred; what is longer was written backwards
_LONGEST = 60  # characters; what is longer is prose
_SERIAL_ZERO = date(1899, 12, 30)  # Excel's 1900 system, from 1900-03-01 on
_SERIALS = range(36526, 55153)  # 2000-01-01 to 2050-12-31

_NULL = re.compile(r"[-/\s]*\Z")
_HOUR = r"(?:[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?|[0-9]{1,2}[时点](?:[0-9]{1,2}分?|半|整)?)"
_PART_OF_DAY = r"(?:凌晨|清晨|早上|早晨|上午|中午|午间|下午|傍晚|晚上|晚间|夜间|当晚|全天|当天|当日|晚|早)"
_CLOCK = re.compile(
    rf"(?<=[日号0-9 T)]){_PART_OF_DAY}?[ T]?(?<![0-9]){_HOUR}(?: ?[-~至到] ?{_PART_OF_DAY}?{_HOUR})?|(?<=[日号0-9 )]){_PART_OF_DAY}"
)
_WEEKDAY = re.compile(r"\(?(?:周|星期|礼拜)([一二三四五六日天])\)?")
_FROM = re.compile(r"\A(?:(?:活动)?(?:时间|日期)[: ]?)?(?:于|自|从|在)?")
_OPEN_END = re.compile(r"(?:(?:-|~|至|到)(?:今|目前|现在)|起(?:至今)?|开始(?:至今)?|以来)\Z")
_OPEN_START = re.compile(r"(?:截至|截止到?|止于)(?P<day>.+)\Z|(?P<until>[^-~至到]+[日号])(?:止|截止)\Z")
_IDLE_BLANKS = re.compile(r"(?<![0-9]) +| +(?![0-9])")  # 12 月 3 日; but 12月2 2 is no 22
_BEGUN = re.compile(r"(?<=[日号])(?:起|开始)(?=[-~至到])(?!至今)")
_DURATION = re.compile(rf"[,(]?(?:共|为期|历时|共计)?[0-9{CHINESE}]{{1,3}}天\)?\Z")
_IDLE_END = re.compile(r"(?:举办|举行|开展|进行|结束|期间)+\Z")
_CHINESE_RUN = re.compile(
    rf"[{CHINESE}Oo]+(?=[年月日号])|(?<=[月年])[{CHINESE}]+(?![个])|[{CHINESE}]+(?=[-~至到、和及,])"
)
_BETWEEN = "-~至到"
_LIST = re.compile(r"[、,和及]")

_WITH_WORDS = re.compile(r"(?:([0-9]{4}|[0-9]{2})年)?([0-9]{1,2})月([0-9]{1,2})[日号]?\Z")
_WITH_SIGNS = re.compile(r"([0-9]{4}|[0-9]{2})([-./])([0-9]{1,2})\2([0-9]{1,2})[日号]?\Z")
_YEAR_THEN_SIGNS = re.compile(r"([0-9]{4})年([0-9]{1,2})[-./]([0-9]{1,2})[日号]?\Z")
_COMPACT = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})\Z")
_MONTH_AND_DAY = re.compile(r"([0-9]{1,2})[-./]([0-9]{1,2})[日号]?\Z")
_MAYBE_DAYS = re.compile(r"([1-9][0-9]?)-([1-9][0-9]?)([日号]?)\Z")
_DAY_ALONE = re.compile(r"([0-9]{1,2})[日号]?\Z")
_SERIAL = re.compile(r"([0-9]{5})(?:\.[0-9]+)?\Z")
_NO_DAY = re.compile(
    r"(?:(?P<year>[0-9]{4}|[0-9]{2})年)?(?P<month>[0-9]{1,2})月份?(?P<part>上旬|中旬|下旬|初|中|底|末|月初|月中|月底|月末|)(?:期间|以来)?\Z"
    r"|(?P<only_year>[0-9]{4})(?:[-./][0-9]{1,2}|年)\Z|(?P<bare_year>(?:19|20)[0-9]{2})\Z"
)
_PARTS = {
    "": (1, 31),
    "上旬": (1, 10),
    "初": (1, 10),
    "中旬": (11, 20),
    "中": (11, 20),
    "下旬": (21, 31),
    "底": (21, 31),
    "末": (21, 31),
}
_SOLAR_DAY = re.compile(r"[0-9]月|[0-9][-./][0-9]|(?<![月0-9])[0-9]+[日号]")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]{4,}(?:Z|[+-][0-9]{2}:?[0-9]{2})\Z")

_SINCE_END = re.compile(r"(?:以来|至今|起至今|起|开始|以后|之后|累计)+\Z")
_SINCE_YEAR = re.compile(r"([0-9]{4}|[0-9]{2}(?=年))(?:年度?)?(?:初|年初)?\Z")
_SINCE_MONTH = re.compile(
    r"(?:([0-9]{4}|[0-9]{2})年)?([0-9]{1,2})月份?初?\Z|([0-9]{4})[-/]([0-9]{1,2})\Z|([0-9]{4})\.([0-9]{2})\Z"
)
_SINCE_THIS_YEAR = frozenset({"今年", "本年", "本年度", "年初", "今年年初", "开年", "新年"})
_SOLAR_FEASTS = {"元旦": (1, 1), "五一": (5, 1), "七一": (7, 1), "八一": (8, 1), "国庆": (10, 1), "十一": (10, 1)}
_SEASONS = {"春": 2, "夏": 5, "秋": 8, "冬": 11}  # the month in which each begins
_SEASON_YEARS = range(2000, 2101)  # chinese_calendar sets 立秋 twenty days late before, and knows nothing after
_SEASON = re.compile(r"(?:进入|入|开|立|今)([春夏秋冬])(?:天|季|明春)?\Z|([春夏秋冬])季\Z")


@dataclass(frozen=True, slots=True)
class DateReading:
    """What a cell says. ``start``/``end`` None and no problem: nothing was written, or an inexact word (then inferred).

    ``start`` alone: still running (12月3日起, 至今). ``end`` alone: 截至12月8日. ``is_inferred``: no day or no year was
    written. ``problem``: rule id that holds or returns the row. ``note``: id of a warning or info.
    """

    start: date | None = None
    end: date | None = None
    is_inferred: bool = False
    problem: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class _Day:
    """A day as written; year or month None where left out. Not yet known to exist."""

    year: int | None
    month: int | None
    day: int


def read_date(text: str, *, sunday: date, is_number: bool = False) -> DateReading:
    """Read a cell of a date column; ``sunday`` closes the report period, ``is_number``: the cell is typed as a number."""
    if len(text.strip()) > _LONGEST:
        return _problem("unreadable")
    folded = fold_numeral(text).lstrip("'")
    if _is_null(folded):
        return DateReading()
    if ERROR_VALUE.match(folded):
        return DateReading(is_inferred=True, note="row.date.error_value")
    if _INSTANT.match(folded):
        return _of_instant(folded, sunday)
    bare = _bare(folded, sunday)
    if serial := _SERIAL.match(bare):
        return _of_serial(int(serial[1]), sunday)
    if is_number and not _COMPACT.match(bare):
        return _problem("number")
    reading = _read_days(bare, sunday) or _of_no_day(bare, sunday)
    if reading is None:
        # an inexact word counts only where no day is written beside it that would be lost: 近日(12月3日) is a question
        is_inexact = any(word in folded for word in _words("inexact_dates")) and not _SOLAR_DAY.search(bare)
        return DateReading(is_inferred=True, note="row.date.inexact") if is_inexact else _problem("unreadable")
    return _hold_against_weekday(reading, folded)


def read_since(text: str, *, sunday: date) -> DateReading:
    """Read 累计起始: a date, 2022年以来, 2024年11月, 今年以来, 入冬以来 (立冬); the day is ``start``, ``end`` stays None."""
    if len(text.strip()) > _LONGEST:
        return _problem("unreadable")
    folded = fold_numeral(text).lstrip("'")
    if _is_null(folded):
        return DateReading()
    if ERROR_VALUE.match(folded):
        return DateReading(note="row.date.error_value")
    bare = _SINCE_END.sub("", _bare(folded, sunday))
    reading = _of_since_word(bare, sunday) or _since(read_date(bare or folded, sunday=sunday), sunday)
    if reading.start is not None and not date(EARLIEST_SINCE_YEAR, 1, 1) <= reading.start <= sunday:
        return _problem("implausible")
    return reading


def read_dates(texts: pd.Series, *, sunday: date, is_number: pd.Series | None = None) -> pd.DataFrame:
    """Read a column; ``is_number``: which of its cells are typed as numbers.

    Returns: same index. start_on, end_on datetime64[ns], is_inferred bool, problem str (NA: none), note str (NA: none).
        Exactly what ``read_date`` says, cell by cell.
    """
    if is_number is None or not is_number.any():
        return _read_column(texts, lambda text: read_date(text, sunday=sunday))

    number = is_number.to_numpy(dtype=bool)
    parts = [
        _read_column(texts[number], lambda text: read_date(text, sunday=sunday, is_number=True)),
        _read_column(texts[~number], lambda text: read_date(text, sunday=sunday)),
    ]
    places = np.concatenate([np.flatnonzero(number), np.flatnonzero(~number)])
    return pd.concat(parts).iloc[np.argsort(places)]


def read_sinces(texts: pd.Series, *, sunday: date) -> pd.DataFrame:
    """``read_since`` for a column; the same columns as ``read_dates``."""
    return _read_column(texts, lambda text: read_since(text, sunday=sunday))


def infer_year(month: int, day: int, *, sunday: date) -> date | None:
    """The day whose year was left out; None when no year near the period has it (2月29日)."""
    near = [_day_or_none(sunday.year + shift, month, day) for shift in (0, -1, 1)]
    first, last = sunday - timedelta(days=_DAYS_BACK), sunday + timedelta(days=_DAYS_AHEAD)
    return next((each for each in near if each and first <= each <= last), None)


def without_weekdays(text: str) -> str:
    """12月3日(周二) → 12月3日."""
    return _WEEKDAY.sub("", text)


def write_in_digits(text: str) -> str:
    """十二月三日 → 12月3日, 二〇二四年 → 2024年; other Chinese numerals stay."""
    return _CHINESE_RUN.sub(lambda run: _in_digits(run[0], text[run.end() : run.end() + 1]), text)


def season_start(season: str, year: int) -> date | None:
    """立春, 立夏, 立秋 or 立冬 (``season``: 春夏秋冬), by Beijing time; None for a year before 2000 or after 2100."""
    if year not in _SEASON_YEARS:
        return None
    first = date(year, _SEASONS[season], 1)
    terms: list[tuple[date, str]] = chinese_calendar.get_solar_terms(first, first.replace(day=28))
    return next(day for day, term in terms if term == f"立{season}")


def _problem(part: str) -> DateReading:
    return DateReading(problem=f"row.date.{part}")


@reloads_with_data
@cache
def _words(key: str) -> tuple[str, ...]:
    return tuple(fold_numeral(word) for word in input_contract().vocabulary[key])


def _is_null(folded: str) -> bool:
    return bool(_NULL.match(folded)) or folded in _words("null_words")


def _bare(folded: str, sunday: date) -> str:
    """The text without clock, weekday, blanks and idle words, Chinese numerals in digits."""
    text = _CLOCK.sub("", without_weekdays(folded.replace("\n", " ")))
    text = write_in_digits(_IDLE_BLANKS.sub("", text).rstrip("。;,"))
    text = re.sub(r"-{2,}", "-", text)
    text = re.sub(r"(?:今年|本年)(?=[0-9])", f"{sunday.year}年", text)
    text = re.sub(r"(?:去年|上年)(?=[0-9])", f"{sunday.year - 1}年", text)
    text = _DURATION.sub("", _BEGUN.sub("", text.replace("()", "")))
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    return _IDLE_END.sub("", _FROM.sub("", text, count=1))


def _in_digits(run: str, following: str) -> str:
    if following == "年" and len(run) > 1 and all(char in DIGITS or char in "Oo" for char in run):
        return "".join(str(DIGITS.get(char, 0)) for char in run)
    numeral = read_numeral(run)
    return f"{numeral.value:f}" if numeral and not numeral.is_bare else run


def _read_days(bare: str, sunday: date) -> DateReading | None:
    """One day, a range, a list of days, an open range; None when it is none of these."""
    if (single := _day(bare, sunday)) and not _may_be_days(bare):
        return _decide(single, None, sunday)
    if match := _OPEN_START.match(bare):
        day = _day(match["day"] or match["until"], sunday)
        return replace(_decide(day, None, sunday), start=None) if day else None
    if match := _OPEN_END.search(bare):
        day = _day(bare[: match.start()], sunday)
        return replace(_decide(day, None, sunday), end=None) if day else None
    if _LIST.search(bare):
        return _read_list(_LIST.split(bare), sunday)
    ranges = []
    for place, sign in enumerate(bare):
        if sign in _BETWEEN:
            start, end = _day(bare[:place], sunday), _end_day(bare[place + 1 :], sunday)
            if start and end:
                ranges.append((start, end))
    return _decide(*ranges[0], sunday) if len(ranges) == 1 else None


def _read_list(parts: list[str], sunday: date) -> DateReading | None:
    """12月3日、5日: the first and the last day; they must rise."""
    first = _day(parts[0], sunday)
    days = [_end_day(part, sunday) for part in parts[1:]]
    if first is None or not all(days):
        return None
    previous, reading = first, _decide(first, None, sunday)
    for day in days:
        if day is None or reading.problem:
            return reading
        filled = replace(day, month=day.month or previous.month, year=day.year or previous.year)
        step = _decide(previous, filled, sunday)
        if step.problem or step.start == step.end:
            return step if step.problem else None
        reading = replace(step, start=reading.start)
        previous = filled
    return reading


def _day(text: str, sunday: date) -> _Day | None:
    """One day with at least its month. Where the writing leaves doubt (3/12/24, 13.5) it must be a possible one."""
    if match := _WITH_WORDS.match(text):
        return _Day(_full_year(match[1]), int(match[2]), int(match[3]))
    if match := _WITH_SIGNS.match(text):
        year, month, day = int(match[1]), int(match[3]), int(match[4])
        if len(match[1]) == 4:
            return _Day(year, month, day)
        is_near = sunday.year - 2 <= year + 2000 <= sunday.year + 1
        return _Day(year + 2000, month, day) if is_near and _could_be(month, day) else None
    if match := _YEAR_THEN_SIGNS.match(text) or _COMPACT.match(text):
        return _Day(int(match[1]), int(match[2]), int(match[3]))
    if (match := _MONTH_AND_DAY.match(text)) and _could_be(int(match[1]), int(match[2])):
        return _Day(None, int(match[1]), int(match[2]))
    return None


def _may_be_days(text: str) -> bool:
    """3-5日, 11-12: the third to the fifth of a month that was left out as well as 5 March; but 12-3, 03-05 and 12-25."""
    match = _MAYBE_DAYS.match(text)
    return match is not None and 0 < int(match[2]) - int(match[1]) < (31 if match[3] else 7)


def _end_day(text: str, sunday: date) -> _Day | None:
    """The end of a range, which may leave out its month."""
    if match := _DAY_ALONE.match(text):
        return _Day(None, None, int(match[1]))
    return _day(text, sunday)


def _could_be(month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= 31


def _full_year(text: str | None) -> int | None:
    if text is None:
        return None
    return int(text) if len(text) == 4 else 2000 + int(text)


def _day_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _decide(start: _Day, end: _Day | None, sunday: date) -> DateReading:
    """Fill in the years and hold the days against the calendar."""
    if end is not None and end.month is None:
        end = replace(end, month=start.month, year=start.year)
    if end is None or end == start:
        first = last = _dated(start, sunday)
    elif start.year is None:
        last = _dated(end, sunday)
        first = _turn(start, last, -1)
    else:
        first = _dated(start, sunday)
        last = _dated(end, sunday) if end.year else _turn(end, first, 1)
    if first is None or last is None:
        return _problem("impossible")
    if not all(EARLIEST_YEAR <= each.year <= sunday.year + 1 for each in (first, last)):
        return _problem("implausible")
    if last < first:
        return _problem("reversed")
    return DateReading(first, last, is_inferred=start.year is None and (end is None or end.year is None))


def _dated(day: _Day, sunday: date) -> date | None:
    month = day.month or 0
    if day.year is None:
        return infer_year(month, day.day, sunday=sunday)
    return _day_or_none(day.year, month, day.day)


def _turn(day: _Day, other: date | None, direction: int) -> date | None:
    """The day of a range that has no year: in the other's year, or one on (12月30日至1月2日) unless that is too long."""
    if other is None:
        return None
    same = _day_or_none(other.year, day.month or 0, day.day)
    if same and (same - other).days * direction >= 0:
        return same
    turned = _day_or_none(other.year + direction, day.month or 0, day.day)
    return turned if turned and abs((turned - other).days) <= _LONGEST_TURN else same


def _of_instant(text: str, sunday: date) -> DateReading:
    """A date-time with an offset is cut to a day by the clock of Shanghai (M70)."""
    try:
        day = datetime.fromisoformat(text).astimezone(SHANGHAI).date()
    except ValueError:
        return _problem("impossible")
    return _decide(_Day(day.year, day.month, day.day), None, sunday)


def _of_serial(number: int, sunday: date) -> DateReading:
    if number not in _SERIALS:
        return _problem("unreadable")
    day = _SERIAL_ZERO + timedelta(days=number)
    reading = _decide(_Day(day.year, day.month, day.day), None, sunday)
    return reading if reading.problem else replace(reading, note="row.date.serial")


def _of_no_day(bare: str, sunday: date) -> DateReading | None:
    """12月上旬, 12月: inexact when it touches the report week, else a question; None when it is something else."""
    match = _NO_DAY.match(bare)
    if match is None:
        return None
    year = _full_year(match["only_year"] or match["bare_year"] or match["year"])
    if year is not None and not EARLIEST_YEAR <= year <= sunday.year + 1:
        return _problem("implausible")
    if match["month"] is None:
        return _problem("no_day")
    month = int(match["month"])
    if not 1 <= month <= 12:
        return _problem("impossible")
    low, high = _PARTS[match["part"].removeprefix("月")]
    week = ReportingWeek.of(sunday)
    for day in (week.monday + timedelta(days=shift) for shift in range(7)):
        if day.month == month and low <= day.day <= high and year in (None, day.year):
            return DateReading(is_inferred=True, note="row.date.inexact")
    return _problem("no_day")


def _hold_against_weekday(reading: DateReading, folded: str) -> DateReading:
    """Warn when a written weekday is not that of the day."""
    written = ["一二三四五六日".index(word.replace("天", "日")) for word in _WEEKDAY.findall(folded)]
    days = [reading.start, reading.end] if len(written) > 1 else [reading.start or reading.end]
    if len(written) == len(days) and any(
        day and day.weekday() != weekday for day, weekday in zip(days, written, strict=True)
    ):
        return replace(reading, note=reading.note or "row.date.weekday_differs")
    return reading


def _of_since_word(bare: str, sunday: date) -> DateReading | None:
    if bare in _SINCE_THIS_YEAR:
        return DateReading(date(sunday.year, 1, 1))
    if bare in ("本月", "当月"):
        return DateReading(sunday.replace(day=1))
    if bare in _SOLAR_FEASTS:
        return DateReading(_latest(lambda year: date(year, *_SOLAR_FEASTS[bare]), sunday), is_inferred=True)
    if match := _SEASON.match(bare):
        starts = (season_start(match[1] or match[2], year) for year in (sunday.year, sunday.year - 1))
        begun = next((start for start in starts if start and start <= sunday), None)
        return DateReading(begun, is_inferred=True) if begun else _problem("implausible")
    if match := _SINCE_YEAR.match(bare):
        year = _full_year(match[1]) or 0
        return DateReading(date(year, 1, 1)) if 1 <= year <= 9999 else _problem("impossible")
    if match := _SINCE_MONTH.match(bare):
        year_text, month = match[1] or match[3] or match[5], int(match[2] or match[4] or match[6])
        if not 1 <= month <= 12:
            return _problem("impossible")
        if known := _full_year(year_text):
            first = _day_or_none(known, month, 1)
            return DateReading(first) if first else _problem("impossible")
        return DateReading(_latest(lambda year: date(year, month, 1), sunday), is_inferred=True)
    return None


def _since(reading: DateReading, sunday: date) -> DateReading:
    """A date as the start of a count; a range starts where it starts, an inexact word is no start."""
    if reading.problem == "row.date.implausible":
        return reading
    if reading.problem or (reading.start or reading.end) is None:
        return _problem(reading.problem.removeprefix("row.date.")) if reading.problem else _problem("unreadable")
    start = reading.start or reading.end
    if start and start > sunday and reading.is_inferred:
        start = _day_or_none(start.year - 1, start.month, start.day)
    return DateReading(start, is_inferred=reading.is_inferred, note=reading.note)


def _latest(day_of: Callable[[int], date], sunday: date) -> date:
    """The last such day up to the end of the period."""
    day = day_of(sunday.year)
    return day if day <= sunday else day_of(sunday.year - 1)


def _read_column(texts: pd.Series, read: Callable[[str], DateReading]) -> pd.DataFrame:
    codes, unique = pd.factorize(texts.fillna(""))
    readings = [read(str(text)) for text in unique]

    def spread(values: list[Any], dtype: Any) -> Any:
        return pd.array(values, dtype=dtype).take(codes)

    return pd.DataFrame(
        {
            "start_on": spread([reading.start for reading in readings], "datetime64[ns]"),
            "end_on": spread([reading.end for reading in readings], "datetime64[ns]"),
            "is_inferred": np.array([reading.is_inferred for reading in readings], dtype=bool)[codes],
            "problem": spread([reading.problem for reading in readings], "str"),
            "note": spread([reading.note for reading in readings], "str"),
        },
        index=texts.index,
    )
