"""Which labels of a sheet, such as 姓名 or 身份证号, are answered: as headers below them, in a form beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import dropwhile, islice, takewhile

from nuanliu.intake.formats.workbook import Sheet
from nuanliu.intake.privacy.personal_labels import is_form_label, is_label, looks_like_a_name, says_something

LabelCell = tuple[int, str, str, bool]
"""(row, column, text, whether it is a strict one: not a telephone)."""

_TELEPHONE = re.compile(r"[0-9]{7,}")
_LONG_NUMBER = re.compile(r"[0-9*Xx]{8,}")
_ENOUGH_TELEPHONES = 2
_LOOKED_AT = 40
"""Rows below a label of a form: longer than any form."""


def filled_labels(sheet: Sheet, labels: Sequence[LabelCell]) -> list[str]:
    """The labels that something is written for.

    A telephone header counts only beside a strict one or above two telephone numbers: in a foot, 联系电话 stands above
    or beside one business contact. Where labels stand one under another they are a form: what stands below one is no
    answer to it, what stands to the right of it is.
    """
    strict = {row for row, _, _, is_strict in labels if is_strict}
    answered = _answered_below(sheet, labels) | _answered_beside(sheet, labels)
    telephones = _telephones_below(sheet, [label for label in labels if not label[3]])
    filled = []
    for row, column, text, is_strict in labels:
        count = telephones.get((row, column), 0)
        if (row, column) in answered if is_strict else count >= (1 if row in strict else _ENOUGH_TELEPHONES):
            filled.append(text.strip())
    return filled


def _answered_below(sheet: Sheet, labels: Sequence[LabelCell]) -> set[tuple[int, str]]:
    """Places of the strict labels with an answer below. From the lowest upwards, so that no cell is read twice."""
    answered = set()
    by_column: dict[str, list[int]] = {}
    for row, column, _, is_strict in labels:
        if is_strict:
            by_column.setdefault(column, []).append(row)
    for column, rows in by_column.items():
        end, is_answered = None, False
        for row in sorted(rows, reverse=True):
            if _has_label_below(sheet, row, column) or _is_last_of_labels(sheet, row, column):
                if _has_list_below(sheet, row, column):
                    answered.add((row, column))
                continue
            is_answered = is_answered or any(map(says_something, _texts(sheet, column, row + 1, end)))
            end = row
            if is_answered:
                answered.add((row, column))
    return answered


def _telephones_below(sheet: Sheet, labels: Sequence[LabelCell]) -> dict[tuple[int, str], int]:
    """How many telephone numbers stand below each of some labels; no more than enough are counted."""
    counts: dict[tuple[int, str], int] = {}
    lowest: dict[str, int] = {}
    for row, column, _, _ in sorted(labels, reverse=True):
        end = lowest.get(column)
        count = counts[end, column] if end is not None else 0
        for text in _texts(sheet, column, row + 1, end):
            if count >= _ENOUGH_TELEPHONES:
                break
            count += bool(_TELEPHONE.search(text)) and says_something(text)
        counts[row, column], lowest[column] = count, row
    return counts


def _texts(sheet: Sheet, column: str, first: int, end: int | None = None) -> Iterator[str]:
    """What is written in some rows of a column; ``end`` not included."""
    rows = sheet.grid.index
    start = int(rows.searchsorted(first))
    cells = sheet.grid[column].iloc[start : None if end is None else int(rows.searchsorted(end))]
    return (text for value in cells if (text := str(value)).strip())


def _has_label_below(sheet: Sheet, row: int, column: str) -> bool:
    """Whether a label stands directly below, as in a form."""
    below = str(sheet.grid[column].get(row + 1, ""))
    return bool(below.strip()) and is_label(below)


def _is_last_of_labels(sheet: Sheet, row: int, column: str) -> bool:
    """Whether a label stands directly above and none to the right: the last of a form, and not a header under its title."""
    is_below = is_form_label(str(sheet.grid[column].get(row - 1, "")))
    return is_below and not is_label(_right_of(sheet, row, column))


def _has_list_below(sheet: Sheet, row: int, column: str) -> bool:
    """Whether a list stands below a column of labels, as below a header of two rows.

    Words that nobody knows may be more labels, so that it takes a name or a long number, or two cells right below the label.
    """
    below = list(islice((str(value) for value in sheet.grid[column].loc[row + 1 :]), _LOOKED_AT))
    if len(list(takewhile(says_something, below))) > 1:
        return True
    answers = takewhile(says_something, dropwhile(lambda text: not text.strip() or is_label(text), below))
    return any(looks_like_a_name(text) or _LONG_NUMBER.search(text) for text in answers)


def _answered_beside(sheet: Sheet, labels: Sequence[LabelCell]) -> set[tuple[int, str]]:
    """Places of strict labels of a form with an answer to the right.

    One answer that looks like what is asked for is enough; words that nobody knows may be labels too, so of these it takes
    two in one column of labels.
    """
    beside = {
        (row, column): answer
        for row, column, _, is_strict in labels
        if is_strict and (answer := _right_of(sheet, row, column)) and says_something(answer)
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
        if len(columns_of[row]) > 1 or _has_label_below(sheet, row, column) or _has_label_below(sheet, row - 2, column)
    }


def _right_of(sheet: Sheet, row: int, column: str) -> str:
    """The first text to the right of a cell."""
    texts = sheet.grid.loc[row]
    at = list(sheet.grid.columns).index(column)
    return next((str(text) for text in texts.iloc[at + 1 :] if str(text).strip()), "")
