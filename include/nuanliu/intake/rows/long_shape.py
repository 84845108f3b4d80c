"""The long shape: one measure a row. Which measure a row gives, and which rows belong to one activity."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from nuanliu.contract.code_lists import Measure, codes
from nuanliu.intake.rows.cell_findings import CellFindings
from nuanliu.intake.tables.header_labels import read_header
from nuanliu.intake.tables.table_rows import TableRows
from nuanliu.intake.values.coded_cells import propose
from nuanliu.intake.values.unique_texts import is_null

# What may differ between the rows of one activity.
_OWN_TO_ROW = frozenset({"long_measure", "long_value", "long_unit", "ordinal", "explanation", "remarks"})


def read_measure(text: str) -> tuple[Measure | None, str | None]:
    """The measure that 指标 names, and the unit in its brackets: 投入资金(万元)."""
    label = read_header((text,), is_long=False)
    if label is not None and label.measure is not None:
        return label.measure, label.unit
    return codes().measures.find(text), None


def read_row_measures(table: TableRows, findings: CellFindings) -> tuple[list[str | None], list[str | None]]:
    """Measure id and unit in brackets, one per received row; a measure that nobody knows holds its row."""
    column = table.labels["long_measure"]
    readings = [(None, None) if is_null(value) else read_measure(value) for value in column.distinct]
    rules = [
        None if measure or is_null(value) else "row.measure.unknown"
        for value, (measure, _) in zip(column.distinct, readings, strict=True)
    ]
    choices = codes().measures.all_names
    words = [
        {"nearest": propose(codes().measures.nearest(value)) if rule else "", "choices": choices}
        for value, rule in zip(column.distinct, rules, strict=True)
    ]
    findings.add_readings(column, rules, "long_measure", words)
    findings.add("row.measure.empty", column.where([is_null(value) for value in column.distinct]), "long_measure")
    codes_of = column.codes.tolist()
    ids = [measure.id if measure else None for measure, _ in readings]
    units = [unit for _, unit in readings]
    return [ids[code] for code in codes_of], [units[code] for code in codes_of]


def group_activities(table: TableRows, measures: list[str | None]) -> npt.NDArray[np.int64]:
    """For each row the position of the first row of its activity.

    Rows belong together when every label column says the same. A measure that an activity already has begins a second
    activity of the same name, which the checks then find.
    """
    labels = {column_id: column.codes for column_id, column in table.labels.items() if column_id not in _OWN_TO_ROW}
    frame = pd.DataFrame(labels, index=range(len(table.body)))
    frame["measure"] = pd.factorize(pd.Series(measures, dtype="object"))[0]
    frame["repeat"] = frame.groupby(list(frame.columns), sort=False).cumcount()
    keys = [*labels, "repeat"]
    first = frame.reset_index().groupby(keys, sort=False)["index"].transform("min") if len(frame) else frame["repeat"]
    return np.asarray(first, dtype="int64")
