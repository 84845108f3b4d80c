"""Read a date or a range of days as people write it. Skeleton: signatures are final, bodies follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd


@dataclass(frozen=True, slots=True)
class DateReading:
    """What a cell says. ``start``/``end`` None and no problem: nothing was written, or an inexact word (then inferred).

    ``start`` alone: still running (12月3日起, 至今). ``end`` alone: 截至12月8日. ``is_inferred``: no day or no year was
    written. ``problem``: rule id that holds or returns the row. ``note``: id of a warning or info.
    """

    start: date | None = None
    end: date | None = None
    is_inferred: bool = False
    problem: str | None = None
    note: str | None = None


def read_date(text: str, *, sunday: date, is_number: bool = False) -> DateReading:
    """Read a cell of a date column; ``sunday`` closes the report period, ``is_number``: the cell is typed as a number."""
    raise NotImplementedError


def read_dates(texts: pd.Series, *, sunday: date, is_number: pd.Series | None = None) -> pd.DataFrame:
    """Read a column, same index. Columns: start_on, end_on datetime64[ns], is_inferred bool, problem str, note str."""
    raise NotImplementedError


def read_since(text: str, *, sunday: date) -> DateReading:
    """Read 累计起始: a date, 2022年以来, 2024年11月, 今年以来, 入冬以来; the day is ``start``, ``end`` stays None."""
    raise NotImplementedError


def read_sinces(texts: pd.Series, *, sunday: date) -> pd.DataFrame:
    """``read_since`` for a column; the same columns as ``read_dates``."""
    raise NotImplementedError
