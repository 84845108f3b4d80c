"""The catalogue's sheets, M32–M46, each through the real check."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import xlwt
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from tests.catalogue.checking import (
    HEADER,
    SHEET,
    activity,
    check,
    counts,
    exact,
    figures,
    fill,
    finding,
    is_clean,
    rules,
    saved,
    text_file,
    workbook,
)
from tests.union_workbooks import marked
from tests.unit.intake.formats.reading_files import OFFICE, RELATIONS, repacked
from tests.unit.intake.hand_made import make_id_number

from nuanliu.intake.formats.xls.ole import OleFile

if TYPE_CHECKING:
    from collections.abc import Callable

READ = {"F2": exact("people_served", 120), "G2": exact("funds_total", 3500)}
OTHER = activity(35, 200, name="暖冬招聘会", category="招聘会")
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"


def book_of(*sheets: tuple[str, list[list[object]]]) -> Any:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        fill(book.create_sheet(name), rows)
    return book


def table(*rows: list[object]) -> list[list[object]]:
    return [list(HEADER), *rows]


def changed(change: Callable[[Any], None], *rows: list[object]) -> bytes:
    """A table of rows (one activity when none is given) that is changed before it is saved."""
    book = book_of((SHEET, table(*(rows or (activity(),)))))
    change(book[SHEET])
    return saved(book)


# M32–M36: above and below the table ---------------------------------------------------------------------------------------


def test_m32_merged_titles_and_a_unit_line_stand_above_the_header() -> None:
    header = ["活动名称", "活动类别", "活动时间", "统计口径", "服务人数", "投入资金", "慰问金"]
    rows = [
        ["白银市总工会工会活动周报(2024年第49周)"],
        [None, None, None, None, None, "单位:万元"],
        header,
        ["困难职工走访", "送温暖慰问", "12月3日", "本次", 60, 6.5, "3"],
    ]
    book = book_of((SHEET, rows))
    book[SHEET].merge_cells("A1:G1")
    checked = check(saved(book))
    assert is_clean(checked)
    assert figures(checked) == {
        "E4": exact("people_served", 60),
        "F4": exact("funds_total", 65_000),
        "G4": exact("funds_condolence", 30_000),
    }


@pytest.mark.parametrize(("above", "status"), [(14, "accepted"), (15, "rejected")])
def test_m32_header_is_looked_for_in_the_first_15_rows(above: int, status: str) -> None:
    checked = check(workbook([activity()], above=[["工会活动周报"]] * above))
    assert checked.receipt.status == status
    assert (rules(checked, of="error") == ["file.header.missing"]) is (status == "rejected")


def test_m33_header_of_three_merged_rows_is_joined_from_top_to_bottom() -> None:
    rows: list[list[object]] = [
        ["活动名称", "活动类别", "活动时间", "统计口径", "服务情况", None, "投入资金(万元)", None],
        [None, None, None, None, "服务人数(人)", "场次", "合计", "其中:"],
        [None, None, None, None, None, None, None, "慰问金"],
        ["困难职工走访", "送温暖慰问", "12月3日", "本次", 60, 2, 6.5, 3],
    ]
    book = book_of((SHEET, rows))
    for area in ("A1:A3", "B1:B3", "C1:C3", "D1:D3", "E1:F1", "G1:H1", "E2:E3", "F2:F3", "G2:G3"):
        book[SHEET].merge_cells(area)
    checked = check(saved(book))
    assert checked.receipt.status == "accepted", checked.receipt.findings
    assert figures(checked) == {
        "E4": exact("people_served", 60),
        "F4": exact("sessions", 2),
        "G4": exact("funds_total", 65_000),
        "H4": exact("funds_condolence", 30_000),
    }


def test_m34_merged_labels_are_filled_down_and_merged_figures_never() -> None:
    header = ["填报单位", *HEADER]
    rows = [["靖远县总工会", *activity()], [None, *activity(None, None, name="暖冬招聘会", category="招聘会")]]
    book = book_of((SHEET, [header, *rows]))
    book[SHEET].merge_cells("A2:A3")
    labels = check(saved(book))
    assert is_clean(labels) or rules(labels, of="warning") == ["row.measures.none"]
    assert labels.submission.rows["reporting_union_id"].tolist() == ["620421", "620421"]
    book[SHEET].merge_cells("G2:G3")
    numbers = check(saved(book))
    assert [name for name, _, _ in figures(numbers).values()] == ["people_served", "funds_total"]
    assert finding(numbers, "row.figure.merged").cell == "G2"


@pytest.mark.parametrize("at", [0, 1, 2])
@pytest.mark.parametrize("word", ["合计", "小计", "总计", "合 计", "共计"])
def test_m35_total_row_is_left_out_wherever_it_stands_and_checked(at: int, word: str) -> None:
    rows = [activity(), OTHER]
    rows.insert(at, [word, None, None, None, None, 155, 3700])
    right = check(workbook(rows))
    assert is_clean(right)
    assert counts(right) == (2, 0, 0, 1)
    assert {total.measure: total.value for total in right.receipt.totals} == {
        "people_served": "155",
        "funds_total": "3700",
    }
    rows[at][5] = 160
    wrong = check(workbook(rows))
    assert (wrong.receipt.status, counts(wrong)) == ("held", (0, 0, 2, 1))
    assert "set.total.mismatch" in rules(wrong, of="query")


def test_m36_notes_and_signatures_below_are_kept_in_the_record_and_out_of_the_facts() -> None:
    foot = [[], ["备注:以上数据已核实,含县级120人"], ["填报人:某某", None, "审核人:某某"], ["(盖章)"]]
    checked = check(workbook([activity(), *foot]))
    assert is_clean(checked)
    assert counts(checked) == (1, 0, 0, 3)
    assert checked.submission.rows["row_class"].tolist() == ["activity", "note", "note", "note"]
    assert figures(checked) == READ
    assert "某某" not in json.dumps(checked.receipt.as_json(), ensure_ascii=False)


# M37–M43: where tables stand and what their columns are ----------------------------------------------------------------------


def test_m37_repeated_header_blank_rows_and_columns_and_a_table_far_from_a1_are_read() -> None:
    rows = [activity(), [], list(HEADER), [], OTHER]
    shifted = [[None, None, None, *row] for row in (list(HEADER), *rows)]
    for row in shifted:
        row.insert(5, None)  # a blank column inside
    book = book_of((SHEET, [[], [], *shifted]))
    checked = check(saved(book))
    assert is_clean(checked)
    assert counts(checked) == (2, 0, 0, 1)
    assert {cell: figure[1] for cell, figure in figures(checked).items()} == {
        "J4": 120,
        "K4": 3500,
        "J8": 35,
        "K8": 200,
    }


def test_m38_two_tables_side_by_side_are_held() -> None:
    row = activity()
    checked = check(workbook([[*row, None, *row]], [*HEADER, None, *HEADER]))
    assert checked.receipt.status == "held"
    assert counts(checked) == (0, 0, 1, 0)
    assert finding(checked, "file.table.second").severity == "query"


def test_m38_two_tables_stacked_are_held() -> None:
    second: list[list[object]] = [
        [],
        ["附表:驿站情况"],
        ["活动名称", "活动类别", "参与企业(家)", "结束日期"],
        ["招聘会", "就业服务", 37, "2024-12-06"],
    ]
    checked = check(workbook([activity(), *second]))
    assert checked.receipt.status == "held"
    assert counts(checked)[0] == 0
    assert finding(checked, "file.table.second").severity == "query"


def test_m39_every_sheet_with_a_table_is_read_but_examples_explanations_and_drafts_never() -> None:
    book = book_of(
        ("填报说明", [["请逐行填写"]]),
        ("靖远县", table(activity())),
        ("景泰县", table(OTHER)),
        ("示例", table(activity(99999))),
        ("底稿(勿动)", table(activity(88888))),
    )
    checked = check(saved(book))
    assert counts(checked) == (2, 0, 0, 0)
    assert checked.submission.rows["sheet"].tolist() == ["靖远县", "景泰县"]
    assert {total.measure: total.value for total in checked.receipt.totals} == {
        "people_served": "155",
        "funds_total": "3700",
    }


@pytest.mark.parametrize("name", ["示例:慰问活动", "(例)慰问活动", "示例"])
def test_m39_row_marked_as_an_example_never_loads(name: str) -> None:
    checked = check(workbook([activity(99999, name=name), activity()]))
    assert is_clean(checked)
    assert counts(checked) == (1, 0, 0, 1)
    assert set(figures(checked)) == {"F3", "G3"}


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_m40_hidden_sheet_is_not_loaded_and_named_in_a_warning(state: str) -> None:
    book = book_of((SHEET, table(activity())), ("去年", table(activity(77777))))
    book["去年"].sheet_state = state
    checked = check(saved(book))
    assert checked.receipt.status == "accepted_with_warnings"
    assert "“去年”" in finding(checked, "file.sheet.hidden").message
    assert figures(checked) == READ


def test_m41_hidden_row_is_held_and_the_others_are_taken() -> None:
    def hide(sheet: Any) -> None:
        sheet.row_dimensions[2].hidden = True

    checked = check(changed(hide, activity(), OTHER))
    assert (checked.receipt.status, counts(checked)) == ("partially_accepted", (1, 0, 1, 0))
    assert (finding(checked, "row.hidden").cell, finding(checked, "row.hidden").severity) == ("A2", "query")
    assert set(figures(checked)) == {"F3", "G3"}


def test_m41_row_that_a_filter_hides_is_held() -> None:
    def filtered(sheet: Any) -> None:
        sheet.auto_filter.ref = "A1:G3"
        sheet.auto_filter.add_filter_column(1, ["招聘会"])
        sheet.row_dimensions[2].hidden = True

    assert rules(check(changed(filtered, activity(), OTHER)), of="query") == ["row.hidden"]


def test_m42_columns_may_be_reordered_and_renamed() -> None:
    header = ["资金投入(元)", "服务职工人数", "类别", "活动主题", "活动时间"]
    header[0] = "投入资金(元)"
    checked = check(workbook([[3500, 120, "健康义诊", "货车司机健康义诊", "12月3日-4日"]], header))
    assert checked.receipt.status.startswith("accepted"), checked.receipt.findings
    assert figures(checked)["A2"] == exact("funds_total", 3500)


@pytest.mark.parametrize("lost", ["活动名称", "活动类别"])
def test_m42_missing_required_column_rejects_the_file(lost: str) -> None:
    at = HEADER.index(lost)
    row = activity()
    checked = check(workbook([row[:at] + row[at + 1 :]], HEADER[:at] + HEADER[at + 1 :]))
    assert (checked.receipt.status, counts(checked)) == ("rejected", (0, 1, 0, 0))
    assert lost in finding(checked, "file.column.missing").message


def test_m42_unknown_extra_column_is_warned_of_and_kept_raw() -> None:
    checked = check(workbook([[*activity(), "晴"]], [*HEADER, "天气情况"]))
    assert checked.receipt.status == "accepted_with_warnings"
    unknown = finding(checked, "file.column.unknown")
    assert (unknown.cell, unknown.value) == ("H1", "天气情况")
    assert "晴" in checked.submission.rows["remarks"].tolist()[0]
    assert figures(checked) == READ


def test_m43_transposed_table_is_held_and_not_read() -> None:
    rows = [list(pair) for pair in zip(HEADER, activity(), OTHER, strict=True)]
    checked = check(saved(book_of((SHEET, rows))))
    assert checked.receipt.status == "held"
    assert finding(checked, "file.table.transposed").severity == "query"
    assert figures(checked) == {}


def test_m43_units_across_the_top_are_never_read_as_figures() -> None:
    rows = [["指标", "靖远县", "景泰县", "会宁县"], ["服务人数(人)", 120, 35, 8], ["投入资金(元)", 3500, 200, 1]]
    checked = check(saved(book_of((SHEET, rows))))
    assert checked.receipt.status in {"held", "rejected"}
    assert rules(checked)[0] in {"file.table.transposed", "file.header.missing"}
    assert figures(checked) == {}


# M44: struck out, coloured ---------------------------------------------------------------------------------------------------


def paint(sheet: Any, row: int, *, fill_with: str | None = None, write_in: str | None = None) -> None:
    for cell in sheet[row]:
        if fill_with:
            cell.fill = PatternFill("solid", fgColor=fill_with)
        if write_in:
            cell.font = Font(color=write_in)


def test_m44_struck_out_row_is_held() -> None:
    def strike(sheet: Any) -> None:
        for cell in sheet[3]:
            cell.font = Font(strike=True)

    checked = check(changed(strike, activity(), OTHER))
    assert (checked.receipt.status, counts(checked)) == ("partially_accepted", (1, 0, 1, 0))
    assert finding(checked, "row.struck").cell == "A3"


@pytest.mark.parametrize(
    ("line", "how"),
    [("注:标红的行作废", {"fill_with": "FFFF0000"}), ("说明:灰色表示取消,不计入", {"fill_with": "FFBFBFBF"}),
     ("黄色底的为已取消活动", {"fill_with": "FFFFFF00"}), ("红字部分不计入合计", {"write_in": "FFFF0000"}),
     ("备注:标颜色的不统计", {"fill_with": "FF92D050"})],
)  # fmt: skip
@pytest.mark.parametrize("is_above", [True, False])
def test_m44_row_in_a_colour_that_the_sheet_calls_void_is_held(line: str, how: dict[str, str], is_above: bool) -> None:
    first = 3 if is_above else 2
    rows = [[line], list(HEADER), activity(), OTHER] if is_above else [list(HEADER), activity(), OTHER, [line]]
    book = book_of((SHEET, rows))
    paint(book[SHEET], first, **how)
    checked = check(saved(book))
    assert (checked.receipt.status, counts(checked)[:3]) == ("partially_accepted", (1, 0, 1))
    query = finding(checked, "row.coloured")
    assert (query.severity, query.cell, query.row) == ("query", f"A{first}", first)
    assert set(figures(checked)) == {f"F{first + 1}", f"G{first + 1}"}


def test_m44_line_that_calls_a_colour_void_may_stand_in_a_comment() -> None:
    def annotate(sheet: Any) -> None:
        paint(sheet, 3, fill_with="FFC0C0C0")
        sheet["A1"].comment = Comment("灰色的为取消的活动", "填报人")

    assert finding(check(changed(annotate, activity(), OTHER)), "row.coloured").row == 3


def test_m44_colour_alone_proves_nothing_and_another_colour_than_the_named_neither() -> None:
    def colours(sheet: Any) -> None:
        paint(sheet, 1, fill_with="FFDDEBF7")
        paint(sheet, 2, fill_with="FFFF0000", write_in="FFFF0000")
        paint(sheet, 3, fill_with="FFF2F2F2")

    assert is_clean(check(changed(colours, activity(), OTHER)))
    yellow = changed(colours, activity(), OTHER, ["注:标黄的为新增活动,标蓝的作废"])
    assert is_clean(check(yellow))


@pytest.mark.parametrize("line", ["红色为必填项,请勿删除", "红色主题教育因故取消", "黄色为重点活动"])
def test_m44_other_words_about_colours_hold_nothing(line: str) -> None:
    def colours(sheet: Any) -> None:
        paint(sheet, 2, fill_with="FFFF0000")
        paint(sheet, 3, fill_with="FFFFFF00")

    assert is_clean(check(changed(colours, activity(), OTHER, [f"备注:{line}"])))


def test_m44_colours_of_a_biff8_workbook_are_seen_too() -> None:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet(SHEET)
    red = xlwt.easyxf("pattern: pattern solid, fore_colour red")
    for at, row in enumerate([*table(activity(), OTHER), ["注:标红的行作废"]]):
        for column, content in enumerate(row):
            sheet.write(at, column, content, *([red] if at == 2 else []))
    checked = check(saved(book), "周报.xls")
    assert (finding(checked, "row.coloured").row, counts(checked)[:3]) == (3, (1, 0, 1))


# M45: figures that stand beside the cells ---------------------------------------------------------------------------------------


def drawn_on(data: bytes, shapes: str, *, head: str = "") -> bytes:
    """An xlsx whose first sheet has a drawing."""
    with_relation = f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId77" Type="{OFFICE}/drawing" Target="../drawings/drawing1.xml"/></Relationships>'
    return repacked(
        data,
        {
            "xl/worksheets/_rels/sheet1.xml.rels": with_relation,
            "xl/drawings/drawing1.xml": f'{head}<xdr:wsDr xmlns:xdr="{DRAWING}/spreadsheetDrawing" xmlns:a="{DRAWING}/main">'
            f"<xdr:twoCellAnchor>{shapes}</xdr:twoCellAnchor></xdr:wsDr>",
        },
    )


def text_box(*paragraphs: str) -> str:
    runs = "".join(
        f"<a:p><a:r><a:t>{text[:3]}</a:t></a:r><a:r><a:t>{text[3:]}</a:t></a:r></a:p>" for text in paragraphs
    )
    return f"<xdr:sp><xdr:txBody><a:bodyPr/>{runs}</xdr:txBody></xdr:sp>"


PICTURE = "<xdr:pic><xdr:nvPicPr/></xdr:pic>"


@pytest.mark.parametrize("shapes", [text_box("另有慰问金1200余元"), text_box("服务三百人"), PICTURE])
def test_m45_text_box_with_figures_or_picture_is_not_read_and_its_sheet_is_named(shapes: str) -> None:
    checked = check(drawn_on(workbook([activity()]), shapes))
    assert checked.receipt.status == "accepted_with_warnings"
    assert rules(checked, of="warning") == ["file.drawing.unread"]
    assert f"“{SHEET}”" in finding(checked, "file.drawing.unread").message
    assert figures(checked) == READ


def test_m45_text_box_without_figures_is_no_finding() -> None:
    assert is_clean(check(drawn_on(workbook([activity()]), text_box("白银市总工会"))))


def test_m45_sheet_that_is_nothing_but_a_picture_is_told_so() -> None:
    checked = check(drawn_on(saved(book_of((SHEET, []))), PICTURE))
    assert checked.receipt.status == "rejected"
    assert set(rules(checked)) == {"file.header.missing", "file.drawing.unread"}


def test_m45_figure_in_a_comment_is_not_read_and_its_cell_is_warned_of() -> None:
    def annotate(sheet: Any) -> None:
        sheet["F2"].comment = Comment("实际为 555 人", "填报人")

    checked = check(changed(annotate, activity(None)))
    assert checked.receipt.status == "accepted_with_warnings"
    assert finding(checked, "row.figure.in_comment").cell == "F2"
    assert figures(checked) == {"G2": exact("funds_total", 3500)}


def test_m45_personal_number_in_a_text_box_is_found_and_never_shown() -> None:
    number = make_id_number()
    checked = check(drawn_on(workbook([activity()]), text_box(f"联系人某某{number}")))
    assert checked.receipt.status == "accepted_with_warnings"
    assert f"“{SHEET}”" in finding(checked, "pii.drawing.masked").message
    assert number not in json.dumps(checked.receipt.as_json(), ensure_ascii=False)


def test_m45_list_of_persons_in_a_text_box_sends_the_file_to_quarantine() -> None:
    numbers = [make_id_number(body) for body in ("62010219800101123", "62010219810202456")]
    checked = check(drawn_on(workbook([activity()]), text_box(*(f"某某{number}" for number in numbers))))
    assert checked.receipt.status == "rejected"
    assert rules(checked) == ["pii.person_level"]
    assert checked.submission.quarantine


def test_m45_entity_declarations_in_a_drawing_are_rejected() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'
    checked = check(drawn_on(workbook([activity()]), text_box("x"), head=bomb))
    assert rules(checked) == ["file.xml_entities"]


@pytest.mark.filterwarnings("ignore:DrawingML support")
def test_m45_marked_copy_of_a_sheet_with_drawings_keeps_them() -> None:
    answer = marked(drawn_on(workbook([activity(people=-5)]), text_box("另有1200余元")))
    assert openpyxl.load_workbook(io.BytesIO(answer)).sheetnames == ["检查结果", SHEET]
    with zipfile.ZipFile(io.BytesIO(answer)) as archive:
        assert "200余元" in archive.read("xl/drawings/drawing1.xml").decode()


def biff_with_text_box(text: str, kind: int = 0x06) -> bytes:
    """An .xls stream whose only sheet has an OBJ and a TxO record before its end; xlwt writes none."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet(SHEET)
    for at, row in enumerate(table(activity())):
        for column, content in enumerate(row):
            sheet.write(at, column, content)
    stream = OleFile(saved(book)).stream("Workbook")
    assert stream is not None

    def record(number: int, body: bytes) -> bytes:
        return struct.pack("<HH", number, len(body)) + body

    half = len(text) // 2
    pieces = (text[:half], text[half:])
    drawn = record(0x5D, struct.pack("<HHHHH", 0x15, 0x12, kind, 1, 0) + bytes(12)) + record(
        0x1B6, struct.pack("<HH6xHHI", 0, 0, len(text), 16 if text else 0, 0)
    )
    if text:
        drawn += b"".join(record(0x3C, b"\x01" + piece.encode("utf-16-le")) for piece in pieces) + record(
            0x3C, bytes(16)
        )
    end = stream.rindex(b"\x0a\x00\x00\x00")
    return stream[:end] + drawn + stream[end:]


