"""The charts, drawn by the spreadsheet program from the cells of the tables: whoever changes a cell changes its bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference, Series
from openpyxl.chart.label import DataLabel, DataLabelList
from openpyxl.chart.marker import DataPoint
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import (
    CharacterProperties,
    Paragraph,
    ParagraphProperties,
    RichTextProperties,
)
from openpyxl.styles import Alignment
from openpyxl.worksheet.worksheet import Worksheet

from nuanliu.ooxml.addresses import column_letter
from nuanliu.reporting.summary.contents import Summary
from nuanliu.reporting.summary.workbook.amounts import Amount
from nuanliu.reporting.summary.workbook.printing import Running, set_up_printing
from nuanliu.reporting.summary.workbook.styles import PLAIN, SECTION
from nuanliu.reporting.summary.workbook.tables import Table, value_of

CHARTS = "图表"
_FULL, _PALE, _GREY = "C8102E", "E9A3AD", "B5BDC8"
_COLUMNS, _COLUMN_WIDTH = 14, 9.5
_CHART_ROWS = 16
_ROW_POINTS = 15.75
_FIRST_CHART_ROW = 3
_SMALL, _MIDDLE = 700, 1100
"""Hundredths of a point."""
_NOTE = "浅色的柱子不是准确数(余、近、约);空档是没有数据,不是零。数字见“近12周”“分市州”。"


@dataclass(frozen=True)
class _Bars:
    """One chart: columns of a table over a column of names."""

    title: str
    sheet: str
    names: int
    """Column, 1 is A."""
    columns: Sequence[int]
    first: int
    last: int
    amounts: Sequence[Amount | None] = ()
    """Of the only column, to mark what is not exact; none where several columns stand side by side."""
    lies: bool = False
    """Bars lie, so that long names have room."""


def add_charts(book: Workbook, summary: Summary, weeks: Table, unions: Table, running: Running) -> Worksheet | None:
    """One page: the last weeks and the prefectures. None where there is nothing to draw."""
    charts = [*_week_charts(summary, weeks), *_prefecture_charts(summary, unions)]
    if not charts:
        return None
    sheet: Worksheet = book.create_sheet(CHARTS, 0)
    for number in range(_COLUMNS):
        sheet.column_dimensions[column_letter(number)].width = _COLUMN_WIDTH
    rows = _FIRST_CHART_ROW + -(-len(charts) // 2) * _CHART_ROWS
    for row in range(1, rows + 1):
        sheet.row_dimensions[row].height = _ROW_POINTS
    last = column_letter(_COLUMNS - 1)
    for row, text, style in ((1, summary.week.label, SECTION), (2, _NOTE, PLAIN)):
        sheet.merge_cells(f"A{row}:{last}{row}")
        sheet.cell(row, 1, text).style = style
    sheet["A2"].alignment = Alignment(vertical="center")
    for number, bars in enumerate(charts):
        chart = _draw(book, bars)
        chart.anchor = _covering(number % 2 * _COLUMNS // 2, _FIRST_CHART_ROW - 1 + number // 2 * _CHART_ROWS)
        sheet.add_chart(chart)
    set_up_printing(sheet, f"A1:{last}{rows}", running, is_landscape=True, is_one_page=True)
    return sheet


def _covering(column: int, row: int) -> TwoCellAnchor:
    """Half a page wide, whatever the spreadsheet program takes for the width of a column."""
    end = AnchorMarker(col=column + _COLUMNS // 2, row=row + _CHART_ROWS - 1)
    return TwoCellAnchor(editAs="twoCell", _from=AnchorMarker(col=column, row=row), to=end)


def _week_charts(summary: Summary, weeks: Table) -> Sequence[_Bars]:
    if not weeks.rows:
        return []
    count = len(weeks.rows)
    drawn = [(what, column, _amounts(weeks, column)) for what, column in (("服务人数(人)", 3), ("投入资金(万元)", 4))]
    charts = [
        _Bars(f"近{count}周{what}", weeks.name, 1, (column,), 2, 1 + count, amounts)
        for what, column, amounts in drawn
        if any(amounts)
    ]
    return [*charts, _Bars(f"近{count}周报送单位(家)", weeks.name, 1, (5, 6), 2, 1 + count)]


def _prefecture_charts(summary: Summary, unions: Table) -> Sequence[_Bars]:
    """The rows of the prefectures follow each other, in the order of the summary's bars."""
    if not summary.prefectures:
        return []
    names = [line.name for line in summary.prefectures]
    rows = [number for number, row in enumerate(unions.rows) if value_of(row[0]) in names]
    column = next(number for number, head in enumerate(unions.header) if head.startswith("服务人数"))
    amounts = _amounts(unions, column + 1)[rows[0] : rows[-1] + 1]
    title = "各市州本周服务人数(人)"
    return [_Bars(title, unions.name, 1, (column + 1,), rows[0] + 2, rows[-1] + 2, amounts, lies=True)]


