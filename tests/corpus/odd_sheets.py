"""Files of the kinds that real ones taught us, drawn by a seed: figures under merges, few texts in many cells, other writers'
spellings of addresses and records, dates that are none. Each with what can be seen in it.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.corpus.odd_biff import hidden_extras, odd_xls
from tests.unit.intake.formats.reading_files import MAIN, OFFICE, RELATIONS, raw_xlsx, repacked, zipped

from nuanliu.ooxml.addresses import address, column_letter

HEADER = ("活动名称", "活动类别", "结束日期", "服务人数(人)", "投入资金(元)", "备注")
_CATEGORIES = ("走访慰问", "健康义诊", "困难帮扶", "文化活动")
_LONG_UNITS = ("字", "1", "(", "（", " x", "年第周期", "单位:", "填报单位:", "万", "一", "-", "1.", "1,", "、", "()", "13912345678 ",
               "2024年12月", "1日至", "余", "联系人:张", "*", "总工会", "A1", "第1周")  # fmt: skip


@dataclass
class Table:
    """Cells to be written, and which of them can be seen. ``shown``: 1-based place → value."""

    cells: dict[tuple[int, int], Any] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)

    @property
    def shown(self) -> dict[tuple[int, int], Any]:
        """What a spreadsheet shows of it."""
        hidden = {
            (row, column)
            for top, left, bottom, right in self.merged
            for row in range(top, min(bottom, 2000) + 1)
            for column in range(left, min(right, 200) + 1)
            if (row, column) != (top, left)
        }
        return {place: value for place, value in self.cells.items() if place not in hidden and value not in (None, "")}


@dataclass(frozen=True)
class OddFile:
    """``shown`` None: nobody is asked what can be seen. ``rules``: one of these must answer it; empty: it must be read."""

    kind: str
    name: str
    data: bytes
    shown: dict[tuple[int, int], Any] | None = None
    rules: tuple[str, ...] = ()
    must_say: tuple[str, ...] = ()
    is_judged: bool = True


def usual_table(rng: random.Random, rows: int | None = None) -> Table:
    """A tidy table of activities."""
    table = Table()
    for column, text in enumerate(HEADER, start=1):
        table.cells[1, column] = text
    for row in range(2, (rows or rng.randint(2, 12)) + 2):
        values = (
            f"活动{row}", rng.choice(_CATEGORIES), f"2024-12-0{rng.randint(2, 8)}", rng.randint(10, 900), rng.randint(1, 99) * 100,
            rng.choice(("", "按计划", "天气原因推迟")),
        )  # fmt: skip
        for column, value in enumerate(values, start=1):
            table.cells[row, column] = value
    return table


def as_xlsx(
    table: Table,
    *,
    row_of: Callable[[int, list[str]], str] | None = None,
    lower: bool = False,
    shared: bool = True,
    after: str = "",
    styles: str | None = None,
    style_of: Callable[[int, int], str] = lambda _, __: "",
) -> bytes:
    """The table as an xlsx. ``row_of``: writes the elements of a row around its cells; ``lower``: a1 for A1."""
    texts: dict[str, int] = {}
    rows: dict[int, list[str]] = {}
    for (row, column), value in sorted(table.cells.items()):
        place = address(row, column)
        place = place.lower() if lower else place
        style = style_of(row, column)
        if isinstance(value, str) and shared:
            index = texts.setdefault(value, len(texts))
            cell = f'<c r="{place}"{style} t="s"><v>{index}</v></c>'
        elif isinstance(value, str):
            cell = f'<c r="{place}"{style} t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'
        else:
            cell = f'<c r="{place}"{style}><v>{value}</v></c>'
        rows.setdefault(row, []).append(cell)
    write = row_of or (lambda number, cells: f'<row r="{number}">{"".join(cells)}</row>')
    areas = "".join(f'<mergeCell ref="{_area(*area)}"/>' for area in table.merged)
    merges = f"<mergeCells>{areas}</mergeCells>" if areas else ""
    items = "".join(f'<si><t xml:space="preserve">{text}</t></si>' for text in texts)
    data = "".join(write(number, cells) for number, cells in rows.items())
    return with_types(raw_xlsx(data, texts=items if texts else None, after=merges + after, styles=styles))


def with_types(data: bytes) -> bytes:
    """The xlsx with the types of its parts, which openpyxl asks for and we do not."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "workbook": "sheet.main",
        "worksheets/sheet1": "worksheet",
        "sharedStrings": "sharedStrings",
        "styles": "styles",
    }
    overrides = "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="{kind}.{name}+xml"/>'
        for part, name in parts.items()
        if f"xl/{part}.xml".encode() in data
    )
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels"'
        f' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>'
    )
    return repacked(data, {"[Content_Types].xml": types})


def _area(top: int, left: int, bottom: int, right: int) -> str:
    if bottom == 1_048_576:
        return f"{column_letter(left - 1)}:{column_letter(right - 1)}"
    return f"{address(top, left)}:{address(bottom, right)}"


