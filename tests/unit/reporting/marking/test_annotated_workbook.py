from __future__ import annotations

import zipfile
from dataclasses import replace
from io import BytesIO

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook
from tests.receipts import STORED

from nuanliu.domain.findings import Finding, Severity
from nuanliu.domain.receipt import Receipt, RowCounts
from nuanliu.reporting.marking.annotated_workbook import RESULT_SHEET, Unmarkable, annotate_workbook
from nuanliu.reporting.marking.made_workbook import SheetTexts, make_workbook
from nuanliu.reporting.receipts.receipt_page import render_receipt
from nuanliu.reporting.receipts.receipt_text import receipt_text


def receipt(*findings: Finding) -> Receipt:
    return replace(
        STORED,
        object_key="intake/620400/<b>周报</b>.xlsx",
        status="partially_accepted",
        activities=2,
        rows=RowCounts(2, 1, 1, 0, 0),
        findings=findings,
    )


def finding(cell: str | None = "B3", severity: Severity = Severity.ERROR, sheet: str | None = "活动") -> Finding:
    return Finding(
        rule="row.x",
        severity=severity,
        message="日期不对",
        fix="请改成报告期内的日期",
        sheet=sheet,
        cell=cell,
        row=3,
        column="结束日期",
        value="2024-12-20",
        expected="不晚于 2024-12-08",
    )


def workbook() -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = "活动"
    sheet["A1"] = "标题"
    sheet.merge_cells("A1:C1")
    sheet.append(("名称", "结束日期", "合计"))
    sheet.append(("甲", "2024-12-20", "=1+1"))
    sheet.append(("乙", "电话13800000000", None))
    sheet["A6"] = "填报人:某人"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def mark(*findings: Finding, contacts: tuple[tuple[str | None, str], ...] = ()) -> Workbook:
    data = annotate_workbook(
        workbook(),
        receipt(*findings),
        contact_cells=contacts,
        mask=lambda text: text.replace("13800000000", "138****0000"),
    )
    return load_workbook(BytesIO(data))


def test_exactly_the_faulty_cell_is_coloured_and_says_value_expected_and_fix() -> None:
    sheet = mark(finding())["活动"]
    comment = sheet["B3"].comment
    assert comment is not None
    for words in ("日期不对", "2024-12-20", "不晚于 2024-12-08", "请改成报告期内的日期"):
        assert words in comment.text
    coloured = [c.coordinate for row in sheet.iter_rows() for c in row if c.fill.fill_type == "solid"]
    assert coloured == ["B3"]


def test_formulas_and_merged_cells_stay() -> None:
    sheet = mark(finding())["活动"]
    assert sheet["C3"].value == "=1+1"
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A1:C1"]


def test_the_first_sheet_lists_every_finding_with_a_link_to_its_cell() -> None:
    book = mark(finding(), finding(cell=None, severity=Severity.WARNING))
    first = book.worksheets[0]
    assert first.title == RESULT_SHEET
    header, *rows = first.iter_rows(min_row=6, values_only=True)
    assert header[:3] == ("问题", "怎么改", "位置")
    assert [row[6] for row in rows] == ["错误", "提示"]
    assert first["C7"].hyperlink.location == "'活动'!B3"


def test_a_finding_in_a_merged_area_marks_its_top_left_cell() -> None:
    assert mark(finding(cell="B1"))["活动"]["A1"].comment is not None


def test_two_findings_on_a_cell_share_its_comment_and_the_graver_colours_it() -> None:
    cell = mark(finding(severity=Severity.WARNING), finding())["活动"]["B3"]
    assert cell.comment.text.count("怎么改") == 2
    assert cell.fill.fgColor.rgb.endswith("F8B4BD")


def test_contacts_are_blanked_and_numbers_masked() -> None:
    sheet = mark(contacts=(("活动", "A6"),))["活动"]
    assert sheet["A6"].value is None
    assert sheet["B4"].value == "电话138****0000"


def test_our_own_sheet_of_an_earlier_answer_is_replaced() -> None:
    once = annotate_workbook(workbook(), receipt(finding()), contact_cells=(), mask=str)
    twice = annotate_workbook(once, receipt(), contact_cells=(), mask=str)
    assert load_workbook(BytesIO(twice)).sheetnames == [RESULT_SHEET, "活动"]


def test_a_csv_comes_back_as_a_workbook_with_the_same_addresses() -> None:
    grid = pd.DataFrame({"A": ["名称", "=甲"], "B": ["结束日期", "2024-12-20"]}, index=[1, 2])
    made = make_workbook([SheetTexts(None, grid)])
    data = annotate_workbook(made, receipt(finding(cell="B2", sheet=None)), mask=str)
    book = load_workbook(BytesIO(data))
    sheet = book.worksheets[1]
    assert sheet["B2"].comment is not None
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("'=甲", "s")


def test_the_page_escapes_names_and_shows_place_and_fix() -> None:
    html = render_receipt(receipt(finding()))
    assert "<b>周报</b>" not in html
    for words in ("部分接收", "B3", "请改成报告期内的日期", "620400-2024W49-001"):
        assert words in html


def test_the_text_receipt_says_the_status_first_and_the_place_of_each_finding() -> None:
    lines = receipt_text(receipt(finding())).splitlines()
    assert lines[0].startswith("【部分接收】白银市总工会")
    assert any(line.strip().startswith("活动!B3[结束日期]") for line in lines)


def test_identity_number_that_a_sheet_took_for_a_number_is_masked_by_the_digits_it_shows() -> None:
    from nuanliu.intake.privacy.personal_data import mask_text

    book = Workbook()
    sheet = book.active
    # 15 digits are certain; what is stored behind them is chance (M63)
    sheet.append(("号码", 620102 * 10**12 + 19900101 * 10**4 + 126))
    out = BytesIO()
    book.save(out)
    marked = annotate_workbook(
        out.getvalue(), receipt(), contact_cells=(), blank_contact=lambda text: "", mask=mask_text, tables=()
    )
    assert load_workbook(BytesIO(marked))[sheet.title]["B1"].value == "620102********0000"


def test_a_list_that_stops_says_where_the_rest_stands() -> None:
    many = [finding(cell=None, severity=Severity.WARNING) for _ in range(2003)]
    sheet = mark(*many).worksheets[0]
    told = [cell.value for cell in sheet["A"] if cell.value and "没有列出" in cell.value]
    assert [words.startswith("还有 3 条没有列出,全部见 JSON 回执 620400-2024W49-001.json。") for words in told] == [
        True
    ]


def test_a_workbook_with_a_broken_part_cannot_be_marked_and_says_so() -> None:
    data = bytearray(make_workbook([SheetTexts("表", pd.DataFrame({"A": ["甲" * 50]}, index=[1]))]))
    with zipfile.ZipFile(BytesIO(bytes(data))) as archive:
        part = archive.getinfo("xl/worksheets/sheet1.xml")
    body = part.header_offset + 30 + len(part.filename)
    data[body : body + 4] = b"\xff\xff\xff\xff"  # no deflate stream begins so
    with pytest.raises(Unmarkable):
        annotate_workbook(bytes(data), STORED, mask=str)
