"""Reading xlsx and xlsm: values, and what cells say beside their values."""

from __future__ import annotations

import io
from datetime import date, datetime, time

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from tests.unit.intake.formats.reading_files import HEADER, raw_xlsx, read, read_sheet, refuse, repacked, saved

from nuanliu.intake.formats.open_workbook import workbook_findings
from nuanliu.intake.formats.workbook import MergedRange


def book_of(rows: list[list[object]], title: str = "活动明细") -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    return book


def test_texts_numbers_dates_and_booleans_become_texts() -> None:
    rows = [
        HEADER,
        ["送温暖", "慰问", date(2024, 12, 3), 1425],
        ["义诊", "健康义诊", datetime(2024, 12, 3, 14, 30), 35.9],  # noqa: DTZ001 - sheets know no zone
        ["讲座", True, time(9, 5), -0.5],
    ]
    sheet = read_sheet(saved(book_of(rows)))
    assert sheet.name == "活动明细"
    assert list(sheet.grid.columns) == ["A", "B", "C", "D"]
    assert list(sheet.grid.index) == [1, 2, 3, 4]
    assert sheet.grid.loc[2].tolist() == ["送温暖", "慰问", "2024-12-03", "1425"]
    assert sheet.grid.loc[3].tolist() == ["义诊", "健康义诊", "2024-12-03 14:30", "35.9"]
    assert sheet.grid.loc[4].tolist() == ["讲座", "TRUE", "09:05", "-0.5"]
    assert (sheet.grid.dtypes == "str").all()
    assert not sheet.grid.isna().any().any()


def test_ending_is_never_asked() -> None:
    data = saved(book_of([HEADER]))
    for name in ("周报.xls", "周报.csv", "周报", "周报.pdf"):
        assert read(data, name).kind == "xlsx"


def test_sheet_rows_and_columns_keep_their_addresses() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["C3"] = "活动名称"
    sheet["C6"] = "送温暖"
    grid = read_sheet(saved(book)).grid
    assert list(grid.index) == [3, 4, 5, 6]
    assert list(grid.columns) == ["A", "B", "C"]
    assert grid.at[6, "C"] == "送温暖"
    assert (grid.loc[4] == "").all()


def test_formatted_empty_rows_and_columns_are_trimmed() -> None:
    book = book_of([HEADER, ["送温暖"]])
    sheet = book.active
    assert sheet is not None
    for row in range(1, 300):
        sheet.cell(row, 30).font = Font(bold=True)
    assert read_sheet(saved(book)).grid.shape == (2, 4)


def test_far_blank_runs_are_left_out_and_labels_kept() -> None:
    data = raw_xlsx('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="B1048576"><v>2</v></c></row>')
    grid = read_sheet(data).grid
    assert list(grid.index) == [1, 1048576]
    assert grid.at[1048576, "B"] == "2"


def test_merged_areas_hold_their_value_top_left_only() -> None:
    book = book_of([["周报"], HEADER])
    sheet = book.active
    assert sheet is not None
    sheet.merge_cells("A1:D1")
    sheet.merge_cells("B4:B6")
    result = read_sheet(saved(book))
    assert set(result.merged) == {MergedRange(1, 1, 1, 4), MergedRange(4, 2, 6, 2)}
    assert result.grid.loc[1].tolist() == ["周报", "", "", ""]


def test_hidden_rows_and_columns_that_hold_values_are_named() -> None:
    book = book_of([HEADER, ["甲", "慰问"], ["乙", "慰问"], ["丙", "慰问"]])
    sheet = book.active
    assert sheet is not None
    sheet.row_dimensions[3].hidden = True
    sheet.row_dimensions[40].hidden = True
    sheet.column_dimensions["B"].hidden = True
    result = read_sheet(saved(book))
    assert result.hidden_rows == {3}
    assert result.hidden_columns == {"B"}
    assert result.grid.at[3, "A"] == "乙"


def test_hidden_sheets_are_read_and_marked() -> None:
    book = book_of([HEADER])
    book.create_sheet("底表")["A1"] = "张"
    book.create_sheet("深藏")["A1"] = "李"
    book["底表"].sheet_state = "hidden"
    book["深藏"].sheet_state = "veryHidden"
    sheets = {sheet.name: sheet for sheet in read(saved(book)).sheets}
    assert [sheet.is_visible for sheet in sheets.values()] == [True, False, False]
    assert sheets["深藏"].grid.at[1, "A"] == "李"


def test_comments_are_kept_by_address() -> None:
    book = book_of([HEADER, ["送温暖"]])
    sheet = book.active
    assert sheet is not None
    sheet["A2"].comment = Comment("数字待核", "填报人")
    assert read_sheet(saved(book)).comments == {"A2": "数字待核"}


