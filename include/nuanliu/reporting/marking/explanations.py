"""The 说明 column: where the clerk answers our queries, beside the rows that are asked about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nuanliu.contract.input_contract import input_contract
from nuanliu.reporting.marking.book import Book
from nuanliu.reporting.marking.earlier_marks import ANSWER_COLOUR
from nuanliu.reporting.marking.sheet import Sheet

_WIDTH = 32.0


@dataclass(frozen=True)
class TablePlace:
    """Where a table of activities stands: the last row of its header, and the column of 说明 (1-based) if it has one."""

    sheet: str | None
    header_row: int
    explanation_column: int | None = None


def ask_for_explanations(book: Book, sheet: Sheet, table: TablePlace, rows: Iterable[int]) -> None:
    """Colour the 说明 cells of some rows; a table without 说明 gets the column right beside it."""
    column = table.explanation_column
    if column is None:
        column = sheet.last_column(table.header_row) + 1
        header = sheet.write(table.header_row, column, input_contract().header("explanation"))
        _dress(sheet, header, table.header_row, column)
        sheet.widen(column, _WIDTH)
    for row in rows:
        at = sheet.top_left(row, column)
        cell = sheet.cell(*at)
        if not cell.get("s"):
            _dress(sheet, cell, *at)
        style = book.styles.answer(int(cell.get("s") or 0))
        cell.set("s", str(book.styles.tinted(style, ANSWER_COLOUR)))


def _dress(sheet: Sheet, cell: object, row: int, column: int) -> None:
    """Give a new cell the look of the one to its left."""
    left = sheet.at(*sheet.top_left(row, column - 1)) if column > 1 else None
    if left is not None and left.get("s"):
        cell.set("s", str(left.get("s")))  # type: ignore[attr-defined]
