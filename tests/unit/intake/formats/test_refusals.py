"""Files that cannot be read: each is refused under its own rule, quickly, with words that say how to mend it."""

from __future__ import annotations

import io
import resource
import struct
import sys
import time
import zipfile
import zlib
from dataclasses import fields, replace

import openpyxl
import pytest
from tests.unit.intake.formats.reading_files import (
    HEADER,
    ole_container,
    raw_xlsx,
    read,
    refuse,
    repacked,
    saved,
    zipped,
)

from nuanliu.contract.rules import rule_registry
from nuanliu.intake.formats import open_workbook as reading
from nuanliu.intake.formats.limits import ReadingLimits
from nuanliu.intake.formats.workbook import Refusal

HTML = "<html><head><meta charset='utf-8'></head><body><table><tr><td>活动名称</td></tr></table></body></html>"
SPREADSHEET_ML = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
)
CSV = "活动名称,活动类别,服务人数(人)\n送温暖,慰问,1425\n"


def good_xlsx() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [HEADER, *[["送温暖", "慰问", "2024-12-03", at] for at in range(50)]]:
        sheet.append(row)
    return saved(book)


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "file.empty"),
        (b"\xef\xbb\xbf", "file.empty"),
        (b" \r\n\t\n", "file.empty"),
        (b"\n" * 9000, "file.empty"),
        (b"\x00" * 100, "file.empty"),
        (b"%PDF-1.7\n%\xe2\xe3", "file.pdf"),
        (b"\n\n%PDF-1.4", "file.pdf"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "file.image"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "file.image"),
        (b"GIF89a\x01\x00", "file.image"),
        (b"BM\x0a\x00\x00\x00\x00\x00\x00\x00", "file.image"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "file.image"),
        (b"\x00\x00\x00\x18ftypheic", "file.image"),
        (b"{\\rtf1\\ansi hello}", "file.document"),
        (b"Rar!\x1a\x07\x01\x00", "file.archive"),
        (b"7z\xbc\xaf'\x1c\x00\x04", "file.archive"),
        (b"\x1f\x8b\x08\x00", "file.archive"),
        (HTML.encode(), "file.web_page"),
        (("\ufeff" + HTML).encode("utf-16-le"), "file.web_page"),
        (b"<!DOCTYPE html><p>x", "file.web_page"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x", "file.web_page"),
        (SPREADSHEET_ML.encode(), "file.xml_spreadsheet"),
        (b"<?xml version='1.0'?><data/>", "file.document"),
        (b"\x09\x08\x08\x00\x00\x05\x05\x00", "file.other_spreadsheet"),
        (b"\x09\x00\x04\x00\x02\x00\x10\x00", "file.other_spreadsheet"),
        (b"PK\x03\x04 and then nothing", "file.corrupt"),
        (b"PK\x05\x06" + bytes(18), "file.archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "file.corrupt"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 2000, "file.corrupt"),
        (bytes(range(256)) * 40, "file.binary"),
        (b"\x01\x02\x03\x04abc", "file.binary"),
        (CSV.encode("utf-16-le"), "file.encoding"),
        (CSV.encode("utf-32"), "file.encoding"),
        (b"\xef\xbb\xbf" + CSV.encode("gb18030"), "file.encoding"),
        (CSV.encode("gb18030") + b"\x81", "file.encoding"),
        (CSV.encode("utf-16")[:-1], "file.encoding"),
        (CSV.replace("送温暖", "锟斤拷锟斤拷").encode(), "file.mojibake"),
        (CSV.replace("送温暖", "\ufffd").encode(), "file.mojibake"),
        (CSV.encode("ascii", "replace"), "file.mojibake"),
        (CSV.encode("gb18030").decode("latin-1").encode(), "file.mojibake"),
        (b"\xef\xbb\xbf".decode("cp1252").encode() + CSV.encode().decode("cp1252", "ignore").encode(), "file.mojibake"),
        (CSV.encode().decode("latin-1").encode(), "file.mojibake"),
        (CSV.encode().decode("gb18030", "ignore").encode(), "file.mojibake"),
        ((CSV * 20).encode()[:-6] + b"\xe6\n", "file.encoding"),
        ((CSV * 20).encode() + "乙,慰问".encode()[:-1], "file.encoding"),
        ((CSV * 20).encode().replace("暖".encode(), "暖".encode()[:1], 1), "file.encoding"),
    ],
)
def test_file_is_refused_under_its_own_rule(data: bytes, rule: str) -> None:
    assert refuse(data).rule == rule


