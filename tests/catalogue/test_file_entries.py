"""The catalogue's files, M1–M31, each through the real check. What needs earlier drops: tests/integration/test_catalogue_versions.py."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import datetime

import openpyxl
import pytest
import xlwt
from openpyxl.styles.protection import Protection
from tests.catalogue.checking import (
    ARRIVAL,
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
from tests.unit.intake.formats.reading_files import ole_container, repacked, zipped
from tests.unit.intake.hand_made import make_id_number

from nuanliu.operations.drops.answering import mark_drop
from nuanliu.operations.drops.drop_path import is_temporary

READ = {"F2": exact("people_served", 120), "G2": exact("funds_total", 3500)}
SHEET_PART = "xl/worksheets/sheet1.xml"
DOCTYPE = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def xls_file(rows: list[list[object]]) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet(SHEET)
    for at, row in enumerate(rows):
        for column, content in enumerate(row):
            sheet.write(at, column, content)
    return saved(book)


def plain_xlsx() -> bytes:
    return workbook([activity()])


def plain_xls() -> bytes:
    return xls_file([list(HEADER), activity()])


def book_of(*sheets: tuple[str, list[list[object]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        fill(book.create_sheet(name), rows)
    return saved(book)


def with_cover(*lines: tuple[str, str], rows: list[list[object]] | None = None) -> bytes:
    table = [list(HEADER), *([activity()] if rows is None else rows)]
    return book_of(("报送信息", [list(line) for line in lines]), (SHEET, table))


def rejected(data: bytes, rule: str, name: str = "周报.xlsx") -> None:
    """Nothing of the file is taken, under its own rule, in words that say how to mend it."""
    checked = check(data, name)
    assert (checked.receipt.status, rules(checked)) == ("rejected", [rule])
    assert counts(checked) == (0, 0, 0, 0)
    finding(checked, rule)


# M1–M5: the ending lies ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["周报.xls", "周报.csv", "周报.doc", "周报", "周报.XLSX"])
def test_m01_xlsx_is_read_whatever_its_name_ends_in(name: str) -> None:
    checked = check(plain_xlsx(), name)
    assert is_clean(checked)
    assert figures(checked) == READ


@pytest.mark.parametrize("name", ["周报.xlsx", "周报.csv"])
def test_m02_biff8_workbook_is_read_under_a_name_of_another_kind(name: str) -> None:
    checked = check(plain_xls(), name)
    assert is_clean(checked)
    assert figures(checked) == READ


@pytest.mark.parametrize("make", [plain_xls, plain_xlsx])
def test_m03_et_of_wps_is_read_by_what_is_inside(make) -> None:
    checked = check(make(), "周报.et")
    assert is_clean(checked)
    assert figures(checked) == READ


def test_m03_et_that_holds_neither_kind_of_workbook_is_rejected_asking_for_xlsx() -> None:
    checked = check(ole_container({"ET": b"x"}), "周报.et")
    assert (checked.receipt.status, rules(checked)) == ("rejected", ["file.document"])
    assert ".xlsx" in finding(checked, "file.document").fix


@pytest.mark.parametrize(
    "head", ["<html>", "<table>", '<!DOCTYPE html><html xmlns:x="urn:schemas-microsoft-com:office:excel">']
)
def test_m04_html_table_named_xls_is_rejected_with_the_way_to_save_it(head: str) -> None:
    data = f"{head}<tr><td>活动名称</td><td>120</td></tr></table>".encode("gb18030")
    rejected(data, "file.web_page", "周报.xls")
    assert "另存为" in finding(check(data, "周报.xls"), "file.web_page").fix


def test_m05_spreadsheetml_named_xls_is_rejected_with_the_way_to_save_it() -> None:
    data = (
        b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet/></Workbook>'
    )
    rejected(data, "file.xml_spreadsheet", "周报.xls")
    rejected(data.replace(b"<Workbook", DOCTYPE.encode() + b"<Workbook"), "file.xml_spreadsheet", "周报.xls")


# M6–M10: texts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", "\t", ";", "，"])
@pytest.mark.parametrize("name", ["周报.csv", "周报.txt"])
def test_m06_separator_is_found_in_the_first_lines(separator: str, name: str) -> None:
    checked = check(text_file([activity()], separator=separator), name)
    assert is_clean(checked)
    assert figures(checked) == READ


@pytest.mark.parametrize("encoding", ["gb18030", "gbk", "utf-16"])
def test_m07_gb18030_csv_is_read_when_utf8_fails_and_utf16_by_its_mark(encoding: str) -> None:
    checked = check(text_file([activity()], encoding=encoding), "周报.csv")
    assert is_clean(checked)
    assert figures(checked) == READ
    assert checked.submission.rows["activity_name"].tolist() == ["货车司机健康义诊"]


def test_m07_utf16_without_its_mark_is_rejected_and_not_guessed() -> None:
    rejected(text_file([activity()], encoding="utf-16-le"), "file.encoding", "周报.csv")


def test_m08_byte_order_mark_is_no_part_of_the_first_header() -> None:
    checked = check(text_file([activity()], encoding="utf-8-sig"), "周报.csv")
    assert is_clean(checked)
    assert checked.submission.layout[None]["activity_name"] == "A"
    assert figures(checked) == READ


@pytest.mark.parametrize("garbled", ["锟斤拷锟斤拷", "\ufffd\ufffd", "ä½\xa0å¥½ä½\xa0å¥½"])
def test_m09_text_that_is_garbled_already_is_rejected(garbled: str) -> None:
    rejected(text_file([activity(name=garbled)]), "file.mojibake", "周报.csv")


@pytest.mark.parametrize("line_end", ["\n", "\r", "\r\n"])
def test_m10_every_line_end_is_read_and_a_break_inside_quotes_is_part_of_the_text(line_end: str) -> None:
    checked = check(text_file([activity(name='"健康\n义诊"'), activity(name="招聘会")], line_end=line_end), "周报.csv")
    assert is_clean(checked)
    assert checked.submission.rows["activity_name"].tolist() == ["健康 义诊", "招聘会"]
    assert figures(checked)["F3"] == exact("people_served", 120)


def test_m10_ragged_row_is_held_at_its_place_and_the_others_are_taken() -> None:
    checked = check(text_file([activity(), [*activity(name="招聘会"), "多出一格"]]), "周报.csv")
    assert checked.receipt.status == "partially_accepted"
    assert counts(checked) == (1, 0, 1, 0)
    ragged = finding(checked, "row.ragged")
    assert (ragged.severity, ragged.cell, ragged.row) == ("query", "A3", 3)
    assert figures(checked) == READ


# M11–M16: hostile and broken --------------------------------------------------------------------------------------------


def test_m11_password_protected_workbook_is_rejected_in_clear_words() -> None:
    data = ole_container({"EncryptionInfo": b"x", "EncryptedPackage": bytes(5000)})
    rejected(data, "file.encrypted")
    assert "密码" in finding(check(data), "file.encrypted").fix


def test_m11_sheet_protection_alone_is_no_obstacle() -> None:
    book = openpyxl.load_workbook(io.BytesIO(plain_xlsx()))
    sheet = book[SHEET]
    sheet.protection.set_password("0000")
    sheet.protection.enable()
    sheet["A1"].protection = Protection(locked=True)
    checked = check(saved(book))
    assert is_clean(checked)
    assert figures(checked) == READ


def test_m12_zip_bomb_is_rejected_while_it_unfolds() -> None:
    rejected(repacked(plain_xlsx(), {SHEET_PART: b" " * (30 << 20)}), "file.bomb")


def test_m12_formatted_empty_rows_are_no_rows_and_too_many_of_them_are_rejected(set_limit: Callable[..., None]) -> None:
    with zipfile.ZipFile(io.BytesIO(plain_xlsx())) as archive:
        sheet = archive.read(SHEET_PART).decode()
    blank = "".join(f'<row r="{row}" s="1" customFormat="1" ht="15"/>' for row in range(3, 20_003))
    data = repacked(plain_xlsx(), {SHEET_PART: sheet.replace("</sheetData>", f"{blank}</sheetData>")})
    checked = check(data)
    assert is_clean(checked)
    assert counts(checked) == (1, 0, 0, 0)
    set_limit("max_idle_elements", 10_000, of="file")
    rejected(data, "file.too_many_blanks")


@pytest.mark.parametrize(
    ("cap", "limit", "rule"),
    [("max_rows", 3, "file.too_many_rows"), ("max_columns", 5, "file.too_many_columns"), ("max_cells", 20, "file.too_many_cells"),
     ("max_bytes", 900, "file.too_large"), ("max_members", 3, "file.bomb"), ("max_sheets", 0, "file.too_many_sheets"),
     ("max_member_bytes", 500, "file.bomb"), ("max_total_unpacked_bytes", 2000, "file.bomb")],
)  # fmt: skip
def test_m12_every_size_is_capped_while_reading(
    cap: str, limit: int, rule: str, set_limit: Callable[..., None]
) -> None:
    set_limit(cap, limit, of="file")
    rejected(workbook([activity()] * 4), rule)


def test_m13_macros_are_not_run_and_the_values_are_taken_with_a_warning() -> None:
    checked = check(repacked(plain_xlsx(), {"xl/vbaProject.bin": b"Sub Auto_Open"}), "周报.xlsm")
    assert checked.receipt.status == "accepted_with_warnings"
    assert rules(checked, of="warning") == ["file.macros"]
    assert figures(checked) == READ


@pytest.mark.parametrize(
    "part", ["xl/externalLinks/externalLink1.xml", "xl/embeddings/oleObject1.bin", "xl/connections.xml"]
)
def test_m14_outside_content_is_not_followed_and_the_stored_values_are_taken_with_a_warning(part: str) -> None:
    checked = check(repacked(plain_xlsx(), {part: "<externalLink/>"}))
    assert rules(checked, of="warning") == ["file.external_links"]
    assert figures(checked) == READ


@pytest.mark.parametrize("part", [SHEET_PART, "xl/workbook.xml", "xl/styles.xml", "docProps/core.xml", "_rels/.rels"])
def test_m15_entity_declarations_in_any_part_are_rejected(part: str) -> None:
    with zipfile.ZipFile(io.BytesIO(plain_xlsx())) as archive:
        content = archive.read(part).decode()
    head = content.index("<", 1) if content.startswith("<?") else 0
    rejected(repacked(plain_xlsx(), {part: DOCTYPE + content[head:]}), "file.xml_entities")


def test_m15_entity_declarations_in_shared_texts_are_rejected() -> None:
    rejected(repacked(plain_xlsx(), {"xl/sharedStrings.xml": f"{DOCTYPE}<sst>&b;</sst>"}), "file.xml_entities")


@pytest.mark.parametrize("make", [plain_xlsx, plain_xls])
def test_m16_truncated_upload_is_rejected(make) -> None:
    data = make()
    for share in (0.2, 0.6, 0.95):
        rejected(data[: int(len(data) * share)], "file.corrupt")


def test_m16_damaged_part_is_rejected_as_corrupt() -> None:
    data = bytearray(plain_xlsx())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        info = archive.getinfo(SHEET_PART)
    at = info.header_offset + 30 + len(info.filename) + info.compress_size // 2
    data[at] ^= 0xFF
    rejected(bytes(data), "file.corrupt")


MEMORY = """
import json, resource, sys
from datetime import datetime
from pathlib import Path
from nuanliu.intake.reader import read_submission

