"""What a column headed 单位 holds: the units of figures, or unions. Its values tell, not its header."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from nuanliu.contract.code_lists import Measure
from nuanliu.intake.formats.workbook import Sheet
from nuanliu.intake.tables.header_labels import UNIT_OF, Label, read_header
from nuanliu.intake.values.unique_texts import clean_text, is_null
from nuanliu.intake.values.units import Fit, Unit, read_units, units_of
from nuanliu.ooxml.addresses import column_index

Stacks = Mapping[str, tuple[str, ...]]
"""Letter → the header texts of a column."""
_LOOKED_AT = 200
_NEARLY_ALL = 0.8
_UNION_ENDS = (
    "工会",
    "工会委员会",
    "总工会",
    "联合会",
    "委员会",
    "局",
    "公司",
    "市",
    "州",
    "县",
    "区",
    "省总",
    "市总",
    "县总",
    "区总",
)


def settle_unit_columns(
    labels: Mapping[str, Label | None], stacks: Stacks, sheet: Sheet, last_row: int, *, is_long: bool
) -> dict[str, Label | None]:
    """Say of each column headed 单位 or 计量单位 what it is. ``labels``: what the headers alone say.

    Units: of the values in the long shape, else of the one measure that all of them fit; of several the one beside it, to
    the left before to the right. None such: a column that nobody knows. Unions: 填报单位, in the long shape too.
    """
    settled = dict(labels)
    for letter, texts in stacks.items():
        label = read_header(texts, is_long=True)
        if label is None or label.id != "long_unit":
            continue
        values = _values(sheet, letter, last_row)
        units = [unit for value in values for unit in read_units(value)]
        are_units = len(values) > 0 and sum(bool(read_units(value)) for value in values) >= _NEARLY_ALL * len(values)
        if is_long:
            if values and not are_units and all(value.endswith(_UNION_ENDS) for value in values):
                settled[letter] = read_header(texts, is_long=False) or Label("reporting_union", None, label.rank)
        elif are_units:
            measure = _measure_in(units, letter, labels)
            settled[letter] = Label(UNIT_OF + measure.id, None, 0) if measure else None
    return settled


def _values(sheet: Sheet, letter: str, last_row: int) -> list[str]:
    """The different texts of the column's first cells."""
    cells = (clean_text(str(value)) for value in sheet.grid[letter].loc[last_row + 1 :])
    return list(dict.fromkeys(islice((text for text in cells if not is_null(text)), _LOOKED_AT)))


def _measure_in(units: list[Unit], letter: str, labels: Mapping[str, Label | None]) -> Measure | None:
    """The measure whose figures the units belong to."""
    fitting = {
        column_index(other): label.measure
        for other, label in labels.items()
        if label is not None and label.measure is not None and _fit_all(units, label.measure)
    }
    at = column_index(letter)
    beside = next((fitting[place] for place in (at - 1, at + 1) if place in fitting), None)
    return beside or (next(iter(fitting.values())) if len(fitting) == 1 else None)


def _fit_all(units: list[Unit], measure: Measure) -> bool:
    own = units_of(measure)
    return all(unit.fit(measure) is not Fit.NO or unit.name in own for unit in units)
