"""Find the header of a sheet: below title rows, one to three rows high, merged or not, and say what each column is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.label_text import fold_label
from nuanliu.domain.aliases import NO_ALIASES, Aliases
from nuanliu.intake.formats.workbook import Sheet
from nuanliu.intake.tables.header_labels import Label, is_unit, read_header
from nuanliu.intake.tables.our_tables import TELLING, belongs_to_us, count_known, is_long_shape
from nuanliu.intake.tables.unit_columns import settle_unit_columns
from nuanliu.intake.values.unique_texts import clean_text
from nuanliu.intake.values.units import read_sheet_unit, split_header_unit
from nuanliu.ooxml.addresses import column_index, column_letter

MAX_HEADER_ROWS = 3


@dataclass(frozen=True, slots=True)
class HeaderField:
    """A column of the table: ``id`` is a canonical column, a measure, or ``unit_of:<measure>``."""

    id: str
    letter: str
    text: str
    unit: str | None = None
    is_measure: bool = False


@dataclass(frozen=True)
class Header:
    """A recognised header. Rows are 1-based sheet rows, ends included.

    ``fields``: by id. ``unknown``: letter → header text of columns that nobody knows ("" where it has none).
    ``repeated``: header texts that stand twice and mean the same. ``has_two_tables``: 活动名称 stands twice in it.
    """

    first_row: int
    last_row: int
    is_long: bool
    fields: Mapping[str, HeaderField]
    unknown: Mapping[str, str] = field(default_factory=dict)
    repeated: tuple[str, ...] = ()
    has_two_tables: bool = False
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Letter → the folded texts of the header rows, top first, blanks left out: to know a repeated header by."""
    written: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The same as written."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Headers of required columns that the sheet does not have."""
        columns = input_contract().columns.values()
        return tuple(column.header for column in columns if column.required and column.id not in self.fields)


class _HeaderArea:
    """The top of a sheet, merged cells spread over the cells they cover."""

    def __init__(self, sheet: Sheet, aliases: Aliases) -> None:
        self.aliases = aliases
        limit = int(input_contract().limits["header_search_rows"])
        top = sheet.grid.loc[: limit + MAX_HEADER_ROWS]
        self.letters: list[str] = [str(letter) for letter in top.columns]
        self.rows: list[int] = [int(row) for row in top.index]
        self.limit = limit
        values = top.to_numpy(dtype=object)
        self._at = {
            (row, letter): clean_text(str(values[i, j]))
            for i, row in enumerate(self.rows)
            for j, letter in enumerate(self.letters)
            if values[i, j]
        }
        self.written = {place for place, text in self._at.items() if text}
        self.covered: set[tuple[int, str]] = set()
        self.merged_down: dict[int, int] = {}
        last = self.rows[-1] if self.rows else 0
        for area in sheet.merged:
            if area.first_row > last:
                continue
            text = self._at.get((area.first_row, column_letter(area.first_column - 1)), "")
            for row in range(area.first_row, min(area.last_row, last) + 1):
                for number in range(area.first_column, area.last_column + 1):
                    place = (row, column_letter(number - 1))
                    self._at[place] = text
                    self.covered.add(place)
            if text and area.last_row > area.first_row and read_header((text,), is_long=False, aliases=aliases):
                self.merged_down[area.first_row] = max(self.merged_down.get(area.first_row, 0), area.last_row)

    def text(self, row: int, letter: str) -> str:
        return self._at.get((row, letter), "")

    def stacks(self, first: int, last: int) -> dict[str, tuple[str, ...]]:
        """Letter → header texts from top to bottom, each text of a merged area once."""
        rows = [row for row in self.rows if first <= row <= last]
        inherited = dict.fromkeys(rows, "")
        result = {}
        for letter in self.letters:
            texts: list[str] = []
            for row in rows:
                text = self.text(row, letter)
                below = any(self.text(lower, letter) for lower in rows if lower > row)
                if text:
                    inherited[row] = text
                elif below and (row, letter) not in self.covered and not texts:
                    # a parent that was not merged: 投入资金 above 小计, blank above 其中慰问金
                    text = inherited[row]
                if text and (not texts or texts[-1] != text):
                    texts.append(text)
            result[letter] = tuple(texts)
        return result


def find_header(sheet: Sheet, aliases: Aliases = NO_ALIASES) -> Header | None:
    """The header of a sheet, or None when its first 15 rows hold none. ``aliases``: the sender's confirmed spellings."""
    if sheet.grid.empty:
        return None
    area = _HeaderArea(sheet, aliases)
    best: tuple[int, int, int] | None = None
    for last in (row for row in area.rows if row <= area.limit):
        for height in range(1, MAX_HEADER_ROWS + 1):
            first = last - height + 1
            if first < 1 or not any((first, letter) in area.written for letter in area.letters):
                continue
            score = _score(area.stacks(first, last), aliases)
            if score and (best is None or (score, -height, -last) > best):
                best = (score, -height, -last)
    if best is None:
        return None
    last = -best[2]
    first = _raise(area, last + best[1] + 1, last, best[0])
    return _build(area, first, _extend(area, first, last), sheet)


def is_transposed(sheet: Sheet) -> bool:
    """Whether the labels of the columns stand below one another in one column instead."""
    if sheet.grid.empty or find_header(sheet) is not None:
        return False
    for letter in sheet.grid.columns[:3]:
        labels = [read_header((clean_text(text),), is_long=False) for text in sheet.grid[letter].iloc[:60] if text]
        ids = {label.id for label in labels if label}
        if len(ids) >= 4 and ids & TELLING:
            return True
    return False


