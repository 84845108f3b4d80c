"""A faulty workbook goes out marked, comes back repaired and is taken."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from tests.union_workbooks import (
    EXPLAINED_ROW,
    HEADER_ROW,
    SEEDED,
    SHEET,
    checked,
    faulty_workbook,
    marked,
    repaired,
    saved,
)

from nuanliu.ooxml.annotations import COMMENT_MARK, RESULT_SHEET
from nuanliu.operations.drops import answering

if TYPE_CHECKING:
    from pathlib import Path

HARMLESS = {"time.history.absent", "row.measure.over_limit"}
SIMPLE = ("活动名称", "活动类别", "开始日期", "结束日期", "服务人数(人)")
ROW = ("走访慰问", "送温暖慰问", "2024-12-03", "2024-12-03", 60)


def simple(*rows: tuple[Any, ...], header: tuple[str, ...] = SIMPLE) -> Workbook:
    book = Workbook()
    book.active.title = "活动"
    for row in (header, *rows):
        book.active.append(row)
    return book


def commented(data: bytes, sheet: str = SHEET) -> set[str]:
    cells = load_workbook(BytesIO(data))[sheet].iter_rows()
    return {cell.coordinate for row in cells for cell in row if cell.comment is not None}


@pytest.fixture(scope="module")
def answer() -> bytes:
    return marked(faulty_workbook())


def test_exactly_the_seven_faults_are_marked_at_their_addresses(answer: bytes) -> None:
    assert commented(answer) == SEEDED
    before, after = load_workbook(BytesIO(faulty_workbook()))[SHEET], load_workbook(BytesIO(answer))[SHEET]
    recoloured = {
        cell.coordinate
        for row in before.iter_rows()
        for cell in row
        if after[cell.coordinate].fill.fgColor.rgb != cell.fill.fgColor.rgb
    }
    assert recoloured == SEEDED


def test_every_value_formula_and_merged_cell_stays_but_the_contacts(answer: bytes) -> None:
    before, after = load_workbook(BytesIO(faulty_workbook()))[SHEET], load_workbook(BytesIO(answer))[SHEET]
    changed = {
        cell.coordinate: after[cell.coordinate].value
        for row in before.iter_rows()
        for cell in row
        if after[cell.coordinate].value != cell.value
    }
    assert changed == {"A15": "填报人: 联系电话:"}
    assert after["F13"].value == "=SUM(F5:F12)"
    assert {str(area) for area in after.merged_cells.ranges} == {"A1:K1", "A2:F2"}
    assert after["A5"].border.left.style == "thin"


def test_the_column_for_explanations_stands_beside_the_table_and_asks_where_an_answer_helps(answer: bytes) -> None:
    sheet = load_workbook(BytesIO(answer))[SHEET]
    assert sheet.cell(HEADER_ROW, 12).value == "说明"
    asked = [row for row in range(HEADER_ROW + 1, 14) if sheet.cell(row, 12).fill.fill_type == "solid"]
    assert asked == [EXPLAINED_ROW]
    assert not sheet.cell(EXPLAINED_ROW, 12).protection.locked


def test_charts_and_stored_results_of_formulas_survive() -> None:
    data = faulty_workbook()
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(b"<f>SUM(F5:F12)</f><v />", b"<f>SUM(F5:F12)</f><v>800468</v>")
    parts[name] = parts[name].replace(b"<f>SUM(F5:F12)</f><v></v>", b"<f>SUM(F5:F12)</f><v>800468</v>")
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    answer = marked(out.getvalue())
    assert load_workbook(BytesIO(answer), data_only=True)[SHEET]["F13"].value == 800468
    with zipfile.ZipFile(BytesIO(answer)) as archive:
        assert archive.read("xl/charts/chart1.xml") == parts["xl/charts/chart1.xml"]


def test_repaired_in_the_returned_file_it_is_accepted(answer: bytes) -> None:
    receipt = checked(repaired(answer), "620400-2024W49-001.xlsx").receipt
    assert receipt.status == "accepted"
    assert {finding.rule for finding in receipt.findings} == HARMLESS
    assert receipt.week == "2024-W49"


def test_an_answer_to_the_repaired_copy_bears_no_old_marks(answer: bytes) -> None:
    again = marked(repaired(answer))
    assert commented(again) == set()
    book = load_workbook(BytesIO(again))
    assert book.sheetnames == [RESULT_SHEET, SHEET]
    sheet = book[SHEET]
    assert sheet["C7"].fill.fgColor.rgb == "FFFFFF00"  # the clerk's own colour is back
    header = sheet["A4"].fill.fgColor.rgb
    coloured = {c.coordinate for row in sheet.iter_rows(min_row=5) for c in row if c.fill.fill_type == "solid"}
    assert coloured == {"C7"}
    assert header.endswith("DDEBF7")


def test_a_copy_dropped_unrepaired_is_marked_the_same_again(answer: bytes) -> None:
    again = marked(answer)
    assert commented(again) == SEEDED
    sheet = load_workbook(BytesIO(again))[SHEET]
    assert sheet["C7"].comment.text.count(COMMENT_MARK) == 1
    assert [cell.value for cell in sheet[HEADER_ROW]].count("说明") == 1


def test_after_a_row_is_deleted_the_old_marks_go_all_the_same(answer: bytes) -> None:
    book = load_workbook(BytesIO(repaired(answer)))
    sheet = book[SHEET]
    kept = {cell.coordinate: cell.comment for row in sheet.iter_rows() for cell in row if cell.comment}
    assert set(kept) == SEEDED
    sheet.delete_rows(5)  # openpyxl moves values and styles up and leaves the comments behind
    receipt = checked(saved(book)).receipt
    assert receipt.status == "accepted"
    assert commented(marked(saved(book))) == set()


def test_our_own_comment_on_an_emptied_cell_is_no_figure_in_a_comment() -> None:
    answer = marked(saved(simple((*ROW[:4], "30-50"))))
    assert commented(answer, "活动") == {"E2"}
    book = load_workbook(BytesIO(answer))
    book["活动"]["E2"] = None
    rules = {finding.rule for finding in checked(saved(book)).receipt.findings}
    assert "row.figure.in_comment" not in rules
    assert "row.measures.none" in rules


def test_a_comment_of_the_unions_own_stays_before_and_after_ours() -> None:
    book = simple((*ROW[:4], "30-50"), ("金秋助学", *ROW[1:]))
    book.active["E2"].comment = Comment("老张报的数", "老张")
    book.active["A3"].comment = Comment("已核对", "老张")
    answer = marked(saved(book))
    sheet = load_workbook(BytesIO(answer))["活动"]
    assert sheet["E2"].comment.text.startswith(f"老张报的数\n{COMMENT_MARK}")
    assert sheet["A3"].comment.text == "已核对"
    sheet.parent["活动"]["E2"] = 40
    again = load_workbook(BytesIO(marked(saved(sheet.parent))))["活动"]
    assert again["E2"].comment.text == "老张报的数"
    assert again["A3"].comment.text == "已核对"


def test_a_table_with_a_column_for_explanations_keeps_it_and_gets_no_other() -> None:
    row = (*ROW[:4], 800000, None, "备忘")
    answer = marked(saved(simple(row, header=(*SIMPLE, "说明", "备注"))))
    sheet = load_workbook(BytesIO(answer))["活动"]
    assert [cell.value for cell in sheet[1]].count("说明") == 1
    assert sheet["F2"].fill.fill_type == "solid"
    sheet["F2"] = "全年累计,已核对"
    assert (
        checked(saved(sheet.parent)).receipt.status == "accepted_with_warnings"
    )  # 没有统计口径列 is an info, W49 a guess


def test_a_sheet_of_the_unions_own_called_like_ours_is_kept() -> None:
    book = simple(ROW)
    book.create_sheet("检查结果")["A1"] = "消防检查"
    names = load_workbook(BytesIO(marked(saved(book)))).sheetnames
    assert names == ["检查结果2", "活动", "检查结果"]


def test_numbers_stored_as_numbers_are_masked_and_gone_from_every_part() -> None:
    phone = int("138" + "00001111")
    book = simple((*ROW, f"电话{phone}", phone), header=(*SIMPLE, "备注", "其他"))
    book.properties.title = f"联系{phone}"
    book.active.oddFooter.center.text = f"电话 {phone} "
    answer = marked(saved(book))
    with zipfile.ZipFile(BytesIO(answer)) as archive:
        assert [name for name in archive.namelist() if str(phone).encode() in archive.read(name)] == []
    sheet = load_workbook(BytesIO(answer))["活动"]
    assert (sheet["F2"].value, sheet["G2"].value) == ("电话138****1111", "138****1111")


def test_contacts_are_gone_from_every_part_and_the_report_period_beside_them_stays() -> None:
    book = simple(ROW)
    book.active.insert_rows(1)
    book.active["A1"] = "报告期:2024年12月2日—12月8日 填报人:欧阳某某 联系电话:0943-8000123"
    answer = marked(saved(book))
    with zipfile.ZipFile(BytesIO(answer)) as archive:
        for part in archive.namelist():
            content = archive.read(part)
            assert "欧阳某某".encode() not in content
            assert b"8000123" not in content
    assert load_workbook(BytesIO(answer))["活动"]["A1"].value == "报告期:2024年12月2日—12月8日 填报人: 联系电话:"
    assert checked(answer).receipt.week == "2024-W49"


def test_macros_and_embedded_objects_are_not_handed_back() -> None:
    data = saved(simple(ROW))
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as archive, zipfile.ZipFile(out, "w") as with_macros:
        for name in archive.namelist():
            content = archive.read(name)
            if name == "[Content_Types].xml":
                content = content.replace(
                    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                    b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
                ).replace(
                    b"</Types>",
                    b'<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>',
                )
            if name == "xl/_rels/workbook.xml.rels":
                content = content.replace(
                    b"</Relationships>",
                    b'<Relationship Id="rIdV" Target="vbaProject.bin" '
                    b'Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject"/></Relationships>',
                )
            with_macros.writestr(name, content)
        with_macros.writestr("xl/vbaProject.bin", b"macro")
        with_macros.writestr("xl/embeddings/oleObject1.bin", b"object")
    answer = marked(out.getvalue(), "周报.xlsm")
    with zipfile.ZipFile(BytesIO(answer)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
        assert not [name for name in archive.namelist() if "vba" in name or "embeddings" in name]
    assert b"vba" not in everything
    assert b"macroEnabled" not in everything
    assert load_workbook(BytesIO(answer)).sheetnames == [RESULT_SHEET, "活动"]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_csv_comes_back_as_a_workbook_that_can_be_repaired(encoding: str) -> None:
    lines = [",".join(SIMPLE), "走访,送温暖慰问,2024-12-03,2024-12-03,30-50", "体检,健康体检,2024-12-03,2024-12-03,-"]
    answer = marked("\n".join(lines).encode(encoding), "2024年第49周.csv")
    book = load_workbook(BytesIO(answer))
    sheet = book.worksheets[1]
    assert sheet["E2"].comment is not None
    assert sheet["E3"].value == "-"
    sheet["E2"] = 40
    receipt = checked(saved(book), "620400-2024W49-001.xlsx").receipt
    assert (receipt.status, receipt.rows.accepted) == ("accepted_with_warnings", 2)


def test_a_workbook_whose_parts_contradict_each_other_is_made_anew(caplog: pytest.LogCaptureFixture) -> None:
    data = saved(simple((*ROW[:4], "30-50")))
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as archive, zipfile.ZipFile(out, "w") as odd:
        for name in archive.namelist():
            odd.writestr(name, b"<broken" if name == "[Content_Types].xml" else archive.read(name))
    drop = checked(out.getvalue())
    answer = answering.mark_drop(out.getvalue(), "周报.xlsx", drop.receipt, drop.submission)
    assert answer is not None
    assert commented(answer, "活动") == {"E2"}
    assert "made anew" in caplog.text


@pytest.mark.parametrize("cap", ["MOST_CELLS", "MOST_CHARACTERS"])
def test_a_file_too_large_to_be_changed_is_answered_by_the_list_alone(
    cap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, cap, 5)
    answer = load_workbook(BytesIO(marked(saved(simple((*ROW[:4], "30-50"))))))
    assert answer.worksheets[0].title == RESULT_SHEET
    assert "活动" not in answer.sheetnames
    assert answer.worksheets[0]["C7"].value == "活动 E2"


def test_libreoffice_opens_the_answer_without_repair_and_gives_it_back(answer: bytes, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("soffice is not installed: the opening without repair is not shown here")
    (tmp_path / "answer.xlsx").write_bytes(answer)
    subprocess.run(
        [office, "--headless", f"-env:UserInstallation=file://{tmp_path}/office", "--convert-to", "xlsx:Calc MS Excel 2007 XML",
         "--outdir", str(tmp_path / "out"), str(tmp_path / "answer.xlsx")],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    converted = (tmp_path / "out" / "answer.xlsx").read_bytes()
    assert commented(converted) == SEEDED
    assert load_workbook(BytesIO(converted)).sheetnames == [RESULT_SHEET, SHEET]
    again = marked(repaired(converted))
    assert commented(again) == set()
    assert checked(again).status == "accepted"
