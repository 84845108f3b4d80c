"""Read a figure as people write it into a measure's column: 1200余人, 35.9万元, 近1.8万, 壹仟贰佰.

A cell is a figure, or a null word, or a problem that holds or returns its row; never a silent null, never a guess.
The unit in the cell wins over the header's, the header's over the sheet's 单位 line, which touches money alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from nuanliu.contracts import input_contract
from nuanliu.exactness import Exactness
from nuanliu.intake.numerals import ERROR_VALUE
from nuanliu.intake.units import Fit, Unit, read_sheet_unit, read_unit, read_units, split_header_unit
from nuanliu.intake.written_number import WrittenNumber, fold_cell, read_written_number, why_unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd

    from nuanliu.codes import Measure

__all__ = ["Figure", "FigureReading", "read_figure", "read_figures", "read_sheet_unit", "split_header_unit"]

LARGEST = Decimal(10) ** 15
"""From here on a figure is a query: fact_measure holds 16 digits before the point, and a sum needs room."""
MONEY_KINDS = frozenset({"money", "money_transfer"})

_DASHES = re.compile(r"-+\Z")
_ONE = Decimal(1)
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in the measure's base unit. ``step``: one unit of the last printed digit (35.9万 → 1000)."""

    value: Decimal
    exactness: Exactness
    step: Decimal


@dataclass(frozen=True, slots=True)
class FigureReading:
    """What a cell says: a figure, or the rule that holds or returns its row, or (a null word, an error value) neither.

    ``problem``: rule id, then there is no figure. ``note``: id of a warning; the figure, if any, stands.
    ``words``: what the rule's text needs beside value and column: ``rule.finding(..., **reading.words)``.
    """

    figure: Figure | None = None
    problem: str | None = None
    note: str | None = None
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Column:
    """What a number without a unit means in a column: ``unit`` of the header or the 单位 line, None when neither says.

    ``problem``: why such a number cannot be read; ``note``: what every such number is warned of.
    """

    measure: Measure
    unit: Unit | None = None
    problem: str | None = None
    note: str | None = None
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def scale(self) -> Decimal:
        """Base units per number without a unit."""
        return self.unit.scale if self.unit else _ONE

    @property
    def resolution(self) -> Decimal:
        """The smallest part of the base unit that a figure may have: 分 for money, one for what is counted."""
        return _CENT if self.is_money or self.is_share else _ONE

    @property
    def is_money(self) -> bool:
        return self.measure.kind in MONEY_KINDS

    @property
    def is_share(self) -> bool:
        return self.measure.unit == "%"


def read_figure(
    text: str,
    measure: Measure,
    *,
    header_unit: str | None = None,
    sheet_unit: str | None = None,
    is_percent: bool = False,
) -> FigureReading:
    """Read one cell. ``is_percent``: a number cell that Excel shows as a percentage; ``text`` is what it stores."""
    return _read(text, _column(measure, header_unit or None, sheet_unit or None), is_percent=is_percent)


def _problem(part: str, **words: str) -> FigureReading:
    return FigureReading(problem=f"row.figure.{part}", words=words)


@lru_cache(maxsize=1024)
def _column(measure: Measure, header_unit: str | None, sheet_unit: str | None) -> _Column:
    """Settle what the header and the 单位 line say about a column."""
    sheet = _agreed(read_units(sheet_unit)) if sheet_unit and measure.kind in MONEY_KINDS else None
    if sheet is not None and sheet.base not in ("", "元"):
        sheet = None
    if header_unit is None:
        unclear = sheet_unit and measure.kind in MONEY_KINDS and sheet is None and _names_money(sheet_unit)
        if unclear:
            return _Column(measure, problem="row.figure.unit_unclear", words={"column_unit": sheet_unit or ""})
        return _Column(measure, sheet)
    units = read_units(header_unit)
    words = {"unit": measure.unit, "written_unit": header_unit, "column_unit": header_unit}
    fits = {unit.fit(measure) for unit in units}
    if not units or Fit.NO in fits:
        return _Column(measure, problem="row.figure.unit_unfit", words=words)
    header = _agreed(units)
    if header is None:
        return _Column(measure, problem="row.figure.unit_unclear", words=words)
    if fits == {Fit.CROSSED}:
        return _Column(measure, header, note="row.figure.person_times", words=words)
    if sheet is not None and sheet.scale != header.scale:
        words = {"column_unit": header.name, "sheet_unit": sheet.name}
        return _Column(measure, header, note="row.figure.unit_line_differs", words=words)
    return _Column(measure, header)


