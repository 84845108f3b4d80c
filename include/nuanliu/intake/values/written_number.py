"""The grammar of a figure cell, without knowing its column: marks of exactness, number, unit; or why it is none.

``[marks] [¥] number [余万] [marks] unit [marks]``: 超过1200余人, 十余万元, 880万余, 500人以上, 12元5角, 壹仟贰佰元整.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from nuanliu.domain.exactness import Exactness
from nuanliu.intake.values.numerals import CHINESE, DIGITS, POINT, POWERS, fold_numeral, read_numeral, scale_of

_LONGEST = 60  # characters; what is longer is prose

_OVER, _UNDER, _APPROX = Exactness.OVER, Exactness.UNDER, Exactness.APPROX
_BEFORE: dict[str, Exactness | None] = {
    **dict.fromkeys(
        (
            "超过",
            "超出",
            "超",
            "逾",
            "突破",
            "大于",
            "多于",
            "高于",
            "不少于",
            "不低于",
            "不小于",
            "不下",
            "至少",
            "最少",
        ),
        _OVER,
    ),
    **dict.fromkeys((">=", "≥", ">"), _OVER),
    **dict.fromkeys(
        ("将近", "接近", "近", "不足", "不到", "不满", "未满", "未达", "小于", "少于", "低于", "至多", "最多"), _UNDER
    ),
    **dict.fromkeys(("不超过", "不多于", "不高于", "不大于", "<=", "≤", "<"), _UNDER),
    **dict.fromkeys(("大约", "约为", "约计", "约", "大概", "~", "≈"), _APPROX),
    **dict.fromkeys(("达到", "多达", "高达", "达", "共计", "总计", "合计", "总共", "共有", "共", "计"), None),
}
_AFTER: dict[str, Exactness] = {
    **dict.fromkeys(("及以上", "以上", "有余", "余", "多", "出头", "+"), _OVER),
    **dict.fromkeys(("及以下", "以下", "以内", "之内", "不到", "不足"), _UNDER),
    **dict.fromkeys(("左右", "上下", "前后"), _APPROX),
}
_INNER: dict[str, Exactness] = {"余": _OVER, "多": _OVER, "来": _APPROX}
"""What stands between a number and its named unit: 十余万, 二十来万. 来 marks a number nowhere else: 300人来 are 300."""


def _any_of(words: dict[str, Exactness | None] | dict[str, Exactness]) -> str:
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"


_N = f"[0-9{CHINESE}]"
_BEFORE_MARK, _AFTER_MARK = re.compile(_any_of(_BEFORE)), re.compile(_any_of(_AFTER))
_FIGURE = re.compile(
    rf"(?P<before>{_any_of(_BEFORE)}*)(?P<currency>¥|人民币(?:\(?大写\)?)?:?|RMB)?(?P<between>{_any_of(_BEFORE)}*)"
    rf"(?P<body>{_N}[0-9,.' {POINT}{CHINESE}]*)(?:(?P<inner>{_any_of(_INNER)})(?P<scale>[十百千]?[万亿]+))?"
    rf"(?P<after>来?{_any_of(_AFTER)}*)(?P<unit>[^0-9]*?|[元块角毛].*?)(?P<last>{_any_of(_AFTER)}*)"
)
_DIGIT = f"[0-9{''.join(DIGITS)}]"
_SMALL_MONEY = re.compile(
    rf"(?:(?P<yuan>[元块])零?(?:(?P<jiao>{_DIGIT})[角毛])?|(?P<jiao_alone>[角毛]))零?(?:(?P<fen>{_DIGIT})分)?"
    rf"|块(?P<short>{_DIGIT})"
)
_IDLE_END = re.compile(r"(?:[元块角毛分][整正]|[元块角毛分]钱)\Z")
_TEN_THOUSAND = re.compile(r"(?<=[0-9])[wW](?![A-Za-z])")
"""How 万 is typed on a telephone: 3W, 2.5w."""
_BLANK = re.compile(
    rf"(?<=[0-9.,'])([ \n]+)(?=[0-9.,'])|(?<=[{CHINESE}])(\n+)(?={_N})|(?<=[0-9])(\n+)(?=[{CHINESE}])|[ \n]+"
)

_WHY: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("personal", re.compile(r".*\*{4}", re.DOTALL)),  # masked before it was read, see privacy.personal_data
    ("formula", re.compile(r"=")),
    ("scientific", re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]+[^0-9]*\Z")),
    (
        "list_mark",
        re.compile(
            rf"[\u2460-\u24ff\u2776-\u2793\u3220-\u3229\u3280-\u3289]|\(?[0-9{CHINESE}]{{1,2}}[)、]\D{{0,6}}{_N}|[0-9]{{1,2}}\.[ \n]"
        ),
    ),
    ("unreadable", re.compile(r"(?:19|20)[0-9]{2}[-/.年][0-9]{1,2}[-/.月]|[0-9]{1,2}月")),
    ("percent", re.compile(r".*(?:[%‰]|百分之)", re.DOTALL)),
    ("range", re.compile(rf".*{_N}[^0-9]{{0,4}}?(?:[-~至到]){_N}", re.DOTALL)),
    ("formula", re.compile(rf".*{_N}[^0-9]{{0,4}}?[+*×xX÷/]{_N}", re.DOTALL)),
    (
        "vague",
        re.compile(
            r".*(?:[数几][十百千万亿]|十几|[百千万]把|若干|许多|大量|多数|成[百千]|上[百千万亿]|好几)|[数几多][^0-9]{0,2}\Z|.*[一二两三四五六七八九]{2}",
            re.DOTALL,
        ),
    ),
)
_TELLING = re.compile(rf"[0-9{CHINESE}*=%‰数几多若量\u2460-\u24ff\u2776-\u2793\u3220-\u3229\u3280-\u3289]")
"""Without one of these a text is of none of those kinds: 100,000 cells of prose in a column are nothing but unreadable."""
_WORDS = re.compile(rf"(?=.*{_N}).*[^0-9{CHINESE},.' \n]", re.DOTALL)
_RUN = re.compile(rf"[0-9{CHINESE}][0-9,.'{POINT}{CHINESE}]*")
_LARGE_WITH_DIGIT = re.compile(rf"(?=.*{_DIGIT})(?!.*{POINT}).*[{''.join(POWERS)}]")
"""1万200, 三亿五千, 15千3百: what does not tell which places its digits stand in."""
_IN_WORDS = frozenset("零一二三十百千万亿")
"""统一, 三八, 十一, 万家: characters of numbers that are as often parts of words."""


@dataclass(frozen=True, slots=True)
class WrittenNumber:
    """A number with its marks. ``unit``: as written, without its named unit (万元 → 元). ``tail``: named unit and unit
    together (万元). ``has_large_unit``: 万 or 亿 stands in it, or Arabic digits with 百 or 千.
    """

    value: Decimal
    step: Decimal
    exactness: Exactness
    unit: str
    tail: str
    has_large_unit: bool


def fold_cell(text: str) -> str:
    """Fold a cell: half width, one dash, no blanks except where they part digits, no leading apostrophe, no full stop."""
    folded = fold_numeral(text)
    if " " in folded or "\n" in folded:
        folded = _BLANK.sub(_keep_between_digits, folded)
    return folded.lstrip("'").rstrip("。;")


def read_written_number(text: str) -> WrittenNumber | str:
    """Read a folded cell that holds exactly one number; else the last part of the ``row.figure.*`` rule that says why not."""
    if len(text) > _LONGEST:
        return "unreadable"
    text = _TEN_THOUSAND.sub("万", text)
    match = _FIGURE.fullmatch(text)
    if match is None:
        return why_unreadable(text)
    body, inner, scale = match["body"], match["inner"] or "", match["scale"] or ""
    numeral = read_numeral(body)
    multiplier = scale_of(scale) if scale else Decimal(1)
    if numeral is None or multiplier is None or (scale and _largest_power(body) >= _largest_power(scale)):
        return why_unreadable(text)
    kinds = {_BEFORE[mark] for mark in _BEFORE_MARK.findall(match["before"] + match["between"])} - {None}
    kinds |= {_AFTER[mark] for mark in _AFTER_MARK.findall(match["after"] + match["last"])}
    kinds |= {_INNER[mark] for mark in (inner, match["after"][:1]) if mark in _INNER}
    if len(kinds) > 1:
        return "marks"
    if numeral.is_bare and not kinds:
        return "percent" if "百分之" in text else "vague"
    exactness = next((kind for kind in kinds if kind), Exactness.EXACT)
    value, step = numeral.value * multiplier, numeral.step * multiplier
    if match["unit"].startswith(tuple(POWERS)):  # 2+千人, 万以上万人: a named unit that has come loose from its number
        return why_unreadable(text)
    written_unit = unit = _plain_unit(match["unit"])
    if match["currency"]:
        written_unit = unit = unit or "元"
    if any(char.isdigit() or char in DIGITS for char in unit):
        small = _small_money(unit)
        if small is None or exactness is not Exactness.EXACT or step < 1:
            return why_unreadable(text)
        value, step, unit = value * small.worth + small.rest, small.step, "元"
    number = body + scale
    has_large_unit = any(char in "万亿" for char in number) or (
        any(char in "百千" for char in number) and any("0" <= char <= "9" for char in number)
    )
    tail = number[len(number.rstrip("十百千万亿")) :] + (unit if unit != "元" else written_unit[:1] or unit)
    return WrittenNumber(value, step, exactness, unit, tail, has_large_unit)


def why_unreadable(text: str) -> str:
    """The kind of writing that a cell holds instead of one figure."""
    return _kind_of_writing(text) if _TELLING.search(text) is not None else "unreadable"


def _kind_of_writing(text: str) -> str:
    for kind, pattern in _WHY:
        if pattern.match(text):
            return kind
    numbers = _numbers_apart(text)
    if len(numbers) > 1:
        return "several"
    if numbers and _LARGE_WITH_DIGIT.match(numbers[0]) and read_numeral(numbers[0]) is None:
        return "places"
    return "words" if _WORDS.match(text) else "unreadable"


def _numbers_apart(text: str) -> list[str]:
    """The numbers that stand apart in a text: 12元5 holds two, 手套150双、帽子50顶 too; 统一发放300份 one."""
    runs = (run.rstrip(f",.'{POINT}") for run in _RUN.findall(text))
    return [run for run in runs if run not in _IN_WORDS]


def _largest_power(number: str) -> int:
    return max((POWERS.get(char, 0) for char in number), default=0)


def _keep_between_digits(match: re.Match[str]) -> str:
    between = match[1] or match[2] or match[3]
    if not between:
        return ""
    return "\n" if "\n" in between else between


def _plain_unit(text: str) -> str:
    """(人) → 人, 元整 → 元, 元(人民币) → 元, 块钱 → 块."""
    unit = text.replace("(人民币)", "").replace("人民币", "")
    if unit.startswith("(") and unit.endswith(")") and unit.count("(") == 1:
        unit = unit[1:-1]
    return unit[:-1] if _IDLE_END.search(unit) else unit


@dataclass(frozen=True, slots=True)
class _SmallMoney:
    """What follows the number of an amount: one of the number is ``worth`` so many 元, and ``rest`` comes on top."""

    worth: Decimal
    rest: Decimal
    step: Decimal


def _small_money(unit: str) -> _SmallMoney | None:
    """元5角6分, 元零伍分 → 0.56 and 0.05 more; 角贰分 → tenths and 0.02; 块五 → 0.5 more. 元5 is none: 5 of what?"""
    match = _SMALL_MONEY.fullmatch(unit)
    if match is None:
        return None
    jiao, fen = (_digit(match["jiao"] or match["short"]), _digit(match["fen"]))
    if jiao is None and fen is None:
        return None
    worth = Decimal(1) if match["jiao_alone"] is None else Decimal("0.1")
    step = Decimal("0.1") if fen is None else Decimal("0.01")
    return _SmallMoney(worth, Decimal((jiao or 0) * 10 + (fen or 0)) / 100, step)


def _digit(char: str | None) -> int | None:
    return None if char is None else int(char) if char.isascii() else DIGITS[char]
