"""Reading BIFF8 workbooks (.xls)."""

from __future__ import annotations

import struct
from datetime import date

import xlwt
from tests.unit.intake.formats.reading_files import HEADER, ole_container, read, read_sheet, refuse, saved

from nuanliu.intake.formats.workbook import MergedRange
from nuanliu.intake.formats.xls.ole import OleFile


def book_of(rows: list[list[object]]) -> tuple[xlwt.Workbook, xlwt.Worksheet]:
    book = xlwt.Workbook()
    sheet = book.add_sheet("活动明细")
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(at, column, value)
    return book, sheet


def stream_of(book: xlwt.Workbook) -> bytes:
    stream = OleFile(saved(book)).stream("Workbook")
    assert stream is not None
    return stream


def formula_record(row: int, column: int, result: float, flags: int) -> bytes:
    body = struct.pack("<HHHdHIH", row, column, 15, result, flags, 0, 3) + b"\x1e\x01\x00"
    return struct.pack("<HH", 0x0006, len(body)) + body


def with_record(book: xlwt.Workbook, record: bytes) -> bytes:
    """The workbook with one more record at the end of its last sheet."""
    stream = stream_of(book)
    end = b"\x0a\x00\x00\x00"
    cut = stream.rindex(end)
    return ole_container({"Workbook": stream[:cut] + record + end})


def test_texts_numbers_dates_and_booleans_become_texts() -> None:
    book, sheet = book_of([HEADER, ["送温暖", "慰问"]])
    sheet.write(1, 2, date(2024, 12, 3), xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    sheet.write(1, 3, 35.9)
    sheet.write(2, 0, True)
    sheet.write(2, 3, 1425)
    workbook = read(saved(book), "周报.xlsx")
    (result,) = workbook.sheets
    assert workbook.kind == "xls"
    assert result.name == "活动明细"
    assert result.grid.loc[2].tolist() == ["送温暖", "慰问", "2024-12-03", "35.9"]
    assert result.grid.loc[3].tolist() == ["TRUE", "", "", "1425"]
    assert (result.grid.dtypes == "str").all()


def test_merged_hidden_struck_percent_and_errors_are_marked() -> None:
    book, sheet = book_of([HEADER, ["甲"], ["乙"]])
    sheet.write_merge(4, 5, 0, 1, "合并")
    sheet.row(2).hidden = True
    sheet.row(90).hidden = True
    sheet.col(1).hidden = True
    sheet.write(1, 1, "作废", xlwt.easyxf("font: struck_out on"))
    sheet.write(1, 2, 0.81, xlwt.easyxf(num_format_str="0%"))
    sheet.row(1).set_cell_error(3, "#REF!")
    result = read_sheet(saved(book))
    assert result.merged == (MergedRange(5, 1, 6, 2),)
    assert result.hidden_rows == {3}
    assert result.hidden_columns == {"B"}
    assert result.struck == {"B2"}
    assert result.percent == {"C2"}
    assert result.errors == {"D2"}
    assert result.grid.loc[2].tolist() == ["甲", "作废", "0.81", "#REF!"]


def test_hidden_sheets_are_read_and_marked() -> None:
    book, _ = book_of([HEADER])
    hidden = book.add_sheet("底表")
    hidden.write(0, 0, "张")
    hidden.visibility = 1
    assert [(sheet.name, sheet.is_visible) for sheet in read(saved(book)).sheets] == [
        ("活动明细", True),
        ("底表", False),
    ]


def test_1904_system_is_applied() -> None:
    book, sheet = book_of([[44167]])
    book.dates_1904 = True
    sheet.write(1, 0, 44167, xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    result = read_sheet(saved(book))
    assert result.grid["A"].tolist() == ["44167", "2024-12-03"]
    assert result.numeric_dates == {"A1": "2024-12-03"}


def test_stored_zero_marked_for_calculation_is_uncomputed_and_never_zero() -> None:
    book, _ = book_of([["合计"], [1]])
    result = read_sheet(with_record(book, formula_record(1, 1, 0.0, 0b10)))
    assert result.uncomputed == {"B2"}
    assert result.grid.loc[2].tolist() == ["1", ""]


def test_computed_formulas_keep_their_value() -> None:
    book, _ = book_of([["合计"], [1]])
    assert read_sheet(with_record(book, formula_record(1, 1, 5.0, 0b10))).grid.at[2, "B"] == "5"
    zero = read_sheet(with_record(book, formula_record(1, 1, 0.0, 0)))
    assert zero.grid.at[2, "B"] == "0"
    assert not zero.uncomputed


def test_stream_without_container_is_read() -> None:
    book, _ = book_of([HEADER, ["送温暖"]])
    assert read(stream_of(book)).sheets[0].grid.at[2, "A"] == "送温暖"


def test_properties_and_macros_are_noticed() -> None:
    book, _ = book_of([HEADER])
    text = "填报甲".encode("gb18030") + b"\x00"
    code_page = struct.pack("<IH2x", 2, 936)
    author = struct.pack("<II", 30, len(text)) + text
    places = struct.pack("<IIII", 1, 24, 4, 24 + len(code_page))
    section = struct.pack("<II", 24 + len(code_page) + len(author), 2) + places + code_page + author
    properties = struct.pack("<HHI16sI16sI", 0xFFFE, 0, 0, b"", 1, b"", 48) + section
    workbook = read(
        ole_container({"Workbook": stream_of(book), "\x05SummaryInformation": properties, "_VBA_PROJECT_CUR": b"macro"})
    )
    assert workbook.properties == {"creator": "填报甲"}
    assert workbook.has_macros


def test_damaged_properties_do_not_send_the_file_back() -> None:
    book, _ = book_of([HEADER])
    data = ole_container({"Workbook": stream_of(book), "\x05SummaryInformation": b"\xff" * 60})
    assert read(data).properties == {}


def test_encrypted_stream_is_refused_as_encrypted() -> None:
    stream = stream_of(book_of([HEADER])[0])
    length = struct.unpack_from("<H", stream, 2)[0] + 4
    file_pass = struct.pack("<HHHHH", 0x002F, 6, 0, 1, 2)
    assert refuse(ole_container({"Workbook": stream[:length] + file_pass + stream[length:]})).rule == "file.encrypted"


def test_looped_sector_chain_ends_in_a_refusal() -> None:
    data = bytearray(ole_container({"Workbook": stream_of(book_of([HEADER])[0])}))
    first = 2  # the allocation table is sector 0, the directory sector 1, the stream begins in sector 2
    struct.pack_into("<I", data, 512 + 4 * (first + 3), first)
    assert refuse(bytes(data)).rule == "file.corrupt"


def test_truncated_workbook_is_refused_as_corrupt() -> None:
    data = saved(book_of([HEADER, *[["送温暖", "慰问", "2024-12-03", 7]] * 300])[0])
    for share in (0.2, 0.5, 0.9):
        assert refuse(data[: int(len(data) * share)]).rule == "file.corrupt"


def test_xls_writes_nothing_to_stdout(capsys: object) -> None:
    stream = bytearray(stream_of(book_of([HEADER, ["送温暖"]])[0]))
    read_or_refused = [bytes(stream[:cut]) for cut in range(200, len(stream), 211)]
    from nuanliu.intake.formats.open_workbook import read_workbook

    for data in read_or_refused:
        read_workbook(data, "周报.xls")
    assert capsys.readouterr().out == ""  # type: ignore[attr-defined]
