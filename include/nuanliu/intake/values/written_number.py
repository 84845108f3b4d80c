"""The grammar of a figure cell, without knowing its column: marks of exactness, number, unit; or why it is none.

``[marks] [¥] number [余万] [marks] unit [marks]``: 超过1200余人, 十余万元, 880万余, 500人以上, 12元5角, 壹仟贰佰元整.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from nuanliu.domain.exactness import Exactness
from nuanliu.intake.values.numerals import CHINESE, DIGITS, POWERS, fold_numeral, read_numeral, scale_of

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


def _any_of(words: dict[str, Exactness | None] | dict[str, Exactness]) -> str:
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"


_N = f"[0-9{CHINESE}]"
_BEFORE_MARK, _AFTER_MARK = re.compile(_any_of(_BEFORE)), re.compile(_any_of(_AFTER))
_FIGURE = re.compile(
    rf"(?P<before>{_any_of(_BEFORE)}*)(?P<currency>¥|人民币|RMB)?(?P<between>{_any_of(_BEFORE)}*)"
    rf"(?P<body>{_N}[0-9,.' {CHINESE}]*)(?:(?P<inner>余|多)(?P<scale>[十百千]?[万亿]+))?"
    rf"(?P<after>{_any_of(_AFTER)}*)(?P<unit>[^0-9]*?|元.*?)(?P<last>{_any_of(_AFTER)}*)"
)
_SMALL_MONEY = re.compile(rf"元零?(?:({_N})角)?零?(?:({_N})分)?")
_BLANK = re.compile(
    rf"(?<=[0-9.,'])([ \n]+)(?=[0-9.,'])|(?<=[{CHINESE}])(\n+)(?={_N})|(?<=[0-9])(\n+)(?=[{CHINESE}])|[ \n]+"
)

_WHY: tuple[tuple[str, re.Pattern[str]], ...] = (
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
            r".*(?:[数几][十百千万亿]|十几|[百千万]把|若干|许多|大量|多数|成[百千]|上[百千万亿])|[数几多][^0-9]{0,2}\Z|.*[一二两三四五六七八九]{2}",
            re.DOTALL,
        ),
    ),
    ("several", re.compile(rf".*{_N}.*[^0-9{CHINESE},.'].*{_N}", re.DOTALL)),
    ("words", re.compile(rf"(?=.*{_N}).*[^0-9{CHINESE},.' \n]", re.DOTALL)),
)


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
    return _BLANK.sub(_keep_between_digits, fold_numeral(text)).lstrip("'").rstrip("。;")


def read_written_number(text: str) -> WrittenNumber | str:
    """Read a folded cell that holds exactly one number; else the last part of the ``row.figure.*`` rule that says why not."""
    if len(text) > _LONGEST:
        return "unreadable"
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
    kinds |= {_OVER} if inner else set()
    if len(kinds) > 1:
        return "marks"
    if numeral.is_bare and not kinds:
        return "percent" if "百分之" in text else "vague"
    exactness = next((kind for kind in kinds if kind), Exactness.EXACT)
    value, step = numeral.value * multiplier, numeral.step * multiplier
    if match["unit"].startswith(tuple(POWERS)):  # 2+千人, 万以上万人: a named unit that has come loose from its number
        return why_unreadable(text)
    unit = _plain_unit(match["unit"])
    if match["currency"]:
        unit = unit or "元"
    if any(char.isdigit() or char in DIGITS for char in unit):
        small = _small_money(unit)
        if small is None or exactness is not Exactness.EXACT or step < 1:
            return why_unreadable(text)
        value, step, unit = value + small[0], small[1], "元"
    number = body + scale
    has_large_unit = any(char in "万亿" for char in number) or (
        any(char in "百千" for char in number) and any("0" <= char <= "9" for char in number)
    )
    tail = number[len(number.rstrip("十百千万亿")) :] + unit
    return WrittenNumber(value, step, exactness, unit, tail, has_large_unit)


def why_unreadable(text: str) -> str:
    """The kind of writing that a cell holds instead of one figure."""
    return next((kind for kind, pattern in _WHY if pattern.match(text)), "unreadable")


def _largest_power(number: str) -> int:
    return max((POWERS.get(char, 0) for char in number), default=0)


def _keep_between_digits(match: re.Match[str]) -> str:
    between = match[1] or match[2] or match[3]
    if not between:
        return ""
    return "\n" if "\n" in between else between


def _plain_unit(text: str) -> str:
    """(人) → 人, 元整 → 元, 元(人民币) → 元."""
    unit = text.replace("(人民币)", "").replace("人民币", "")
    if unit.startswith("(") and unit.endswith(")") and unit.count("(") == 1:
        unit = unit[1:-1]
    return unit[:-1] if unit.endswith(("元整", "元正", "角整", "角正", "分整")) else unit


def _small_money(unit: str) -> tuple[Decimal, Decimal] | None:
    """元5角6分 → (0.56, 0.01)."""
    match = _SMALL_MONEY.fullmatch(unit)
    if match is None or not (match[1] or match[2]):
        return None
    jiao, fen = (int(char) if char and char.isdigit() else DIGITS.get(char or "零", 0) for char in match.groups())
    if (match[1] and not jiao) or (match[2] and not fen):
        return None
    return Decimal(jiao * 10 + fen) / 100, Decimal("0.01") if match[2] else Decimal("0.1")
