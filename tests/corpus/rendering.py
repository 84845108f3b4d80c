"""A draft as bytes, and what each of its rows says: the same cells as xlsx, BIFF8, CSV, wide or long."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from tests.corpus.written import EMPTY, Cell, Column, ErrorValue, Formula, Row, Said

from nuanliu.ooxml.addresses import column_letter

if TYPE_CHECKING:
    from tests.corpus.drafts import Draft

Place = tuple[int, int]
"""0-based row and column."""


@dataclass
class Grid:
    """A sheet as cells. ``said``: what stands in each row, by 1-based row."""

    name: str
    cells: dict[Place, Cell] = field(default_factory=dict)
    said: dict[int, Said] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    comments: dict[Place, str] = field(default_factory=dict)
    is_hidden: bool = False

    def put(self, row: int, column: int, content: object) -> None:
        """Write one cell."""
        cell = content if isinstance(content, Cell) else Cell(content)  # type: ignore[arg-type]
        if cell.content is not None:
            self.cells[row, column] = cell


def render(draft: Draft) -> tuple[bytes, dict[tuple[str | None, int], Said]]:
    """The file, and what each row below its header says, by sheet name (None: CSV) and 1-based row."""
    if draft.kind == "csv":
        table = _table(draft)
        return _csv(draft, table), {(None, row): said for row, said in table.said.items()}
    tables = _tables(draft)
    grids = list(tables)
    for extra in draft.extra_sheets:
        grid = Grid(extra.name, is_hidden=extra.is_hidden)
        for at, texts in enumerate(extra.rows):
            for column, content in enumerate(texts):
                grid.put(at, column, content)
        grids.append(grid)
    if draft.cover:
        grid = Grid("报送信息")
        for at, texts in enumerate(draft.cover):
            for column, content in enumerate(texts):
                grid.put(at, column, content)
        grids.insert(0, grid)
    data = _xls(grids, tables) if draft.kind == "xls" else _xlsx(draft, grids, tables)
    return data, {(table.name, row): said for table in tables for row, said in table.said.items()}


def _tables(draft: Draft) -> list[Grid]:
    """The rows on one sheet, or on two with the same header."""
    if draft.second_sheet is None:
        return [_table(draft)]
    half = len(draft.rows) // 2
    lower = {(row - half, column): text for (row, column), text in draft.comments.items() if row >= half}
    upper = {place: text for place, text in draft.comments.items() if place[0] < half}
    return [
        _table(replace(draft, rows=draft.rows[:half], comments=upper)),
        _table(replace(draft, rows=draft.rows[half:], comments=lower, sheet_name=draft.second_sheet)),
    ]


def _table(draft: Draft) -> Grid:
    grid = Grid(draft.sheet_name)
    first = draft.blank_columns
    at = 0
    for texts in draft.above:
        for column, content in enumerate(texts):
            grid.put(at, first + column, content)
        at += 1
    columns = _long_columns(draft) if draft.is_long else draft.columns
    if draft.above and draft.above[0]:
        grid.merged.append((0, first, 0, first + max(len(columns) - 1, 1)))
    at = _header(draft, grid, columns, at, first)
    unions: list[tuple[int, str]] = []
    for number, row in enumerate(draft.rows):
        for line in _long_rows(draft, row) if draft.is_long else [row]:
            said = Said(line)
            of_line = str(line.cells["measure_id"].content) if "measure_id" in line.cells else ""
            for place, column in enumerate(columns):
                cell = line.cells.get(column.id, EMPTY)
                grid.put(at, first + place, cell)
                measure = of_line if column.id == "long_value" else column.id
                if cell.value is not None and line.kind == "activity":
                    address = f"{column_letter(first + place)}{at + 1}"
                    said.figures[address] = (measure, cell.value, cell.exactness)
                if any(upper is row and column.id == merged for upper, merged in draft.merged_figures):
                    grid.merged.append((at, first + place, at + 1, first + place))
                if column.id == "reporting_union":
                    unions.append((at, str(cell.content)))
                if (number, column.id) in draft.comments:
                    grid.comments[at, first + place] = draft.comments[number, column.id]
            if line.cells or line.kind != "activity":
                grid.said[at + 1] = said
            at += 1
    if draft.merge_unions and not draft.is_long:
        _merge_unions(grid, unions, first + next(i for i, c in enumerate(columns) if c.id == "reporting_union"))
    for texts in draft.foot:
        for column, content in enumerate(texts):
            grid.put(at, first + column, content)
        at += 1
    return grid


def _header(draft: Draft, grid: Grid, columns: list[Column], at: int, first: int) -> int:
    """Write the header; returns the row below it. A group stands once above the columns it holds."""
    if draft.header_rows == 1 or draft.is_long:
        for place, column in enumerate(columns):
            grid.put(at, first + place, column.header)
        return at + 1
    start = 0
    for place, column in enumerate(columns):
        if column.group is None:
            grid.put(at, first + place, column.header)
            grid.merged.append((at, first + place, at + 1, first + place))
            continue
        grid.put(at + 1, first + place, column.header)
        if place == 0 or columns[place - 1].group != column.group:
            start = place
            grid.put(at, first + place, column.group)
        if place + 1 == len(columns) or columns[place + 1].group != column.group:
            grid.merged.append((at, first + start, at, first + place))
    return at + 2


def _merge_unions(grid: Grid, unions: list[tuple[int, str]], column: int) -> None:
    """One merged cell for each run of rows of one union; its text stands in the first only (M34)."""
    start = 0
    for end in range(1, len(unions) + 1):
        if end < len(unions) and unions[end][1] == unions[start][1] and unions[end][0] == unions[end - 1][0] + 1:
            continue
        if end - start > 1:
            grid.merged.append((unions[start][0], column, unions[end - 1][0], column))
            for at, _ in unions[start + 1 : end]:
                grid.cells.pop((at, column), None)
        start = end


def _long_columns(draft: Draft) -> list[Column]:
    labels = [column for column in draft.columns if not column.is_measure]
    return [*labels, Column("long_measure", "指标"), Column("long_value", "数值"), Column("long_unit", "单位")]


def _long_rows(draft: Draft, row: Row) -> list[Row]:
    """One row for each measure; a row that is no activity stays one."""
    if row.kind != "activity":
        return [row]
    lines = []
    for column in draft.measures:
        cell = row.cells.get(column.id, EMPTY)
        name = column.header.split("(")[0].split("（")[0]
        cells = {**row.cells, "long_measure": Cell(name), "long_value": cell, "long_unit": Cell(column.unit)}
        for other in draft.measures:
            cells.pop(other.id, None)
        cells["measure_id"] = Cell(column.id)
        lines.append(
            Row(
                row.kind,
                cells,
                row.weeks,
                row.union_id,
                row.category_id,
                row.is_doubtful,
                row.is_hidden,
                row.is_struck,
                row.colour,
                row.is_called_void,
                row.twin,
            )
        )
    return lines


def shown(content: object) -> str:
    """A cell's content as a CSV writes it."""
    match content:
        case None:
            return ""
        case Formula():
            return f"={content.text}"
        case ErrorValue(text):
            return text
        case datetime():
            return f"{content:%Y-%m-%d %H:%M}"
        case date():
            return f"{content:%Y/%m/%d}"
        case float():
            return f"{content:.10g}"
        case _:
            return str(content)


