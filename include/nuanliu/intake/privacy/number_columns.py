"""What a column of numbers is that look like personal ones: a list of persons, figures, or not to be told.

An identity number has a day of birth and a check digit: two of them are persons. A mobile telephone is eleven digits and a
bank card has one check digit, so that the column decides: what stands above it and beside it, and how many of its numbers
look so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from nuanliu.intake.formats.workbook import Sheet
from nuanliu.intake.privacy.personal_data import (
    BANK_CARD,
    ID_NUMBER,
    MOBILE,
    PersonalNumber,
    is_mobile_prefix,
    mask_numbers,
)
from nuanliu.intake.privacy.personal_labels import is_contact_label, looks_like_a_name, personal_words
from nuanliu.intake.tables.header_labels import read_header
from nuanliu.intake.values.numerals import fold_numeral
from nuanliu.intake.values.unique_texts import distinct_texts
from nuanliu.intake.values.units import read_units, split_header_unit

_DIGITS = re.compile(r"[0-9]{9,13}\Z")
_LONG_DIGITS = re.compile(r"[0-9][0-9 \-]{13,24}[0-9]\Z")
_LABEL_BEFORE = re.compile(r"([\u4e00-\u9fff]{2,6})\s*[:：]?\s*[\u4e00-\u9fff·]{0,6}[\s:：,，]*\Z")
_MOST = 0.8
_HALF = 0.5
_IN_A_ROW = 3
_LONGEST_NUMBER = 40
_LONGEST_UNIT = 30
_LONGEST_LABEL = 60
"""Characters. A longer text is no bare number, no unit and no label, and reading it as one takes its time."""
_HEADER_TEXTS = 20
"""How many texts at the top of a column may be its header."""


class Column(Enum):
    """What a column is."""

    PERSONS = "persons"
    DOUBTFUL = "doubtful"
    NUMBERS = "numbers"


_OF_ONE = {kind: frozenset({kind}) for kind in (ID_NUMBER, MOBILE, BANK_CARD)}


class NumberText:
    """A text with personal numbers in it, or numbers that look so. It is looked at once however many cells say it, and
    without ado when it is nothing but a number: 100,000 of a column may be.

    ``kinds``: of its numbers. ``is_alone``: nothing stands beside its one number.
    """

    def __init__(self, text: str, numbers: tuple[PersonalNumber, ...]) -> None:
        self.text = text
        self.numbers = numbers
        is_one = len(numbers) == 1
        self.kinds = _OF_ONE[numbers[0].kind] if is_one else frozenset(number.kind for number in numbers)
        self.is_alone = is_one and numbers[0].end - numbers[0].start == len(text)

    @property
    def masked(self) -> str:
        """The text with its numbers masked."""
        return self.numbers[0].masked if self.is_alone else self._masked

    @property
    def beside(self) -> str:
        """What it says beside its first number."""
        return "" if self.is_alone else self._beside

    @property
    def is_bare(self) -> bool:
        """Eleven digits and nothing else. Blanks, dashes or +86 between or before them make a telephone of any number."""
        if self.is_alone and self.text.isascii():
            return len(self.text) == 11 and self.text.isdigit()
        return self._is_bare

    @property
    def has_unit(self) -> bool:
        """Whether beside its number there is nothing but a unit."""
        return not self.is_alone and self._has_unit

    @property
    def is_labelled_contact(self) -> bool:
        """联系人:某某 13…: who can be asked about the report, in a line of text."""
        return self.numbers[0].start > 0 and self._is_labelled_contact

    @cached_property
    def _masked(self) -> str:
        return mask_numbers(self.text, self.numbers)

    @cached_property
    def _beside(self) -> str:
        number = self.numbers[0]
        return (self.text[: number.start] + self.text[number.end :]).strip()

    @cached_property
    def _is_bare(self) -> bool:
        written = self.text.strip()
        digits = fold_numeral(written) if len(written) <= _LONGEST_NUMBER else ""
        return digits.isdigit() and len(digits) == 11

    @cached_property
    def _has_unit(self) -> bool:
        return 0 < len(self.beside) <= _LONGEST_UNIT and bool(read_units(self.beside))

    @cached_property
    def _is_labelled_contact(self) -> bool:
        start = self.numbers[0].start
        before = _LABEL_BEFORE.search(self.text[max(0, start - _LONGEST_LABEL) : start])
        return before is not None and any(is_contact_label(before[1][:end]) for end in range(2, len(before[1]) + 1))


class NumberCell(NamedTuple):
    """A cell that holds personal numbers, or numbers that look so."""

    row: int
    said: NumberText

    def has(self, kind: str) -> bool:
        """Whether one of its numbers is of a kind."""
        return kind in self.said.kinds


def judge_column(sheet: Sheet, column: str, cells: Sequence[NumberCell]) -> Column:
    """Say what a column is. ``cells``: those with personal numbers in them, business contacts left out."""
    if sum(cell.has(ID_NUMBER) for cell in cells) >= 2:
        return Column.PERSONS
    verdicts = {_judge_cards(sheet, column, cells), _judge_mobiles(sheet, column, cells)}
    return next((each for each in (Column.PERSONS, Column.DOUBTFUL) if each in verdicts), Column.NUMBERS)


def _judge_cards(sheet: Sheet, column: str, cells: Sequence[NumberCell]) -> Column:
    """One long number in ten passes the check of bank cards by chance."""
    cards = sum(cell.has(BANK_CARD) for cell in cells)
    if cards < 2:
        return Column.NUMBERS
    like = sum(bool(_LONG_DIGITS.match(fold_numeral(text))) for text in _texts(sheet, column))
    return Column.PERSONS if cards >= _HALF * like else Column.DOUBTFUL if cards > 0.2 * like else Column.NUMBERS


def _judge_mobiles(sheet: Sheet, column: str, cells: Sequence[NumberCell]) -> Column:
    mobiles = [cell for cell in cells if cell.has(MOBILE) and not cell.said.is_labelled_contact]
    if len(mobiles) < 2:
        return Column.NUMBERS
    figures = [cell for cell in mobiles if cell.said.is_bare or cell.said.has_unit]
    if len(mobiles) - len(figures) >= 2 or _has_names_beside(sheet, column, mobiles):
        return Column.PERSONS
    if any(cell.said.has_unit for cell in figures) or _names_figures(sheet, column):
        return Column.NUMBERS
    share = _share_of_mobiles(sheet, column)
    if share < _HALF:
        return Column.NUMBERS
    return Column.DOUBTFUL if share < _MOST or _counts_up(figures) or _names_codes(sheet, column) else Column.PERSONS


def columns_of_names(sheet: Sheet, rows: Sequence[int], *, apart_from: frozenset[str]) -> Iterator[str]:
    """Columns with a person's name in most of these rows, hardly one of them twice."""
    for letter in map(str, sheet.grid.columns):
        if letter in apart_from:
            continue
        distinct, _ = distinct_texts(sheet.grid[letter].loc[list(rows)])
        if len(distinct) < _HALF * len(rows):
            continue
        if sum(looks_like_a_name(text) for text in distinct.to_pylist()) >= _HALF * len(rows):
            yield letter


