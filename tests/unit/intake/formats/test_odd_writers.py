"""Files that spreadsheet programs open and that are spelled as no spreadsheet program spells them."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest
from tests.corpus.odd_biff import hidden_extras, odd_xls
from tests.corpus.odd_sheets import as_xlsx, usual_table
from tests.unit.intake.formats.reading_files import (
    MAIN,
    OFFICE,
    RELATIONS,
    raw_xlsx,
    read,
    read_sheet,
    refuse,
    repacked,
    zipped,
)

from nuanliu.intake.formats.cell_formats import FormatKind, format_kind
from nuanliu.intake.formats.open_workbook import workbook_findings
from nuanliu.ooxml.addresses import address

if TYPE_CHECKING:
    from nuanliu.intake.formats.workbook import Sheet


def shown(sheet: Sheet) -> dict[str, str]:
    return {f"{letter}{row}": text for letter in sheet.grid.columns for row, text in sheet.grid[letter].items() if text}


@pytest.mark.parametrize(
    "oddity", ["counts off", "counts zero", "odd note", "odd name", "continued result", "volatile"]
)
@pytest.mark.parametrize("seed", range(3))
def test_records_that_excel_forgives_are_forgiven(oddity: str, seed: int) -> None:
    table = usual_table(Random(seed))
    cells = {**table.shown, **hidden_extras(oddity)}
    sheet = read_sheet(odd_xls(table.cells, [], oddity=oddity, rng=Random(seed)))
    assert shown(sheet) == {address(*place): str(value) for place, value in cells.items()}
    assert not sheet.uncomputed


def test_shared_texts_over_several_records_are_whole() -> None:
    sheet = read_sheet(odd_xls({(1, 1): "活动名称"}, [], oddity="continued texts", rng=Random(4)))
    texts = [text for text in sheet.grid["AE"] if text]
    assert [len(text) for text in texts] == [1501] * 10 + [1502] * 2
    assert {text.lstrip("0123456789")[:1] for text in texts} <= {"字", "x"}


def test_lower_case_addresses_are_addresses() -> None:
    table = usual_table(Random(1))
    assert shown(read_sheet(as_xlsx(table, lower=True))) == shown(read_sheet(as_xlsx(table)))


def test_a_row_may_come_in_pieces() -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1"><c r="B1"><v>2</v></c></row><row r="2"><c r="A2"><v>3</v></c></row>'
    assert shown(read_sheet(raw_xlsx(cells))) == {"A1": "1", "B1": "2", "A2": "3"}


def test_a_cell_stands_where_its_address_says() -> None:
    cells = '<row r="3"><c r="A4"><v>1</v></c><c r="B3"><v>2</v></c></row><row r="5"><c r="A5"><v>3</v></c></row>'
    assert shown(read_sheet(raw_xlsx(cells))) == {"A4": "1", "B3": "2", "A5": "3"}


def test_rows_may_come_in_any_order_with_their_marks() -> None:
    cells = '<row r="5" hidden="1"><c r="A5" t="e"><v>#N/A</v></c></row><row r="2"><c r="A2"><v>7</v></c></row>'
    sheet = read_sheet(raw_xlsx(cells))
    assert shown(sheet) == {"A5": "#N/A", "A2": "7"}
    assert sheet.hidden_rows == {5}
    assert sheet.errors == {"A5"}


def test_a_lost_sheet_is_named_and_the_others_are_read() -> None:
    book = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="县区" sheetId="2" r:id="r2"/>'
        '<sheet name="活动明细" sheetId="1" r:id="r1"/></sheets></workbook>'
    )
    data = raw_xlsx('<row r="1"><c r="A1"><v>1</v></c></row>')
    workbook = read(repacked(data, {"xl/workbook.xml": book}))
    assert [sheet.name for sheet in workbook.sheets] == ["活动明细"]
    (finding,) = workbook_findings(workbook)
    assert finding.rule == "file.sheet.lost"
    assert "县区" in finding.message
    nothing = f'<Relationships xmlns="{RELATIONS}"/>'
    assert refuse(repacked(data, {"xl/_rels/workbook.xml.rels": nothing})).rule == "file.corrupt"


def test_an_overgrown_part_of_styles_is_read() -> None:
    rng = Random(5)
    many = "".join(
        f'<xf numFmtId="0" fontId="{rng.randrange(400)}" fillId="0" borderId="0" xfId="0" applyFont="1" applyFill="1"/>'
        for _ in range(200_000)
    )
    styles = f"<cellStyleXfs>{many}</cellStyleXfs><cellXfs><xf/><xf numFmtId='14'/></cellXfs>"
    assert len(styles) > 18_000_000
    sheet = read_sheet(raw_xlsx('<row r="1"><c r="A1" s="1"><v>45629</v></c></row>', styles=styles))
    assert sheet.grid.loc[1, "A"] == "2024-12-03"


def test_more_styles_than_anybody_needs_are_refused_as_such() -> None:
    styles = f"<cellXfs>{'<xf/>' * 200_001}</cellXfs>"
    assert refuse(raw_xlsx('<row r="1"><c r="A1"><v>1</v></c></row>', styles=styles)).rule == "file.too_many_styles"


@pytest.mark.parametrize(
    "code", ["Standard", "General", "Standaard", "[$-407]Standard", "Red", "0.00E+00", "Standard;[Red]-Standard"]
)
def test_a_format_with_other_letters_than_dates_have_is_none(code: str) -> None:
    assert format_kind(code) is FormatKind.PLAIN


@pytest.mark.parametrize(
    "code",
    [
        "yyyy-mm-dd",
        "m/d/yy",
        'yyyy"年"m"月"d"日"',
        "[$-804]aaaa",
        "d.m.yyyy",
        "yyyy-mm-ddThh:mm",
        "B2yyyy",
        "[DBNum1]yyyy年m月",
        "mmm",
    ],
)
def test_a_format_of_dates_is_one(code: str) -> None:
    assert FormatKind.DATE in format_kind(code)


OWNER = (b"\x03Abc".ljust(55, b" ") + b"\x03\x00" + "Abc".encode("utf-16-le")).ljust(165, b" ")


@pytest.mark.parametrize(
    ("data", "name", "rule"),
    [
        (OWNER, "周报.xlsx", "file.temporary"),
        (b"\x0boffice", "~$周报.xlsx", "file.temporary"),
        ('ID;PWXL;N;E\r\nC;Y1;X1;K"活动名称"\r\nE\r\n'.encode("gb18030"), "周报.slk", "file.other_spreadsheet"),
        (b"ID;PWXL\nB;Y2;X2\nE\n", "周报.csv", "file.other_spreadsheet"),
        (b'TABLE\r\n0,1\r\n"EXCEL"\r\n', "周报.dif", "file.other_spreadsheet"),
        (zipped({"Index/Document.iwa": b"x", "preview.jpg": b"y"}), "周报.numbers", "file.other_spreadsheet"),
        (zipped({"Index.zip": b"x", "Metadata/Properties.plist": b"y"}), "周报.numbers", "file.other_spreadsheet"),
    ],
)
def test_what_is_no_workbook_is_called_what_it_is(data: bytes, name: str, rule: str) -> None:
    assert refuse(data, name).rule == rule


def test_a_table_named_like_a_temporary_file_is_read() -> None:
    assert read(as_xlsx(usual_table(Random(2))), "~$周报.xlsx").kind == "xlsx"


def test_a_text_table_that_begins_with_an_id_is_one() -> None:
    assert read("ID;Plan\n1;活动\n".encode(), "周报.csv").kind == "csv"
