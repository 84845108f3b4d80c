"""A table written into a sheet of its own: heads that stay, widths that fit, links, filters, and how it is printed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from nuanliu.ooxml.addresses import column_letter
from nuanliu.reporting.export_cells import FORMULA_STARTS, export_text
from nuanliu.reporting.row_height import fitted_height, text_width
from nuanliu.reporting.summary.workbook.amounts import Amount
from nuanliu.reporting.summary.workbook.printing import Running, set_up_printing
from nuanliu.reporting.summary.workbook.styles import HEAD, LINK, LINKED_NUMBER, NUMBER, TEXT, TOTAL
from nuanliu.reporting.summary.workbook.tables import Cell, Link, Table, shown_text, value_of

_PADDING = 2
_OWN_WORDS = re.compile(r"[-+][0-9.]+%(\(可比口径,占[0-9]+%\))?")
"""A percentage as the summary says it: a ' before it would be read as something else."""
_NARROWEST = 6
_NUMBER_ROOM = 3
"""For the indent, and for bold: a number that does not fit is ####."""
_HEAD_WIDTH = 14
"""A longer head wraps rather than widen its column."""
_PORTRAIT_WIDTH = 100
"""Characters that an upright page takes in print that can be read."""


def add_sheet(book: Workbook, table: Table, running: Running) -> Worksheet:
    """The sheet of a table."""
    sheet: Worksheet = book.create_sheet(table.name)
    widths = column_widths(table)
    for number, width in enumerate(widths):
        sheet.column_dimensions[column_letter(number)].width = width
    for number, head in enumerate(table.header, start=1):
        sheet.cell(1, number, export_text(head)).style = HEAD
    sheet.row_dimensions[1].height = fitted_height(table.header, widths)
    for row, cells in enumerate(table.rows, start=2):
        _write_row(sheet, row, cells, widths)
    for row, cells in enumerate(table.totals, start=2 + len(table.rows)):
        _write_row(sheet, row, cells, widths, style=TOTAL)
    last = column_letter(len(table.header) - 1)
    sheet.freeze_panes = f"{column_letter(table.frozen)}2"
    if len(table.rows) > 1:
        sheet.auto_filter.ref = f"A1:{last}{1 + len(table.rows)}"
    set_up_printing(
        sheet,
        f"A1:{last}{1 + len(table.rows) + len(table.totals)}",
        running,
        is_landscape=sum(widths) > _PORTRAIT_WIDTH,
        heads="1:1",
    )
    return sheet


def column_widths(table: Table) -> list[float]:
    """Wide enough for every number whole and for texts up to where they wrap."""
    widths: list[float] = []
    for number, head in enumerate(table.header):
        widest = table.widest * 5 // 2 if head in table.wide else table.widest
        needed = min(text_width(head), _HEAD_WIDTH)
        for row in chain(table.rows, table.totals):
            width = max(map(text_width, shown_text(row[number]).split("\n")))
            is_number = isinstance(value_of(row[number]), Amount | int)
            needed = max(needed, width + _NUMBER_ROOM if is_number else min(width, widest))
        widths.append(max(needed, _NARROWEST) + _PADDING)
    return widths


def _write_row(
    sheet: Worksheet, row: int, cells: Sequence[Cell], widths: Sequence[float], style: str | None = None
) -> None:
    texts = [shown_text(cell) for cell in cells]
    for column, cell in enumerate(cells, start=1):
        written = sheet.cell(row, column)
        write_value(written, cell)
        is_number = isinstance(value_of(cell), Amount | int)
        if style is not None:
            written.style = style if is_number or texts[column - 1] == "—" else HEAD
        elif isinstance(cell, Link) and cell.location:
            written.style = LINKED_NUMBER if is_number else LINK
        else:
            written.style = NUMBER if is_number or texts[column - 1] == "—" else TEXT
        set_format(written, cell)
    if any("\n" in text or text_width(text) > width - 1 for text, width in zip(texts, widths, strict=True)):
        sheet.row_dimensions[row].height = fitted_height(texts, widths)


def write_value(written: Any, cell: Cell) -> None:
    """A value and where it leads. Its format is set last: a style brings its own."""
    value = value_of(cell)
    if isinstance(value, Amount):
        written.value = value.value
    elif isinstance(value, str):
        written.value = value if _OWN_WORDS.fullmatch(value) else export_text(value)
        written.data_type = "s"  # #N/A is what somebody wrote, no error of ours
    elif value is not None:
        written.value = value
    if isinstance(cell, Link) and cell.location:
        written.hyperlink = Hyperlink(ref=written.coordinate, location=cell.location)


def set_format(written: Any, cell: Cell) -> None:
    """The number format of an amount, and the mark by which a text that looks like a formula stays one when it is edited."""
    value = value_of(cell)
    if isinstance(value, Amount):
        written.number_format = value.pattern
    elif isinstance(value, str) and value.startswith(FORMULA_STARTS):
        written.quotePrefix = True
