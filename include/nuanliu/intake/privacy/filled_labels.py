"""Which labels of a sheet, such as 姓名 or 身份证号, are answered: as headers below them, in a form beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import dropwhile, islice, takewhile
from typing import NamedTuple

from nuanliu.intake.formats.workbook import Sheet
from nuanliu.intake.privacy.personal_labels import is_form_label, is_label, looks_like_a_name, says_something

LabelCell = tuple[int, str, str, bool]
"""(row, column, text, whether it is a strict one: not a telephone)."""

_TELEPHONE = re.compile(r"[0-9]{7,}")
_LONG_NUMBER = re.compile(r"[0-9*Xx]{8,}")
_ENOUGH_TELEPHONES = 2
_LOOKED_AT = 40
"""Rows below a label of a form: longer than any form."""


class FilledLabel(NamedTuple):
    """A label that something is written for: ``is_header``: below it, as in a list; else to the right of it, as in a form."""

    row: int
    column: str
    text: str
    is_header: bool


def filled_labels(sheet: Sheet, labels: Sequence[LabelCell]) -> list[FilledLabel]:
    """The labels that something is written for.

    A telephone header counts only beside a strict one or above two telephone numbers: in a foot, 联系电话 stands above
    or beside one business contact. Where labels stand one under another they are a form: what stands below one is no
    answer to it, what stands to the right of it is.
    """
    if not labels:
        return []
    cells = _Cells(sheet)
    strict = {row for row, _, _, is_strict in labels if is_strict}
    below, beside = _answered_below(cells, labels), _answered_beside(cells, labels)
    telephones = _telephones_below(cells, [label for label in labels if not label[3]])
    filled = []
    for row, column, text, is_strict in labels:
        place = (row, column)
        is_header = place in below if is_strict else telephones[place] >= (1 if row in strict else _ENOUGH_TELEPHONES)
        if is_header or place in beside:
            filled.append(FilledLabel(row, column, text.strip(), is_header))
    return filled


class _Cells:
    """The cells of a sheet by row and column, one at a time."""

    def __init__(self, sheet: Sheet) -> None:
        self._rows = sheet.grid.index.to_numpy()
        self._letters = [str(letter) for letter in sheet.grid.columns]
        self._columns = {letter: sheet.grid[letter].array for letter in self._letters}

    def at(self, row: int, column: str) -> str:
        """The text of a cell, "" where there is none."""
        place = int(self._rows.searchsorted(row))
        is_there = place < len(self._rows) and int(self._rows[place]) == row
        return str(self._columns[column][place]) if is_there else ""

    def below(self, row: int, column: str, end: int | None = None) -> Iterator[tuple[int, str]]:
        """Row and text of each cell below, blank ones too; ``end``: the first row that is not asked for."""
        last = len(self._rows) if end is None else int(self._rows.searchsorted(end))
        texts = self._columns[column]
        for place in range(int(self._rows.searchsorted(row + 1)), last):
            yield int(self._rows[place]), str(texts[place])

    def right_of(self, row: int, column: str) -> str:
        """The first text to the right of a cell."""
        letters = self._letters[self._letters.index(column) + 1 :]
        return next((text for letter in letters if (text := self.at(row, letter)).strip()), "")

    def written_in(self, row: int) -> list[str]:
        """The texts of a row."""
        return [text for letter in self._letters if (text := self.at(row, letter)).strip()]


def _answered_below(cells: _Cells, labels: Sequence[LabelCell]) -> set[tuple[int, str]]:
    """Places of the strict labels with an answer below. From the lowest upwards, so that no cell is read twice."""
    answered = set()
    by_column: dict[str, list[int]] = {}
    for row, column, _, is_strict in labels:
        if is_strict:
            by_column.setdefault(column, []).append(row)
    for column, rows in by_column.items():
        end, is_answered = None, False
        for row in sorted(rows, reverse=True):
            if _has_label_below(cells, row, column) or _is_last_of_labels(cells, row, column):
                if _has_list_below(cells, row, column):
                    answered.add((row, column))
                continue
            is_answered = is_answered or any(
                says_something(text) and not _is_title(cells, place)
                for place, text in cells.below(row, column, end)
                if text.strip()
            )
            end = row
            if is_answered:
                answered.add((row, column))
    return answered


def _is_title(cells: _Cells, row: int) -> bool:
    """Whether a row is the title of a form below it: one text, and then several labels side by side."""
    return len(cells.written_in(row)) == 1 and sum(map(is_form_label, cells.written_in(row + 1))) > 1


def _telephones_below(cells: _Cells, labels: Sequence[LabelCell]) -> dict[tuple[int, str], int]:
    """How many telephone numbers stand below each of some labels; no more than enough are counted."""
    counts: dict[tuple[int, str], int] = {}
    lowest: dict[str, int] = {}
    for row, column, _, _ in sorted(labels, reverse=True):
        end = lowest.get(column)
        count = counts[end, column] if end is not None else 0
        for _, text in cells.below(row, column, end):
            if count >= _ENOUGH_TELEPHONES:
                break
            count += bool(_TELEPHONE.search(text)) and says_something(text)
        counts[row, column], lowest[column] = count, row
    return counts


def _has_label_below(cells: _Cells, row: int, column: str) -> bool:
    """Whether a label stands directly below, as in a form."""
    below = cells.at(row + 1, column)
    return bool(below.strip()) and is_label(below)


def _is_last_of_labels(cells: _Cells, row: int, column: str) -> bool:
    """Whether a label stands directly above and none to the right: the last of a form, and not a header under its title."""
    return is_form_label(cells.at(row - 1, column)) and not is_label(cells.right_of(row, column))


def _has_list_below(cells: _Cells, row: int, column: str) -> bool:
    """Whether a list stands below a column of labels, as below a header of two rows.

    Words that nobody knows may be more labels, so that it takes a name or a long number, or two cells right below the label.
    """
    below = [text for _, text in islice(cells.below(row, column), _LOOKED_AT)]
    if len(list(takewhile(says_something, below))) > 1:
        return True
    answers = takewhile(says_something, dropwhile(lambda text: not text.strip() or is_label(text), below))
    return any(looks_like_a_name(text) or _LONG_NUMBER.search(text) for text in answers)


def _answered_beside(cells: _Cells, labels: Sequence[LabelCell]) -> set[tuple[int, str]]:
    """Places of strict labels of a form with an answer to the right.

    One answer that looks like what is asked for is enough; words that nobody knows may be labels too, so of these it takes
    two in one column of labels.
    """
    beside = {
        (row, column): answer
        for row, column, _, is_strict in labels
        if is_strict and (answer := cells.right_of(row, column)) and says_something(answer)
    }
    certain = {place for place, answer in beside.items() if looks_like_a_name(answer) or _LONG_NUMBER.search(answer)}
    stacked: dict[str, list[tuple[int, str]]] = {}
    for row, column in beside:
        stacked.setdefault(column, []).append((row, column))
    for places in stacked.values():
        if len(places) >= 2:
            certain.update(places)
    columns_of: dict[int, set[str]] = {}
    for row, column, _, _ in labels:
        columns_of.setdefault(row, set()).add(column)
    return {
        (row, column)
        for row, column in certain
        if len(columns_of[row]) > 1 or _has_label_below(cells, row, column) or _has_label_below(cells, row - 2, column)
    }
