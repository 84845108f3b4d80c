"""The week's own events as matrices: who, or what, down the side, and every measure across."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from nuanliu.contract.code_lists import PROVINCE, codes
from nuanliu.domain.figure_id import FigureId
from nuanliu.reporting.labels import base_unit, category_name, column_unit, short_union_name
from nuanliu.reporting.summary.contents import FigureLine, Summary
from nuanliu.reporting.summary.workbook.amounts import column_amount
from nuanliu.reporting.summary.workbook.places import Places
from nuanliu.reporting.summary.workbook.tables import Cell, Table

UNIONS, CATEGORIES, COUNTIES = "分市州", "分类别", "分县区"
_NOTHING = "—"


class _What(NamedTuple):
    union_id: str
    category: str
    measure: str


def union_table(summary: Summary, places: Places) -> Table:
    """分市州: the rows of every form's table by union, with every measure of the province."""
    events, measures = _events(summary), _measures(summary)
    rows = [
        (union.name, union.state, *_cells(union.union_id, "all", measures, events, places))
        for union in summary.by_union
    ]
    total = (
        "全省",
        f"{_answered(summary)}/{summary.coverage['expected']}",
        *_cells(PROVINCE, "all", measures, events, places),
    )
    return Table(UNIONS, "省本级、各市州的每项指标和报送情况", ("单位", "报送", *_heads(summary)), rows, totals=[total])


def category_table(summary: Summary, places: Places) -> Table:
    """分类别: the whole province's."""
    events, measures = _events(summary), _measures(summary)
    found = dict.fromkeys(what.category for what in events if what.union_id == PROVINCE and what.category != "all")
    rows = [(category_name(category), *_cells(PROVINCE, category, measures, events, places)) for category in found]
    total = ("合计", *_cells(PROVINCE, "all", measures, events, places))
    return Table(CATEGORIES, "全省每类活动的每项指标", ("类别", *_heads(summary)), rows, totals=[total] if rows else [])


def county_table(summary: Summary, places: Places) -> Table:
    """分县区: counties that have any figure, below their prefectures."""
    events, measures = _events(summary), _measures(summary)
    said = {what.union_id for what in events if what.category == "all"}
    rows = [
        (
            short_union_name(union.parent_id or ""),
            short_union_name(union.id),
            *_cells(union.id, "all", measures, events, places),
        )
        for union in codes().unions.list
        if union.level == "county" and union.id in said
    ]
    return Table(COUNTIES, "有数的县区的每项指标(已含在市州内)", ("市州", "县区", *_heads(summary)), rows, frozen=2)


def _events(summary: Summary) -> Mapping[_What, FigureLine]:
    """The week's own events by organiser."""
    found = {}
    for line in summary.figures:
        figure = FigureId.parse(line.figure_id)
        if figure.period_kind == "event" and not (figure.is_by_place or figure.is_inclusive):
            found[_What(figure.union_id, figure.category, figure.measure)] = line
    return found


def _measures(summary: Summary) -> Sequence[str]:
    return [FigureId.parse(line.figure_id).measure for line in summary.totals]


def _heads(summary: Summary) -> Sequence[str]:
    return [
        f"{line.measure}({column_unit(measure, base_unit(measure))})"
        for line, measure in zip(summary.totals, _measures(summary), strict=True)
    ]


def _cells(
    union_id: str, category: str, measures: Sequence[str], events: Mapping[_What, FigureLine], places: Places
) -> Sequence[Cell]:
    lines = [events.get(_What(union_id, category, measure)) for measure in measures]
    return [
        places.to_figure(column_amount(line.figure_id, line.value, line.exactness), line.figure_id)
        if line
        else _NOTHING
        for line in lines
    ]


def _answered(summary: Summary) -> int:
    return summary.coverage["reported"] + summary.coverage["confirmed_zero"]