def merge_at_random(rng: random.Random, table: Table) -> list[str]:
    """Merge areas of the body, values left beneath; the figures that then are hidden, as addresses."""
    last = max(row for row, _ in table.cells)
    taken: set[tuple[int, int]] = set()
    for _ in range(rng.randint(1, 4)):
        top, left = rng.randint(2, last), rng.randint(1, len(HEADER))
        bottom, right = min(last, top + rng.choice((0, 1, 2))), min(len(HEADER), left + rng.choice((0, 0, 1, 2)))
        places = {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}
        if len(places) > 1 and not places & taken:
            taken |= places
            table.merged.append((top, left, bottom, right))
    shown = table.shown
    return [address(*place) for place, value in table.cells.items() if isinstance(value, int) and place not in shown]


def _merged(rng: random.Random) -> OddFile:
    table = usual_table(rng)
    hidden = merge_at_random(rng, table)
    must_say = ("row.figure.under_merge",) if hidden else ()
    if rng.random() < 0.4:
        return OddFile("merged.xls", "周报.xls", odd_xls(table.cells, table.merged), table.shown, must_say=must_say)
    return OddFile(
        "merged.xlsx", "周报.xlsx", as_xlsx(table, shared=rng.random() < 0.5), table.shown, must_say=must_say
    )


def _few_texts(rng: random.Random) -> OddFile:
    """One long text in many cells; the product may be more than any file may name."""
    length = rng.choice((400, 2000, 32767))
    rows = rng.choice((50, 600, 1500)) if length > 400 else rng.choice((600, 3000, 20_000))
    table = usual_table(rng, rows)
    text = rng.choice(("备注", "说", "x")) * length
    for row in range(2, rows + 2):
        table.cells[row, 6] = text[:length]
    way = rng.choice(("shared", "inline", "xls"))
    if way == "xls":
        data = odd_xls(table.cells, [])
    else:
        data = as_xlsx(table, shared=way == "shared" or length * rows > 3_000_000)
    return OddFile(
        f"few texts.{way}", "周报.xls" if way == "xls" else "周报.xlsx", data, table.shown if rows < 700 else None
    )


def _spread_texts(rng: random.Random) -> OddFile:
    """One text of 32,767 characters in ten thousand cells or more, wherever they are."""
    table = Table()
    width = rng.choice((1, 10, 100))
    for at in range(10_000):
        table.cells[at // width + 1, at % width + 1] = "字" * 32767
    rules = ("file.too_much_text", "file.header.missing")
    if rng.random() < 0.5:
        return OddFile("spread texts.xls", "周报.xls", odd_xls(table.cells, []), rules=rules)
    return OddFile("spread texts.xlsx", "周报.xlsx", as_xlsx(table), rules=rules)


def _spelled(rng: random.Random) -> OddFile:
    """Addresses and rows as some exporting programs spell them."""
    table = usual_table(rng)
    way = rng.choice(("lower", "row a cell", "wandering", "no rows' numbers", "whole column", "backwards"))
    if way == "lower":
        return OddFile(way, "周报.xlsx", as_xlsx(table, lower=True), table.shown)
    if way == "row a cell":
        row_of = lambda number, cells: "".join(f'<row r="{number}">{cell}</row>' for cell in cells)  # noqa: E731
        return OddFile(way, "周报.xlsx", as_xlsx(table, row_of=row_of), table.shown)
    if way == "wandering":
        one = rng.randint(2, max(row for row, _ in table.cells))
        row_of = lambda number, cells: (  # noqa: E731
            f'<row r="{number - (number == one)}">{"".join(cells)}</row>' if number != one - 1 else
            f'<row r="{number}">{"".join(cells)}</row>'
        )  # fmt: skip
        return OddFile(way, "周报.xlsx", as_xlsx(table, row_of=row_of), table.shown)
    if way == "no rows' numbers":
        return OddFile(
            way, "周报.xlsx", as_xlsx(table, row_of=lambda _, cells: f"<row>{''.join(cells)}</row>"), table.shown
        )
    if way == "backwards":
        rows: list[str] = []
        as_xlsx(
            table,
            row_of=lambda number, cells: rows.append(f'<row r="{number}">{"".join(cells)}</row>') or "",
            shared=False,
        )
        return OddFile(way, "周报.xlsx", with_types(raw_xlsx("".join(reversed(rows)))), table.shown)
    column = len(HEADER) + rng.randint(1, 4)
    table.merged.append((1, column, 1_048_576, column + rng.randint(0, 2)))
    return OddFile(way, "周报.xlsx", as_xlsx(table), table.shown)


def _lost_sheet(rng: random.Random) -> OddFile:
    table = usual_table(rng)
    book = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="活动明细" sheetId="1" r:id="r1"/>'
        '<sheet name="县区" sheetId="2" r:id="r2"/></sheets></workbook>'
    )
    more = rng.choice(("", f'<Relationship Id="r2" Type="{OFFICE}/worksheet" Target="worksheets/none.xml"/>'))
    relations = (
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f"{more}</Relationships>"
    )
    shared = f'<Relationship Id="r9" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    relations = relations.replace("</Relationships>", shared)
    data = repacked(as_xlsx(table), {"xl/workbook.xml": book, "xl/_rels/workbook.xml.rels": relations})
    return OddFile("lost sheet", "周报.xlsx", data, table.shown, must_say=("file.sheet.lost",))


