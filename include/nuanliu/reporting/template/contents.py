"""What stands in the template: its columns in their order, its lists, its words from contracts/template.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from nuanliu.contract.code_lists import codes, unions_of_week
from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.reloading import reloads_with_data
from nuanliu.contract.union_life import Union
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.settings import INCLUDE_DIR

# 活动时间 is the other way to write two columns, 序号 says nothing, and the long shape is for programs.
_LEFT_OUT = frozenset({"activity_time", "ordinal", "long_measure", "long_value"})
_AFTER_MEASURES = frozenset({"explanation", "remarks"})


@dataclass(frozen=True)
class TemplateColumn:
    """A column of 活动明细."""

    id: str
    """As the contract names it; a measure's own."""
    header: str
    kind: str
    """Of columns.yaml, or ``measure``."""
    is_required: bool
    hint: str
    """Shown at a cell that is chosen; may be empty."""
    example: str | int
    """What the filled row of 示例 has."""
    choices: str | None = None
    """The name of its list in 代码表, or None."""


@reloads_with_data
@cache
def template_words() -> Mapping[str, Any]:
    """contracts/template.yaml."""
    words: Mapping[str, Any] = yaml.safe_load((INCLUDE_DIR / "contracts" / "template.yaml").read_text("utf-8"))
    return words


def template_columns(union: Union) -> tuple[TemplateColumn, ...]:
    """Every column of the wide shape: what the activity is, its figures, 说明 and 备注."""
    words = template_words()
    columns = [
        TemplateColumn(
            column.id,
            column.header,
            column.kind,
            column.required,
            str(said.get("hint", "")),
            _example(said.get("example", ""), union),
            _CHOICES.get(column.kind),
        )
        for column in input_contract().columns.values()
        if column.only_in is None and column.id not in _LEFT_OUT
        for said in (words["columns"].get(column.id, {}),)
    ]
    measures = [
        TemplateColumn(
            measure.id,
            measure.header,
            "measure",
            False,
            str(words["measures"]["hint"]),
            words["measures"]["examples"].get(measure.id, ""),
        )
        for measure in codes().measures
    ]
    head = [column for column in columns if column.id not in _AFTER_MEASURES]
    foot = [column for column in columns if column.id in _AFTER_MEASURES]
    return (*head, *measures, *foot)


_CHOICES = {
    "union": "本单位及下级",
    "category": "活动类别",
    "campaign": "专项/品牌",
    "groups": "服务对象",
    "period_kind": "统计口径",
    "scope": "统计范围",
}
TYPE_CHOICES = "报送类型"


def template_lists(union: Union, week: ReportingWeek) -> Mapping[str, Sequence[str]]:
    """The lists of 代码表 by name: what drop-downs offer. Of unions those that stand below the sender in the week."""
    known = codes()
    unions = unions_of_week(week.monday)
    offered = [known.unions.get(member).name for member in unions.subtree(union.id) if member not in unions.ends]
    vocabulary = input_contract().vocabulary
    return {
        TYPE_CHOICES: list(vocabulary["submission_types"]),
        _CHOICES["union"]: offered,
        _CHOICES["category"]: [category.name for category in known.categories],
        _CHOICES["campaign"]: [campaign.name for campaign in known.campaigns],
        _CHOICES["groups"]: [group.name for group in known.groups],
        _CHOICES["period_kind"]: [spelled[0] for spelled in vocabulary["period_kinds"].values()],
        _CHOICES["scope"]: [spelled[0] for spelled in vocabulary["scopes"].values()],
    }


def _example(said: str | int, union: Union) -> str | int:
    """``$sender`` and ``$place`` become the union's own."""
    divisions = codes().divisions
    place = divisions[union.division_code].name if union.division_code in divisions else ""
    return {"$sender": union.name, "$place": place}.get(str(said), said)
