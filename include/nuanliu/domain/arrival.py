"""In which order a union's files came: by time, equal times by name as people count. As text, so that SQL can order by it."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime

RECEIVED_LENGTH = len("2024-12-09T01:12:33.123456Z ")
"""So many characters of an arrival order are the time of receipt; the rest is the arrival."""
LAST_PLACE = "~"
"""After every arrival order: of a file that stands in no registry, behind which nothing came."""

_END, _NUMBER = "\x01", "\x02"  # both sort before anything that stands in a name
_WIDE_BRACKETS = str.maketrans("()", "\uff08\uff09")
_ENDING = re.compile(r"\.([a-z0-9]{1,8})\Z")
_COUNTED = re.compile(r"[0-9]+|[零〇一二三四五六七八九十]+")
_DIGITS = {
    sign: value
    for value, signs in enumerate(("零〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"))
    for sign in signs
}
_TENS = re.compile(r"([一二三四五六七八九]?)十([一二三四五六七八九]?)\Z")


def arrival_order(received_at: datetime, arrived: str) -> str:
    """Where a file stands among all: by its time of receipt, then by ``arrived``; compared sign by sign (collation C)."""
    return f"{_instant(received_at)} {arrived}"


def arrived(arrived_at: datetime, key: str) -> str:
    """Where a file stands among those of its union that lay in the bucket: by time, then by file name, then by folder."""
    folder, _, name = key.rpartition("/")
    return f"{_instant(arrived_at)} {name_order(name)}{_END}{folder}"


def name_order(name: str) -> str:
    """A file name so that plain comparison orders it as people count: 报表2 before 报表10, x.xlsx before x-2.xlsx.

    Numbers go by their value, in full width or Chinese too (第二稿 before 第三稿), the ending comes last; case, width and
    blanks do not matter.
    """
    folded = "".join(unicodedata.normalize("NFKC", name).casefold().split())
    # Brackets stay wide, of whatever width they were: 周报-2 is the second 周报, 周报(更正) another word.
    folded = "".join(sign for sign in folded if sign.isprintable()).translate(_WIDE_BRACKETS)
    found = _ENDING.search(folded)
    stem, ending = (folded[: found.start()], found[1]) if found else (folded, "")
    return f"{_COUNTED.sub(lambda match: _number(match[0]), stem)}{_END}{ending}"


def _number(text: str) -> str:
    digits = _plain(text).lstrip("0")
    return f"{_NUMBER}{len(digits):04d}{digits}"


def _plain(text: str) -> str:
    """The Arabic digits of a number: 十二 and 一二 are 12."""
    if text.isascii():
        return text
    tens = _TENS.match(text)
    if tens:
        return f"{_DIGITS.get(tens[1], 1)}{_DIGITS.get(tens[2], 0)}"
    return "".join(str(_DIGITS.get(sign, 10)) for sign in text)


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
