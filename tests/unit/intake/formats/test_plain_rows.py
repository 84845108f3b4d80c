"""A sheet says the same whether its plain rows are taken by a pattern or everything is parsed, however it is written."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import settings as budget
from hypothesis import strategies as st
from tests.unit.intake.formats.reading_files import zipped

from nuanliu.intake.formats import open_workbook
from nuanliu.intake.formats.limits import ReadingLimits
from nuanliu.intake.formats.workbook import Refused
from nuanliu.intake.formats.xlsx import sheets
from nuanliu.intake.formats.xlsx.plain_rows import PlainRows

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PARTS = {
    "[Content_Types].xml": "<Types/>",
    "_rels/.rels": '<Relationships><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{NAMESPACE}" xmlns:r="r"><sheets><sheet name="表" sheetId="1" r:id="a"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="a" Type="x/worksheet" Target="worksheets/s.xml"/>'
    '<Relationship Id="b" Type="x/sharedStrings" Target="sharedStrings.xml"/>'
    '<Relationship Id="c" Type="x/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{NAMESPACE}"><fonts><font/><font><strike/></font></fonts><cellXfs><xf/><xf numFmtId="14"/>'
    '<xf numFmtId="9"/><xf fontId="1"/></cellXfs></styleSheet>',
}
PLAIN_TEXTS = "<si><t>走访</t></si><si><t/></si><si><t>2024-12-03</t></si>"
STRUCK_TEXTS = "<si><r><rPr><strike/></rPr><t>作废</t></r></si><si><t>走访</t></si>"

VALUES = st.sampled_from(
    ["0", "1", "2", "3", "12", "45000", "45629.5", "0.5", "007", "1E+05", "-7", "99999999999", "1234567890123456", " 12", "走 访",
     "a&amp;b", "&#10;", "&#x20;", "#REF!", "_x000D_x", "x\ny", "", "<![CDATA[5]]>", "<!-- 5 -->", "5&lt;", "]]", "\t1", "\u00a0"]
)  # fmt: skip
KINDS = st.sampled_from(
    ["", "", "", ' t="s"', ' t="s"', ' t="n"', ' t="str"', ' t="b"', ' t="e"', ' t="d"', ' t="inlineStr"']
)
STYLES = st.sampled_from(["", "", "", ' s="0"', ' s="1"', ' s="2"', ' s="3"', ' s="77"', ' s="01"'])
BODIES = st.one_of(
    VALUES.map(lambda value: f"<v>{value}</v>"),
    VALUES.map(lambda value: f"<v>{value}</v>"),
    VALUES.map(lambda value: f"<f>A1+B1</f><v>{value}</v>"),
    VALUES.map(lambda value: f'<f t="shared" si="0"/><v>{value}</v>'),
    VALUES.map(lambda value: f"<is><t>{value}</t></is>"),
    VALUES.map(lambda value: f'<is><t xml:space="preserve">{value}</t></is>'),
    st.sampled_from(
        ["<f>A1</f>", "<v/>", "<v></v>", "<is><r><rPr><strike/></rPr><t>废</t></r></is>", "<v>1</v><v>2</v>", "<x/>"]
    ),
)


@st.composite
def cells(draw: st.DrawFn, row: int) -> str:
    letters = draw(
        st.sampled_from(["A", "B", "C", "C", "AA", "b", "XFD", "XFE"]) if draw(st.booleans()) else st.just("D")
    )
    digits = draw(st.sampled_from([row, row, row, row, row, row + 1, 0]))
    reference = draw(
        st.sampled_from([f' r="{letters}{digits}"', f' r="{letters}{digits}"', f' r="{letters}{digits}"', ""])
    )
    kind, style = draw(KINDS), draw(STYLES)
    said = reference + (style + kind if draw(st.booleans()) else kind + style)
    return f"<c{said}/>" if draw(st.integers(0, 9)) == 0 else f"<c{said}>{draw(BODIES)}</c>"


@st.composite
def rows(draw: st.DrawFn, row: int) -> str:
    more = draw(
        st.sampled_from(
            ["", "", "", ' spans="1:6"', ' ht="0"', ' hidden="1"', ' x14ac:dyDescent="0.25"', ' r="9"', " spans='1:6'"]
        )
    )
    said = draw(st.sampled_from([f' r="{row}"', f' r="{row}"', f' r="{row}"', ""])) + more
    inside = "".join(draw(cells(row)) for _ in range(draw(st.integers(0, 4))))
    beside = draw(st.sampled_from(["", "", "", "", "\n", " <!-- <row r='1'/> --> ", "<?pi <row>?>", "text"]))
    return beside + (f"<row{said}>{inside}</row>" if inside or draw(st.booleans()) else f"<row{said}/>")


@st.composite
def sheet_parts(draw: st.DrawFn) -> str:
    prolog = draw(
        st.sampled_from(
            ["", '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n', '<?xml version="1.0"?>', "\ufeff",
             '<?xml version="1.0" encoding="ISO-8859-1"?>', "<!-- c -->", "<!DOCTYPE a>", "<?xml version='1.0' encoding='utf-8'?>"]
        )
    )  # fmt: skip
    numbers = draw(st.lists(st.integers(1, 3), max_size=5))
    below, inside = 0, ""
    for step in numbers:
        below += step
        inside += draw(rows(below))
    after = draw(
        st.sampled_from(
            ["", '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>', "<row><c><v>5</v></c></row>", "<oops>"]
        )
    )
    begin = draw(st.sampled_from(["<sheetData>", "<sheetData>", "<sheetData >"]))
    return f'{prolog}<worksheet xmlns="{NAMESPACE}"><cols><col min="2" max="2" hidden="1"/></cols>{begin}{inside}</sheetData>{after}</worksheet>'


def read(sheet: str | bytes, texts: str = PLAIN_TEXTS) -> Any:
    data = zipped(
        PARTS | {"xl/sharedStrings.xml": f'<sst xmlns="{NAMESPACE}">{texts}</sst>', "xl/worksheets/s.xml": sheet}
    )
    try:
        (said,) = open_workbook._read(data, ReadingLimits.from_contract()).sheets
    except Refused as refused:
        return str(refused)
    fields = {name: getattr(said, name) for name in said.__dataclass_fields__}
    grid = fields.pop("grid")
    return list(grid.index), list(grid.columns), grid.to_numpy().tolist(), repr(fields)


@contextmanager
def parsing_everything() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sheets, "PlainRows", lambda _: None)
        yield


def test_rows_in_the_usual_writing_never_reach_the_parser() -> None:
    taken: list[Any] = []
    plain = PlainRows(lambda attributes, said: taken.append((dict(attributes), [cell[0] + cell[1] for cell in said])))
    usual = (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<worksheet><sheetData>'
        b'<row r="1" spans="1:3" x14ac:dyDescent="0.25"><c r="A1" s="1" t="s"><v>0</v></c><c r="B1" s="2"/></row><row r="2"/>'
        b'<row r="3"><c r="C3"><f>A1+1</f><v>5</v></c><c r="D3" t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>'
    )
    left = b"".join(piece for at in range(0, len(usual), 7) for piece in plain.feed(usual[at : at + 7])) + plain.rest()
    assert left.endswith(b"<worksheet><sheetData></sheetData></worksheet>")
    assert taken == [
        ({"r": "1", "spans": "1:3", "x14ac:dyDescent": "0.25"}, ["A1", "B1"]),
        ({"r": "2"}, []),
        ({"r": "3"}, ["C3", "D3"]),
    ]


@pytest.mark.parametrize("beside", ["<!-- {} -->", "<![CDATA[{}]]>", "<?pi {}?>"])
def test_what_only_looks_like_a_row_is_none(beside: str) -> None:
    hidden = '<row r="7"><c r="A7"><v>5</v></c></row>'
    sheet = (
        f"<worksheet><sheetData>{beside.format(hidden)}<row r='8'><c r='A8'><v>6</v></c></row></sheetData></worksheet>"
    )
    assert read(sheet)[2] == [["6"]]


@given(sheet_parts(), st.sampled_from([PLAIN_TEXTS, STRUCK_TEXTS]))
@budget(max_examples=400)
def test_any_sheet_reads_as_if_everything_had_been_parsed(sheet: str, texts: str) -> None:
    with parsing_everything():
        parsed = read(sheet, texts)
    assert read(sheet, texts) == parsed


@given(st.lists(rows(1), max_size=3), st.data())
def test_where_a_block_ends_does_not_matter(some: list[str], data: st.DataObject) -> None:
    whole = f"<worksheet><sheetData>{''.join(some)}</sheetData></worksheet>".encode()
    assume(b"<!" not in whole and b"<?" not in whole)  # from there on, however far a block reaches, nothing is taken
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=6)))
    assert pieces_of(whole, [0, *cuts, len(whole)]) == pieces_of(whole, [0, len(whole)])


@pytest.mark.parametrize("opened", ["<!--", "<?pi ", "<![CDATA["])
def test_what_begins_in_a_block_without_rows_hides_the_rows_of_the_next(opened: str) -> None:
    blank = f"<worksheet><sheetData><row r='1'>{' ' * (1 << 20)}{opened}".encode()
    row = b'<row r="7"><c r="A7"><v>5</v></c></row>'
    assert pieces_of(blank + row, [0, len(blank), len(blank + row)]) == ([], blank + row)
    assert pieces_of(blank + row, [0, len(blank) - len(opened) + 1, len(blank + row)]) == ([], blank + row)


def pieces_of(whole: bytes, edges: list[int]) -> tuple[list[Any], bytes]:
    taken: list[Any] = []
    plain = PlainRows(lambda *row: taken.append(row))
    left = b"".join(piece for begin, end in pairwise(edges) for piece in plain.feed(whole[begin:end]))
    return taken, left + plain.rest()