def _score(stacks: Mapping[str, tuple[str, ...]], aliases: Aliases) -> int:
    """How many columns are recognised; 0 when too few for a table of activities."""
    return count_known(stacks, aliases) if belongs_to_us(stacks, aliases) else 0


def _raise(area: _HeaderArea, first: int, last: int, score: int) -> int:
    """Take in rows above that already belong to the header although the labels below say enough.

    They hold labels merged down into it, or a group with a unit above figures alone: 资金(万元) over 慰问金 and 物资折价. Read
    as a title, the first would name a union, and the second's unit would be lost.
    """
    rows = [row for row in area.rows if row < first]
    while rows and last - rows[-1] < MAX_HEADER_ROWS and rows[-1] == first - 1:
        above = rows.pop()
        belongs = area.merged_down.get(above, 0) >= first or _has_group_unit(area, above, first, last)
        if not belongs or _score(area.stacks(above, last), area.aliases) < score:
            break
        first = above
    return first


def _has_group_unit(area: _HeaderArea, row: int, first: int, last: int) -> bool:
    """Whether a cell of a row gives a unit to figures below it, and stands above nothing else."""
    labels = {
        letter: read_header(texts, is_long=False, aliases=area.aliases)
        for letter, texts in area.stacks(first, last).items()
        if texts
    }
    measures = {letter: label is not None and label.measure is not None for letter, label in labels.items()}
    below: dict[str, list[bool]] = {}
    for letter in area.letters:
        text = area.text(row, letter)
        if text and letter in measures:
            below.setdefault(text, []).append(measures[letter])
    return any(
        all(are_measures) and split_header_unit(text)[1] is not None and read_sheet_unit(text) is None
        for text, are_measures in below.items()
    )


def _extend(area: _HeaderArea, first: int, last: int) -> int:
    """Take in rows below that still belong to the header: merged down, units alone, or children of a parent."""
    bottom = min(
        first + MAX_HEADER_ROWS - 1, max([last, *(area.merged_down.get(r, 0) for r in range(first, last + 1))])
    )
    while bottom - first + 1 < MAX_HEADER_ROWS:
        below = {
            letter: area.text(bottom + 1, letter)
            for letter in area.letters
            if (bottom + 1, letter) in area.written and (bottom + 1, letter) not in _merged_from_above(area, bottom)
        }
        if not below or not _continues(below, area.stacks(first, bottom)):
            break
        bottom += 1
    return bottom


def _merged_from_above(area: _HeaderArea, row: int) -> set[tuple[int, str]]:
    return {place for place in area.covered if place[0] == row + 1 and place not in area.written}


def _continues(below: Mapping[str, str], stacks: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether a row of cells below the header is one more header row and no data."""
    if all(is_unit(text) for text in below.values()):
        return True
    for letter, text in below.items():
        label = read_header(stacks.get(letter, ()), is_long=False)
        if label is not None and label.measure is None:
            return False
        if any(character.isdigit() for character in text):
            return False
    return len(below) >= 2


def _build(area: _HeaderArea, first: int, last: int, sheet: Sheet) -> Header:
    stacks = {letter: texts for letter, texts in area.stacks(first, last).items() if texts}
    is_long = is_long_shape(stacks, area.aliases)
    labels = {letter: read_header(texts, is_long=is_long, aliases=area.aliases) for letter, texts in stacks.items()}
    labels = settle_unit_columns(labels, stacks, sheet, last, is_long=is_long)
    claims: dict[str, list[tuple[str, Label]]] = {}
    unknown: dict[str, str] = {letter: "" for letter in area.letters if letter not in stacks}
    for letter, texts in stacks.items():
        label = labels[letter]
        if label is None:
            unknown[letter] = "/".join(texts)
        else:
            claims.setdefault(label.id, []).append((letter, label))
    fields: dict[str, HeaderField] = {}
    repeated: list[str] = []
    for claimed, candidates in claims.items():
        candidates.sort(key=lambda candidate: (candidate[1].rank, column_index(candidate[0])))
        letter, label = candidates[0]
        text = "/".join(stacks[letter])
        fields[claimed] = HeaderField(claimed, letter, text, label.unit, label.measure is not None)
        for other, other_label in candidates[1:]:
            unknown[other] = "/".join(stacks[other])
            if other_label.rank == label.rank and claimed not in ("ordinal", "remarks"):
                repeated.append(text)
    name = fields.get("activity_name")
    return Header(
        first_row=first,
        last_row=last,
        is_long=is_long,
        fields=fields,
        unknown=dict(sorted(unknown.items(), key=lambda item: column_index(item[0]))),
        repeated=tuple(dict.fromkeys(repeated)),
        has_two_tables=name is not None and name.text in repeated,
        texts={letter: tuple(map(fold_label, texts)) for letter, texts in stacks.items()},
        written=stacks,
    )


def title_cells(sheet: Sheet, header: Header | None) -> pd.DataFrame:
    """The rows above the header: title, 填报单位, 报告期, 单位:万元. Without a header: the first 15 rows."""
    last = header.first_row - 1 if header else int(input_contract().limits["header_search_rows"])
    return sheet.grid.loc[:last]