def _agreed(units: tuple[Unit, ...]) -> Unit | None:
    """The first of several units when a number means the same in each (家/户), else None (元/万元)."""
    return units[0] if len({unit.scale for unit in units}) == 1 else None


def _names_money(unit: str) -> bool:
    return any(each.base == "元" for each in read_units(unit))


@cache
def _null_words() -> frozenset[str]:
    return frozenset(fold_cell(word) for word in input_contract().vocabulary["null_words"])


@cache
def _same_as_above() -> frozenset[str]:
    return frozenset(fold_cell(word) for word in input_contract().vocabulary["same_as_above"])


def _read(text: str, column: _Column, *, is_percent: bool = False) -> FigureReading:
    folded = fold_cell(text)
    if not folded or folded in _null_words() or _DASHES.match(folded):
        return FigureReading()
    if ERROR_VALUE.match(folded):
        return FigureReading(note="row.figure.error_value")
    if folded in _same_as_above():
        return _problem("same_as_above")
    if is_percent and not column.is_share:
        return _problem("percent", unit=column.measure.unit)
    if folded[0] in "-负" and isinstance(number := read_written_number(folded[1:]), WrittenNumber):
        if number.value:
            return _problem("negative")
        folded = folded[1:]
    number = read_written_number(folded)
    if isinstance(number, str):
        return _problem(number, unit=column.measure.unit)
    return _settle(number, column, folded, is_percent=is_percent)


def _settle(number: WrittenNumber, column: _Column, text: str, *, is_percent: bool) -> FigureReading:
    """Turn a number and its unit into the measure's base unit."""
    note, words = None, {"unit": column.measure.unit, "written_unit": number.tail}
    if number.unit:
        own = read_unit(number.unit)
        if own is None or not own.base:
            return _problem(why_unreadable(text), unit=column.measure.unit)
        if own.base == "%" and not column.is_share:
            return _problem("percent", unit=column.measure.unit)
        fit = own.fit(column.measure)
        if fit is Fit.NO:
            return _problem("unit_unfit", **words)
        scale = own.scale
        if fit is Fit.CROSSED:
            note = "row.figure.person_times"
        elif column.is_money and column.unit and _differs(number, own, column.unit):
            note = "row.figure.unit_differs"
            words["column_unit"] = column.unit.name
    elif column.problem:
        return FigureReading(problem=column.problem, words=column.words)
    elif column.scale != _ONE and number.has_large_unit:
        return _problem("unit_doubled", column_unit=column.unit.name if column.unit else "")
    else:
        scale, note, words = column.scale, column.note, dict(column.words)
    value = number.value * scale
    if column.is_share and not number.unit:
        if not is_percent and 0 < value <= 1:
            return _problem("share", unit=column.measure.unit)
        value *= 100 if is_percent else 1
    if value >= LARGEST:
        return _problem("too_large")
    if value % column.resolution:
        return _problem("decimals" if column.is_money or column.is_share else "fraction", unit=column.measure.unit)
    figure = Figure(_plain(value), number.exactness, _plain(max(number.step * scale, column.resolution)))
    return FigureReading(figure, note=note, words=words if note else {})


def _differs(number: WrittenNumber, own: Unit, column_unit: Unit) -> bool:
    """Whether the cell names another money unit than the column: 35.9万元 in 元, 359000元 in 万元; 三千元 is plain 元."""
    if own.scale != _ONE:
        return own.scale != column_unit.scale
    if column_unit.scale != _ONE:
        return not number.tail.endswith(column_unit.name)
    return number.tail.endswith(("万元", "亿元"))


