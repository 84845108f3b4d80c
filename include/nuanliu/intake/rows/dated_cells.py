"""The dates of an activity: 开始日期 and 结束日期, or one 活动时间, and 累计起始."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from nuanliu.intake.rows.cell_findings import CellFindings
from nuanliu.intake.tables.table_rows import TableRows
from nuanliu.intake.values.dates import read_dates, read_sinces
from nuanliu.intake.values.unique_texts import UniqueTexts

_NUMBER = "row.date.number"
"""12.3 in a number cell: 3 December, or 30 December, or no date at all (M65)."""


@dataclass(frozen=True)
class Dates:
    """One entry per received row. ``is_absent``: neither a day nor a word about time was written."""

    start_on: pd.Series
    end_on: pd.Series
    is_inferred: npt.NDArray[np.bool_]
    is_absent: npt.NDArray[np.bool_]


def read_activity_dates(table: TableRows, findings: CellFindings, *, sunday: date) -> Dates:
    """Read the date columns a table has. An end that is left empty stays empty: the activity is still running.

    A range in 开始日期 or in 活动时间 gives both days; where both columns exist, the narrower one is asked first.
    """
    length = len(table.body)
    start = pd.Series(pd.NaT, index=range(length), dtype="datetime64[ns]")
    end = start.copy()
    inferred = np.zeros(length, dtype=bool)
    said = np.zeros(length, dtype=bool)
    end_written = np.zeros(length, dtype=bool)
    for column_id in ("end_date", "start_date", "activity_time"):
        column = table.labels.get(column_id)
        if column is None:
            continue
        days = _read(table, column_id, column, findings, sunday)
        written = (
            ~column.is_null
            & (
                days["start_on"].notna() | days["end_on"].notna() | days["problem"].notna() | days["is_inferred"]
            ).to_numpy()
        )
        if column_id == "end_date":
            end = days["end_on"].fillna(days["start_on"])
            end_written = written
        else:
            is_range = (
                (days["end_on"] != days["start_on"]).to_numpy() if column_id == "start_date" else np.ones(length, bool)
            )
            end = end.where(end.notna() | end_written | ~is_range, days["end_on"])
            start = start.where(start.notna() | said, days["start_on"])
            said |= written
        inferred |= days["is_inferred"].to_numpy() & written
    said |= end_written
    return Dates(start, end, inferred | ~said, ~said)


def read_since_dates(table: TableRows, findings: CellFindings, *, sunday: date) -> pd.Series:
    """The days of 累计起始; missing where the cell or the column is."""
    column = table.labels.get("since_date")
    if column is None:
        return pd.Series(pd.NaT, index=range(len(table.body)), dtype="datetime64[ns]")
    days = _read(table, "since_date", column, findings, sunday)
    return days["start_on"]


def _read(table: TableRows, column_id: str, column: UniqueTexts, findings: CellFindings, sunday: date) -> pd.DataFrame:
    letter = table.letter(column_id)
    addresses = [f"{letter}{row}" for row in table.body.index] if _has_typed_numbers(table) else []
    serials = [(at, day) for at, cell in enumerate(addresses) if (day := table.sheet.numeric_dates.get(cell))]
    decimals = [at for at, cell in enumerate(addresses) if cell in table.sheet.decimals]
    if serials or decimals:
        texts = column.texts()
        for at, day in [*serials, *((at, "") for at in decimals)]:
            texts.iloc[at] = day
        written, column = column, UniqueTexts.of(texts)
        findings.add(_NUMBER, decimals, column_id, values=written.at)
    values = pd.Series(column.distinct, dtype="str")
    days = read_sinces(values, sunday=sunday) if column_id == "since_date" else read_dates(values, sunday=sunday)
    for name in ("problem", "note"):
        rules = [rule if isinstance(rule, str) else None for rule in days[name]]
        findings.add_readings(column, rules, column_id, [{}] * len(rules))
    days = days.take(column.codes).reset_index(drop=True)
    days.loc[decimals, "problem"] = _NUMBER
    return days


def _has_typed_numbers(table: TableRows) -> bool:
    return bool(table.sheet.numeric_dates or table.sheet.decimals)
