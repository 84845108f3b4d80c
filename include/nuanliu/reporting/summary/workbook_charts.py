"""The charts of the workbook: drawn by the spreadsheet program from cells, so that whoever changes a cell changes its bar."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from nuanliu.ooxml.addresses import column_letter
from nuanliu.reporting.export_cells import export_text
from nuanliu.reporting.summary.contents import Bar, PrefectureLine, Summary, WeekLine

SHEET = "图表"
_WEEKS = ("周次", "服务人数(人)", "显示", "投入资金(万元)", "显示", "已报(家)", "应报(家)", "人数图号", "资金图号")
_PREFECTURES = ("市州", "服务人数(人)", "显示", "报送", "", "", "", "图号")
_WIDTHS = (18, 14, 12, 16, 12, 10, 10, 44, 44)
_WAN = Decimal(10000)
_CHART_CM = (17, 7.5)
_CHART_ROWS = 16
"""Rows that a chart covers, with one between two."""
_COLOURS = ("C8102E", "B5BDC8")
Row = Sequence[str | int | Decimal | None]


def add_charts(book: Workbook, summary: Summary) -> None:
    """One sheet with the numbers of the last weeks and of the prefectures, and their charts beside them.

    An unknown number is an empty cell and a gap in its chart. 显示 says what is not exact: with 余, 近 or 约.
    """
    if not (summary.weeks or summary.prefectures):
        return
    sheet = book.create_sheet(SHEET)
    for number, width in enumerate(_WIDTHS):
        sheet.column_dimensions[column_letter(number)].width = width
    charts = []
    last = -1
    if summary.weeks:
        head, last = _write(sheet, 1, _WEEKS, map(_week_row, summary.weeks))
        charts += [
            _chart(sheet, f"近{len(summary.weeks)}周{what}", head, last, columns)
            for what, columns in (("服务人数(人)", (2,)), ("投入资金(万元)", (4,)), ("报送单位(家)", (6, 7)))
        ]
        sheet.append([])
    if summary.prefectures:
        head, last = _write(sheet, last + 2, _PREFECTURES, map(_prefecture_row, summary.prefectures))
        charts.append(_chart(sheet, "各市州本周服务人数(人)", head, last, (2,)))
    for number, chart in enumerate(charts):
        sheet.add_chart(chart, f"{column_letter(len(_WIDTHS) + 1)}{1 + number * _CHART_ROWS}")


def _write(sheet: Worksheet, head: int, header: Row, rows: Iterable[Row]) -> tuple[int, int]:
    """Append a table; returns the rows of its header, ``head``, and of its last line."""
    sheet.append(list(header))
    for cell in sheet[head]:
        if cell.value:
            cell.font = Font(bold=True)
            cell.fill = PatternFill("solid", fgColor="F3D9DC")
    lines = list(rows)
    for row in lines:
        sheet.append([export_text(value) if isinstance(value, str) else value for value in row])
    return head, head + len(lines)


def _week_row(week: WeekLine) -> Row:
    people, money = week.people, week.money
    return (
        week.week, _value(people), people.shown if people else None, _value(money, _WAN), money.shown if money else None,
        week.answered, week.expected, people.figure_id if people else None, money.figure_id if money else None,
    )  # fmt: skip


def _prefecture_row(line: PrefectureLine) -> Row:
    bar = line.people
    shown, figure_id = (bar.shown, bar.figure_id) if bar else (None, None)
    return (line.name, _value(bar), shown, line.state, None, None, None, figure_id)


def _value(bar: Bar | None, unit: Decimal = Decimal(1)) -> Decimal | None:
    return Decimal(bar.value) / unit if bar else None


def _chart(sheet: Worksheet, title: str, head: int, last: int, columns: Sequence[int]) -> BarChart:
    chart = BarChart()
    chart.type, chart.style = "col", 10
    chart.title = title
    chart.width, chart.height = _CHART_CM
    chart.display_blanks = "gap"
    for column in columns:
        chart.add_data(Reference(sheet, min_col=column, min_row=head, max_row=last), titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=head + 1, max_row=last))
    for series, colour in zip(chart.series, _COLOURS, strict=False):
        series.graphicalProperties.solidFill = colour
    chart.legend = chart.legend if len(columns) > 1 else None
    # Without these, newer spreadsheet programs leave the axes out.
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.gapWidth = 60
    return chart
