"""One table of a file, recognised: its rows with their classes, the lines above it and its 单位 line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from nuanliu.intake.formats.workbook import Sheet
from nuanliu.intake.tables.headers import Header, title_cells
from nuanliu.intake.tables.labelled_values import sheet_unit
from nuanliu.intake.tables.row_classes import ACTIVITY, TOTAL, RowClasses, classify_rows
from nuanliu.intake.tables.table_rows import TableRows, read_table_rows


@dataclass(frozen=True)
class ReadTable:
    """A table with its rows classified. ``titles``: the rows above it."""

    rows: TableRows
    classes: RowClasses
    unit: str | None
    titles: pd.DataFrame

    @property
    def is_activity(self) -> npt.NDArray[np.bool_]:
        """Rows that are activities."""
        return np.asarray(self.classes.classes == ACTIVITY, dtype=bool)

    @property
    def has_figures(self) -> npt.NDArray[np.bool_]:
        """Rows whose figures are read: activities and totals."""
        return np.isin(self.classes.classes, (ACTIVITY, TOTAL))


def read_table(sheet: Sheet, header: Header) -> ReadTable:
    """Read the rows below a header and say what each is."""
    rows = read_table_rows(sheet, header)
    titles = title_cells(sheet, header)
    return ReadTable(rows, classify_rows(rows.body, rows.labels, header, rows.wide_rows), sheet_unit(titles), titles)
