"""Tables of a bulletin: black lines, heads in 黑体 that stand again on each page, columns as wide as what stands in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, TypeGuard

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, Twips

from nuanliu.reporting.row_height import text_width
from nuanliu.reporting.summary.bulletin.figure_marks import Number
from nuanliu.reporting.summary.bulletin.page import WIDTH
from nuanliu.reporting.summary.bulletin.punctuation import official
from nuanliu.reporting.summary.bulletin.typefaces import CELL, CELL_HEAD
from nuanliu.reporting.summary.bulletin.writing import Writer

_MANY_COLUMNS, _SMALL = 6, Pt(10.5)
"""From so many on 5号 instead of 小4, that numbers stay on one line."""
_WIDEST, _NARROWEST = 24, 4
"""Half characters that a column of texts is given at first."""
_SHORT, _FOR_SHORT = 10, 0.7
"""Half characters of a column whose texts are not broken, and how much of a line such columns and numbers may take for it."""
_PADDING = 220
"""Twentieths of a point on both sides of a cell together."""
_LONGEST_NUMBER = 12
_DIGIT = re.compile(r"[0-9]")


class Said(str):
    """A cell of free text, as a union wrote it; a plain text is a name or a word of ours."""

    __slots__ = ()


Cell = str | Number
Row = Sequence[Cell]


def add_table(writer: Writer, header: Sequence[str], rows: Sequence[Row]) -> None:
    """A table in the type area. Numbers stand to the right."""
    table = writer.document.add_table(rows=1, cols=len(header), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    size = _SMALL if len(header) >= _MANY_COLUMNS else None
    numeric = [any(_is_short_number(row[column]) for row in rows) for column in range(len(header))]
    # by id: a style is looked for among all others each time it is named
    head, body = (writer.document.styles[name].style_id for name in (CELL_HEAD, CELL))
    _repeat(table.rows[0])
    for cell, text in zip(table.rows[0].cells, header, strict=True):
        _write(writer, cell, text, head, size)
    for row in rows:
        added = table.add_row()
        _keep_whole(added)
        for cell, content, is_numeric in zip(added.cells, row, numeric, strict=True):
            _write(writer, cell, content, body, size)
            if is_numeric:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    writer.keeper.name(official(cell) for row in (header, *rows) for cell in row if _is_name(cell))
    _set_widths(table, [header, *rows], numeric, (size or Pt(12)).pt)


def _is_name(cell: Cell) -> TypeGuard[str]:
    """What has digits is a label of a week or a count."""
    return isinstance(cell, str) and not isinstance(cell, Said) and not _DIGIT.search(cell)


def _write(writer: Writer, cell: Any, content: Cell, style: str, size: Any) -> None:
    paragraph = cell.paragraphs[0]
    paragraph._p.style = style
    if isinstance(content, Number):
        writer.fill(paragraph, _text(content), [content])
    else:
        writer.fill(paragraph, content)
    if size is not None:
        for run in paragraph.runs:
            run.font.size = size


def _is_short_number(cell: Cell) -> bool:
    return isinstance(cell, Number) and text_width(_text(cell)) <= _LONGEST_NUMBER


def _set_widths(table: Any, rows: Sequence[Row], numeric: Sequence[bool], points: float) -> None:
    """Columns of numbers as wide as their widest, and of short texts where there is room; the others share the rest by what stands
    in them. Heads give way first.
    """
    wanted = _wanted(rows, rows, numeric, points)
    if sum(wanted) > WIDTH:
        wanted = _wanted(rows[1:], rows, numeric, points)
    is_whole = _whole_columns(rows, wanted, numeric)
    fixed = sum(width for width, is_one in zip(wanted, is_whole, strict=True) if is_one)
    if fixed < WIDTH < sum(wanted):
        share = (WIDTH - fixed) / (sum(wanted) - fixed)
        wanted = [width if is_one else int(width * share) for width, is_one in zip(wanted, is_whole, strict=True)]
    widths = [WIDTH * width // sum(wanted) for width in wanted]
    widths[0] += WIDTH - sum(widths)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Twips(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Twips(width)


def _whole_columns(rows: Sequence[Row], wanted: Sequence[int], numeric: Sequence[bool]) -> Sequence[bool]:
    """Which columns keep their width: those of numbers, and where the others are left room, of short texts."""
    short = [
        is_numeric or max((text_width(_text(row[column])) for row in rows), default=0) <= _SHORT
        for column, is_numeric in enumerate(numeric)
    ]
    taken = sum(width for width, is_short in zip(wanted, short, strict=True) if is_short)
    return short if taken <= _FOR_SHORT * WIDTH else numeric


def _wanted(of_numbers: Sequence[Row], of_texts: Sequence[Row], numeric: Sequence[bool], points: float) -> list[int]:
    """Twentieths of a point a column; programs put a little room between digits and Chinese."""
    wanted = []
    for column, is_numeric in enumerate(numeric):
        widest = max((text_width(_text(row[column])) for row in (of_numbers if is_numeric else of_texts)), default=0)
        halves = widest + 2 if is_numeric else min(widest, _WIDEST)
        wanted.append(int(max(halves, _NARROWEST) * points * 10) + _PADDING)
    return wanted


def _text(cell: Cell) -> str:
    return cell.before + cell.shown + cell.after if isinstance(cell, Number) else cell


def _repeat(row: Any) -> None:
    _keep_whole(row)
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _keep_whole(row: Any) -> None:
    element = OxmlElement("w:cantSplit")
    element.set(qn("w:val"), "1")
    row._tr.get_or_add_trPr().append(element)