def test_m45_text_boxes_and_pictures_of_a_biff8_workbook_are_seen_too() -> None:
    number = make_id_number()
    checked = check(biff_with_text_box(f"另有1200余人,联系人{number}"), "周报.xls")
    assert set(rules(checked, of="warning")) == {"file.drawing.unread", "pii.drawing.masked"}
    assert figures(checked) == READ
    assert rules(check(biff_with_text_box("", kind=0x08), "周报.xls"), of="warning") == ["file.drawing.unread"]
    assert is_clean(check(biff_with_text_box("批注 120", kind=0x19), "周报.xls"))


# M46 --------------------------------------------------------------------------------------------------------------------


def test_m46_rows_of_counties_in_a_prefectures_file_load_with_the_prefecture_as_sender() -> None:
    header = ["填报单位", *HEADER]
    rows = [
        ["白银市总工会", *activity()],
        ["靖远县总工会", *OTHER],
        ["景泰县总工会", *activity(10, 100, name="走访慰问", category="送温暖慰问")],
        ["合计", None, None, None, None, None, 165, 3800],
    ]
    checked = check(workbook(rows, header))
    assert is_clean(checked)
    assert counts(checked) == (3, 0, 0, 1)
    assert checked.receipt.union_id == "620400"
    assert checked.submission.rows["reporting_union_id"].tolist()[:3] == ["620400", "620421", "620423"]
    assert {total.measure: total.value for total in checked.receipt.totals} == {
        "people_served": "165",
        "funds_total": "3800",
    }


def test_m46_county_rows_that_do_not_add_up_to_the_prefectures_total_are_held() -> None:
    rows = [["靖远县总工会", *activity()], ["景泰县总工会", *OTHER], ["合计", None, None, None, None, None, 500, 3700]]
    checked = check(workbook(rows, ["填报单位", *HEADER]))
    assert (checked.receipt.status, counts(checked)) == ("held", (0, 0, 2, 1))
    assert rules(checked, of="query") == ["set.total.mismatch"]


def test_m46_rows_of_another_prefectures_county_hold_the_file() -> None:
    checked = check(text_file([["永登县总工会", *activity()]], ["填报单位", *HEADER]), "周报.csv")
    assert checked.receipt.status == "held"
    assert rules(checked, of="query") == ["org.reporting.foreign"]