plain, hostile, arrival = sys.argv[1:]

def read(data, name):
    received_at = datetime.fromisoformat(arrival)
    return read_submission(data, object_key=name, sender_id="620400", path_week="2024-W49", received_at=received_at)

read(Path(plain).read_bytes(), "a.xlsx")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
answers = {}
for path in sorted(Path(hostile).iterdir()):
    submission = read(path.read_bytes(), path.name)
    answers[path.name] = [len(submission.rows), *(finding.rule for finding in submission.findings)]
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(json.dumps({"grown_mb": grown / 1024, "answers": answers}))
"""
"""All but the checks after reading: they hold rows only, and Great Expectations takes seconds to import."""


def test_m12_hostile_files_are_all_answered_within_500_mb_beyond_start_up(tmp_path) -> None:
    book = plain_xlsx()
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        sheet = archive.read(SHEET_PART).decode()
    blank = "".join(f'<row r="{row}" s="1" customFormat="1" ht="15"/>' for row in range(3, 1_000_003))
    files = {
        "bomb.xlsx": repacked(book, {SHEET_PART: b" " * (200 << 20)}),
        "deep.xlsx": repacked(book, {"xl/styles.xml": "<a>" * 100_000}),
        "empty_rows.xlsx": repacked(book, {SHEET_PART: sheet.replace("</sheetData>", f"{blank}</sheetData>")}),
        "encrypted.xlsx": ole_container({"EncryptionInfo": b"x", "EncryptedPackage": bytes(2_000_000)}),
        "entities.xlsx": repacked(book, {"xl/sharedStrings.xml": f"{DOCTYPE}<sst>&b;</sst>"}),
        "long_line.csv": b"a," * 5_000_000,
        "macros.xlsm": repacked(book, {"xl/vbaProject.bin": bytes(1_000_000)}),
        "packed_bomb.zip": zipped({"a.csv": b"a,b\n" * (25 << 20)}),
        "truncated.xlsx": book[:-100],
    }  # fmt: skip
    hostile, plain = tmp_path / "hostile", tmp_path / "plain.xlsx"
    hostile.mkdir()
    for name, data in files.items():
        (hostile / name).write_bytes(data)
    plain.write_bytes(workbook([activity()]))
    ran = subprocess.run(
        [sys.executable, "-c", MEMORY, str(plain), str(hostile), ARRIVAL.isoformat()],
        capture_output=True,
        text=True,
        check=True,
        env=python_env(),
    )
    said = json.loads(ran.stdout.splitlines()[-1])
    assert said["answers"] == {
        "bomb.xlsx": [0, "file.bomb"],
        "deep.xlsx": [0, "file.corrupt"],
        "empty_rows.xlsx": [1],
        "encrypted.xlsx": [0, "file.encrypted"],
        "entities.xlsx": [0, "file.xml_entities"],
        "long_line.csv": [0, "file.too_many_columns"],
        "macros.xlsm": [1, "file.macros"],
        "packed_bomb.zip": [0, "file.bomb"],
        "truncated.xlsx": [0, "file.corrupt"],
    }
    assert said["grown_mb"] < 500


def python_env() -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


# M17–M23: names, nothing, and other things -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "..%2f周报.xlsx",
        "周\u202e报xslx.exe",
        "长" * 300 + ".xlsx",
        "周报;rm -rf.xlsx",
        "周报\t.xlsx",
        "=cmd.xlsx",
        "CON.xlsx",
        ".",
    ],
)
def test_m17_dangerous_name_is_only_data(name: str) -> None:
    checked = check(plain_xlsx(), name)
    assert is_clean(checked)
    assert figures(checked) == READ
    assert checked.receipt.object_key == f"intake/620400/2024-W49/{name}"


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b" \r\n"])
def test_m18_empty_file_is_rejected_and_the_unit_still_counts_as_not_reported(data: bytes) -> None:
    rejected(data, "file.empty")
    assert "未报" in finding(check(data), "file.empty").message


@pytest.mark.parametrize("rows", [[], [["合计", None, None, None, None, 0, 0]], [["填报人:某某"]]])
def test_m19_header_without_rows_is_held_and_no_zero_report(rows: list[list[object]]) -> None:
    checked = check(workbook(rows))
    assert checked.receipt.status == "held"
    assert finding(checked, "file.rows.none").severity == "query"
    assert checked.receipt.submission_type != "零报告"


def test_m20_explicit_zero_report_is_accepted() -> None:
    for data in (
        with_cover(("报送单位", "白银市总工会"), ("报送类型", "零报告"), rows=[]),
        workbook([["本周无活动"]]),
        text_file([["零报告"]]),
    ):
        checked = check(data)
        assert checked.receipt.status == "accepted"
        assert (checked.receipt.submission_type, checked.receipt.activities) == ("零报告", 0)


def test_m20_zero_report_with_activities_is_held() -> None:
    checked = check(with_cover(("报送类型", "零报告")))
    assert checked.receipt.status == "held"
    assert counts(checked) == (0, 0, 1, 0)
    finding(checked, "file.zero.with_rows")


@pytest.mark.parametrize(
    "name", ["~$周报.xlsx", ".~lock.周报.xlsx#", "Thumbs.db", ".DS_Store", "周报.xlsx.part", "desktop.ini"]
)
def test_m21_temporary_names_are_never_taken(name: str) -> None:
    assert is_temporary(f"intake/620400/{name}")
    assert not is_temporary("intake/620400/周报.xlsx")


def cp437_zip(name: str, data: bytes) -> bytes:
    """A zip as Chinese Windows writes it: GB18030 in a name that does not say so."""
    stand_in = "x" * len(name.encode("gb18030"))
    packed = zipped({stand_in: data})
    return packed.replace(stand_in.encode(), name.encode("gb18030"))


@pytest.mark.parametrize("make", [plain_xlsx, plain_xls, lambda: text_file([activity()], encoding="gb18030")])
def test_m22_zip_with_one_table_is_read_as_that_table_and_says_so(make) -> None:
    packed = zipped(
        {"上报/白银周报.dat": make(), "__MACOSX/._白银周报.dat": b"x", "上报/.DS_Store": b"x", "Thumbs.db": b"x"}
    )
    checked = check(packed, "周报.zip")
    assert is_clean(checked)
    assert figures(checked) == READ
    assert "“白银周报.dat”" in finding(checked, "file.packed").message
    assert finding(checked, "file.packed").severity == "info"


def test_m22_name_inside_the_zip_counts_as_a_file_name() -> None:
    other_week = check(cp437_zip("周报(2024年第48周).xlsx", plain_xlsx()), "周报.zip")
    assert other_week.receipt.status == "held"
    assert "压缩包里的文件名写的是 2024-W48" in finding(other_week, "file.period.conflict").message
    named = check(zipped({"周报(2024年第49周).xlsx": plain_xlsx()}), "周报.zip", week=None)
    assert named.receipt.week == "2024-W49"
    assert "file.period.absent" not in rules(named)
    number = make_id_number()
    person = check(zipped({f"{number}.xlsx": plain_xlsx()}), "周报.zip")
    assert "pii.file_name.masked" in rules(person)
    assert number not in json.dumps(person.receipt.as_json(), ensure_ascii=False)


@pytest.mark.parametrize(
    "data",
    [zipped({}), zipped({"甲.xlsx": b"x", "乙.xlsx": b"y"}), zipped({"周报.zip": zipped({"周报.xlsx": b"x"})}),
     zipped({"周报.rar": b"Rar!\x1a\x07\x01\x00"}), b"Rar!\x1a\x07\x01\x00", b"7z\xbc\xaf'\x1c\x00\x04", b"\x1f\x8b\x08\x00"],
)  # fmt: skip
def test_m22_other_archives_are_rejected_asking_for_the_table_itself(data: bytes) -> None:
    rejected(data, "file.archive", "周报.zip")
    assert "解压" in finding(check(data, "周报.zip"), "file.archive").fix


def test_m22_what_a_zip_holds_is_judged_as_if_it_had_been_dropped() -> None:
    rejected(zipped({"周报.pdf": b"%PDF-1.7\n%\xe2\xe3"}), "file.pdf", "周报.zip")
    rejected(zipped({"周报.csv": b" " * (30 << 20)}), "file.bomb", "周报.zip")
    rejected(zipped({"周报.xlsx": plain_xlsx()[:-200]}), "file.corrupt", "周报.zip")


def test_m22_the_marked_workbook_is_made_of_the_one_inside() -> None:
    data = zipped({"周报.xlsx": workbook([activity(people=-5)])})
    checked = check(data, "周报.zip")
    answer = mark_drop(data, "周报.zip", checked.receipt, checked.submission)
    assert answer is not None
    marked = openpyxl.load_workbook(io.BytesIO(answer))
    assert marked.sheetnames == ["检查结果", SHEET]
    assert "怎么改" in marked[SHEET]["F2"].comment.text


@pytest.mark.parametrize(
    ("data", "rule"),
    [(b"%PDF-1.7\n%\xe2\xe3", "file.pdf"), (b"\xff\xd8\xff\xe0\x00\x10JFIF", "file.image"), (b"\x89PNG\r\n\x1a\n\x00", "file.image"),
     (ole_container({"WordDocument": b"x"}), "file.document"), (b"{\\rtf1\\ansi x}", "file.document"),
     (zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<d/>"}), "file.document")],
)  # fmt: skip
def test_m23_pdf_scan_photo_and_word_are_rejected_asking_for_excel(data: bytes, rule: str) -> None:
    rejected(data, rule, "周报.xls")
    assert "Excel" in finding(check(data), rule).fix


# M24–M31: whose, which week, which version --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["周报(2).xlsx", "周报最终版.xlsx", "周报最终版2.xlsx", "周报修改.xlsx", "周报-副本.xlsx"]
)
def test_m24_version_words_in_a_name_prove_nothing(name: str) -> None:
    checked = check(plain_xlsx(), name)
    assert is_clean(checked)
    assert checked.receipt.submission_type == "首报"


def test_m26_another_unions_file_in_the_folder_is_held_whole() -> None:
    checked = check(with_cover(("报送单位", "天水市总工会"), ("报告期", "2024-W49")))
    assert checked.receipt.status == "held"
    assert counts(checked) == (0, 0, 1, 0)
    query = finding(checked, "org.cover.foreign")
    assert (query.severity, query.is_file_level) == ("query", True)
    assert "天水市总工会" in query.message
    assert figures(checked) == {}


@pytest.mark.parametrize(
    ("data", "name"),
    [(with_cover(("报告期", "2024年第48周")), "周报.xlsx"), (plain_xlsx(), "周报(11.25-12.1).xlsx"),
     (workbook([activity()], above=[["工会活动周报(2024年11月25日—12月1日)"]]), "周报.xlsx")],
)  # fmt: skip
def test_m27_periods_that_differ_between_title_name_and_folder_hold_the_file(data: bytes, name: str) -> None:
    checked = check(data, name)
    assert (checked.receipt.status, checked.receipt.week) == ("held", None)
    message = finding(checked, "file.period.conflict").message
    assert "2024-W48" in message
    assert "文件夹名写的是 2024-W49" in message


@pytest.mark.parametrize(("week", "rule"), [("2024-W51", "file.period.future"), ("2024-W41", "file.period.too_old")])
def test_m28_future_period_or_more_than_eight_weeks_back_is_held(week: str, rule: str) -> None:
    checked = check(plain_xlsx(), week=week)
    assert checked.receipt.status == "held"
    assert finding(checked, rule).severity == "query"


def test_m28_eight_weeks_back_is_still_taken() -> None:
    checked = check(workbook([activity(start="2024-10-15", end="2024-10-16")]), week="2024-W42")
    assert checked.receipt.status == "accepted"
    assert checked.receipt.late


@pytest.mark.parametrize(("at", "late"), [("2024-12-09T12:00+08:00", False), ("2024-12-09T12:00:01+08:00", True)])
def test_m29_after_monday_noon_a_file_is_late_and_taken_all_the_same(at: str, late: bool) -> None:
    checked = check(plain_xlsx(), received_at=datetime.fromisoformat(at))
    assert is_clean(checked)
    assert checked.receipt.late is late
    assert check(plain_xlsx(), received_at=ARRIVAL).receipt.late is False


def test_m31_old_template_is_mapped_by_its_headers_with_a_warning() -> None:
    header = ["活动主题", "类别", "活动时间", "服务人数"]
    data = book_of(
        ("报送信息", [["报送单位", "白银市总工会"], ["模板版本", "0.9"]]),
        (SHEET, [header, ["货车司机健康义诊", "健康义诊", "12月3日", 120]]),
    )
    checked = check(data)
    assert checked.receipt.status == "accepted_with_warnings"
    old = finding(checked, "file.template.old")
    assert (old.severity, old.value) == ("warning", "0.9")
    assert figures(checked) == {"D2": exact("people_served", 120)}


@pytest.mark.parametrize("version", ["1.0", "1", 1, "2.0"])
def test_m31_the_present_template_is_taken_without_a_word(version: object) -> None:
    checked = check(book_of(("报送信息", [["模板版本", version]]), (SHEET, [list(HEADER), activity()])))
    assert is_clean(checked)
