"""The Chinese words for what the data says in codes."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from nuanliu.contract.code_lists import PROVINCE, codes
from nuanliu.domain.exactness import Exactness, show_figure, with_mark

FILE_STATUS = {
    "accepted": "已接收",
    "accepted_with_warnings": "已接收(有提示)",
    "partially_accepted": "部分接收",
    "held": "待说明",
    "rejected": "退回",
    "duplicate": "重复文件",
    "unchanged": "内容未变",
    "trial": "试报",
}
UNIT_STATE = {"reported": "已报", "confirmed_zero": "零报告", "missing": "未报", "returned": "退回", "held": "待说明"}
SEVERITY = {"error": "错误", "query": "待说明", "warning": "提示", "info": "告知"}
PERIOD_KIND = {
    "event": "本周",
    "campaign": "专项期间",
    "ytd": "今年以来",
    "cumulative_since": "累计",
    "stock": "现有",
    "planned": "计划",
}
SCOPE = {"own": "本级", "inclusive": "含下级"}
_WAN = Decimal(10000)
_WAN_UNIT = "万元"
_CENT = Decimal("0.01")


def union_name(union_id: str) -> str:
    """The name of a union, or the id itself when the code list no longer has it."""
    unions = codes().unions.list
    return unions[union_id].name if union_id in unions else union_id


def short_union_name(union_id: str) -> str:
    """The name without 总工会, for narrow columns: 白银市, 省本级."""
    if union_id == "620000-own":
        return "省本级"
    return union_name(union_id).removesuffix("总工会").removesuffix("工会")


def node_name(union_id: str) -> str:
    """The name of whom a figure is of: the province's is everybody's, 全省; 省总工会 itself is 省本级."""
    return "全省" if union_id == PROVINCE else union_name(union_id)


def category_name(category_id: str) -> str:
    """The name of a category; ``all`` is 合计."""
    if category_id == "all":
        return "合计"
    categories = codes().categories
    return categories[category_id].name if category_id in categories else category_id


def campaign_name(campaign_id: str) -> str:
    """The name of a listed campaign; one that no list knows has its name for an id."""
    campaigns = codes().campaigns
    return campaigns[campaign_id].name if campaign_id in campaigns else campaign_id


def measure_name(measure_id: str) -> str:
    """The name of a measure."""
    measures = codes().measures
    return measures[measure_id].name if measure_id in measures else measure_id


def adds_up(measure_id: str) -> bool:
    """Whether a sum of a measure means anything: 24 items of one examination and 20 of another are not 44."""
    measures = codes().measures
    return measure_id not in measures or measures[measure_id].kind != "descriptive"


def base_unit(measure_id: str) -> str:
    """The unit a measure is stored in; empty when the code list no longer has it."""
    measures = codes().measures
    return measures[measure_id].unit if measure_id in measures else ""


def is_money(measure_id: str) -> bool:
    """Whether leaders read a measure in 万元."""
    measures = codes().measures
    return measure_id in measures and measures[measure_id].is_money


@dataclass(frozen=True)
class ShownFigure:
    """A figure for people: ``number`` with its 余, 近 or 约, and the ``unit`` that this number is in."""

    number: str
    unit: str

    @property
    def text(self) -> str:
        """Number and unit in one: 46.70万元."""
        return f"{self.number}{self.unit}"

    def under(self, unit: str) -> str:
        """The number for a place whose unit is said elsewhere; with its own unit where that is another one."""
        return self.number if unit == self.unit else self.text


def column_unit(measure_id: str, unit: str) -> str:
    """The unit at the head of a column of one measure: 万元 for money. ``unit``: the base unit."""
    return _WAN_UNIT if is_money(measure_id) else unit


def show_measure(measure_id: str, unit: str, value: str, exactness: str) -> ShownFigure:
    """A figure for leaders: money in 万元 with two decimals, rounded once from the sum; 余, 近 and 约 stay.

    ``unit``: the base unit, ``value``: a decimal in it. Money that would read 0.00 万元 stays in 元.
    """
    number = Decimal(value)
    if is_money(measure_id):
        wan = (number / _WAN).quantize(_CENT, ROUND_HALF_UP)
        if wan != 0 or number == 0:  # 0.00 would deny it
            return ShownFigure(with_mark(f"{wan:.2f}", Exactness(exactness)), _WAN_UNIT)
    return ShownFigure(show_figure(number, Exactness(exactness)), unit)