def _formats(rng: random.Random) -> OddFile:
    """Number formats that are no dates though letters of dates are in them."""
    table = usual_table(rng)
    code = rng.choice(("Standard", "General", "Standard;[Red]-Standard", "[$-F400]Standard", "0.00E+00", "#,##0", "@"))
    styles = f'<numFmts count="1"><numFmt numFmtId="170" formatCode="{code}"/></numFmts><cellXfs><xf/><xf numFmtId="170"/></cellXfs>'
    data = as_xlsx(table, styles=styles, style_of=lambda row, column: ' s="1"' if row > 1 and column in (4, 5) else "")
    # Both judges take the d of Standard for a day; Excel does not.
    return OddFile("formats", "周报.xlsx", data, table.shown, is_judged="Standard" not in code)


def _overgrown(rng: random.Random) -> OddFile:
    table = usual_table(rng)
    # of many kinds, as copying between workbooks makes them; all alike would be what a zip bomb looks like
    many = "".join(
        f'<xf numFmtId="0" fontId="{rng.randrange(400)}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFill="1"/>'
        for _ in range(rng.choice((30_000, 190_000)))
    )
    styles = f"<cellStyleXfs>{many}</cellStyleXfs><cellXfs><xf/><xf/></cellXfs>"
    return OddFile("overgrown", "周报.xlsx", as_xlsx(table, styles=styles), table.shown)


def _foreign(rng: random.Random) -> OddFile:
    """What is no workbook, and must be called what it is."""
    name = b"Zhang San"
    owner = (bytes([len(name)]) + name).ljust(55, b" ") + bytes([len(name), 0]) + name.decode().encode("utf-16-le")
    kinds: list[tuple[str, str, bytes, str]] = [
        ("owner file", "~$周报.xlsx", owner.ljust(165, b" "), "file.temporary"),
        ("owner file", "周报.xlsx", owner.ljust(165, b" "), "file.temporary"),
        ("sylk", "周报.slk", 'ID;PWXL;N;E\r\nP;PGeneral\r\nC;Y1;X1;K"活动名称"\r\nE\r\n'.encode("gb18030"), "file.other_spreadsheet"),
        ("dif", "周报.dif", b'TABLE\r\n0,1\r\n"EXCEL"\r\n', "file.other_spreadsheet"),
        ("numbers", "周报.numbers", zipped({"Index/Document.iwa": b"x", "preview.jpg": b"y"}), "file.other_spreadsheet"),
        ("numbers", "周报.numbers", zipped({"Index.zip": b"x", "preview.jpg": b"y", "Metadata/a": b"z"}), "file.other_spreadsheet"),
    ]  # fmt: skip
    kind, file_name, data, rule = rng.choice(kinds)
    return OddFile(kind, file_name, data, rules=(rule,))


def _long_text(rng: random.Random) -> OddFile:
    """One very long cell of one sort, anywhere."""
    table = usual_table(rng, 3)
    unit = rng.choice(_LONG_UNITS)
    text = (unit * rng.choice((2000, 32767)))[: rng.choice((5000, 32767, 60_000))]
    place = rng.choice(("title", "cover", "header", "cell", "foot"))
    if place in ("title", "cover"):
        table.cells = {(row + 1, column): value for (row, column), value in table.cells.items()}
        table.cells[1, 1 if place == "title" else 2] = text
        if place == "cover":
            table.cells[1, 1] = "填报单位"
    elif place == "header":
        table.cells[1, 6] = text
    elif place == "foot":
        table.cells[6, 1] = text
    else:
        table.cells[3, rng.randint(1, 6)] = text
    return OddFile(f"long text.{place}", "周报.xlsx", as_xlsx(table, shared=rng.random() < 0.5), table.shown)


def _odd_records(rng: random.Random) -> OddFile:
    table = usual_table(rng)
    oddity = rng.choice(
        ("counts off", "counts zero", "odd note", "odd name", "continued result", "continued texts", "volatile")
    )
    data = odd_xls(table.cells, [], oddity=oddity, rng=rng)
    shown = {**table.shown, **hidden_extras(oddity)} if oddity != "continued texts" else None
    # calamine drops what goes on in the next record
    return OddFile(f"xls.{oddity}", "周报.xls", data, shown, is_judged=oddity != "continued result")


_KINDS: tuple[tuple[Callable[[random.Random], OddFile], int], ...] = (
    (_merged, 30), (_few_texts, 6), (_spread_texts, 1), (_spelled, 20), (_lost_sheet, 5), (_formats, 6), (_overgrown, 1),
    (_foreign, 5), (_long_text, 16), (_odd_records, 20),
)  # fmt: skip


def make_odd_file(seed: int) -> OddFile:
    """The file of a seed."""
    rng = random.Random(seed)
    make = rng.choices([kind for kind, _ in _KINDS], [weight for _, weight in _KINDS])[0]
    return make(rng)
