"""No bytes make the reader raise, and our own code never needs its last resort."""

from __future__ import annotations

import io
import zipfile
from functools import cache

import openpyxl
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from tests.unit.intake.formats.reading_files import HEADER, ole_container, raw_xlsx, read, saved, zipped

from nuanliu.intake.formats.open_workbook import read_workbook
from nuanliu.intake.formats.workbook import Refusal, Workbook

ROWS = [HEADER, *[["送温暖", "慰问", "2024-12-03", at] for at in range(30)]]
fuzzed = settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])


@cache
def good_xlsx() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in ROWS:
        sheet.append(row)
    sheet["A2"].comment = Comment("注", "甲")
    sheet.merge_cells("A5:A6")
    return saved(book)


@cache
def good_xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("活动明细")
    for at, row in enumerate(ROWS):
        for column, value in enumerate(row):
            sheet.write(at, column, value)
    return saved(book)


@cache
def good_csv() -> bytes:
    return "\n".join(",".join(map(str, row)) for row in ROWS).encode("gb18030")


def answer(data: bytes) -> Workbook | Refusal:
    """What the reader says; a workbook must hold texts only, a refusal words for its texts."""
    result = read_workbook(data, "周报.xlsx")
    if isinstance(result, Refusal):
        assert result.finding().message
    else:
        for sheet in result.sheets:
            assert (sheet.grid.dtypes == "str").all()
            assert not sheet.grid.isna().any().any()
            assert sheet.grid.index.is_monotonic_increasing
    return result


def answer_of_our_own(data: bytes) -> None:
    """The same where no third party's reader is at work: then the last resort would hide a mistake of ours."""
    result = answer(data)
    assert not isinstance(result, Refusal) or result.rule != "file.unreadable", result


@st.composite
def damaged(draw: st.DrawFn, data: bytes) -> bytes:
    """A file cut short, or with up to eight bytes changed."""
    changed = bytearray(data)
    for _ in range(draw(st.integers(0, 8))):
        changed[draw(st.integers(0, len(changed) - 1))] = draw(st.integers(0, 255))
    if draw(st.booleans()):
        del changed[draw(st.integers(0, len(changed))) :]
    return bytes(changed)


MAGICS = [
    b"",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"\x09\x08\x10\x00\x00\x06",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"<",
]


@fuzzed
@given(st.sampled_from(MAGICS), st.binary(max_size=3000))
def test_random_bytes_never_raise(magic: bytes, data: bytes) -> None:
    answer(magic + data)


@fuzzed
@given(st.text(max_size=300))
def test_random_text_never_raises(text: str) -> None:
    answer_of_our_own(text.encode("utf-8", "replace"))


@fuzzed
@given(st.data())
def test_damaged_xlsx_never_raises(data: st.DataObject) -> None:
    answer_of_our_own(data.draw(damaged(good_xlsx())))


@cache
def plain_parts() -> dict[str, bytes]:
    """The parts of an xlsx with everything that our own readers look at."""
    cells = '<c r="A1" t="s" s="1"><v>0</v></c><c r="B1" s="1"><v>45629</v></c><c r="C1"><f>B1</f></c>'
    data = raw_xlsx(
        f'<row r="1" hidden="1">{cells}</row><row r="2"><c t="inlineStr"><is><t>慰问</t></is></c></row>',
        before='<cols><col min="2" max="2" hidden="1"/></cols>',
        after='<mergeCells><mergeCell ref="A1:A2"/></mergeCells>',
        texts="<si><r><rPr><strike/></rPr><t>活动_x000D_</t></r></si>",
        styles='<numFmts><numFmt numFmtId="170" formatCode="yyyy-mm-dd"/></numFmts><fonts><font><strike/></font></fonts>'
        '<cellXfs><xf numFmtId="0" fontId="0"/><xf numFmtId="170" fontId="0"/></cellXfs>',
    )
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@fuzzed
@given(st.data())
def test_damaged_part_of_an_xlsx_never_raises(data: st.DataObject) -> None:
    # A changed byte of a zip mostly ends at its checksum; changed parts in a sound zip reach the readers behind it.
    parts = plain_parts()
    part = data.draw(st.sampled_from(sorted(set(parts) - {"[Content_Types].xml"})))
    answer_of_our_own(zipped({**parts, part: data.draw(damaged(parts[part]))}))


def test_undamaged_parts_are_read() -> None:
    (sheet,) = read(zipped(plain_parts())).sheets
    assert sheet.grid.loc[1].tolist() == ["活动\n", "2024-12-03", ""]
    assert (sheet.hidden_rows, sheet.hidden_columns, sheet.uncomputed) == ({1}, {"B"}, {"C1"})
    assert sheet.struck == {"A1", "B1"}


@fuzzed
@given(st.data())
def test_damaged_xls_never_raises(data: st.DataObject) -> None:
    answer(data.draw(damaged(good_xls())))


@fuzzed
@given(st.data())
def test_damaged_container_of_an_xls_never_raises(data: st.DataObject) -> None:
    header = data.draw(damaged(ole_container({"Workbook": b"x" * 5000})[:2048]))
    answer_of_our_own(header + bytes(4096))


@fuzzed
@given(st.data())
def test_damaged_csv_never_raises(data: st.DataObject) -> None:
    answer_of_our_own(data.draw(damaged(good_csv())))
