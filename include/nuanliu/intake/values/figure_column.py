"""Figures as people write them, a cell or a column at a time. The reading is in ``figure_cell``, its grammar in
``written_number``; here is the speed.

A column is mostly digits, and of the rest most is digits with a word before or behind (1200余人). Both are read by Arrow and
numpy; what remains is read cell by cell, each writing once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from nuanliu.contract.code_lists import Measure
from nuanliu.intake.values.figure_cell import Figure, FigureColumn, FigureReading, figure_column, read_cell, read_figure
from nuanliu.intake.values.numerals import CHINESE, fold_numeral
from nuanliu.intake.values.unique_texts import distinct_texts, is_shared
from nuanliu.intake.values.units import read_sheet_unit, split_header_unit

__all__ = ["Figure", "FigureReading", "read_figure", "read_figures", "read_sheet_unit", "split_header_unit"]

_MARKED = r"^(?P<before>[^0-9]{0,6})(?P<digits>[1-9][0-9]{0,8})(?P<after>[^0-9]{1,6}|$)$"
_LARGEST_MARKED = "999999999"
_SAFE_CENTS_DIGITS = 15
"""Hundredths below 10^15: float64 still tells every one from the next, int64 has room to spare."""


def read_figures(
    texts: pd.Series,
    measure: Measure,
    *,
    header_unit: str | None = None,
    sheet_unit: str | None = None,
    is_percent: pd.Series | None = None,
) -> pd.DataFrame:
    """Read a column; ``is_percent``: which of its number cells Excel shows as percentages.

    Returns: same index. value_cents Int64 (hundredths of the base unit, NA: no figure), exactness int8 (codes of
        ``EXACTNESS_CODES``), precision_cents int64, problem str (NA: none), note str (NA: none), words object (a dict for the
        rule's text where there is a problem or note, else None). Exactly what ``read_figure`` says, cell by cell.
    """
    column = figure_column(measure, header_unit or None, sheet_unit or None)
    if is_shared(texts):
        return _read_shared(texts, column, is_percent)

    return _read_strings(_arrow_strings(texts), column, is_percent).set_axis(texts.index)


def _read_shared(texts: pd.Series, column: FigureColumn, is_percent: pd.Series | None) -> pd.DataFrame:
    """Each different text once, long ones stand in many cells of such a column."""
    distinct, codes = distinct_texts(texts)
    percent = np.zeros(len(codes), dtype=bool) if is_percent is None else is_percent.to_numpy(dtype=bool)
    pairs, pair_of = np.unique(codes * 2 + percent, return_inverse=True)
    read = _read_strings(distinct.take(pa.array(pairs // 2)), column, pd.Series(pairs % 2 == 1))
    return read.take(pair_of).set_axis(texts.index)


def _read_strings(strings: Any, column: FigureColumn, is_percent: pd.Series | None) -> pd.DataFrame:
    cells = _Cells(len(strings))
    percent = np.zeros(len(strings), dtype=bool) if is_percent is None else is_percent.to_numpy(dtype=bool)
    if not column.is_share:
        for read_some in (_read_whole, _read_separated, _read_marked):
            read_some(strings, np.flatnonzero(~cells.is_read & ~percent), column, cells)
    for flag in (False, True):
        places = np.flatnonzero(~cells.is_read & (percent == flag))
        if len(places):
            codes, unique = pd.factorize(strings.take(places).to_numpy(zero_copy_only=False))
            cells.put(places, [read_cell(text, column, is_percent=flag) for text in unique], codes)
    return cells.as_frame(pd.RangeIndex(len(strings)))


class _Cells:
    """What has been read of a column so far."""

    def __init__(self, size: int) -> None:
        self.is_read = np.zeros(size, dtype=bool)
        self.has_figure = np.zeros(size, dtype=bool)
        self.cents, self.steps = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
        self.exactness = np.zeros(size, dtype=np.int8)
        self.problems, self.notes = np.zeros(size, dtype=np.int32), np.zeros(size, dtype=np.int32)
        self.words = np.full(size, None, dtype=object)
        self.rules: list[str | None] = [None]

    def put(
        self,
        places: np.ndarray[Any, Any],
        readings: Sequence[FigureReading],
        codes: np.ndarray[Any, Any],
        times: np.ndarray[Any, Any] | None = None,
    ) -> None:
        """Write ``readings[codes]`` to ``places``; ``times`` multiplies the values, where the readings are of 1."""
        of_problem: dict[int, tuple[int, ...]] = {}  # readings of one problem are one object
        numbers = [
            of_problem.get(id(reading)) or of_problem.setdefault(id(reading), self._numbers(reading))
            for reading in readings
        ]
        table = np.array(numbers, dtype=np.int64).reshape(-1, 6)[codes]
        self.is_read[places] = True
        self.has_figure[places] = table[:, 0] != 0
        self.cents[places] = table[:, 1] if times is None else table[:, 1] * times
        self.steps[places], self.exactness[places] = table[:, 2], table[:, 3]
        self.problems[places], self.notes[places] = table[:, 4], table[:, 5]
        if any(reading.problem or reading.note for reading in readings):
            said = np.empty(len(readings), dtype=object)
            said[:] = [dict(reading.words) if reading.problem or reading.note else None for reading in readings]
            self.words[places] = said[codes]

    def as_frame(self, index: pd.Index) -> pd.DataFrame:
        """The columns ``read_figures`` promises."""
        names = pd.array([rule or "" for rule in self.rules], dtype="str")
        return pd.DataFrame(
            {
                "value_cents": pd.arrays.IntegerArray(self.cents, ~self.has_figure),
                "exactness": self.exactness,
                "precision_cents": self.steps,
                "problem": names.take(np.where(self.problems == 0, -1, self.problems), allow_fill=True),
                "note": names.take(np.where(self.notes == 0, -1, self.notes), allow_fill=True),
                "words": self.words,
            },
            index=index,
        )

    def _numbers(self, reading: FigureReading) -> tuple[int, int, int, int, int, int]:
        """A reading as: has a figure, value and step in hundredths, exactness, problem and note by their place."""
        for rule in (reading.problem, reading.note):
            if rule not in self.rules:
                self.rules.append(rule)
        problem, note = self.rules.index(reading.problem), self.rules.index(reading.note)
        figure = reading.figure
        if figure is None:
            return 0, 0, 0, 0, problem, note
        return 1, int(figure.value * 100), int(figure.step * 100), figure.exactness.code, problem, note


def _arrow_strings(texts: pd.Series) -> Any:
    """The texts as one Arrow string array; missing is empty."""
    array = pa.array(texts.array, type=pa.large_string(), from_pandas=True)
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    return array.fill_null("")


def _scale_digits(column: FigureColumn) -> int | None:
    """How many zeros turn the column's unit into hundredths: 2 for 人 and 元, 6 for 万元; None below the base unit."""
    return column.scale.adjusted() + 2 if column.scale >= 1 else None


def _read_whole(strings: Any, places: np.ndarray[Any, Any], column: FigureColumn, cells: _Cells) -> None:
    """Digits alone: so many times what the column makes of 1."""
    zeros = _scale_digits(column)
    if zeros is None or zeros >= _SAFE_CENTS_DIGITS:
        return
    matched, found = _matching(strings, places, rf"^(?:0|[1-9][0-9]{{0,{_SAFE_CENTS_DIGITS - zeros - 1}}})$")
    cells.put(
        matched, [read_cell("1", column)], np.zeros(len(matched), dtype=int), times=found.cast(pa.int64()).to_numpy()
    )


def _read_separated(strings: Any, places: np.ndarray[Any, Any], column: FigureColumn, cells: _Cells) -> None:
    """Thousands separators, and as many decimals as the column may have."""
    zeros = _scale_digits(column)
    if zeros is None or column.problem:
        return
    digits = _SAFE_CENTS_DIGITS - zeros
    decimals = zeros if column.is_money else zeros - 2
    if digits < 6:
        return
    fraction = rf"(?:\.[0-9]{{1,{decimals}}})?" if decimals else ""
    matched, found = _matching(
        strings,
        places,
        rf"^(?:0|[1-9][0-9]{{0,{digits - 1}}}|[1-9][0-9]{{0,2}}(?:,[0-9]{{3}}){{1,{(digits - 3) // 3}}}){fraction}$",
    )
    if not len(matched):
        return
    plain = pc.replace_substring(found, ",", "") if pc.any(pc.match_substring(found, ",")).as_py() else found
    factor = 10**zeros
    one = read_cell("1", column)
    cells.put(matched, [one], np.zeros(len(matched), dtype=int))
    cells.cents[matched] = np.rint(plain.cast(pa.float64()).to_numpy() * factor).astype(np.int64)
    point = pc.find_substring(plain, ".").to_numpy().astype(np.int64)
    printed = np.where(point < 0, 0, pc.binary_length(plain).to_numpy().astype(np.int64) - point - 1)
    cells.steps[matched] = np.maximum(factor // 10**printed, 1 if column.is_money else 100)


def _read_marked(strings: Any, places: np.ndarray[Any, Any], column: FigureColumn, cells: _Cells) -> None:
    """Digits with words around (约500, 1200余人, 6万多): each pair of words is read once, for 1 and for the largest number.

    Where both are figures and one is so many times the other, every number between is too.
    """
    matched, found = _matching(strings, places, _MARKED)
    if not len(matched):
        return
    parts = pc.extract_regex(found, _MARKED)
    times = parts.field("digits").cast(pa.int64()).to_numpy()
    pairs = pc.binary_join_element_wise(parts.field("before"), parts.field("after"), pa.scalar("0", pa.large_string()))
    codes, unique = pd.factorize(pairs.to_numpy(zero_copy_only=False))
    readings = [_reading_of_one(*str(pair).split("0"), column=column) for pair in unique]
    is_certain = np.array([reading is not None for reading in readings], dtype=bool)[codes]
    cells.put(
        matched[is_certain],
        [reading or FigureReading() for reading in readings],
        codes[is_certain],
        times=times[is_certain],
    )


def _reading_of_one(before: str, after: str, *, column: FigureColumn) -> FigureReading | None:
    """What 1 between two words means, when every number between them means so many times that; else None."""
    folded = fold_numeral(after).removeprefix("万")
    if any(char in CHINESE or char.isdigit() or char in "0123456789,.' \n" for char in fold_numeral(before) + folded):
        return None
    one, most = (read_cell(f"{before}{digits}{after}", column) for digits in ("1", _LARGEST_MARKED))
    if one.figure is None or most.figure is None or one.figure.value * int(_LARGEST_MARKED) != most.figure.value:
        return None
    is_alike = (one.figure.exactness, one.figure.step, one.note) == (most.figure.exactness, most.figure.step, most.note)
    return one if is_alike and one.figure.value >= 1 else None


def _matching(strings: Any, places: np.ndarray[Any, Any], pattern: str) -> tuple[np.ndarray[Any, Any], Any]:
    """Those of the places whose text matches, and their texts."""
    candidates = strings if len(places) == len(strings) else strings.take(pa.array(places))
    mask = pc.match_substring_regex(candidates, pattern)
    return places[mask.to_numpy(zero_copy_only=False)], candidates.filter(mask)