def _amounts(table: Table, column: int) -> Sequence[Amount | None]:
    values = [value_of(row[column - 1]) for row in table.rows]
    return [value if isinstance(value, Amount) else None for value in values]


def _draw(book: Workbook, bars: _Bars) -> Any:
    sheet = book[bars.sheet]
    chart: Any = BarChart()
    chart.type, chart.style = "bar" if bars.lies else "col", 10
    chart.title = bars.title
    chart.title.overlay = False
    chart.title.tx.rich.p[0].pPr = ParagraphProperties(defRPr=CharacterProperties(sz=_MIDDLE, b=True))
    chart.display_blanks = "gap"
    chart.gapWidth = 50
    for column, colour in zip(bars.columns, (_FULL, _GREY), strict=False):
        area = Reference(sheet, min_col=column, min_row=bars.first, max_row=bars.last)
        head = sheet.cell(1, column)
        series: Any = Series(area, title=str(head.value))
        series.graphicalProperties = GraphicalProperties(solidFill=colour)
        series.invertIfNegative = False
        chart.series.append(series)
        _label(series, bars.amounts)
    chart.set_categories(Reference(sheet, min_col=bars.names, min_row=bars.first, max_row=bars.last))
    if len(bars.columns) > 1:
        chart.legend.position = "b"
    else:
        chart.legend = None
    for axis in (chart.x_axis, chart.y_axis):
        axis.delete = False  # without this, newer spreadsheet programs leave the axes out
        axis.txPr = _text(_SMALL)
        axis.title = None
    chart.y_axis.scaling.min = 0
    chart.y_axis.number_format = "0"
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill="E3E6EA"))
    if bars.lies:
        chart.x_axis.scaling.orientation = "maxMin"  # the first row of the table on top
        chart.y_axis.crosses = "max"
    return chart


def _label(series: Any, amounts: Sequence[Amount | None]) -> None:
    """Each bar says its number as the cell shows it; what is not exact is pale."""
    series.dLbls = DataLabelList(**_SHOWN, txPr=_text(_SMALL))
    known = [(number, amount) for number, amount in enumerate(amounts) if amount is not None]
    series.dLbls.dLbl = [
        DataLabel(idx=number, numFmt=amount.pattern, txPr=_text(_SMALL), **_SHOWN) for number, amount in known
    ]
    series.dPt = [
        DataPoint(idx=number, invertIfNegative=False, spPr=GraphicalProperties(solidFill=_PALE))
        for number, amount in known
        if '"' in amount.pattern
    ]


_SHOWN = {
    "showVal": True, "showLegendKey": False, "showCatName": False, "showSerName": False, "showPercent": False,
    "showBubbleSize": False,
}  # fmt: skip


def _text(size: int) -> RichText:
    properties = CharacterProperties(sz=size)
    return RichText(
        bodyPr=RichTextProperties(), p=[Paragraph(pPr=ParagraphProperties(defRPr=properties), endParaRPr=properties)]
    )
