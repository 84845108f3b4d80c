"""今年以来 ends with its year: which year a row of a week that holds 1 January speaks of, and where the old year counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.domain.submission import PeriodKind
from nuanliu.intake.rows.cell_findings import CellFindings

_WHERE: Sequence[str] = ("end_date", "activity_time", "start_date", "period_kind")
"""Columns to point at, the one that mends it first."""


def holds_new_year(week: ReportingWeek) -> bool:
    """Whether 1 January lies in a week; its Monday counts too."""
    return date(week.sunday.year, 1, 1) >= week.monday


def find_year_problems(
    findings: CellFindings, columns: Sequence[str], *, period_kind: pd.Series, end_on: pd.Series, week: ReportingWeek
) -> None:
    """Ask of which year an undated 今年以来 speaks, and say where one of the old year counts.

    ``columns``: those that the table has. ``period_kind``, ``end_on``: one entry per received row.
    """
    is_to_date = (period_kind == PeriodKind.YTD).to_numpy(dtype=bool)
    if not is_to_date.any():
        return
    column = next((name for name in _WHERE if name in columns), "period_kind")
    if holds_new_year(week):
        new_year = date(week.sunday.year, 1, 1)
        words = {
            "week": week.label,
            "old_year": new_year.year - 1,
            "old_end": (new_year - timedelta(days=1)).isoformat(),
            "year": new_year.year,
            "sunday": week.sunday.isoformat(),
        }
        findings.add("row.ytd.which_year", is_to_date & end_on.isna().to_numpy(), column, words=lambda _: words)
    moved = is_to_date & _is_of_old_year(end_on)
    if not moved.any():
        return
    days = end_on.dt.date
    findings.add("row.ytd.old_year", moved, column, words=lambda at: _old_year_words(days.iloc[at]))


def _is_of_old_year(end_on: pd.Series) -> npt.NDArray[np.bool_]:
    """Days in a week that ends in the next year."""
    to_sunday = pd.to_timedelta(6 - end_on.dt.day_of_week, unit="D")
    is_before: pd.Series = (end_on + to_sunday).dt.year > end_on.dt.year
    return is_before.to_numpy(dtype=bool)


def _old_year_words(day: date) -> dict[str, object]:
    return {"until": day.isoformat(), "year": day.year, "week": ReportingWeek.of(day).shift(-1).label}
