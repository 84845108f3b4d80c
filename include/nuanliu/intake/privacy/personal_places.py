"""Where in a sheet persons are listed, for who has to delete it: every column, row or label, with what stands above it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from nuanliu.intake.formats.workbook import Sheet
from nuanliu.intake.privacy.filled_labels import FilledLabel
from nuanliu.intake.privacy.number_columns import NumberCell, columns_of_names
from nuanliu.intake.privacy.personal_labels import (
    is_label,
    looks_like_a_name,
    names_numbers,
    personal_header,
)

_LONGEST_HEADER = 20
_NEAR = 3
"""Rows above and below one of numbers that may hold the names to it."""


def places_of_persons(
    sheet: Sheet, labels: Sequence[FilledLabel], numbers: Mapping[str, Sequence[NumberCell]], rows: Sequence[int]
) -> list[str]:
    """A列“姓名”, B列(身份证号), B3“住址”, 第2行(手机号): columns first, from left to right.

    ``numbers``: the cells of columns that list persons. ``rows``: rows that do. Columns and rows of names beside them are named
    too: whoever deletes the numbers alone leaves the names.
    """
    columns = {label.column: f"“{label.text}”" for label in reversed(labels) if label.is_header}
    columns |= {letter: _told(sheet, letter, cells) for letter, cells in numbers.items() if letter not in columns}
    if numbers:
        listed = sorted({cell.row for cells in numbers.values() for cell in cells})
        beside = columns_of_names(sheet, listed, apart_from=frozenset(columns))
        columns |= {letter: "(像姓名)" for letter in beside if not _has_other_header(sheet, letter, listed[0])}
    return [
        *(f"{letter}列{columns[letter]}" for letter in map(str, sheet.grid.columns) if letter in columns),
        *(f"{label.column}{label.row}“{label.text}”" for label in labels if not label.is_header),
        *_rows_of_persons(sheet, rows),
    ]


def _told(sheet: Sheet, column: str, cells: Sequence[NumberCell]) -> str:
    """What to call a column of numbers: by the header above it, else by what its numbers are."""
    header = _header_above(sheet, column, cells[0].row)
    if header and (is_label(header) or names_numbers(header)):
        return f"“{header}”"
    kinds = Counter(number.kind for cell in cells for number in cell.said.numbers)
    return f"({max(kinds, key=lambda kind: kinds[kind])})"


def _header_above(sheet: Sheet, column: str, row: int) -> str:
    """The nearest short text above a row, "" where there is none."""
    above = (str(text).strip() for text in sheet.grid[column].loc[: row - 1].iloc[::-1])
    text = next((text for text in above if text), "")
    return text if len(text) <= _LONGEST_HEADER else ""


def _has_other_header(sheet: Sheet, column: str, row: int) -> bool:
    """Whether a column is known to say something else: 白银区 and 金川区 under 活动地点 are no names."""
    header = _header_above(sheet, column, row)
    return is_label(header) and personal_header(header) is None


def _rows_of_persons(sheet: Sheet, rows: Sequence[int]) -> Iterator[str]:
    named = set(rows)
    for row in sheet.grid.index[sheet.grid.index.isin([at + near for at in rows for near in range(-_NEAR, _NEAR + 1)])]:
        texts = [text for text in map(str, sheet.grid.loc[row]) if text.strip()]
        if row in named:
            yield f"第{row}行(号码)"
        elif sum(map(looks_like_a_name, texts)) >= max(2, len(texts) / 2):
            yield f"第{row}行(像姓名)"
