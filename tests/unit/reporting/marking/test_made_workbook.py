from __future__ import annotations

from io import BytesIO

import pandas as pd
from openpyxl import load_workbook

from nuanliu.reporting.marking.made_workbook import SheetTexts, make_workbook


def made(*sheets: SheetTexts) -> dict[str, object]:
    book = load_workbook(BytesIO(make_workbook(sheets)))
    return {sheet.title: sheet for sheet in book.worksheets}


def test_merged_areas_and_hidden_rows_of_an_xls_stay_so_that_the_copy_reads_the_same() -> None:
    grid = pd.DataFrame({"A": ["白银区", "", "x"], "B": ["甲", "乙", "丙"]}, index=[4, 5, 9])
    sheet = made(SheetTexts("明细", grid, ((4, 1, 5, 1),), frozenset({9}), frozenset({"B"})))["明细"]
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A4:A5"]  # type: ignore[attr-defined]
    assert sheet["B9"].value == "丙"  # type: ignore[index]
    assert sheet.row_dimensions[9].hidden  # type: ignore[attr-defined]
    assert sheet.column_dimensions["B"].hidden  # type: ignore[attr-defined]


def test_what_begins_like_a_formula_is_escaped_and_signed_numbers_survive() -> None:
    grid = pd.DataFrame({"A": ["=cmd|'/c calc'!A1", "-5", "+86", "-", "@x", "-甲"]}, index=range(1, 7))
    sheet = made(SheetTexts(None, grid))["报送表"]
    values = [sheet.cell(row, 1).value for row in range(1, 7)]  # type: ignore[attr-defined]
    assert values == ["'=cmd|'/c calc'!A1", "-5", "+86", "-", "'@x", "'-甲"]
    assert {sheet.cell(row, 1).data_type for row in range(1, 7)} == {"s"}  # type: ignore[attr-defined]


def test_a_workbook_of_hidden_sheets_alone_has_one_that_can_be_seen() -> None:
    grid = pd.DataFrame({"A": ["x"]}, index=[1])
    assert len(made(SheetTexts("底稿", grid, is_visible=False))) == 2
