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
from nuanliu.intake.units import Fit, Unit, read_sheet_unit, read_unit, read_units, split_header_unit
from nuanliu.intake.written_number import WrittenNumber, fold_cell, read_written_number, why_unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from nuanliu.codes import Measure

__all__ = ["Figure", "FigureReading", "read_figure", "read_figures", "read_sheet_unit", "split_header_unit"]

LARGEST = Decimal(10) ** 15
"""From here on a figure is a query: fact_measure holds 16 digits before the point, and a sum needs room."""
MONEY_KINDS = frozenset({"money", "money_transfer"})

# What Excel and WPS show for a formula that failed.
_ERROR_VALUE = re.compile(r"#(?:REF!|N/A|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!|GETTING_DATA)\Z", re.I)
_PLAIN = re.compile(r"(?:0|[1-9][0-9]{0,11})\Z")
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
    if _ERROR_VALUE.match(folded):
        return FigureReading(note="row.figure.error_value")
    if folded in _same_as_above():
        return _problem("same_as_above")
    if is_percent and not column.is_share:
        return _problem("percent", unit=column.measure.unit)
    if folded[0] in "-负" and isinstance(number := read_written_number(folded[1:]), WrittenNumber):
        return _settle(number, column, is_percent=is_percent) if number.value == 0 else _problem("negative")
    number = read_written_number(folded)
    return _problem(number, unit=column.measure.unit) if isinstance(number, str) else _settle(number, column, is_percent=is_percent)