def _plain(value: Decimal) -> Decimal:
    """The same number without an exponent or idle zeros."""
    return value.to_integral_value() if value == value.to_integral_value() else value.normalize()


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
        ``EXACTNESS_CODES``), step_cents int64, problem str (NA: none), note str (NA: none), words object (a dict for the
        rule's text where there is a problem or note, else None). Exactly what ``read_figure`` says, cell by cell.
    """
    import numpy as np
    import pandas as pd

    column = _column(measure, header_unit or None, sheet_unit or None)
    size = len(texts)
    values, steps = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    exactness, has_figure = np.zeros(size, dtype=np.int8), np.zeros(size, dtype=bool)
    words = np.full(size, None, dtype=object)
    problems, notes = np.zeros(size, dtype=np.int32), np.zeros(size, dtype=np.int32)  # 0: none
    rules: list[str | None] = [None]
    if column.note:
        rules.append(column.note)
    percent = np.zeros(size, dtype=bool) if is_percent is None else is_percent.to_numpy(dtype=bool)

    strings = _arrow_strings(texts)
    is_plain = _read_plain(strings, column, values, steps) & ~percent
    has_figure |= is_plain
    if column.note:
        notes[is_plain] = 1
        words[is_plain] = dict(column.words)
    values[~is_plain] = 0
    steps[~is_plain] = 0

    for flag in (False, True):
        places = np.flatnonzero(~is_plain & (percent == flag))
        if not len(places):
            continue
        codes_, unique = pd.factorize(strings.take(places).to_numpy(zero_copy_only=False))
        readings = [_read(text, column, is_percent=flag) for text in unique]
        for reading in readings:
            for rule in (reading.problem, reading.note):
                if rule and rule not in rules:
                    rules.append(rule)
        table = np.array([_cents(reading, rules) for reading in readings], dtype=np.int64).reshape(-1, 6)[codes_]
        has_figure[places], values[places], steps[places] = table[:, 0] != 0, table[:, 1], table[:, 2]
        exactness[places], problems[places], notes[places] = table[:, 3], table[:, 4], table[:, 5]
        said = np.empty(len(readings), dtype=object)
        said[:] = [dict(reading.words) if reading.problem or reading.note else None for reading in readings]
        words[places] = said[codes_]

    names = pd.array([rule or "" for rule in rules], dtype="str")
    return pd.DataFrame(
        {
            "value_cents": pd.Series(pd.arrays.IntegerArray(values, ~has_figure), index=texts.index),
            "exactness": exactness,
            "step_cents": steps,
            "problem": names.take(np.where(problems == 0, -1, problems), allow_fill=True),
            "note": names.take(np.where(notes == 0, -1, notes), allow_fill=True),
            "words": words,
        },
        index=texts.index,
    )


def _cents(reading: FigureReading, rules: list[str | None]) -> tuple[int, int, int, int, int, int]:
    """A reading as numbers: has a figure, value and step in hundredths, exactness, problem and note by their place."""
    problem, note = rules.index(reading.problem), rules.index(reading.note)
    if reading.figure is None:
        return 0, 0, 0, 0, problem, note
    figure = reading.figure
    return 1, int(figure.value * 100), int(figure.step * 100), figure.exactness.code, problem, note


def _arrow_strings(texts: pd.Series) -> Any:
    """The texts as one Arrow string array; missing is empty."""
    import pyarrow as pa

    array = pa.array(texts.array, type=pa.large_string(), from_pandas=True)
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    return array.fill_null("")


def _read_plain(
    strings: Any, column: _Column, values: np.ndarray[Any, Any], steps: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    """Read what is digits alone, or has thousands separators or decimals that the column may have; True where done.

    This is where a million rows go: Arrow's own regex and casts instead of Python. Everything else is left to ``_read``.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    done = np.zeros(len(strings), dtype=bool)
    cents_per_unit = column.scale * 100
    if column.problem or column.is_share or cents_per_unit != int(cents_per_unit) or cents_per_unit < 100:
        return done
    factor = int(cents_per_unit)
    zeros = len(str(factor)) - 1
    most = 15 - zeros  # digits: keeps hundredths below 10^15, where float64 still tells every one from the next
    if most < 1:
        return done
    whole = rf"(0|[1-9][0-9]{{0,{most - 1}}})"

    mask = pc.match_substring_regex(strings, rf"^{whole}$").to_numpy(zero_copy_only=False)
    values[mask] = strings.filter(pa.array(mask)).cast(pa.int64()).to_numpy() * factor
    steps[mask] = factor
    done |= mask

    decimals = zeros if column.is_money else zeros - 2
    fraction = rf"(\.[0-9]{{1,{decimals}}})?" if decimals else ""
    grouped = rf"|[1-9][0-9]{{0,2}}(,[0-9]{{3}}){{1,{(most - 3) // 3}}}" if most >= 6 else ""
    rest = np.flatnonzero(~done)
    others = strings.take(rest)
    mask = pc.match_substring_regex(others, rf"^({whole}{grouped}){fraction}$").to_numpy(zero_copy_only=False)
    if mask.any():
        places = rest[mask]
        bare = pc.replace_substring(others.filter(pa.array(mask)), ",", "")
        values[places] = np.rint(bare.cast(pa.float64()).to_numpy() * factor).astype(np.int64)
        length = pc.utf8_length(bare).to_numpy().astype(np.int64)
        point = pc.find_substring(bare, ".").to_numpy().astype(np.int64)
        printed = np.where(point < 0, 0, length - point - 1)
        floor = 1 if column.is_money else 100
        steps[places] = np.maximum(factor // 10**printed, floor)
        done[places] = True
    return done
