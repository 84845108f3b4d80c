"""Frames of no rows are made once and given out as each caller's own."""

from __future__ import annotations

from nuanliu.domain.submission import ROW_COLUMNS, empty_frame


def test_a_frame_of_no_rows_has_the_columns_and_dtypes_that_were_asked_for() -> None:
    frame = empty_frame({"row_id": "int64", "name": "string"})
    assert len(frame) == 0
    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == {"row_id": "int64", "name": "string"}


def test_what_one_caller_does_to_its_frame_no_other_sees() -> None:
    first = empty_frame(ROW_COLUMNS)
    first["more"] = 1
    first.index.name, first.columns.name = "rows", "columns"
    second = empty_frame(ROW_COLUMNS)
    assert (list(second.columns), len(second)) == (list(ROW_COLUMNS), 0)
    assert (second.index.name, second.columns.name) == (None, None)
