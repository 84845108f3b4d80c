"""What a merged area hides: of the cells under it only the top left one is shown, printed and signed.

Sorting, format painters and WPS leave values in the others. Nobody sees them, so they are no part of the grid; but they are
in the file, so they are kept beside it (``Sheet.covered``) for the search for personal data and for a warning.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from nuanliu.intake.formats.workbook import MergedRange, Sheet
from nuanliu.ooxml.addresses import column_index, column_letter, letters_of, row_of


def hide_covered(sheet: Sheet) -> Sheet:
    """The sheet as it is seen: cells under merged areas empty, areas cut to what is written and none over another."""
    if not sheet.merged:
        return sheet
    areas = _apart(sheet.merged, sheet.grid)
    covered = _Covered(sheet.grid, areas)
    grid, hidden = covered.split()
    is_seen = covered.is_seen
    return replace(
        sheet,
        merged=areas,
        grid=grid,
        covered=hidden,
        uncomputed=frozenset(filter(is_seen, sheet.uncomputed)),
        struck=frozenset(filter(is_seen, sheet.struck)),
        percent=frozenset(filter(is_seen, sheet.percent)),
        decimals=frozenset(filter(is_seen, sheet.decimals)),
        errors=frozenset(filter(is_seen, sheet.errors)),
        numeric_dates={cell: day for cell, day in sheet.numeric_dates.items() if is_seen(cell)},
    )


def with_covered(sheet: Sheet) -> pd.DataFrame:
    """Everything that is written in a sheet, seen or not, as a grid."""
    if sheet.covered.empty:
        return sheet.grid
    columns = {letter: sheet.grid[letter] for letter in sheet.grid.columns}
    for letter in sheet.covered.columns:
        hidden = sheet.covered[letter]
        texts = columns[letter].copy()
        written = hidden[hidden != ""]
        texts.loc[written.index] = written
        columns[letter] = texts
    return pd.DataFrame(columns, copy=False)


@dataclass(frozen=True)
class CoveredRun:
    """Cells of one column under merged areas, one below the other. ``first``: the text of the uppermost."""

    letter: str
    first_row: int
    last_row: int
    first: str


def covered_runs(sheet: Sheet, letter: str, says_figure: Callable[[str], bool]) -> list[CoveredRun]:
    """The covered cells of a column whose texts say a figure."""
    if letter not in sheet.covered:
        return []
    texts = sheet.covered[letter]
    texts = texts[[bool(text) and says_figure(text) for text in texts]]
    rows = texts.index.to_numpy()
    starts = np.flatnonzero(np.diff(rows, prepend=-1) != 1) if len(rows) else np.empty(0, dtype="int64")
    ends = [*(starts[1:] - 1).tolist(), len(rows) - 1]
    return [
        CoveredRun(letter, int(rows[start]), int(rows[end]), str(texts.iloc[start]))
        for start, end in zip(starts.tolist(), ends, strict=False)
    ]


def _apart(areas: Sequence[MergedRange], grid: pd.DataFrame) -> tuple[MergedRange, ...]:
    """The areas within the written columns, without any that lies over one further up; Excel writes none that do."""
    width = grid.shape[1]
    taken = np.zeros(width, dtype="int64")  # the last row that an area has taken in each column
    kept: set[MergedRange] = set()
    for area in sorted(areas, key=lambda each: (each.first_row, each.first_column)):
        cut = replace(area, last_column=min(area.last_column, width))
        is_one_cell = cut.first_row == cut.last_row and cut.first_column == cut.last_column
        below = taken[cut.first_column - 1 : cut.last_column]
        if cut.first_column > width or is_one_cell or below.max() >= cut.first_row:
            continue
        below[:] = cut.last_row
        kept.add(cut)
    ordered = (replace(area, last_column=min(area.last_column, width)) for area in areas)
    return tuple(dict.fromkeys(area for area in ordered if area in kept))


class _Covered:
    """Which cells of a grid lie under merged areas, by 0-based column."""

    def __init__(self, grid: pd.DataFrame, areas: Sequence[MergedRange]) -> None:
        self._grid = grid
        self._rows = grid.index.to_numpy()
        self._masks: dict[int, npt.NDArray[np.bool_]] = {}
        if not areas:
            return
        starts = np.searchsorted(self._rows, [area.first_row for area in areas]).tolist()
        ends = np.searchsorted(self._rows, [area.last_row + 1 for area in areas]).tolist()
        for area, start, end in zip(areas, starts, ends, strict=True):
            for column in range(area.first_column - 1, area.last_column) if start < end else ():
                is_corner = column == area.first_column - 1 and self._rows[start] == area.first_row
                if start + is_corner < end:
                    mask = self._masks.setdefault(column, np.zeros(len(self._rows), dtype=bool))
                    mask[start + is_corner : end] = True

    def is_seen(self, cell: str) -> bool:
        """Whether an address lies under no area."""
        mask = self._masks.get(column_index(letters_of(cell)))
        if mask is None:
            return True
        at = int(np.searchsorted(self._rows, row_of(cell)))
        return at == len(self._rows) or self._rows[at] != row_of(cell) or not mask[at]

    def split(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The grid without what is covered, and the covered texts: rows and columns that have any, else empty texts."""
        columns = {str(letter): self._grid[letter] for letter in self._grid.columns}
        hidden: dict[str, npt.NDArray[np.bool_]] = {}
        for column, mask in self._masks.items():
            letter = column_letter(column)
            written = mask & (columns[letter] != "").to_numpy(dtype=bool)
            if written.any():
                hidden[letter] = written
        if not hidden:
            return self._grid, pd.DataFrame()
        rows = np.logical_or.reduce(list(hidden.values()))
        covered = {}
        for letter, written in hidden.items():
            texts = columns[letter]
            covered[letter] = texts.where(written, "")[rows]
            columns[letter] = texts.where(~written, "")
        return pd.DataFrame(columns, copy=False), pd.DataFrame(covered, copy=False)