def test_error_cells_are_told_from_texts_that_look_like_them() -> None:
    data = raw_xlsx(
        '<row r="1"><c r="A1" t="e"><v>#REF!</v></c><c r="B1" t="inlineStr"><is><t>#REF!</t></is></c>'
        '<c r="C1" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    )
    sheet = read_sheet(data)
    assert sheet.grid.loc[1].tolist() == ["#REF!", "#REF!", "#DIV/0!"]
    assert sheet.errors == {"A1", "C1"}


def test_struck_out_cells_and_runs_are_named() -> None:
    book = book_of([HEADER, ["作废", "慰问"]])
    sheet = book.active
    assert sheet is not None
    sheet["A2"].font = Font(strike=True)
    sheet["A9"].font = Font(strike=True)
    assert read_sheet(saved(book)).struck == {"A2"}
    run = "<si><r><rPr><strike/></rPr><t>120</t></r><r><t>130</t></r></si><si><t>一</t></si>"
    sheet_xml = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    result = read_sheet(raw_xlsx(sheet_xml, texts=run))
    assert result.grid.loc[1].tolist() == ["120130", "一"]
    assert result.struck == {"A1"}


def test_formula_without_stored_value_is_uncomputed_and_never_zero() -> None:
    book = book_of([HEADER, ["送温暖", "慰问", "2024-12-03", "=SUM(1,2)"]])
    sheet = read_sheet(saved(book))
    assert sheet.uncomputed == {"D2"}
    assert sheet.grid.at[2, "D"] == ""


def test_formula_in_the_last_row_is_not_trimmed_away() -> None:
    sheet = read_sheet(raw_xlsx('<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="B2"><f>A1</f></c></row>'))
    assert sheet.grid.shape == (2, 2)


@pytest.mark.parametrize(("flag", "is_uncomputed"), [("", False), ('<calcPr fullCalcOnLoad="1"/>', True)])
def test_stored_zero_of_a_writer_that_cannot_calculate_is_uncomputed(flag: str, is_uncomputed: bool) -> None:
    rows = (
        '<row r="1"><c r="A1"><f>1+1</f><v>0</v></c><c r="B1"><v>0</v></c><c r="C1"><f>2+3</f><v>5</v></c></row>'
        '<row r="2"><c r="A2" t="str"><f>""</f><v></v></c></row>'
    )
    sheet = read_sheet(raw_xlsx(rows, book_foot=flag))
    assert sheet.uncomputed == ({"A1"} if is_uncomputed else set())
    assert sheet.grid.loc[1].tolist() == ["" if is_uncomputed else "0", "0", "5"]


def test_percent_cells_keep_their_stored_value() -> None:
    book = book_of([["完成率"], [0.81], [0.81], ["95%"]])
    sheet = book.active
    assert sheet is not None
    sheet["A2"].number_format = "0%"
    sheet["A4"].number_format = "0%"
    result = read_sheet(saved(book))
    assert result.percent == {"A2"}
    assert result.grid["A"].tolist() == ["完成率", "0.81", "0.81", "95%"]


def test_format_that_shows_less_changes_nothing() -> None:
    book = book_of([[12345.6]])
    sheet = book.active
    assert sheet is not None
    sheet["A1"].number_format = '0!.0,"万"'
    assert read_sheet(saved(book)).grid.at[1, "A"] == "12345.6"


def test_1904_system_is_applied_to_dates_and_to_possible_serials() -> None:
    book = book_of([[date(2024, 12, 3)], [44167], [1425]])
    book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = date(2024, 12, 3)
    result = read_sheet(saved(book))
    assert result.grid["A"].tolist() == ["2024-12-03", "44167", "1425"]
    assert result.numeric_dates == {"A2": "2024-12-03"}


def test_whole_number_without_date_format_is_only_offered_as_date() -> None:
    result = read_sheet(saved(book_of([[45629], [45629.5], ["45629"]])))
    assert result.grid["A"].tolist() == ["45629", "45629.5", "45629"]
    assert result.numeric_dates == {"A1": "2024-12-03"}


def test_escapes_phonetics_and_line_breaks_are_resolved() -> None:
    texts = "<si><t>一_x000D_\n二</t></si><si><t>东</t><rPh sb='0' eb='1'><t>ひがし</t></rPh></si><si><t>_x005F_x000D_</t></si>"
    cells = "".join(f'<c t="s"><v>{at}</v></c>' for at in range(3))
    assert read_sheet(raw_xlsx(f"<row>{cells}</row>", texts=texts)).grid.loc[1].tolist() == ["一\n二", "东", "_x000D_"]


def test_prefixed_and_strict_files_read_the_same() -> None:
    data = raw_xlsx('<row r="1"><c r="A1" t="inlineStr"><is><t>慰问</t></is></c><c r="B1"><v>3</v></c></row>')
    sheet = (
        '<x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"><x:sheetData><x:row r="1">'
        '<x:c r="A1" t="inlineStr"><x:is><x:t>慰问</x:t></x:is></x:c><x:c r="B1"><x:v>3</x:v></x:c></x:row>'
        "</x:sheetData></x:worksheet>"
    )
    plain = read_sheet(data).grid
    prefixed = read_sheet(repacked(data, {"xl/worksheets/sheet1.xml": sheet})).grid
    assert prefixed.equals(plain)


def test_properties_are_kept_for_the_personal_data_scan() -> None:
    book = book_of([HEADER])
    book.properties.creator = "填报甲"
    book.properties.title = "第49周周报"
    properties = read(saved(book)).properties
    assert properties["creator"] == "填报甲"
    assert properties["title"] == "第49周周报"


def test_macros_are_noticed_and_not_run() -> None:
    data = repacked(saved(book_of([HEADER])), {"xl/vbaProject.bin": b"macro"})
    workbook = read(data, "周报.xlsm")
    assert workbook.has_macros
    assert [finding.rule for finding in workbook_findings(workbook)] == ["file.macros"]


def test_links_to_other_files_are_noticed_and_not_followed() -> None:
    data = repacked(saved(book_of([HEADER])), {"xl/externalLinks/externalLink1.xml": "<externalLink/>"})
    workbook = read(data)
    assert workbook.has_external_links
    assert [finding.rule for finding in workbook_findings(workbook)] == ["file.external_links"]


def test_plain_workbook_has_no_file_wide_warning() -> None:
    workbook = read(saved(book_of([HEADER])))
    assert workbook_findings(workbook) == ()


def test_sheet_protection_alone_is_no_obstacle() -> None:
    book = book_of([HEADER])
    sheet = book.active
    assert sheet is not None
    sheet.protection.enable()
    sheet.protection.set_password("geheim")
    assert read_sheet(saved(book)).grid.shape == (1, 4)


def test_chart_sheets_are_passed_over() -> None:
    book = book_of([HEADER])
    book.create_chartsheet("图")
    assert [sheet.name for sheet in read(saved(book)).sheets] == ["活动明细"]


def test_empty_sheet_has_no_rows_and_no_columns() -> None:
    assert read_sheet(saved(openpyxl.Workbook())).grid.shape == (0, 0)


def test_mojibake_pasted_into_a_workbook_is_refused_with_its_sheet() -> None:
    garbled = "活动名称,活动类别".encode().decode("gb18030", "replace")
    refusal = refuse(saved(book_of([[garbled, "锟斤拷锟斤拷"]])))
    assert refusal.rule == "file.mojibake"
    assert "活动明细" in str(refusal.words["place"])


def test_question_marks_beside_a_sound_table_are_no_mojibake() -> None:
    book = book_of([HEADER, ["走访慰问", "送温暖", "2024-12-03", 20]])
    helper = book.create_sheet("待核实")
    for text in ("??", "???", "??"):
        helper.append([text, "1"])
    assert [sheet.name for sheet in read(saved(book)).sheets] == ["活动明细", "待核实"]


def test_workbook_of_nothing_but_question_marks_is_mojibake() -> None:
    book = book_of([["????", "????", "????(?)"], ["??????", "???", 20]])
    book.create_sheet("Sheet2").append(["??"])
    refusal = refuse(saved(book))
    assert (refusal.rule, "活动明细" in str(refusal.words["place"])) == ("file.mojibake", True)


def test_words_that_ask_twice_are_no_mojibake() -> None:
    assert read(saved(book_of([["stock", "price??", "count??"], ["abc??", "1", "2"]])))


def test_mojibake_in_a_hidden_sheet_is_not_looked_at() -> None:
    book = book_of([HEADER, ["走访慰问", "送温暖", "2024-12-03", 20]])
    helper = book.create_sheet("旧")
    helper.append(["锟斤拷锟斤拷"])
    helper.sheet_state = "hidden"
    assert read(saved(book))


def test_gb2312_that_was_read_as_a_western_encoding_is_mojibake() -> None:
    rows = [[text.encode("gb18030").decode("latin-1") for text in HEADER]]
    assert refuse(saved(book_of(rows, "Sheet1"))).rule == "file.mojibake"


@pytest.mark.parametrize("text", ["Señor Muñoz à côté, déjà vu ün öä", "····· ······ ×× ±± ·····", "20°C ±5 · ½"])
def test_accents_and_signs_are_no_mojibake(text: str) -> None:
    assert read(saved(book_of([[text, text]])))


@pytest.mark.parametrize(
    "sheet_data",
    [
        '<row r="0"/>',
        '<row r="x"/>',
        '<row r="1048577"/>',
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="a1"><v>2</v></c></row>',
        '<row r="1"><c r="1A"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>7</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>-1</v></c></row>',
        "<row>",
    ],
)
def test_contradictory_sheet_is_refused_as_corrupt(sheet_data: str) -> None:
    assert refuse(raw_xlsx(sheet_data)).rule == "file.corrupt"


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"])
def test_missing_part_is_refused_as_corrupt(part: str) -> None:
    assert refuse(repacked(saved(book_of([HEADER])), {part: None})).rule == "file.corrupt"


def test_grid_agrees_with_openpyxl_on_a_mixed_sheet() -> None:
    rows = [[f"名称{row}", row * 7, row / 8, "" if row % 3 else "说明"] for row in range(1, 60)]
    data = saved(book_of(rows))
    grid = read_sheet(data).grid
    reference = openpyxl.load_workbook(io.BytesIO(data), data_only=True).active
    assert reference is not None
    for row in reference.iter_rows():
        for cell in row:
            expected = (
                "" if cell.value is None else f"{cell.value:g}" if isinstance(cell.value, float) else str(cell.value)
            )
            assert grid.at[cell.row, cell.column_letter] == expected
