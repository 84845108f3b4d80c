"""Gather cells row by row into a grid of texts, without ever holding a big sheet as Python objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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


class CellBudget:
    """Counts the cells of all sheets of a file against ``max_cells``."""

    def __init__(self, limits: ReadingLimits) -> None:
        self._limit = limits.max_cells
        self._used = 0

    def spend(self, cells: int) -> None:
        """Raises: Refused when the file holds too many cells."""
        self._used += cells
        if self._used > self._limit:
            raise Refused("file.too_many_cells", limit=self._limit)


class GridBuilder:
    """Takes rows in rising order; 8192 at a time become Arrow columns. Blank areas cost next to nothing."""

    def __init__(self, limits: ReadingLimits, budget: CellBudget, sheet: str | None = None) -> None:
        self._limits = limits
        self._budget = budget
        self._sheet = sheet or ""
        self._rows: list[Mapping[int, str]] = []
        self._numbers: list[int] = []
        self._chunks: list[tuple[int, dict[int, pa.Array]]] = []
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
        columns = [
            pa.chunked_array([used.get(column, blanks[rows]) for rows, used in self._chunks])
            for column in range(self._width)
        ]
        return frame_of_texts(columns, self._numbers)

    def _flush(self) -> None:
        if not self._rows:
            return
        used = sorted(set().union(*self._rows))
        self._chunks.append(
            (
                len(self._rows),
                {column: pa.array([row.get(column, "") for row in self._rows], pa.large_string()) for column in used},
            )
        )
        self._width = max(self._width, used[-1] + 1)
        self._rows = []


def frame_of_texts(columns: Sequence[pa.ChunkedArray], numbers: Sequence[int] | np.ndarray) -> pd.DataFrame:
    """A frame of Arrow texts without copying them; columns A, B, …, ``numbers`` become the index."""
    dtype = pd.StringDtype("pyarrow", na_value=np.nan)
    index = pd.Index(np.asarray(numbers, dtype="int64"))
    texts = {
        column_letter(at): pd.arrays.ArrowStringArray(column, dtype=dtype)  # type: ignore[call-arg]
        for at, column in enumerate(columns)
    }
    return pd.DataFrame(texts, index=index, copy=False)