def _csv(draft: Draft, grid: Grid) -> bytes:
    out = io.StringIO()
    # Python's writer quotes a line feed only where lines end in one
    quoting = csv.QUOTE_ALL if draft.line_end == "\r" else csv.QUOTE_MINIMAL
    writer = csv.writer(out, delimiter=draft.separator, lineterminator=draft.line_end, quoting=quoting)
    height = max(row for row, _ in grid.cells) + 1
    width = max(column for _, column in grid.cells) + 1
    for row in range(height):
        writer.writerow([shown(grid.cells.get((row, column), EMPTY).content) for column in range(width)])
    return out.getvalue().encode(draft.encoding)


def _xlsx(draft: Draft, grids: list[Grid], tables: list[Grid]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import Font, PatternFill

    book = Workbook()
    del book["Sheet"]
    for grid in grids:
        sheet = book.create_sheet(grid.name)
        for (row, column), cell in grid.cells.items():
            target = sheet.cell(row + 1, column + 1)
            match cell.content:
                case Formula(text):
                    target.value = f"={text}"
                case ErrorValue(text):
                    target.value, target.data_type = text, "e"
                case str(text):
                    target.value, target.data_type = text, "s"
                case other:
                    target.value = other
        for top, left, bottom, right in grid.merged:
            if bottom > top or right > left:
                sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
        for (row, column), text in grid.comments.items():
            sheet.cell(row + 1, column + 1).comment = Comment(text, "填报人")
        if grid.is_hidden:
            sheet.sheet_state = "hidden"
    for table in tables:
        sheet = book[table.name]
        for row, said in table.said.items():
            if said.row.is_hidden:
                sheet.row_dimensions[row].hidden = True
            for target in sheet[row]:
                if said.row.is_struck:
                    target.font = Font(strike=True)
                if said.row.colour:
                    target.fill = PatternFill("solid", fgColor=f"FF{said.row.colour}")
    for name, text in draft.properties.items():
        setattr(book.properties, name, text)
    book.active = book.index(book[tables[0].name])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _xls(grids: list[Grid], tables: list[Grid]) -> bytes:
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    struck = xlwt.easyxf("font: struck_out on")
    red = xlwt.easyxf("pattern: pattern solid, fore_colour red")
    for grid in grids:
        sheet = book.add_sheet(grid.name, cell_overwrite_ok=True)
        tops = {(top, left): (bottom, right) for top, left, bottom, right in grid.merged}
        for (row, column), cell in grid.cells.items():
            content = cell.content
            said = grid.said.get(row + 1)
            style = struck if said is not None and said.row.is_struck else xlwt.Style.default_style
            if said is not None and said.row.colour:
                style = red
            if isinstance(content, date):
                content, style = datetime(content.year, content.month, content.day), day  # noqa: DTZ001
            if isinstance(content, Formula):
                content = xlwt.Formula(content.text)
            if isinstance(content, ErrorValue):
                content = content.text
            if (row, column) in tops:
                bottom, right = tops[row, column]
                sheet.write_merge(row, bottom, column, right, content, style)
            else:
                sheet.write(row, column, content, style)
        if grid.is_hidden:
            sheet.visibility = 1
        for row, said in grid.said.items():
            if said.row.is_hidden:
                sheet.row(row - 1).hidden = True
                sheet.row(row - 1).has_default_height = True
    book.active_sheet = grids.index(tables[0])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
