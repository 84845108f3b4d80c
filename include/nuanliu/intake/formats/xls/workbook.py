"""A BIFF8 workbook (.xls) through xlrd. Values only."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlrd
from xlrd import error_text_from_code

from nuanliu.intake.formats.cell_formats import (
    BUILT_IN_FORMATS,
    CellStyle,
    FormatKind,
    float_text,
    format_kind,
    plain_text,
)
from nuanliu.intake.formats.cell_marks import CellMarks
from nuanliu.intake.formats.grids import CellBudget, GridBuilder
from nuanliu.intake.formats.limits import ReadingLimits
from nuanliu.intake.formats.void_colours import colour_names, is_void, void_colours
from nuanliu.intake.formats.workbook import MergedRange, Refused, Sheet, Workbook
from nuanliu.intake.formats.xls.biff_records import BiffSheet, read_beside_cells, read_outline
from nuanliu.intake.formats.xls.ole import OleFile
from nuanliu.intake.formats.xls.ole_properties import read_properties
from nuanliu.ooxml.addresses import column_letter

_TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR = 1, 2, 3, 4, 5  # xlrd's cell types
_VALUES = (_TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR)
_MACRO_STORAGE = "_vba_project_cur"


def read_xls(ole: OleFile, limits: ReadingLimits) -> Workbook:
    """Read all worksheets of an OLE workbook, hidden ones included. Raises: Refused."""
    names = {name.lower() for name in ole.names}
    return _read(
        ole.stream("Workbook") or b"",
        limits,
        has_macros=_MACRO_STORAGE in names,
        has_objects=any(name.startswith("mbd") for name in names),
        properties=read_properties(ole),
    )


def read_biff(stream: bytes, limits: ReadingLimits) -> Workbook:
    """Read a BIFF8 stream that stands alone, without an OLE container. Raises: Refused."""
    return _read(stream, limits, has_macros=False, has_objects=False, properties={})


def _read(
    stream: bytes, limits: ReadingLimits, *, has_macros: bool, has_objects: bool, properties: Mapping[str, str]
) -> Workbook:
    if len(stream) > limits.max_xls_bytes:
        raise Refused("file.too_large", size=len(stream) // (1024 * 1024), limit=limits.max_xls_bytes // (1024 * 1024))
    outline = read_outline(stream)
    if len(outline.sheet_offsets) > limits.max_sheets:
        raise Refused("file.too_many_sheets", limit=limits.max_sheets)
    if not outline.sheet_offsets:
        raise Refused("file.no_sheet")
    book = _open(stream)
    reader = _SheetReader(book, limits)
    sheets = []
    for at, offset in enumerate(outline.sheet_offsets):
        sheets.append(reader.read(book.sheet_by_index(at), read_beside_cells(stream, offset)))
        book.unload_sheet(at)
    return Workbook(
        kind="xls",
        sheets=tuple(sheets),
        has_macros=has_macros or outline.has_macro_sheets,
        has_external_links=has_objects or outline.has_external_links,
        properties=properties,
    )


def _open(stream: bytes) -> Any:
    # The stream, not the container: xlrd's own OLE reader never ends on a looped chain. Its warnings would land on stdout.
    return xlrd.open_workbook(
        file_contents=stream, formatting_info=True, on_demand=True, ragged_rows=True, logfile=_Silence()
    )


class _Silence(io.TextIOBase):
    """Takes the warnings that a hostile file could make endless."""

    def write(self, text: str, /) -> int:
        return len(text)


def _styles(book: Any) -> Sequence[CellStyle | None]:
    kinds = {
        key: format_kind(form.format_str) if form.format_str else BUILT_IN_FORMATS.get(key, FormatKind.PLAIN)
        for key, form in book.format_map.items()
    }
    fonts = [bool(font.struck_out) for font in book.font_list]
    return [
        CellStyle.of(
            kinds.get(xf.format_key, FormatKind.PLAIN),
            is_struck=0 <= xf.font_index < len(fonts) and fonts[xf.font_index],
        )
        for xf in book.xf_list
    ]


class _SheetReader:
    """Reads sheets of one opened book."""

    def __init__(self, book: Any, limits: ReadingLimits) -> None:
        self._book = book
        self._styles = _styles(book)
        self._limits = limits
        self._budget = CellBudget(limits)
        self._error_texts: Mapping[int, str] = error_text_from_code

    def read(self, sheet: Any, beside: BiffSheet) -> Sheet:
        """One sheet; ``beside``: what xlrd does not tell of it. Raises: Refused when it is too large."""
        uncomputed = beside.uncomputed
        if len(sheet.merged_cells) > self._limits.max_merged:
            raise Refused("file.bomb", detail=f"合并单元格超过{self._limits.max_merged}处")
        marks = CellMarks(is_1904=self._book.datemode == 1)
        marks.uncomputed.update(uncomputed)
        builder = GridBuilder(self._limits, self._budget, sheet.name)
        used_rows = set()
        for at in range(sheet.nrows):
            cells: dict[int, str] = {}
            for column, (kind, value) in enumerate(zip(sheet.row_types(at), sheet.row_values(at), strict=True)):
                if kind in _VALUES:
                    address = f"{column_letter(column)}{at + 1}"
                    text = "" if address in uncomputed else self._text(sheet, marks, kind, value, at, column)
                    if text or address in uncomputed:
                        cells[column] = text
            if cells:
                builder.add_row(at + 1, cells)
                used_rows.add(at + 1)
        grid = builder.build()
        comments = {
            f"{column_letter(column)}{row + 1}": plain_text(note.text)
            for (row, column), note in sheet.cell_note_map.items()
            if note.text
        }
        void = void_colours(grid, (*comments.values(), *beside.drawn.texts))
        return Sheet(
            name=sheet.name,
            grid=grid,
            is_visible=sheet.visibility == 0,
            merged=tuple(
                MergedRange(first_row + 1, first_column + 1, end_row, end_column)
                for first_row, end_row, first_column, end_column in sheet.merged_cells
            ),
            hidden_rows=frozenset(row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden) & used_rows,
            hidden_columns=frozenset(
                column_letter(at) for at, info in sheet.colinfo_map.items() if info.hidden and at < grid.shape[1]
            ),
            uncomputed=frozenset(marks.uncomputed),
            struck=frozenset(marks.struck),
            percent=frozenset(marks.percent),
            numeric_dates=marks.numeric_dates,
            decimals=frozenset(marks.decimals),
            errors=frozenset(marks.errors),
            comments=comments,
            drawn=beside.drawn,
            void_rows=frozenset(row for row in used_rows if self._is_void(sheet, row - 1, void))
            if void
            else frozenset(),
        )

    def _is_void(self, sheet: Any, at: int, void: frozenset[str]) -> bool:
        """Whether at least half of a row's written cells are filled or written in a colour that was called void."""
        written = [column for column, kind in enumerate(sheet.row_types(at)) if kind in _VALUES]
        marked = 0
        for column in written:
            xf = self._book.xf_list[sheet.cell_xf_index(at, column)]
            colours = [self._book.font_list[xf.font_index].colour_index]
            if xf.background.fill_pattern:
                colours.append(xf.background.pattern_colour_index)
            rgbs = (self._book.colour_map.get(colour) for colour in colours)
            marked += any(is_void(colour_names(*rgb), void) for rgb in rgbs if rgb is not None)
        return bool(marked) and marked * 2 >= len(written)

    def _text(self, sheet: Any, marks: CellMarks, kind: int, value: Any, at: int, column: int) -> str:
        xf = sheet.cell_xf_index(at, column)
        style = self._styles[xf] if 0 <= xf < len(self._styles) else None
        if kind == _TEXT:
            text = plain_text(value)
        elif kind == _BOOLEAN:
            text = "TRUE" if value else "FALSE"
        elif kind == _ERROR:
            text = self._error_texts.get(value, "#ERR!")
            marks.errors.add(f"{column_letter(column)}{at + 1}")
        else:
            number = float_text(value)
            if number is None:  # infinity or NaN, which Excel itself never stores
                marks.errors.add(f"{column_letter(column)}{at + 1}")
                return "#NUM!"
            text = marks.number(number, value, style, column, at + 1)
        if text and ((style is not None and style.is_struck) or self._has_struck_run(sheet, at, column)):
            marks.struck.add(f"{column_letter(column)}{at + 1}")
        return text

    def _has_struck_run(self, sheet: Any, at: int, column: int) -> bool:
        fonts = self._book.font_list
        runs = sheet.rich_text_runlist_map.get((at, column), ())
        return any(font < len(fonts) and fonts[font].struck_out for _, font in runs)
