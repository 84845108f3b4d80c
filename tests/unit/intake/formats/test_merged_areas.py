"""What stands under a merged area, its top left cell apart, is invisible and is not read."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING

import pytest
from tests.corpus.odd_biff import odd_xls
from tests.corpus.odd_sheets import Table, as_xlsx
from tests.corpus.personal_numbers import invent_id_number
from tests.unit.intake.formats.reading_files import raw_xlsx, read, read_sheet

from nuanliu.intake.formats.merged_areas import with_covered
from nuanliu.intake.formats.workbook import MergedRange
from nuanliu.intake.reader import read_submission

if TYPE_CHECKING:
    from nuanliu.domain.submission import Submission

ROWS = (
    ("活动名称", "活动类别", "服务人数(人)", "投入资金(元)"),
    ("甲", "走访慰问", 36000, 1),
    ("乙", "走访慰问", 36000, 2),
    ("丙", "走访慰问", 36000, 3),
)


def table(*merged: tuple[int, int, int, int], rows: tuple[tuple[object, ...], ...] = ROWS) -> Table:
    """Cells with areas (top, left, bottom, right) over them."""
    cells = {(row, column): value for row, values in enumerate(rows, 1) for column, value in enumerate(values, 1)}
    return Table(cells, list(merged))


def submission_of(data: bytes) -> Submission:
    return read_submission(
        data,
        object_key="intake/620400/周报.xlsx",
        sender_id="620400",
        path_week="2024-W49",
        received_at=datetime(2024, 12, 9, tzinfo=UTC),
    )


def as_file(what: Table, kind: str) -> bytes:
    return as_xlsx(what) if kind == "xlsx" else odd_xls(what.cells, what.merged)


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_a_figure_under_a_merge_down_counts_once_and_the_hidden_cells_are_named(kind: str) -> None:
    submission = submission_of(as_file(table((2, 3, 4, 3)), kind))
    people = submission.figures[submission.figures["measure_id"] == "people_served"]
    assert people["value_cents"].tolist() == [3_600_000]
    (hidden,) = (finding for finding in submission.findings if finding.rule == "row.figure.under_merge")
    assert (hidden.cell, hidden.value) == ("C3", "36000")
    assert "C3至C4" in hidden.message
    assert "row.figure.merged" not in {finding.rule for finding in submission.findings}  # the same merge, said once


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_a_figure_under_a_merge_across_columns_is_not_read(kind: str) -> None:
    submission = submission_of(as_file(table((3, 3, 3, 4)), kind))
    assert submission.figures.loc[submission.figures["row"] == 3, "measure_id"].tolist() == ["people_served"]
    assert [f.cell for f in submission.findings if f.rule == "row.figure.under_merge"] == ["D3"]


def test_a_merged_label_still_counts_for_the_rows_it_covers_whatever_lies_beneath() -> None:
    rows = (("填报单位", *ROWS[0]), ("白银市总工会", *ROWS[1]), ("兰州市总工会", *ROWS[2]))
    submission = submission_of(as_xlsx(table((2, 1, 3, 1), rows=rows)))
    assert submission.rows["reporting_union_id"].tolist() == ["620400", "620400"]


def test_marks_of_covered_cells_are_gone_with_them() -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>1+1</f></c><c r="C1" t="e"><v>#REF!</v></c><c r="D1"><v>45000</v></c></row>'
    sheet = read_sheet(raw_xlsx(cells, after='<mergeCells><mergeCell ref="A1:D1"/></mergeCells>'))
    assert sheet.grid.loc[1].tolist() == ["1", "", "", ""]
    assert not sheet.uncomputed
    assert not sheet.errors
    assert not sheet.numeric_dates


def test_what_is_covered_is_kept_for_the_search_for_personal_data() -> None:
    rng = Random(1)
    ids = [invent_id_number(rng), invent_id_number(rng)]
    rows = (*ROWS, (*ids, 1, 1))
    (sheet,) = read(as_xlsx(table((5, 1, 5, 4), rows=rows))).sheets
    assert sheet.grid.loc[5, "B"] == ""
    assert with_covered(sheet).loc[5, "B"] == ids[1]
    findings = submission_of(as_xlsx(table((5, 1, 5, 4), rows=rows))).findings
    assert {finding.cell for finding in findings if finding.rule == "pii.number.masked"} == {"A5", "B5"}


def test_an_area_over_another_is_none() -> None:
    sheet = read_sheet(as_xlsx(table((2, 3, 4, 3), (3, 3, 3, 4))))
    assert sheet.merged == (MergedRange(2, 3, 4, 3),)
    assert sheet.grid.loc[3, "D"] == "2"


def test_whole_columns_and_rows_are_areas() -> None:
    beside = '<mergeCells><mergeCell ref="H:J"/><mergeCell ref="F4:C2"/><mergeCell ref="9:10"/></mergeCells>'
    cells = "".join(
        f'<row r="{row}"><c r="C{row}"><v>{row}</v></c><c r="D{row}"><v>0</v></c></row>' for row in (1, 2, 3, 4)
    )
    sheet = read_sheet(raw_xlsx(cells, after=beside))
    assert sheet.merged == (MergedRange(2, 3, 4, 4), MergedRange(9, 1, 10, 4))
    assert sheet.grid["C"].tolist() == ["1", "2", "", ""]


def test_many_areas_over_one_another_end_quickly() -> None:
    areas = "".join(f'<mergeCell ref="A{row}:XFD1048576"/>' for row in range(1, 20_001))
    sheet = read_sheet(
        raw_xlsx(
            '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>', after=f"<mergeCells>{areas}</mergeCells>"
        )
    )
    assert len(sheet.merged) == 1