def _has_names_beside(sheet: Sheet, column: str, cells: Sequence[NumberCell]) -> bool:
    rows = [cell.row for cell in cells]
    return next(columns_of_names(sheet, rows, apart_from=frozenset({column})), None) is not None


def _names_figures(sheet: Sheet, column: str) -> bool:
    """Whether the column's header names a measure or a unit."""
    for text in _top_texts(sheet, column):
        if any(character.isdigit() for character in text):
            continue
        label = read_header((text,), is_long=False)
        if (label is not None and (label.measure is not None or label.id == "long_value")) or (
            split_header_unit(text)[1] is not None
        ):
            return True
    return False


def _names_codes(sheet: Sheet, column: str) -> bool:
    """Whether the column's header names numbers that somebody gave out: 编号, 单号."""
    words = tuple(personal_words("code_words"))
    return any(text.strip("*: ").endswith(words) for text in _top_texts(sheet, column))


def _share_of_mobiles(sheet: Sheet, column: str) -> float:
    """How many of the column's numbers of about that length are eleven digits that begin as mobile numbers do."""
    alike = [digits for text in _texts(sheet, column) if _DIGITS.match(digits := fold_numeral(text))]
    return sum(len(digits) == 11 and is_mobile_prefix(digits[:3]) for digits in alike) / len(alike) if alike else 0.0


def _counts_up(cells: Sequence[NumberCell]) -> bool:
    """Whether the numbers follow one another: somebody numbered something."""
    numbers = sorted(int(fold_numeral(cell.said.text)) for cell in cells if cell.said.is_bare)
    return len(numbers) > 2 and numbers[-1] - numbers[0] <= 10 * len(numbers)


def _texts(sheet: Sheet, column: str) -> Iterator[str]:
    return (text for value in sheet.grid[column] if (text := str(value)).strip())


def _top_texts(sheet: Sheet, column: str) -> Iterator[str]:
    return islice(_texts(sheet, column), _HEADER_TEXTS)


def list_rows(cells: Mapping[str, Sequence[NumberCell]], columns: Mapping[str, Column]) -> list[int]:
    """Rows that are lists of persons lying on their side: several cells of nothing but a number, none in a column of figures."""
    counts: Counter[int] = Counter()
    for letter, some in cells.items():
        if len(some) == 1 or columns[letter] is not Column.NUMBERS:
            counts.update(cell.row for cell in some if not cell.said.beside and not cell.has(BANK_CARD))
    return sorted(row for row, count in counts.items() if count >= _IN_A_ROW)


def doubtful_places(columns: Mapping[str, Column], cells: Mapping[str, Sequence[NumberCell]]) -> frozenset[str]:
    """Addresses of the cells that may be persons and may be numbers."""
    return frozenset(
        f"{letter}{cell.row}"
        for letter, verdict in columns.items()
        if verdict is Column.DOUBTFUL
        for cell in cells[letter]
    )
