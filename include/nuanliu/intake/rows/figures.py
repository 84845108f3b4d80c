"""The figures of a table, wide or long, each with the cell it was read from."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from nuanliu.contract.code_lists import Measure, codes
from nuanliu.domain.submission import FIGURE_COLUMNS, empty_frame
from nuanliu.intake.rows.cell_findings import CellFindings
from nuanliu.intake.rows.long_shape import read_row_measures
from nuanliu.intake.tables.header_labels import UNIT_OF
from nuanliu.intake.tables.table_rows import TableRows
from nuanliu.intake.values.figure_column import read_figures
from nuanliu.intake.values.unique_texts import UniqueTexts, arrow_texts, repeat_text

_BARE_NUMBER = re.compile(r"[0-9０-９.,，]+\Z")


class FigureReader:
    """Reads the figures of the activity and total rows of one table. ``sheet_unit``: of its 单位 line, for money."""

    def __init__(
        self,
        table: TableRows,
        findings: CellFindings,
        has_figures: npt.NDArray[np.bool_],
        first_row_id: int,
        sheet_unit: str | None,
    ) -> None:
        self._table = table
        self._findings = findings
        self._has_figures = has_figures
        self._first = first_row_id
        self._sheet_unit = sheet_unit
        self._rows = table.body.index.to_numpy()
        self._row_texts = pa.array(self._rows).cast(pa.large_string())
        self._uncomputed = table.sheet.uncomputed

    def read_wide(self) -> pd.DataFrame:
        """Returns: the columns of ``FIGURE_COLUMNS`` but ``activity_id``; one row per figure."""
        parts = []
        for column in self._table.header.fields.values():
            if column.is_measure:
                measure = codes().measures[column.id]
                texts = self._with_units(self._table.body[column.letter], column.id)
                at = np.flatnonzero(self._has_figures)
                parts.append(self._read(texts, at, measure, column.unit, column.letter, column.id))
        return self._join(parts)

    def read_long(self, measures: list[str | None], units: list[str | None]) -> pd.DataFrame:
        """The same for the long shape; ``measures`` and ``units`` (of 指标's brackets) are one per received row."""
        letter = self._table.letter("long_value")
        if letter is None:
            return self._join([])
        texts = self._table.body[letter]
        parts = [
            self._read(texts, at, codes().measures[measure_id], unit, letter, "long_value")
            for measure_id, unit, at in self._groups(measures, units)
        ]
        return self._join(parts)

    def _groups(
        self, measures: list[str | None], units: list[str | None]
    ) -> Iterator[tuple[str, str | None, npt.NDArray[np.intp]]]:
        """Rows of one measure in one unit: 单位 of the row, else that in the brackets of 指标, else that of the header 数值(元)."""
        written = self._table.labels.get("long_unit") or UniqueTexts.empty(len(measures))
        frame = pd.DataFrame({"measure": measures, "unit": written.texts()}, dtype="object")
        frame["unit"] = (
            frame["unit"]
            .where(frame["unit"] != "", pd.Series(units, dtype="object"))
            .fillna(self._table.header.fields["long_value"].unit or "")
        )
        frame = frame[self._has_figures & frame["measure"].notna().to_numpy()]
        for (measure_id, unit), rows in frame.groupby(["measure", "unit"], sort=False):
            yield str(measure_id), str(unit) or None, np.asarray(rows.index, dtype="intp")

    def _with_units(self, texts: pd.Series, measure_id: str) -> pd.Series:
        """150 beside 双 in a column 发放物资/单位 reads 150双."""
        units = self._table.labels.get(UNIT_OF + measure_id)
        if units is None:
            return texts
        written = units.texts().set_axis(texts.index)
        bare = texts.str.strip().str.fullmatch(_BARE_NUMBER.pattern).astype(bool)
        return texts.where(~bare | (written == ""), texts.str.strip() + written)

    def _read(
        self,
        column: pd.Series,
        at: npt.NDArray[np.intp],
        measure: Measure,
        unit: str | None,
        letter: str,
        column_id: str,
    ) -> pd.DataFrame:
        rows = self._rows[at]
        texts = (column if len(at) == len(column) else column.iloc[at]).set_axis(range(len(at)))
        is_percent = None
        if self._table.sheet.percent:
            is_percent = pd.Series([f"{letter}{row}" in self._table.sheet.percent for row in rows], dtype=bool)
        readings = read_figures(
            texts,
            measure,
            header_unit=unit,
            sheet_unit=self._sheet_unit if measure.is_money else None,
            is_percent=is_percent,
        )
        for name in ("problem", "note"):
            marked = readings[name].notna().to_numpy()
            if marked.any():
                self._report(readings, name, marked, at, texts, column_id)
        if self._uncomputed:
            empty = [position for position, row in zip(at, rows, strict=True) if f"{letter}{row}" in self._uncomputed]
            self._findings.add("row.figure.uncomputed", empty, column_id)
        found = readings["value_cents"].notna().to_numpy()
        kept = readings[found]
        addresses = pc.binary_join_element_wise(
            pa.scalar(letter, pa.large_string()),
            self._row_texts.take(pa.array(at[found])),
            pa.scalar("", pa.large_string()),
        )
        return pd.DataFrame(
            {
                "row_id": np.asarray(at[found] + self._first, dtype="int64"),
                "measure_id": repeat_text(measure.id, len(kept)),
                "value_cents": kept["value_cents"].to_numpy(dtype="int64"),
                "exactness": kept["exactness"].to_numpy(dtype="int8"),
                "precision_cents": kept["precision_cents"].to_numpy(dtype="int64"),
                "raw_text": pd.array(pc.utf8_trim_whitespace(arrow_texts(texts[found])), dtype="str"),
                "row": rows[found].astype("int64"),
                "cell": pd.array(addresses, dtype="str"),
            }
        )

    def _report(
        self,
        readings: pd.DataFrame,
        name: str,
        marked: npt.NDArray[np.bool_],
        at: npt.NDArray[np.intp],
        texts: pd.Series,
        column_id: str,
    ) -> None:
        places = at[marked].tolist()
        written = dict(zip(places, texts[marked].str.strip().tolist(), strict=True))
        words = dict(zip(places, readings["words"][marked].tolist(), strict=True))
        rules = readings[name][marked].tolist()
        for rule_id in dict.fromkeys(rules):
            positions = [place for place, rule in zip(places, rules, strict=True) if rule == rule_id]
            self._findings.add(
                rule_id, positions, column_id, values=written.__getitem__, words=lambda place: words[place] or {}
            )

    def _join(self, parts: list[pd.DataFrame]) -> pd.DataFrame:
        if not parts:
            return empty_frame(
                {name: dtype for name, dtype in FIGURE_COLUMNS.items() if name not in ("activity_id", "sheet")}
            )
        return pd.concat(parts, ignore_index=True)


def read_table_figures(
    reader: FigureReader, table: TableRows, findings: CellFindings
) -> tuple[pd.DataFrame, list[str | None]]:
    """The figures of a table, and in the long shape the measure of each row."""
    if not table.header.is_long:
        return reader.read_wide(), []
    measures, units = read_row_measures(table, findings)
    return reader.read_long(measures, units), measures
