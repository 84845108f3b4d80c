"""Where a cell is: between F7 and its row and column. In addresses and areas both count from 1, positions from 0."""

from __future__ import annotations

import re
from functools import cache

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384
"""XFD."""
_DIGITS = "0123456789"
_LETTERS = re.compile(r"[A-Z]{1,3}")
_PLAIN = re.compile(r"[A-Z]{1,3}[0-9]{1,7}")
_COLUMNS = re.compile(r"\$?([A-Z]{1,3}):\$?([A-Z]{1,3})")
_ROWS = re.compile(r"\$?([0-9]{1,7}):\$?([0-9]{1,7})")
_ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")


@cache
def column_letter(index: int) -> str:
    """The letters of a column's position: 0 → A, 26 → AA."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@cache
def column_index(letters: str) -> int:
    """The position of a column: A → 0, AA → 26. Raises: ValueError for anything but A–XFD."""
    number = _number(letters) if _LETTERS.fullmatch(letters) else 0
    if not 0 < number <= LAST_COLUMN:
        raise ValueError(f"{letters!r} is no column")
    return number - 1


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def address(row: int, column: int) -> str:
    """The address of a place: (7, 6) is F7."""
    return f"{column_letter(column - 1)}{row}"


def place(reference: str) -> tuple[int, int]:
    """(row, column) of an address, $ allowed: F7 is (7, 6). Raises: ValueError for anything else.

    Columns beyond XFD are placed too: a comment may claim to stand there, and stays.
    """
    match = _ADDRESS.fullmatch(reference)
    if match is None:
        raise ValueError(f"{reference!r} is no address")
    return int(match[2]), _number(match[1])


def area(reference: str) -> tuple[int, int, int, int]:
    """(first row, first column, last row, last column) of A1:B2, of one address, or of whole columns (H:J) or rows (3:4).

    Raises: ValueError.
    """
    first, colon, last = reference.partition(":")
    if (columns := _COLUMNS.fullmatch(reference)) is not None:
        return 1, _number(columns[1]), LAST_ROW, _number(columns[2])
    if (rows := _ROWS.fullmatch(reference)) is not None:
        return int(rows[1]), 1, int(rows[2]), LAST_COLUMN
    return (*place(first), *place(last if colon else first))


def is_address(text: str) -> bool:
    """Whether a text is one address, without $."""
    return _PLAIN.fullmatch(text) is not None


def row_of(reference: str) -> int:
    """The row of an address that a reader of ours wrote: F7 → 7."""
    return int(reference[len(letters_of(reference)) :])


def letters_of(reference: str) -> str:
    """The column of an address that a reader of ours wrote: F7 → F."""
    return reference.rstrip(_DIGITS)
