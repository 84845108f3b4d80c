"""Where a finding of a later check points: the cell, the row and the header that the union sees."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

import pandas as pd

from nuanliu.contract.code_lists import codes
from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.rules import Rule, Words
from nuanliu.domain.exactness import Exactness, show_figure
from nuanliu.domain.findings import Finding
from nuanliu.domain.submission import ColumnUnit, Submission

_DATE_COLUMNS = ("start_date", "end_date")


def text_or_none(value: Any) -> str | None:
    """A text of a data frame; None where it is missing."""
    return value if isinstance(value, str) else None


def header(column: str) -> str:
    """The template's header of a canonical column or measure id."""
    return input_contract().header(column)


def describe_row(sheet: str | None, row: int) -> str:
    """A row as a clerk finds it: 工作表“活动明细”第 7 行."""
    return f"工作表“{sheet}”第 {row} 行" if sheet else f"第 {row} 行"


def measure_of(finding: Finding) -> str | None:
    """The measure that a finding is about, None when it is about no figure."""
    return finding.column_id if finding.column_id in codes().measures else None


def unit_of(submission: Submission, sheet: str | None, measure_id: str) -> ColumnUnit:
    """The unit that a column's own header names: what is typed in again as a message writes it must mean the same."""
    return submission.units.get((sheet, measure_id)) or ColumnUnit(codes().measures[measure_id].unit, Decimal(1))


def in_unit(value_cents: int, unit: ColumnUnit) -> str:
    """A value of the base unit as it is written in another: 352000000 in 万元 → 352."""
    return show_figure(Decimal(int(value_cents)) / 100 / unit.scale, Exactness.EXACT)


def unit_of_figure(submission: Submission, figure: dict[str, Any]) -> ColumnUnit:
    """``unit_of`` of the column in which a figure stands."""
    return unit_of(submission, text_or_none(figure["sheet"]), figure["measure_id"])


def column_place(submission: Submission, sheet: str | None, row: int, column: str) -> tuple[str | None, str]:
    """The cell of a column in a row, and the id of the column it is in. Dates may stand in one column 活动时间."""
    cell = submission.cell(sheet, row, column)
    if column in _DATE_COLUMNS:
        both = submission.cell(sheet, row, "activity_time")
        if both is not None and cell in (None, both):
            return both, "activity_time"
    return cell, column


NAME_COLUMNS = ("sheet", "row", "row_id", "activity_name")
"""What ``point_at_name`` needs of a row."""
FIGURE_PLACE = ("sheet", "cell", "row", "row_id", "measure_id", "raw_text")
"""What ``point_at_figure`` needs of a figure."""


def records(table: pd.DataFrame, columns: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Some columns of a frame, row by row, as dicts of plain values."""
    names = list(columns)
    for values in zip(*(table[name].tolist() for name in names), strict=True):
        yield dict(zip(names, values, strict=True))


def point_at_figure(rule: Rule, figure: dict[str, Any], **words: Any) -> Finding:
    """A finding on one figure; ``figure`` has the columns of FIGURE_PLACE. Texts know its unit."""
    return figure_finding(rule, figure, {"unit": codes().measures[figure["measure_id"]].unit, **words})


def figure_finding(rule: Rule, figure: dict[str, Any], words: Words | Callable[[], Words]) -> Finding:
    """The same of words that may be costly to make: then they are a function."""
    return rule.late_finding(
        sheet=text_or_none(figure["sheet"]),
        cell=text_or_none(figure["cell"]),
        row=int(figure["row"]),
        column_id=figure["measure_id"],
        value=text_or_none(figure["raw_text"]),
        row_id=int(figure["row_id"]),
        words=words,
    )


def point_at_name(submission: Submission, rule: Rule, row: dict[str, Any], **words: Any) -> Finding:
    """A finding on an activity as a whole: on its name's cell. ``row`` has the columns of NAME_COLUMNS."""
    return name_finding(submission, rule, tuple(row[name] for name in NAME_COLUMNS), words)


def name_finding(submission: Submission, rule: Rule, place: tuple[Any, ...], words: Words) -> Finding:
    """The same of 100,000 rows; ``place``: the values of NAME_COLUMNS."""
    written_in, row, row_id, name = place
    sheet, number = text_or_none(written_in), int(row)
    cell, column_id = column_place(submission, sheet, number, "activity_name")
    return rule.late_finding(
        sheet=sheet,
        cell=cell,
        row=number,
        column_id=column_id,
        value=text_or_none(name),
        row_id=int(row_id),
        words=words,
    )


def first_places(table: pd.DataFrame, by: str) -> Callable[[object], str]:
    """Where the first row of each group stands, in words."""
    first = table.drop_duplicates(by).set_index(by)
    places = {
        key: describe_row(text_or_none(sheet), int(row))
        for key, sheet, row in zip(first.index, first["sheet"], first["row"], strict=True)
    }
    return places.__getitem__
