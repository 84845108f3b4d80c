"""Units: what one is worth in its base unit, and whether it fits a measure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import cache, lru_cache

from nuanliu.contract.code_lists import Measure, codes
from nuanliu.contract.reloading import reloads_with_data
from nuanliu.intake.values.numerals import fold_numeral, scale_of

_MONEY = {
    **dict.fromkeys(("元", "块"), Decimal(1)),
    **dict.fromkeys(("角", "毛"), Decimal("0.1")),
    "分": Decimal("0.01"),
}
_PERSONS = frozenset({"人", "名", "位"})
_PERSON_TIMES = frozenset({"人次"})
_EITHER = "人(次)"
_SPELLINGS = {"个人": "人", "号人": "人", "人/次": _EITHER, "人·次": _EITHER, "%": "%", "个百分点": "%"}
_OR = re.compile(r"[/、,;或]")
_PAREN = re.compile(r"(?P<name>.*)[(\[【](?P<unit>[^()\[\]【】]*(?:\(次\))?)[)\]】]\*?\Z", re.DOTALL)
_AFTER_COLON = re.compile(r"(?P<name>.+?)[/,_ ]?单位:?(?P<unit>[^()]+)\Z|(?P<counted>.+)/(?P<each>[^/]+)\Z", re.DOTALL)
LONGEST_LABEL = 1000
"""Characters. Longer texts are neither headers nor lines of labels, and patterns take the square of their length."""
_UNIT_WORD = re.compile(r"(?:计量|金额|货币|数量)?单位:?|人民币:?")
_LINE = re.compile(r"\(?(?:.*[ \n(])?(?:计量|金额|货币|数量)?单位(?::| |(?=[(万亿千百元人]))(?P<units>.+)", re.DOTALL)


class Fit(Enum):
    """How a unit goes with a measure. ``CROSSED``: 人次 in a 人 column or the reverse, kept as written (M54)."""

    YES = "yes"
    CROSSED = "crossed"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as written, e.g. 万元: worth ``scale`` of ``base``. ``base`` is "" for a bare 万."""

    name: str
    scale: Decimal
    base: str

    def fit(self, measure: Measure) -> Fit:
        """Whether figures of a measure may be given in it."""
        if self.base in ("", measure.unit) or self.base in measure.unit_aliases:
            return Fit.YES
        persons = {measure.unit, self.base}
        if persons & _PERSONS and persons & _PERSON_TIMES:
            return Fit.CROSSED
        return Fit.YES if self.base == _EITHER and persons & (_PERSONS | _PERSON_TIMES) else Fit.NO


@reloads_with_data
@lru_cache(maxsize=4096)
def read_unit(text: str, own: tuple[str, ...] = ()) -> Unit | None:
    """Read 元, 万元, 百万元, 人次, 万份; None when neither the code list nor ``own``, a measure's units, has it."""
    name = _SPELLINGS.get(folded := _fold_unit(text), folded)
    base = name.lstrip("十百千万亿")
    scale = scale_of(name[: len(name) - len(base)]) if len(base) < len(name) else Decimal(1)
    if scale is None or not name:
        return None
    if base in _MONEY and base not in own:  # 块 also counts soap and towels, where a measure says so
        return Unit(name, scale * _MONEY[base], "元")
    return Unit(name, scale, base) if not base or base in own or base in _known_units() else None


def read_units(text: str, own: tuple[str, ...] = ()) -> tuple[Unit, ...]:
    """Read alternatives: 家/户, 人/人次; empty when one of them is no unit."""
    whole = read_unit(text, own)
    if whole:
        return (whole,)
    units = tuple(read_unit(part, own) for part in _OR.split(_fold_unit(text)))
    return tuple(unit for unit in units if unit) if all(units) else ()


def split_header_unit(header: str) -> tuple[str, str | None]:
    """服务人数(人) → (服务人数, 人); 其中:慰问金（万元） → (其中:慰问金, 万元).

    Also 投入资金 单位:万元, 服务人数/人, 参与企业(家/户) and 人数(人(次)). Parentheses that hold no unit stay in the name.
    """
    if len(header) > LONGEST_LABEL:
        return header, None
    text = fold_numeral(header)
    if text.endswith(_EITHER) and not _PAREN.match(text + ")"):
        return header.strip()[: -len(_EITHER)], _EITHER
    for match in (_PAREN.fullmatch(text), _AFTER_COLON.fullmatch(text)):
        if match is None:
            continue
        groups = match.groupdict()
        name, unit = groups.get("name") or groups.get("counted"), groups.get("unit") or groups.get("each")
        if name and unit and read_units(unit):
            # folding keeps the length of what is not invisible, so the name is cut from what was written
            return _as_written(header, name), _fold_unit(unit)
    return header, None


def read_sheet_unit(text: str) -> str | None:
    """单位:万元 → 万元; of several (单位:人、万元) the money one; None when the line names no unit (单位:兰州市总工会)."""
    match = _LINE.match(fold_numeral(text)) if len(text) <= LONGEST_LABEL else None
    if match is None:
        return None
    units = read_units(match["units"].strip(" \n():"))
    money = [unit.name for unit in units if unit.base == "元"]
    if money:
        return "/".join(dict.fromkeys(money))
    return units[0].name if units else None


def units_of(measure: Measure) -> tuple[str, ...]:
    """The units a measure may be given in, as written."""
    return (measure.unit, *measure.unit_aliases)


@reloads_with_data
@cache
def _known_units() -> frozenset[str]:
    """Every unit of the code list, without what multiplies it (万元 → 元)."""
    measures = codes().measures
    written = {unit for measure in measures for unit in units_of(measure)}
    return frozenset({unit.lstrip("十百千万亿") for unit in written} | _PERSONS | _PERSON_TIMES | {_EITHER, "%"})


def _fold_unit(text: str) -> str:
    return _UNIT_WORD.sub("", fold_numeral(text).replace(" ", "").replace("\n", ""))


def _as_written(header: str, folded_name: str) -> str:
    for end in range(len(header) + 1):
        if fold_numeral(header[:end]) == folded_name.strip():
            return header[:end].strip()
    return folded_name.strip()
