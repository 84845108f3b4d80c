"""Read one cell of a measure's column: 1200余人, 35.9万元, 近1.8万, 壹仟贰佰.

A cell is a figure, or a null word, or a problem that holds or returns its row; never a silent null, never a guess.
The unit in the cell wins over the header's, the header's over the sheet's 单位 line, which touches money alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, lru_cache

from nuanliu.contract.code_lists import Measure
from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.reloading import reloads_with_data
from nuanliu.domain.exactness import Exactness
from nuanliu.intake.values.numerals import ERROR_VALUE
from nuanliu.intake.values.units import Fit, Unit, read_unit, read_units, units_of
from nuanliu.intake.values.written_number import WrittenNumber, fold_cell, read_written_number, why_unreadable

LARGEST = Decimal(10) ** 15
"""From here on a figure is an error, in a 合计 row too: fact_measure holds 16 digits before the point. In any other row the
limits of ``measure_limits.yaml`` come long before."""

_LONGEST = 500  # characters; a cell can hold 32767, and none of them is a figure
_DASHES = re.compile(r"-+\Z")
_FORMAL = re.compile("[壹贰叁肆伍陆柒捌玖拾佰仟]|元[整正]")
"""As on a cheque: there 万 is part of the number, and 元 the unit."""
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
class FigureColumn:
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
        """Whether it holds amounts of money."""
        return self.measure.is_money

    @property
    def is_share(self) -> bool:
        """Whether it holds percentages."""
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
    return read_cell(text, figure_column(measure, header_unit or None, sheet_unit or None), is_percent=is_percent)


@lru_cache(maxsize=256)
def _problem(part: str, **words: str) -> FigureReading:
    """One reading for all cells that are wrong in one way; 100,000 of a column may be."""
    return FigureReading(problem=f"row.figure.{part}", words=words)


@reloads_with_data
@lru_cache(maxsize=1024)
def figure_column(measure: Measure, header_unit: str | None, sheet_unit: str | None) -> FigureColumn:
    """Settle what the header and the 单位 line say about a column."""
    sheet = _agreed(read_units(sheet_unit)) if sheet_unit and measure.is_money else None
    if sheet is not None and sheet.base not in ("", "元"):
        sheet = None
    if header_unit is None:
        unclear = sheet_unit and measure.is_money and sheet is None and _names_money(sheet_unit)
        if unclear:
            return FigureColumn(measure, problem="row.figure.unit_unclear", words={"column_unit": sheet_unit or ""})
        return FigureColumn(measure, sheet)
    units = read_units(header_unit, units_of(measure))
    words = {
        "measure": measure.name,
        "unit": measure.unit,
        "written_unit": header_unit,
        "column_unit": header_unit,
    }
    fits = {unit.fit(measure) for unit in units}
    if not units or Fit.NO in fits:
        return FigureColumn(measure, problem="row.figure.unit_unfit", words=words)
    header = _agreed(units)
    if header is None:
        return FigureColumn(measure, problem="row.figure.unit_unclear", words=words)
    if fits == {Fit.CROSSED}:
        return FigureColumn(measure, header, note="row.figure.person_times", words=words)
    if sheet is not None and sheet.scale != header.scale:
        words = {"column_unit": header.name, "sheet_unit": sheet.name}
        return FigureColumn(measure, header, note="row.figure.unit_line_differs", words=words)
    return FigureColumn(measure, header)


def _agreed(units: tuple[Unit, ...]) -> Unit | None:
    """The first of several units when a number means the same in each (家/户), else None (元/万元)."""
    return units[0] if len({unit.scale for unit in units}) == 1 else None


def _names_money(unit: str) -> bool:
    return any(each.base == "元" for each in read_units(unit))


@reloads_with_data
@cache
def _null_words() -> frozenset[str]:
    return frozenset(fold_cell(word) for word in input_contract().vocabulary["null_words"])


@reloads_with_data
@cache
def _same_as_above() -> frozenset[str]:
    return frozenset(fold_cell(word) for word in input_contract().vocabulary["same_as_above"])


def read_cell(text: str, column: FigureColumn, *, is_percent: bool = False) -> FigureReading:
    """Read one cell of a column that is already decided."""
    if len(text) > _LONGEST and text.strip():
        return _problem("unreadable")
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
    return _decide(number, column, folded, is_percent=is_percent)


def _decide(number: WrittenNumber, column: FigureColumn, text: str, *, is_percent: bool) -> FigureReading:
    """Turn a number and its unit into the measure's base unit."""
    note, words = None, {"measure": column.measure.name, "unit": column.measure.unit, "written_unit": number.tail}
    if number.unit:
        own = read_unit(number.unit, units_of(column.measure))
        if own is None or not own.base:
            return _problem(why_unreadable(text), unit=column.measure.unit)
        if own.base == "%" and not column.is_share:
            return _problem("percent", unit=column.measure.unit)
        fit = own.fit(column.measure)
        if fit is Fit.NO:
            return _problem("unit_unfit", **words)
        scale = own.scale
        if scale > 1 and number.has_large_unit:  # 35.9万(万元)
            return _problem("unit_doubled", column_unit=own.name)
        if fit is Fit.CROSSED:
            note = "row.figure.person_times"
        elif column.is_money and column.unit and _differs(number, own, column.unit, text):
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


def _differs(number: WrittenNumber, own: Unit, column_unit: Unit, text: str) -> bool:
    """Whether the cell names another money unit than the column: 35.9万元 in 元, 359000元 in 万元; 三千元 is plain 元, and so
    is 壹万元整.
    """
    if own.scale != _ONE:
        return own.scale != column_unit.scale
    if column_unit.scale != _ONE:
        return not number.tail.endswith(column_unit.name)
    return number.tail.endswith(("万元", "亿元")) and not _FORMAL.search(text)


def _plain(value: Decimal) -> Decimal:
    """The same number without an exponent or idle zeros."""
    return value.to_integral_value() if value == value.to_integral_value() else value.normalize()
