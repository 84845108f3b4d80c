"""A workbook made from texts, for what cannot be handed back itself: CSV, .xls, files too large or too odd to be changed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

import pandas as pd
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from nuanliu.reporting.export_cells import quoted_text
from nuanliu.reporting.row_height import text_width

_CSV_SHEET = "报送表"
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_WIDEST = 40


@dataclass(frozen=True)
class SheetTexts:
    """A sheet as texts."""

    name: str | None
    """None for a CSV file."""
    grid: pd.DataFrame
    """Columns are letters, the index is the sheet row."""
    merged: tuple[tuple[int, int, int, int], ...] = ()
    """(first row, first column, last row, last column), 1-based."""
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[str] = frozenset()
    """By letter."""
    is_visible: bool = True


def make_workbook(sheets: Iterable[SheetTexts]) -> bytes:
    """An xlsx with the same texts at the same addresses. Everything is text; what begins like a formula is escaped."""
    book = Workbook()
    del book["Sheet"]
    for texts in sheets:
        sheet = book.create_sheet(_FORBIDDEN.sub("x", texts.name or _CSV_SHEET)[:31])
        _fill(sheet, texts)
    if not any(sheet.sheet_state == "visible" for sheet in book.worksheets):
        book.create_sheet(_CSV_SHEET)  # a workbook needs a sheet that can be seen
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: Worksheet, texts: SheetTexts) -> None:
    widths: dict[str, int] = {}
    for row, values in zip(texts.grid.index, texts.grid.itertuples(index=False), strict=True):
        for letter, text in zip(texts.grid.columns, values, strict=True):
            if text:
                cell = sheet[f"{letter}{row}"]
                cell.value = quoted_text(text)
                cell.data_type = "s"
                width = text_width(text) + 2
                widths[letter] = min(_WIDEST, max(widths.get(letter, 8), width))
    for letter, width in widths.items():
        sheet.column_dimensions[letter].width = width
    for first_row, first_column, last_row, last_column in texts.merged:
        sheet.merge_cells(None, first_row, first_column, last_row, last_column)
    for row in texts.hidden_rows:
        sheet.row_dimensions[row].hidden = True
    for letter in texts.hidden_columns:
        sheet.column_dimensions[letter].hidden = True
    if not texts.is_visible:
        sheet.sheet_state = "hidden"
