"""The numbers of a text as people write them: 1925余人, 1.2万, 46.70万元, 12月3日, 2024-W48, 一千二百余人."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from nuanliu.contract.code_lists import codes
from nuanliu.contract.reloading import reloads_with_data
from nuanliu.domain.exactness import Exactness

_BEFORE = {
    **dict.fromkeys(("超过", "超", "逾", "突破", "不少于", "至少"), Exactness.OVER),
    **dict.fromkeys(("将近", "接近", "近", "不足", "不到"), Exactness.UNDER),
    **dict.fromkeys(("大约", "约"), Exactness.APPROX),
}
_AFTER = {
    **dict.fromkeys(("余", "多", "以上"), Exactness.OVER),
    **dict.fromkeys(("以下", "以内"), Exactness.UNDER),
    **dict.fromkeys(("来", "左右", "上下"), Exactness.APPROX),
}
_TURNS = {"增": 1, "减": -1, "上修": 1, "下修": -1}
"""What says whether a difference came or went: 减65 for 增65 is another number."""
_SCALES = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}
_DIGITS = {digit: value for value, digits in enumerate(("〇零", "一壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")) for digit in digits}  # fmt: skip
_POWERS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
_OF_TEXTS = ("年", "月", "日", "周", "期", "版", "处", "天", "届", "%", "个百分点")
"""What is counted in sentences beside the measures' own units."""
_PEOPLE = frozenset({"人", "名", "位"})


@dataclass(frozen=True)
class Written:
    """One number. ``value`` with its 万; ``unit`` without it."""

    text: str
    start: int
    end: int
    value: Decimal
    step: Decimal
    """What one of its last digit is worth: of 1.2万 1000."""
    coarse_step: Decimal
    """What one of its last digit that is not zero is worth: of 12000 1000."""
    exactness: Exactness
    unit: str
    is_scaled: bool
    """Whether 万, 亿 or a numeral in words says how large it is."""

    @property
    def kind(self) -> str:
        """The unit, one word for people."""
        return one_kind(self.unit)


def one_kind(unit: str) -> str:
    """人, 名 and 位 are one."""
    return "人" if unit in _PEOPLE else unit


def read_numbers(text: str) -> Iterator[Written]:
    """Every number of a folded text, in its order."""
    for match in _pattern().finditer(text):
        yield _written(match)


@reloads_with_data
@cache
def _pattern() -> re.Pattern[str]:
    measures = codes().measures
    units = {unit for measure in measures for unit in (measure.unit, *measure.unit_aliases)} | set(_OF_TEXTS)
    bare = {unit.lstrip("十百千万亿") for unit in units} - {""}
    unit = _any_of(bare)
    chinese = "".join((*_DIGITS, *_POWERS, *_LARGE))
    return re.compile(
        rf"(?P<week>\d{{4}}-W\d{{2}})|(?P<turn>{_any_of(_TURNS)})?(?P<before>{_any_of(_BEFORE)})?(?:"
        rf"(?P<number>(?:(?<![0-9A-Za-z.)])[+-])?(?:\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d+)(?:\.\d+)?)"
        rf"(?P<inner>{_any_of(_AFTER)})?(?P<scale>[百千]?[万亿]|[百千])?"
        rf"|(?<!第)(?P<words>(?=[{chinese}]*[{''.join((*_POWERS, *_LARGE))}])[{chinese}]{{2,}})(?=(?:{_any_of(_AFTER)})?(?:{unit})))"
        rf"(?P<after>{_any_of(_AFTER)})?(?P<unit>{unit})?(?P<last>以上|左右|上下|以下|以内)?"
    )


def _any_of(words: object) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))  # type: ignore[call-overload]


def _written(match: re.Match[str]) -> Written:
    if match["week"]:
        year, number = Decimal(match["week"][:4]), Decimal(match["week"][-2:])
        one = Decimal(1)
        return Written(match[0], *match.span(), year * 100 + number, one, one, Exactness.EXACT, "W", is_scaled=False)
    if match["words"]:
        value, step = _in_words(match["words"])
        scale = Decimal(1)
    else:
        digits = match["number"].replace(",", "")
        scale = Decimal(10) ** sum(_SCALES[sign] for sign in match["scale"] or "")
        value = Decimal(digits) * scale
        step = Decimal(1).scaleb(-len(digits.partition(".")[2])) * scale
    value *= _TURNS[match["turn"]] if match["turn"] else 1
    marks = [_BEFORE[match["before"]]] if match["before"] else []
    marks += [_AFTER[match[name]] for name in ("inner", "after", "last") if match[name]]
    return Written(
        match[0],
        *match.span(),
        value,
        step,
        _coarse(value, step),
        marks[0] if marks else Exactness.EXACT,
        match["unit"] or "",
        is_scaled=scale != 1 or bool(match["words"]),
    )


def _coarse(value: Decimal, step: Decimal) -> Decimal:
    while value and not value % (step * 10):
        step *= 10
    return step


def _in_words(text: str) -> tuple[Decimal, Decimal]:
    """一千二百 → 1200, and what its last place is worth."""
    total = section = digit = 0
    step = 1
    for sign in text:
        if sign in _DIGITS:
            digit, step = _DIGITS[sign], 1
        elif sign in _POWERS:
            section, digit, step = section + (digit or 1) * _POWERS[sign], 0, _POWERS[sign]
        else:
            large = _LARGE[sign]
            total, section, digit, step = (total + section + digit) * large, 0, 0, large
    return Decimal(total + section + digit), Decimal(step)
