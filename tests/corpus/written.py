"""What was written in a cell, and what it says: known when it is written, never read back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal


@dataclass(frozen=True)
class Formula:
    """A formula without a stored value."""

    text: str


@dataclass(frozen=True)
class ErrorValue:
    """An error value as Excel shows it."""

    text: str


Content = "str | int | float | date | Formula | ErrorValue | None"


@dataclass(frozen=True)
class Cell:
    """One cell. ``value`` and ``exactness``: the figure it says, in the measure's base unit; None when it says none.

    ``is_doubtful``: nobody can be sure what it says, so its row must not be accepted.
    """

    content: str | int | float | date | Formula | ErrorValue | None
    value: Decimal | None = None
    exactness: str = "exact"
    is_doubtful: bool = False


EMPTY = Cell(None)


@dataclass
class Column:
    """A column of the table. ``scale``: what a bare number is multiplied by (万元: 10000); ``unit`` as its header says."""

    id: str
    header: str
    is_measure: bool = False
    scale: int = 1
    unit: str = ""
    group: str | None = None
    """The label above it in a header of two rows."""


@dataclass
class Row:
    """One row of the table. ``kind``: activity, or what else stands among activities (total, header, example, note).

    ``weeks``: Mondays of the weeks it may count in; ``union_id``, ``category_id``: what it says. ``is_doubtful``: it must
    not be accepted. ``twin``: rows that share one may be accepted once.
    """

    kind: str
    cells: dict[str, Cell]
    weeks: frozenset[date] = frozenset()
    union_id: str = ""
    category_id: str = ""
    is_doubtful: bool = False
    is_hidden: bool = False
    is_struck: bool = False
    colour: str | None = None
    """RRGGBB that its cells are filled with."""
    is_called_void: bool = False
    """A line of the sheet says that its colour means void."""
    twin: int | None = None

    @property
    def may_be_accepted(self) -> bool:
        """Whether everything in it can be read with certainty."""
        return (
            self.kind == "activity"
            and not (self.is_doubtful or self.is_hidden or self.is_struck or self.is_called_void)
            and not any(cell.is_doubtful for cell in self.cells.values())
        )


@dataclass(frozen=True)
class Said:
    """What one row of the rendered file says: figures by cell address as (measure, value, exactness)."""

    row: Row
    figures: dict[str, tuple[str, Decimal, str]] = field(default_factory=dict)
