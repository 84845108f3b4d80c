"""Every figure of the week, and every cell that one of them was added from, each leading to the other."""

from __future__ import annotations

from collections.abc import Sequence

from nuanliu.contract.code_lists import codes
from nuanliu.domain.documents import SourceEntry
from nuanliu.domain.figure_id import FigureId
from nuanliu.reporting.labels import (
    PERIOD_KIND,
    SCOPE,
    base_unit,
    category_name,
    measure_name,
    node_name,
    short_union_name,
)
from nuanliu.reporting.summary.contents import FigureLine, Summary
from nuanliu.reporting.summary.workbook.amounts import base_amount, shown_amount
from nuanliu.reporting.summary.workbook.places import FIGURES, SOURCES, Places
from nuanliu.reporting.summary.workbook.tables import Cell, Table, Value

_EXACTNESS = {"exact": "准确", "over": "余", "under": "近", "approx": "约"}
_ID = "图号"
_SOURCE_HEADER = (
    "报送单位", "文件", "工作表", "单元格", "原文", "数值", "计量单位", "主办单位", "市州", "类别", "指标", "口径", "计入", "存档号",
)  # fmt: skip
_NOT_TOLD = "(从略)"
"""A name that may be somebody's; 存档号 leads to the file all the same."""


def figure_table(summary: Summary, places: Places) -> Table:
    """全部数据: 数值 is in the base unit with every digit; 显示 is as the other forms print it."""
    springs = ("上年春节同期", "比春节同期") if summary.compares_springs else ()
    header = (
        "单位", "类别", "指标", "口径", "范围", "显示", "显示单位", "数值", "计量单位", "精确程度", "活动数", "上周", "环比",
        "上年同周", "同比", *springs, *((SOURCES,) if places.sources else ()), _ID,
    )  # fmt: skip
    rows = [_figure_row(line, places, has_springs=summary.compares_springs) for line in summary.figures]
    return Table(FIGURES, "本周每一个数,带图号", header, rows, widest=18, wide=(_ID,))


def _figure_row(line: FigureLine, places: Places, *, has_springs: bool) -> Sequence[Cell]:
    figure = FigureId.parse(line.figure_id)
    springs = (shown_amount(line.spring_ago), line.spring_change or line.spring_why_not) if has_springs else ()
    return (
        line.union, line.category, line.measure, line.period, line.scope, line.shown, line.unit,
        base_amount(line.value, line.exactness), base_unit(figure.measure), _EXACTNESS[line.exactness], line.activities,
        shown_amount(line.previous), line.change or line.why_not, shown_amount(line.year_ago),
        line.year_change or line.year_why_not, *springs,
        *((places.to_sources(line.figure_id, len(_SOURCE_HEADER)),) if places.sources else ()), line.figure_id,
    )  # fmt: skip


def source_table(sources: Sequence[SourceEntry], places: Places) -> Table:
    """来源: the cells as reported. 数值 of the rows that 全部数据 names for a figure adds up to it."""
    rows = [_source_row(source, places) for source in sources]
    tells = "每个数来自哪家单位、哪个文件、哪一格,原文怎么写"
    return Table(SOURCES, tells, _SOURCE_HEADER, rows, widest=20, wide=("文件",))


def _source_row(source: SourceEntry, places: Places) -> Sequence[Cell]:
    own = FigureId.parse(source["figure_ids"][0])
    since = f"(自{own.since})" if own.since else ""
    scope = f"·{SCOPE['inclusive']}" if own.is_inclusive else ""
    many = source["cells"] > 1
    return (
        short_union_name(source["union_id"]), source["file"] or _NOT_TOLD,
        _NOT_TOLD if source["sheet"] == "" else source["sheet"] or "—",
        f"第{source['cell']}行" if many else source["cell"], f"共{source['cells']}格" if many else source["raw_text"],
        base_amount(source["value"], source["exactness"]), base_unit(own.measure), node_name(own.union_id),
        _prefecture(source["figure_ids"]), category_name(own.category), measure_name(own.measure),
        f"{PERIOD_KIND[own.period_kind]}{since}{scope}", _counted(str(own), places), source["sha256"][:12],
    )  # fmt: skip


def _counted(figure_id: str, places: Places) -> Cell:
    row = places.figures.get(figure_id)
    return places.to_figure(f"{FIGURES}第{row}行", figure_id) if row else None


def _prefecture(figure_ids: Sequence[str]) -> Value:
    """The prefecture up to whose figures a cell is counted, by organiser."""
    unions = codes().unions.list
    figures = (FigureId.parse(figure_id) for figure_id in figure_ids)
    above = (figure.union_id for figure in figures if not figure.is_by_place and figure.union_id in unions)
    return next((short_union_name(union_id) for union_id in above if unions[union_id].level == "prefecture"), "—")
