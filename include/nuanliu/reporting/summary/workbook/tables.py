"""A table as it is told, before it is written into a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nuanliu.reporting.summary.workbook.amounts import Amount

Value = str | int | Amount | None


@dataclass(frozen=True)
class Link:
    """A value that leads somewhere else in the workbook."""

    value: Value
    location: str | None
    """'全部数据'!A5; None: it leads nowhere."""


Cell = Value | Link


@dataclass(frozen=True)
class Table:
    """One sheet: a head, rows, and rows at the end that are no part of what is sorted and filtered."""

    name: str
    """Of the sheet."""
    tells: str
    """What a reader finds in it, for the contents."""
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    widest: int = 26
    """Characters; longer texts wrap."""
    wide: Sequence[str] = ()
    """Heads of columns that may be two and a half times as wide."""
    totals: Sequence[Sequence[Cell]] = ()
    frozen: int = 1
    """Columns that stay while the others move."""


def value_of(cell: Cell) -> Value:
    """What a cell shows, wherever it leads."""
    return cell.value if isinstance(cell, Link) else cell


def shown_text(cell: Cell) -> str:
    """What a reader sees in a cell."""
    value = value_of(cell)
    if isinstance(value, Amount):
        return value.text
    return "" if value is None else str(value)


def place(sheet: str, area: str) -> str:
    """Where a link leads: '来源'!A5:K8."""
    return f"'{sheet}'!{area}"