@pytest.mark.parametrize(
    ("streams", "rule"),
    [
        ({"EncryptedPackage": b"x", "EncryptionInfo": b"y"}, "file.encrypted"),
        ({"WordDocument": b"x"}, "file.document"),
        ({"PowerPoint Document": b"x"}, "file.document"),
        ({"Book": b"x"}, "file.other_spreadsheet"),
        ({"Contents": b"x"}, "file.document"),
        ({"Workbook": b""}, "file.other_spreadsheet"),
    ],
)
def test_ole_container_is_told_by_its_streams(streams: dict[str, bytes], rule: str) -> None:
    assert refuse(ole_container(streams)).rule == rule


@pytest.mark.parametrize(
    ("parts", "rule"),
    [
        ({"周报.xlsx": b"x", "周报2.xlsx": b"y"}, "file.archive"),
        ({"[Content_Types].xml": "<Types/>", "word/document.xml": "<d/>"}, "file.document"),
        ({"[Content_Types].xml": "<Types/>", "ppt/presentation.xml": "<d/>"}, "file.document"),
        ({"[Content_Types].xml": "<Types/>", "xl/workbook.bin": b"x"}, "file.other_spreadsheet"),
        (
            {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<c/>"},
            "file.other_spreadsheet",
        ),
        ({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<c/>"}, "file.document"),
        ({"Index/Document.iwa": b"x"}, "file.other_spreadsheet"),
        ({"[Content_Types].xml": "<Types/>"}, "file.corrupt"),
    ],
)
def test_zip_is_told_by_its_parts(parts: dict[str, str | bytes], rule: str) -> None:
    assert refuse(zipped(parts)).rule == rule


def test_workbook_without_a_worksheet_is_refused() -> None:
    empty = '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets/></workbook>'
    assert refuse(repacked(good_xlsx(), {"xl/workbook.xml": empty})).rule == "file.no_sheet"


def test_truncated_xlsx_is_refused_as_corrupt() -> None:
    data = good_xlsx()
    for share in (0.1, 0.5, 0.99):
        assert refuse(data[: int(len(data) * share)]).rule == "file.corrupt"


def test_damaged_part_is_refused_as_corrupt() -> None:
    data = bytearray(good_xlsx())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    at = info.header_offset + 30 + len(info.filename) + info.compress_size // 2
    data[at : at + 4] = bytes(byte ^ 0xFF for byte in data[at : at + 4])
    assert refuse(bytes(data)).rule == "file.corrupt"


def test_member_without_a_name_is_no_reason_to_fail() -> None:
    data = bytearray(zipped({"a": b"x", "[Content_Types].xml": b"<Types/>"}))
    for mark, offset in ((b"PK\x03\x04", 30), (b"PK\x01\x02", 46)):
        data[data.index(mark) + offset] = 0
    assert refuse(bytes(data)).rule == "file.corrupt"


def test_password_protected_zip_is_refused_as_encrypted() -> None:
    data = bytearray(good_xlsx())
    at = data.index(b"PK\x01\x02")
    struct.pack_into("<H", data, at + 8, struct.unpack_from("<H", data, at + 8)[0] | 1)
    assert refuse(bytes(data)).rule == "file.encrypted"


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"]
)
def test_document_type_and_entities_are_refused_in_every_part(part: str) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    outside = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
    for xml in (bomb, outside):
        assert refuse(repacked(good_xlsx(), {part: xml})).rule == "file.xml_entities"


def test_message_quotes_the_ending_and_never_the_name() -> None:
    finding = refuse(HTML.encode(), "周报13900000000.XLS").finding()
    assert "名字以.xls结尾" in finding.message
    assert "139" not in finding.message + finding.fix


def test_unforeseen_error_of_a_parser_becomes_a_refusal_that_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(reading, "sniff_container", fail)
    refusal = refuse(b"anything")
    assert refusal.rule == "file.unreadable"
    assert "ZeroDivisionError" in refusal.finding().message


# --- caps -------------------------------------------------------------------------------------------------------------


def refuse_under(data: bytes, monkeypatch: pytest.MonkeyPatch, **caps: int) -> str:
    limits = replace(ReadingLimits.from_contract(), **caps)
    monkeypatch.setattr(ReadingLimits, "from_contract", lambda: limits)
    return refuse(data).rule


@pytest.mark.parametrize(
    ("cap", "value", "rule"),
    [
        ("max_bytes", 100, "file.too_large"),
        ("max_members", 3, "file.bomb"),
        ("max_member_bytes", 500, "file.bomb"),
        ("max_total_unpacked_bytes", 2000, "file.bomb"),
        ("max_small_part_bytes", 100, "file.bomb"),
        ("max_rows", 20, "file.too_many_rows"),
        ("max_columns", 3, "file.too_many_columns"),
        ("max_sheets", 0, "file.too_many_sheets"),
        ("max_cells", 50, "file.too_many_cells"),
    ],
)
def test_every_cap_of_an_xlsx_refuses(cap: str, value: int, rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refuse_under(good_xlsx(), monkeypatch, **{cap: value}) == rule


def test_record_of_a_text_table_is_capped_in_fields_and_length(monkeypatch: pytest.MonkeyPatch) -> None:
    refusal = refuse(b"a," * 500_000)
    assert refusal.rule == "file.too_many_columns"
    assert read(("活动名称,活动类别" + "," * 5000 + "\n甲,乙\n").encode()).sheets[0].grid.shape == (2, 2)
    quoted = ('"a\n",' * 5000 + "x\n").encode()
    assert refuse_under(quoted, monkeypatch, max_record_length=10_000) == "file.bomb"


def test_texts_are_capped_in_number_and_length(monkeypatch: pytest.MonkeyPatch) -> None:
    shared = raw_xlsx('<row><c t="s"><v>0</v></c></row>', texts="<si><t>甲</t></si>" * 3)
    assert refuse_under(shared, monkeypatch, max_texts=2) == "file.bomb"
    monkeypatch.undo()
    long = "长" * 30_000
    in_table = raw_xlsx('<row><c t="s"><v>0</v></c></row>', texts=f"<si><t>{long}</t></si>")
    in_cell = raw_xlsx(f'<row><c t="inlineStr"><is><t>{long}</t></is></c></row>')
    for data in (in_table, in_cell):
        assert read(data).sheets[0].grid.at[1, "A"] == long
        assert refuse_under(data, monkeypatch, max_text_length=20_000) == "file.bomb"
        monkeypatch.undo()


def test_merged_areas_are_capped(monkeypatch: pytest.MonkeyPatch) -> None:
    merged = "<mergeCells>" + '<mergeCell ref="A1:B1"/>' * 5 + "</mergeCells>"
    assert refuse_under(raw_xlsx("<row><c><v>1</v></c></row>", after=merged), monkeypatch, max_merged=4) == "file.bomb"


def test_blank_elements_are_capped_only_where_values_are_few(monkeypatch: pytest.MonkeyPatch) -> None:
    blank = '<row r="1">' + '<c s="0"/>' * 190 + "</row>"
    assert refuse_under(raw_xlsx(blank), monkeypatch, max_idle_elements=100) == "file.too_many_blanks"
    full = '<row r="1">' + "<c><v>1</v></c><c/><c/>" * 60 + "</row>"
    assert isinstance(read(raw_xlsx(full)), reading.Workbook)


def test_limits_file_gives_every_cap() -> None:
    limits = ReadingLimits.from_contract()
    assert all(getattr(limits, cap.name) > 0 for cap in fields(limits))


# --- hostile sizes ----------------------------------------------------------------------------------------------------


def measured(data: bytes) -> tuple[Refusal | reading.Workbook, float]:
    """What reading gives, and the processor seconds it took; a wall clock would measure the neighbours.

    Under a tracer (``make cov``) they are 0: they would measure the tracer.
    """
    start = time.process_time()
    result = reading.read_workbook(data, "周报.xlsx")
    return result, 0 if sys.gettrace() else time.process_time() - start


def deflated(pieces: list[bytes]) -> tuple[bytes, int, int]:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    crc = size = 0
    packed = bytearray()
    for piece in pieces:
        crc = zlib.crc32(piece, crc)
        size += len(piece)
        packed += packer.compress(piece)
    return bytes(packed + packer.flush()), crc, size


def with_lying_size(data: bytes, part: str, packed: bytes, crc: int, stated: int) -> bytes:
    """An xlsx whose part is packed data that states another unpacked size than it has."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(target, "w") as changed:
        for name in archive.namelist():
            if name != part:
                changed.writestr(name, archive.read(name))
    body = bytearray(target.getvalue())
    end = body.rindex(b"PK\x05\x06")
    directory_size, directory_at = struct.unpack_from("<II", body, end + 12)
    directory = bytes(body[directory_at : directory_at + directory_size])
    name = part.encode()
    common = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, crc, len(packed), stated, len(name), 0)
    local = b"PK\x03\x04" + common + name + packed
    entry = b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, directory_at) + name
    count = struct.unpack_from("<H", body, end + 10)[0] + 1
    tail = struct.pack("<HHHHIIH", 0, 0, count, count, len(directory) + len(entry), directory_at + len(local), 0)
    return bytes(body[:directory_at]) + local + directory + entry + b"PK\x05\x06" + tail


SHEET = "xl/worksheets/sheet1.xml"


def test_zip_bomb_is_refused_by_ratio_before_it_unfolds() -> None:
    packed, crc, size = deflated([b" " * (1 << 20)] * 300)
    result, seconds = measured(with_lying_size(good_xlsx(), SHEET, packed, crc, size))
    assert isinstance(result, Refusal)
    assert result.rule == "file.bomb"
    assert seconds < 5


def test_zip_bomb_that_lies_about_its_size_is_refused() -> None:
    packed, crc, _ = deflated([b" " * (1 << 20)] * 300)
    result, seconds = measured(with_lying_size(good_xlsx(), SHEET, packed, crc, 1000))
    assert isinstance(result, Refusal)
    assert result.rule in ("file.bomb", "file.corrupt")
    assert seconds < 5


def test_million_formatted_empty_rows_are_read_within_bounds() -> None:
    rows = "".join(f'<row r="{row}" s="1" customFormat="1" ht="15"/>' for row in range(2, 1_000_001))
    data = raw_xlsx('<row r="1"><c r="A1"><v>7</v></c></row>' + rows)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result, seconds = measured(data)
    assert isinstance(result, reading.Workbook)
    assert result.sheets[0].grid.shape == (1, 1)
    assert seconds < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500 * 1024


def test_thousands_of_zip_members_are_refused() -> None:
    assert refuse(zipped({f"part{at}": b"" for at in range(5001)})).rule == "file.bomb"


def test_few_values_far_apart_cost_no_memory() -> None:
    rows = "".join(
        f'<row r="{row}"><c r="A{row}"><v>1</v></c><c r="GR{row}"><v>1</v></c></row>' for row in range(1, 1048576, 4000)
    )
    result, seconds = measured(raw_xlsx(rows))
    assert isinstance(result, reading.Workbook)
    assert result.sheets[0].grid.shape == (263, 200)
    assert seconds < 5


def test_cells_beyond_the_last_column_are_refused_with_their_address() -> None:
    refusal = refuse(raw_xlsx('<row r="3"><c r="A3"><v>1</v></c><c r="XFD3"><v>1</v></c></row>'))
    assert refusal.rule == "file.too_many_columns"
    assert "XFD3" in refusal.finding().message
    blank = raw_xlsx('<row r="3"><c r="A3"><v>1</v></c><c r="XFD3" t="str"><v> </v></c></row>')
    assert read(blank).sheets[0].grid.shape == (1, 1)


def test_deeply_nested_xml_is_refused_without_exhausting_the_stack() -> None:
    deep = "<a>" * 100_000 + "</a>" * 100_000
    for part in (SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"):
        result, seconds = measured(repacked(good_xlsx(), {part: deep}))
        assert isinstance(result, Refusal | reading.Workbook)
        assert seconds < 5


def test_every_refusal_rule_is_an_error_and_every_warning_names_what_was_not_done() -> None:
    import yaml

    from nuanliu.settings import INCLUDE_DIR

    entries = yaml.safe_load((INCLUDE_DIR / "contracts/rules/file.reading.yaml").read_text("utf-8"))
    severities = {entry["id"]: rule_registry()[entry["id"]].severity for entry in entries}
    warnings = {rule for rule, severity in severities.items() if severity == "warning"}
    assert warnings == {"file.macros", "file.external_links", "file.sheet.lost"}
    assert {rule for rule, severity in severities.items() if severity == "info"} == {"file.packed"}
    assert set(severities.values()) == {"info", "warning", "error"}
