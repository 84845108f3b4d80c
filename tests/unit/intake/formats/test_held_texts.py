"""A text is held once however many cells name it, and what is held is counted."""

from __future__ import annotations

import random

import numpy as np
import pandas as pd
import pytest
from tests.corpus.odd_biff import odd_xls
from tests.corpus.odd_sheets import as_xlsx, usual_table
from tests.unit.intake.formats.reading_files import raw_xlsx, read_sheet, refuse

from nuanliu.contract.code_lists import codes
from nuanliu.intake.formats import open_workbook as reading
from nuanliu.intake.formats.grids import CellBudget, Disordered, GridBuilder, SheetRows
from nuanliu.intake.formats.limits import ReadingLimits
from nuanliu.intake.formats.workbook import Refused
from nuanliu.intake.values.figure_column import read_figures
from nuanliu.intake.values.unique_texts import UniqueTexts, is_shared

LONG = "职工备注说明" * 66


def dragged(kind: str, rows: int = 600) -> bytes:
    table = usual_table(random.Random(1), rows)
    for row in range(2, rows + 2):
        table.cells[row, 6] = LONG
    if kind == "xls":
        return odd_xls(table.cells, [])
    return as_xlsx(table, shared=kind == "shared")


@pytest.mark.parametrize("kind", ["shared", "inline", "xls"])
def test_a_remark_dragged_down_is_one_object(kind: str) -> None:
    remarks = read_sheet(dragged(kind)).grid["F"]
    assert is_shared(remarks)
    assert remarks.tolist() == ["备注", *[LONG] * 600]
    assert len({id(text) for text in np.asarray(remarks.array, dtype=object)[1:]}) == 1


def test_columns_of_references_are_read_as_those_of_arrow_are() -> None:
    texts = [LONG, "5", "约30人", LONG, "", "36万"]
    shared = pd.Series(texts * 3, dtype=pd.StringDtype("python", na_value=np.nan))
    plain = pd.Series(texts * 3, dtype="str")
    assert UniqueTexts.of(shared).texts().tolist() == UniqueTexts.of(plain).texts().tolist()
    measure = codes().measures["people_served"]
    percent = pd.Series([False, True, False] * 6)
    for is_percent in (None, percent):
        pd.testing.assert_frame_equal(
            read_figures(shared, measure, is_percent=is_percent), read_figures(plain, measure, is_percent=is_percent)
        )


@pytest.mark.parametrize("kind", ["shared", "inline", "xls"])
def test_too_much_text_is_refused_whoever_holds_it(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = ReadingLimits.from_contract()
    changed = ReadingLimits(**{**limits.__dict__, "max_named_characters": 100_000})
    monkeypatch.setattr(reading.ReadingLimits, "from_contract", lambda: changed)
    assert refuse(dragged(kind)).rule == "file.too_much_text"


def test_different_texts_are_held_against_the_size_of_the_file() -> None:
    limits = ReadingLimits.from_contract()
    limits = ReadingLimits(**{**limits.__dict__, "max_held_characters": 1000, "max_held_ratio": 2})
    CellBudget(limits, 400).hold(1000)
    with pytest.raises(Refused) as refused:
        CellBudget(limits, 400).hold(1001)
    assert refused.value.refusal.rule == "file.too_much_text"
    CellBudget(limits, 600).hold(1200)


def test_rows_that_are_not_sorted_are_gathered() -> None:
    limits = ReadingLimits.from_contract()
    with pytest.raises(Disordered):
        add_rows(SheetRows(GridBuilder(limits, CellBudget(limits, 0)), is_sorted=True))
    builder = GridBuilder(limits, CellBudget(limits, 0))
    rows = SheetRows(builder, is_sorted=False)
    add_rows(rows)
    rows.finish()
    assert builder.build().loc[3].tolist() == ["a", "b"]


def add_rows(rows: SheetRows) -> None:
    for number, cells in ((3, {0: "a"}), (2, {0: "x"}), (3, {1: "b"})):
        rows.add(number, cells)


def test_a_cell_with_two_texts_is_no_cell() -> None:
    sheet_data = '<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A2"><v>2</v></c></row>'
    assert refuse(raw_xlsx(sheet_data)).rule == "file.corrupt"
