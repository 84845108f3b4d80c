"""A file as a grid of texts, before anything is understood. What the readers return and recognition starts from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


@dataclass(frozen=True)
class MergedRange:
    """A merged area; rows and columns 1-based, ends included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True)
class Sheet:
    """One sheet as texts.

    ``grid``: one row per sheet row from the first to the last used one, one column per sheet column; columns are labelled
        by letter (A, B, …), the index is the 1-based sheet row (CSV: record number). Values are str, never NaN: "" is
        empty. Numbers are written as a person would see them unformatted (1425, 35.9, no .0), at most 15 significant
        digits; dates as 2024-12-03, date-times as 2024-12-03 14:30; booleans TRUE/FALSE; errors as Excel shows them (#REF!).
    ``merged``: merged areas (the value stands top left only). ``hidden_rows``/``hidden_columns``: hidden or filtered out.
    ``uncomputed``: cells (address) that hold a formula without a stored value. ``struck``: cells whose text is struck
        through. ``percent``: numeric cells shown as a percentage. ``numeric_dates``: number cells that a date column may
        hold as an Excel serial; the 1904 system is already applied. ``comments``: address → comment text.
    """

    name: str | None
    grid: pd.DataFrame
    is_visible: bool = True
    merged: tuple[MergedRange, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[str] = frozenset()
    uncomputed: frozenset[str] = frozenset()
    struck: frozenset[str] = frozenset()
    percent: frozenset[str] = frozenset()
    numeric_dates: frozenset[str] = frozenset()
    comments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Workbook:
    """A whole file. ``kind``: xlsx, xls or csv. ``properties``: document properties, for the personal-data scan."""

    kind: str
    sheets: tuple[Sheet, ...]
    has_macros: bool = False
    has_external_links: bool = False
    encoding: str | None = None
    separator: str | None = None
    ragged_rows: frozenset[int] = frozenset()
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Refusal:
    """A file that cannot be read at all. ``rule`` is a ``file.*`` rule id; ``words`` fill its text."""

    rule: str
    words: Mapping[str, object] = field(default_factory=dict)
