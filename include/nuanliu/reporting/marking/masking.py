"""Personal numbers and business contacts leave every part of the workbook before it is handed back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation

from lxml import etree

from nuanliu.reporting.marking.book import Book
from nuanliu.reporting.marking.comments import SheetComments
from nuanliu.reporting.marking.package import child, local
from nuanliu.reporting.marking.sheet import Sheet, place, shown_text, text_element

_CERTAIN_DIGITS = 15
_CERTAIN = Context(prec=_CERTAIN_DIGITS, rounding=ROUND_HALF_EVEN)
_MANY_DIGITS = re.compile(r"[0-9０-９](?:\D{0,3}[0-9０-９]){10}")
_LEAST_LENGTH = 11  # of a telephone number, the shortest of them
# Attributes that people's words stand in; the others hold lengths, ids and colours, which may look like numbers.
_WORDS = frozenset(
    {"v", "prompt", "promptTitle", "error", "errorTitle", "tooltip", "display", "descr", "title", "name", "caption",
     "Target", "comment", "description"}
)  # fmt: skip


def blank_contacts(book: Book, cells: Iterable[tuple[str | None, str]], blank: Callable[[str], str]) -> None:
    """Take 填报人 and 联系电话 out of their cells. ``blank``: what is left of a text that says more than that."""
    by_name = {sheet.name: sheet for sheet in book.worksheets}
    strings = book.shared_strings()
    emptied = set()
    for name, reference in cells:
        sheet = by_name.get(name) if name is not None else book.worksheets[0]
        if sheet is None:
            continue
        row, column = sheet.top_left(*place(reference))
        cell = sheet.at(row, column)
        if cell is None:
            continue
        if cell.get("t") == "s" and (value := child(cell, "v")) is not None and value.text:
            emptied.add(int(value.text))
        sheet.write(row, column, blank(book.text(sheet, row, column)))
    still_used = {
        int(value.text)
        for sheet in book.worksheets
        for _, _, cell in sheet.cells()
        if emptied and cell.get("t") == "s" and (value := child(cell, "v")) is not None and value.text
    }
    for index in emptied - still_used:
        if index < len(strings):
            _set_string(strings[index], "")


def mask_everything(book: Book, mask: Callable[[str], str]) -> None:
    """Mask the numbers in cells, comments, names, drawings, properties: every text of every part."""
    for string in book.shared_strings():
        text = shown_text(string)
        masked = mask(text)
        if masked != text:
            _set_string(string, masked)
    for sheet in book.worksheets:
        _mask_cells(sheet, mask)
        comments = SheetComments(book.package, sheet)
        comments.rewrite(mask)
    _mask_sheet_names(book, mask)
    _mask_other_parts(book, mask)


def _mask_cells(sheet: Sheet, mask: Callable[[str], str]) -> None:
    for row, column, cell in list(sheet.cells()):
        if cell.get("t") == "s" or (
            cell.get("t") != "inlineStr" and not any(len(entry.text or "") >= _LEAST_LENGTH for entry in cell)
        ):
            continue
        formula, value = child(cell, "f"), child(cell, "v")
        if cell.get("t") == "inlineStr":
            text = shown_text(cell)
        else:
            text = _number_text(value.text or "") if value is not None else ""
        masked = mask(text) if len(text) >= _LEAST_LENGTH else text
        if masked != text:
            sheet.write(row, column, masked)
        elif formula is not None and formula.text and mask(formula.text) != formula.text:
            sheet.write(row, column, text)  # the result stays, the number inside the formula goes


def _number_text(stored: str) -> str:
    """A stored number as a spreadsheet shows it: 1.3812345678E10 is a telephone number too.

    Of an identity number that became a number, 15 digits are certain and the rest are zeros, whatever is stored (M63).
    """
    if "E" not in stored.upper() and len(stored) <= _CERTAIN_DIGITS:
        return stored
    try:
        number = Decimal(stored)
    except InvalidOperation:
        return stored
    if not 0 <= number.adjusted() < 30:
        return stored
    return format(_CERTAIN.plus(number), "f")


def _mask_sheet_names(book: Book, mask: Callable[[str], str]) -> None:
    for entry in book.entries:
        masked = mask(entry.name).replace("*", "x")  # no sheet may have * in its name
        if mask(entry.name) != entry.name:
            entry.element.set("name", masked)
            if entry.part is not None:
                book.sheet(entry).name = masked


def _mask_other_parts(book: Book, mask: Callable[[str], str]) -> None:
    package = book.package
    for name in package.names:
        if not name.lower().endswith((".xml", ".rels", ".vml")) or not _MANY_DIGITS.search(
            package.content(name).decode("utf-8", "ignore")
        ):
            continue
        if name.lower().endswith(".vml"):
            continue
        for element in _elements(package.xml(name)):
            if element.text and len(element.text) >= _LEAST_LENGTH:
                element.text = mask(element.text)
            for key, words in element.attrib.items():
                if local_key(str(key)) in _WORDS and len(str(words)) >= _LEAST_LENGTH and mask(str(words)) != words:
                    element.set(
                        key, mask(str(words)).replace("*", "x") if local(element) == "sheet" else mask(str(words))
                    )
            code = element.get("formatCode")
            if code is not None and mask(code) != code:
                element.set("formatCode", "General")  # in a format * repeats what follows it


def _elements(root: etree._Element) -> Iterator[etree._Element]:
    """All elements but the cells and shared strings, which have been looked into one by one."""
    yield root
    for entry in root:
        if local(entry) not in ("sheetData", "si"):
            yield from (element for element in entry.iter() if isinstance(element.tag, str))


def local_key(key: str) -> str:
    """An attribute's name without its namespace."""
    return key.rpartition("}")[2]


def _set_string(string: etree._Element, text: str) -> None:
    ns = str(string.tag).rpartition("}")[0] + "}"
    for entry in list(string):
        string.remove(entry)
    string.append(text_element(ns, text))
