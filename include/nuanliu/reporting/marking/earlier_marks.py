"""Take away what an earlier answer of ours put into a workbook that comes back repaired."""

from __future__ import annotations

import re
from collections.abc import Mapping

from nuanliu.domain.findings import Severity
from nuanliu.ooxml.annotations import COMMENT_MARK, FILLS, MARK_AUTHOR, RESULT_SHEET
from nuanliu.reporting.marking.book import Book, Entry
from nuanliu.reporting.marking.comments import SheetComments
from nuanliu.reporting.marking.sheet import Sheet, place

COLOURS: Mapping[Severity, str] = {severity: FILLS[severity] for severity in Severity}
ANSWER_COLOUR = FILLS["answer"]
"""Cells of 说明 in which an answer is awaited."""
NUMBER_COLUMN, FILL_COLUMN = 9, 10
"""Hidden columns of our sheet: the number that a comment bears, and the fill its cell had before."""
_NUMBER = re.compile(rf"{re.escape(COMMENT_MARK)}(\d+)")


def comment_number(text: str) -> str | None:
    """The number that our part of a comment bears."""
    match = _NUMBER.search(text)
    return match[1] if match else None


def remove_earlier_marks(book: Book) -> None:
    """Remove our first sheet, our comments and our colours; cells get back the fill they had."""
    fills: dict[str, str] = {}
    for entry in book.entries:
        if is_our_sheet(book, entry):
            fills |= _read_fills(book, book.sheet(entry))
            book.remove(entry)
    ours = {*COLOURS.values(), ANSWER_COLOUR}
    for sheet in book.worksheets:
        comments = SheetComments(book.package, sheet)
        numbers = {place(reference): comment_number(text) for reference, text in comments}
        for row, column, cell in sheet.cells():
            style = int(cell.get("s") or 0)
            if style and book.styles.colour(style) in ours:
                before = fills.get(numbers.get((row, column)) or "")
                cell.set("s", str(book.styles.filled(style, before)))
        comments.drop_ours()
        comments.save()


def is_our_sheet(book: Book, entry: Entry) -> bool:
    """Whether a sheet is the 检查结果 of an earlier answer, and not one that the union calls so."""
    if entry.part is None or not entry.name.startswith(RESULT_SHEET):
        return False
    sheet = book.sheet(entry)
    return any(MARK_AUTHOR in book.text(sheet, row, 1) for row in range(1, 6))


def _read_fills(book: Book, sheet: Sheet) -> dict[str, str]:
    """Number of a comment → the fill of its cell before."""
    return {
        number: fill
        for row, column, _ in list(sheet.cells())
        if column == NUMBER_COLUMN
        and (number := book.text(sheet, row, column))
        and (fill := book.text(sheet, row, FILL_COLUMN)).startswith("<")
    }
