"""Gather cells row by row into a grid of texts, without ever holding a big sheet as Python objects.

A column of short texts becomes Arrow, which needs their bytes and eight more. A column that says the same long texts again
and again (a remark dragged down) stays a column of references, so that each text is held once however many cells name it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from nuanliu.intake.formats.limits import ReadingLimits
from nuanliu.intake.formats.workbook import Refused
from nuanliu.ooxml.addresses import column_letter

CHUNK_ROWS = 8192
MAX_BLANK_RUN = 1000
"""A longer run of blank rows is left out: one stray cell at the foot of a sheet must not make a million rows."""
_BLANK: Mapping[int, str] = {}
LONG_TEXT = 64
_LONG_COLUMN = 1 << 20
"""From how many characters a cell on average, or in 8192 rows, it is worth looking whether a column repeats itself."""
_ARROW = pd.StringDtype("pyarrow", na_value=np.nan)
_MOST_GATHERED = 1_000_000
SHARED = pd.StringDtype("python", na_value=np.nan)
"""The dtype of a column of references; it equals ``str`` as the one of Arrow does."""


class CellBudget:
    """Counts what the sheets of a file hold: cells against ``max_cells``, characters against the caps on text.

    ``size``: bytes of the file. It may hold many times its own size in text, as every zip does, but not any number of times.
    """

    def __init__(self, limits: ReadingLimits, size: int) -> None:
        self._limit = limits.max_cells
        self._used = 0
        self._most_named = limits.max_named_characters
        self._named = 0
        self._most_held = max(limits.max_held_characters, limits.max_held_ratio * size)
        self._held = 0

    def spend(self, cells: int) -> None:
        """Raises: Refused when the file holds too many cells."""
        self._used += cells
        if self._used > self._limit:
            raise Refused("file.too_many_cells", limit=self._limit)

    def name(self, characters: int) -> None:
        """Count what cells show, a shared text each time. Raises: Refused when that is too much text for any report."""
        self._named += characters
        if self._named > self._most_named:
            raise Refused("file.too_much_text", limit=self._most_named // 10_000)

    def hold(self, characters: int) -> None:
        """Count what must be held, a shared text once. Raises: Refused when that is out of proportion to the file."""
        self._held += characters
        if self._held > self._most_held:
            raise Refused("file.too_much_text", limit=self._most_held // 10_000)


class GridBuilder:
    """Takes rows in rising order; 8192 at a time become Arrow columns. Blank areas cost next to nothing."""

    def __init__(self, limits: ReadingLimits, budget: CellBudget, sheet: str | None = None) -> None:
        self._limits = limits
        self._budget = budget
        self._sheet = sheet or ""
        self._rows: list[Mapping[int, str]] = []
        self._numbers: list[int] = []
        self._chunks: list[tuple[int, dict[int, pa.Array | list[str]]]] = []
        self._long: dict[str, str] = {}
        self._width = 0

    def add_row(self, number: int, cells: Mapping[int, str]) -> None:
        """Add a row that has at least one text; ``cells`` maps 0-based columns to texts.

        Raises: Refused when the row lies too far down or a cell too far right.
        """
        if number > self._limits.max_rows:
            raise Refused("file.too_many_rows", limit=self._limits.max_rows, place=self._sheet)
        if max(cells) >= self._limits.max_columns:
            cells = {column: text for column, text in cells.items() if not text.isspace()}
            if not cells:
                return
            if max(cells) >= self._limits.max_columns:
                cell = f"{column_letter(max(cells))}{number}"
                raise Refused("file.too_many_columns", limit=self._limits.max_columns, cell=cell, place=self._sheet)
        if self._numbers:
            last = self._numbers[-1]
            if number - last - 1 <= MAX_BLANK_RUN:
                self._rows.extend([_BLANK] * (number - last - 1))
                self._numbers.extend(range(last + 1, number))
        self._rows.append(cells)
        self._numbers.append(number)
        if len(self._rows) >= CHUNK_ROWS:
            self._flush()

    def build(self) -> pd.DataFrame:
        """The grid as ``Sheet.grid`` describes it. Raises: Refused when rows × columns are too many."""
        self._flush()
        self._budget.spend(len(self._numbers) * self._width)
        blanks = {rows: pa.array([""] * rows, pa.large_string()) for rows, _ in self._chunks}
        columns: list[Any] = []
        for column in range(self._width):
            pieces = [used.get(column, blanks[rows]) for rows, used in self._chunks]
            if any(isinstance(piece, list) for piece in pieces):
                texts = [piece if isinstance(piece, list) else piece.to_pylist() for piece in pieces]
                columns.append(np.array(list(chain.from_iterable(texts)), dtype=object))
            else:
                columns.append(pa.concat_arrays(pieces))  # in one piece, so that nobody has to make one of it again
            for _, used in self._chunks:
                used.pop(column, None)
        self._long.clear()
        return frame_of_texts(columns, self._numbers)

    def _flush(self) -> None:
        if not self._rows:
            return
        used = sorted(set().union(*self._rows))
        columns = {column: self._column([row.get(column, "") for row in self._rows]) for column in used}
        self._chunks.append((len(self._rows), columns))
        self._width = max(self._width, used[-1] + 1)
        self._rows = []

    def share(self, text: str) -> str:
        """A text that its cell spells out: a long one becomes the same object as its like. Raises: Refused for too much text."""
        if len(text) <= LONG_TEXT:
            return text
        known = self._long.get(text)
        if known is None:
            self._budget.hold(len(text))
            known = self._long[text] = text
        return known

    def _column(self, texts: list[str]) -> pa.Array | list[str]:
        """Arrow, or references where the same long texts stand in many cells."""
        length = sum(map(len, texts))
        if length > LONG_TEXT * len(texts) or length > _LONG_COLUMN:
            distinct = set(texts)
            if sum(map(len, distinct)) * 2 <= length:
                self._budget.name(length)
                return [self.share(text) for text in texts]
        self._budget.hold(length)
        return pa.array(texts, pa.large_string())


class Disordered(Exception):
    """A row, or a cell, stands above one that belongs above it."""


class SheetRows:
    """Hands the rows of a sheet to its grid. ``is_sorted``: they rise, as in every file of a spreadsheet program.

    Other writers' rows are gathered as objects first, so there may not be many.
    """

    def __init__(self, builder: GridBuilder, *, is_sorted: bool) -> None:
        self._builder = builder
        self._gathered: dict[int, dict[int, str]] | None = None if is_sorted else {}
        self._last = self._cells = 0

    def add(self, number: int, cells: dict[int, str]) -> None:
        """Add cells of a row. Raises: Disordered when rows are not sorted; Refused when a cell has two texts."""
        if self._gathered is None:
            if number <= self._last:
                raise Disordered
            self._last = number
            self._builder.add_row(number, cells)
            return
        known = self._gathered.setdefault(number, {})
        if any(known.get(column, text) != text for column, text in cells.items()):
            raise Refused("file.corrupt", detail=f"第{number}行有单元格写了两遍,内容不同")
        known.update(cells)
        self._cells += len(cells)
        if self._cells > _MOST_GATHERED:
            raise Refused("file.corrupt", detail="行号错乱")

    def finish(self) -> None:
        """Hand on what was gathered."""
        for number, cells in sorted((self._gathered or {}).items()):
            self._builder.add_row(number, cells)


def frame_of_texts(columns: Sequence[Any], numbers: Sequence[int] | np.ndarray) -> pd.DataFrame:
    """A frame of texts without copying them; columns A, B, …, ``numbers`` become the index."""
    index = pd.Index(np.asarray(numbers, dtype="int64"))
    return pd.DataFrame({column_letter(at): _as_texts(column) for at, column in enumerate(columns)}, index, copy=False)


def share_repeated(column: pa.ChunkedArray) -> np.ndarray | pa.ChunkedArray:
    """References instead of Arrow, where a column says the same long texts again and again."""
    if column.nbytes <= max(LONG_TEXT * len(column), _LONG_COLUMN):
        return column
    known: dict[str, str] = {}
    cells = np.empty(len(column), dtype=object)
    at = 0
    for chunk in column.chunks:
        for first in range(0, len(chunk), CHUNK_ROWS):
            texts = chunk[first : first + CHUNK_ROWS].to_pylist()
            cells[at : at + len(texts)] = [known.setdefault(text, text) for text in texts]
            at += len(texts)
            if len(known) * 2 > at:
                return column
    return cells


def _as_texts(column: Any) -> pd.api.extensions.ExtensionArray:
    if isinstance(column, np.ndarray):
        return pd.array(column, dtype=SHARED)
    return pd.arrays.ArrowStringArray(column, dtype=_ARROW)  # type: ignore[call-arg]
