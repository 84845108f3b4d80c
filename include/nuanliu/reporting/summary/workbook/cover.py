"""The first sheet: one page that says how much, better or worse, how complete, what was corrected, what to see to, and where more is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from nuanliu.ooxml.addresses import column_letter
from nuanliu.reporting.row_height import fitted_height
from nuanliu.reporting.summary.contents import Summary
from nuanliu.reporting.summary.workbook.amounts import shown_amount
from nuanliu.reporting.summary.workbook.places import Places
from nuanliu.reporting.summary.workbook.printing import Running, set_up_printing
from nuanliu.reporting.summary.workbook.sheets import set_format, write_value
from nuanliu.reporting.summary.workbook.styles import (
    ALARM,
    HEAD,
    LINK,
    LINKED_NUMBER,
    NUMBER,
    PLAIN,
    PLAIN_LINK,
    SECTION,
    SUBTITLE,
    TEXT,
    TITLE,
)
from nuanliu.reporting.summary.workbook.tables import Cell, Link, Table, place, shown_text
from nuanliu.settings import SHANGHAI

COVER = "封面"
_WIDTHS = (18, 16, 10, 48)
_ALL = sum(_WIDTHS)
_REST = _ALL - _WIDTHS[0]
_AIR = 3
"""Points between two lines."""
_MOST_REVISIONS = 5
_REPORT = "全省工会服务职工周报"
_LEGEND = "按主办单位统计;服务人数未去重,实为人次;余、近、约照原文;蓝字可以点。"


@dataclass(frozen=True)
class _Line:
    """One row of the cover: cells side by side, the last of them as wide as what is left."""

    cells: Sequence[Cell]
    styles: Sequence[str]
    height: float | None = None


def add_cover(
    book: Workbook, summary: Summary, tables: Sequence[Table], places: Places, running: Running, published_at: datetime
) -> Worksheet:
    """The cover of a workbook. ``tables``: what the other sheets hold, in their order."""
    sheet: Worksheet = book.create_sheet(COVER, 0)
    for number, width in enumerate(_WIDTHS):
        sheet.column_dimensions[column_letter(number)].width = width
    lines = [
        *_head(summary, running, published_at),
        *_coverage(summary),
        *_key_figures(summary, places),
        *_revisions(summary, tables, places),
        *_decisions(summary),
        *_contents(tables),
        _line(_LEGEND),
    ]
    for row, line in enumerate(lines, start=1):
        _write(sheet, row, line)
    sheet.sheet_view.showGridLines = False
    set_up_printing(sheet, f"A1:D{len(lines)}", running, is_landscape=False, is_one_page=True)
    return sheet


def _write(sheet: Worksheet, row: int, line: _Line) -> None:
    count = len(line.cells)
    widths = [*_WIDTHS[: count - 1], sum(_WIDTHS[count - 1 :])]
    if count < len(_WIDTHS):
        sheet.merge_cells(start_row=row, end_row=row, start_column=count, end_column=len(_WIDTHS))
    for column in range(1, len(_WIDTHS) + 1):
        sheet.cell(row, column).style = line.styles[min(column, count) - 1]
    for column, cell in enumerate(line.cells, start=1):
        write_value(sheet.cell(row, column), cell)
        set_format(sheet.cell(row, column), cell)
    fitted = fitted_height([shown_text(cell) for cell in line.cells], widths)
    sheet.row_dimensions[row].height = line.height or fitted + _AIR


def _head(summary: Summary, running: Running, published_at: datetime) -> Iterable[_Line]:
    when = f"{published_at.astimezone(SHANGHAI):%Y年%-m月%-d日}"
    yield _Line([_REPORT], [TITLE], 34)
    yield _Line([f"{summary.week.label}  {running.edition}"], [SUBTITLE], 20)
    yield _Line([f"{running.publisher}  {when}"], [SUBTITLE], 20)


def _coverage(summary: Summary) -> Iterable[_Line]:
    yield _section("报送情况")
    yield _Line([summary.banner], [PLAIN if summary.is_complete else ALARM])
    for words in summary.quality:
        yield _line(words)


def _key_figures(summary: Summary, places: Places) -> Iterable[_Line]:
    yield _section("主要数据")
    yield _line(summary.lead)
    if summary.key_figures:
        yield _Line(["指标", "本周", "单位", "比较"], [HEAD] * 4)
    for line in summary.key_figures:
        amount = places.to_figure(shown_amount(line.shown), line.figure_id)
        words = f"{line.verdict}({line.basis})" if line.verdict and line.basis else line.verdict or line.basis or "—"
        yield _Line(
            [line.measure, amount, line.unit, words],
            [TEXT, LINKED_NUMBER if isinstance(amount, Link) else NUMBER, TEXT, TEXT],
        )


def _revisions(summary: Summary, tables: Sequence[Table], places: Places) -> Iterable[_Line]:
    yield _section("更正")
    shown = summary.main_revisions[:_MOST_REVISIONS]
    for line in shown:
        text = f"{line.union} {line.what}:{line.old} → {line.new}({line.reason})"
        yield _Line([line.week, places.to_figure(text, line.figure_id)], [PLAIN, PLAIN])
    rest = len(summary.revisions) - len(shown)
    sheet = next((table for table in tables if table.name == "更正"), None)
    if rest and sheet is not None:
        words = f"全部{len(summary.revisions)}处见“更正”。"
        yield _Line([Link(words, place(sheet.name, "A1"))], [PLAIN_LINK])
    if not summary.revisions:
        yield _line("没有更正。")
    for sentence in summary.revision_record:
        yield _line(f"{sentence}。")


def _decisions(summary: Summary) -> Iterable[_Line]:
    yield _section("要处理")
    for number, words in enumerate(summary.decisions, start=1):
        yield _line(f"{number}. {words}")
    if not summary.decisions:
        yield _line("没有。")


def _contents(tables: Sequence[Table]) -> Iterable[_Line]:
    yield _section("目录")
    for table in tables:
        rows = f"{len(table.rows)}行" if table.rows else ""
        link = Link(table.name, place(table.name, "A1"))
        yield _Line([link, rows, table.tells], [LINK, TEXT, TEXT])


def _section(title: str) -> _Line:
    return _Line([title], [SECTION], 24)


def _line(text: str) -> _Line:
    return _Line([text], [PLAIN])
