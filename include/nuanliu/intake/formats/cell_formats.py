"""Numbers, dates, texts and number formats of spreadsheets, as the texts a grid holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Flag
from functools import cache

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_QUOTED = re.compile(r'"[^"]*"?|[\\!_*].')  # "年", and the character after \\ ! (literal) _ (padding) * (fill)
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_BRACKETS = re.compile(r"\[[^\]]*\]")  # [$-804], [Red], [DBNum1]
_GENERAL = re.compile(r"general|g/通用格式", re.IGNORECASE)
_WORDS = re.compile(r"[a-z]+")
_OF_DATES = re.compile(r"(?:[ymdhsegbtz]|aaaa?)+")  # g: eras, b: Buddhist years, t and z: 2024-12-03T09:30Z

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

LAST_SERIAL = 2958466  # the day after 9999-12-31, the last date that Excel knows
_FIRST_PLAUSIBLE = datetime(2000, 1, 1)  # noqa: DTZ001 - spreadsheet dates have no zone
_LAST_PLAUSIBLE = datetime(2051, 1, 1)  # noqa: DTZ001


class FormatKind(Flag):
    """What a number format makes of a number."""

    PLAIN = 0
    DATE = 1
    TIME = 2
    PERCENT = 4


@dataclass(frozen=True, slots=True)
class CellStyle:
    """A style that changes what a cell says. ``dates``: the date format's kind, or None; flags are dear, booleans cheap."""

    dates: FormatKind | None
    is_percent: bool
    is_struck: bool

    @classmethod
    def of(cls, kind: FormatKind, *, is_struck: bool) -> CellStyle | None:
        """The style of a format and font, or None for a plain one."""
        dates = kind & (FormatKind.DATE | FormatKind.TIME)
        style = cls(dates or None, bool(kind & FormatKind.PERCENT), is_struck)
        return style if style.dates or style.is_percent or style.is_struck else None


# Built-in formats that files do not spell out; 27–36 and 50–58 as in Chinese editions (ECMA-376 part 1, 18.8.30).
BUILT_IN_FORMATS: dict[int, FormatKind] = (
    dict.fromkeys((9, 10), FormatKind.PERCENT)
    | dict.fromkeys((14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58), FormatKind.DATE)
    | dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56), FormatKind.TIME)
    | {22: FormatKind.DATE | FormatKind.TIME}
)


@cache
def format_kind(code: str) -> FormatKind:
    """Whether a number format shows dates, times or percentages; elapsed times ([h]:mm) are plain numbers."""
    section = _QUOTED.sub("", code).split(";", 1)[0]
    if _ELAPSED.search(section):
        return FormatKind.PLAIN
    section = _GENERAL.sub("", _BRACKETS.sub("", section)).lower().replace("am/pm", "h").replace("上午/下午", "h")
    if not all(map(_OF_DATES.fullmatch, _WORDS.findall(section))):  # Standard is General in German, and no day
        return FormatKind.PERCENT if "%" in section else FormatKind.PLAIN
    has_time = "h" in section or "s" in section
    kind = FormatKind.TIME if has_time else FormatKind.PLAIN
    if "y" in section or "d" in section or "aaa" in section or ("m" in section and not has_time):
        kind |= FormatKind.DATE
    if kind is FormatKind.PLAIN and "%" in section:
        return FormatKind.PERCENT
    return kind


def number_text(raw: str) -> str | None:
    """A stored number as a person would see it: at most 15 significant digits, no exponent. None: not a number."""
    if raw.isascii() and raw.isdigit() and len(raw) <= 15 and (raw[0] != "0" or raw == "0"):
        return raw
    if len(raw) > 400 or not _NUMBER.fullmatch(raw):
        return None
    return float_text(float(raw))


def float_text(value: float) -> str | None:
    """The same for a float; None for infinity and NaN."""
    text = f"{value:.15g}"
    if "n" in text:  # inf, nan
        return None
    if "e" in text:
        text = f"{Decimal(text):f}"
    return "0" if text == "-0" else text


def plain_text(text: str) -> str:
    """A text without Excel's _x000D_ escapes and with single LF as line break."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), text)
        # Half of a surrogate pair cannot be stored or sent anywhere.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def serial_text(value: float, kind: FormatKind, *, is_1904: bool) -> str | None:
    """A date serial as 2024-12-03, 2024-12-03 14:30 or 14:30; None when it is no date that Excel would show.

    Seconds are rounded and written only when not zero. A date format over a number below 1 (0 written in a date cell) and
    serial 60 of the 1900 system (29 February 1900, which never was) are no dates.
    """
    if not 0 <= value < LAST_SERIAL:
        return None
    if value < 1:
        if FormatKind.TIME not in kind:
            return None
        moment = datetime(2000, 1, 1) + timedelta(seconds=round(value * 86400))  # noqa: DTZ001 - no zone
        return _time_text(moment) if moment.day == 1 else None
    moment_or_none = _moment(value, is_1904=is_1904)
    if moment_or_none is None:
        return None
    day = f"{moment_or_none:%Y-%m-%d}" if moment_or_none.year >= 1000 else None
    if day is None or (moment_or_none.hour, moment_or_none.minute, moment_or_none.second) == (0, 0, 0):
        return day
    return f"{day} {_time_text(moment_or_none)}"


@cache
def plausible_date(text: str, *, is_1904: bool) -> str | None:
    """The ISO date that a whole number would be as a serial, if it falls in 2000–2050."""
    if len(text) != 5 or not text.isdigit():
        return None
    moment = _moment(int(text), is_1904=is_1904)
    return f"{moment:%Y-%m-%d}" if moment and _FIRST_PLAUSIBLE <= moment < _LAST_PLAUSIBLE else None


def _moment(value: float, *, is_1904: bool) -> datetime | None:
    if is_1904:
        start = datetime(1904, 1, 1)  # noqa: DTZ001 - no zone
    elif 60 <= value < 61:
        return None
    else:
        start = datetime(1899, 12, 30) if value > 60 else datetime(1899, 12, 31)  # noqa: DTZ001
    try:
        return start + timedelta(seconds=round(value * 86400))
    except OverflowError:
        return None


def _time_text(moment: datetime) -> str:
    return f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"
