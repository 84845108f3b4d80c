"""One worksheet of a BIFF8 stream, read in a single pass over its records.

Source: [MS-XLS] sections 2.4.149 (LabelSst), 2.4.180 (Number), 2.4.220 (RK), 2.4.175 (MulRk), 2.4.127 (Formula), 2.4.24 (BoolErr),
2.4.221 (Row), 2.4.53 (ColInfo), 2.4.168 (MergeCells), 2.4.179 (Note), 2.4.181 (Obj), 2.4.329 (TxO).
"""

from __future__ import annotations

import struct
from collections import Counter

import pandas as pd

from nuanliu.intake.formats.cell_formats import float_text, plain_text
from nuanliu.intake.formats.cell_marks import CellMarks
from nuanliu.intake.formats.grids import CellBudget, Disordered, GridBuilder, SheetRows
from nuanliu.intake.formats.limits import ReadingLimits
from nuanliu.intake.formats.void_colours import colour_names, is_void, void_colours
from nuanliu.intake.formats.workbook import Drawn, MergedRange, Refused, Sheet
from nuanliu.intake.formats.xls.biff_records import CONTINUE, BiffEntry, records, with_continues
from nuanliu.intake.formats.xls.biff_styles import BiffGlobals
from nuanliu.intake.formats.xls.biff_texts import BiffText
from nuanliu.ooxml.addresses import column_letter

_NUMBER, _RK, _MANY_RK, _FORMULA, _STRING = 0x0203, 0x027E, 0x00BD, 0x0006, 0x0207
_SHARED_TEXT, _LABEL, _RICH_LABEL, _BOOLEAN_OR_ERROR = 0x00FD, 0x0204, 0x00D6, 0x0205
_ROW, _COLUMNS, _MERGED, _NOTE, _OBJ, _TEXT_OBJECT = 0x0208, 0x007D, 0x00E5, 0x001C, 0x005D, 0x01B6
_PICTURE, _NOTE_SHAPE = 0x0008, 0x0019  # kinds of OBJ; a note's text is read as a comment
_ROW_HIDDEN, _COLUMN_HIDDEN = 0x20, 0x1
_IS_TEXT, _IS_BOOLEAN, _IS_ERROR = 0, 1, 2  # results of a formula that are no number
_VOLATILE, _ON_LOAD = 0b01, 0b10
_VOLATILE_TOKEN = b"\x19\x01"
_ZERO = bytes(8)
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


class BiffSheetReader:
    """Reads the sheets of one stream. ``offsets``: where all of them begin."""

    def __init__(
        self, stream: bytes, said: BiffGlobals, limits: ReadingLimits, budget: CellBudget, offsets: tuple[int, ...]
    ) -> None:
        self._stream = stream
        self._said = said
        self._limits = limits
        self._budget = budget
        self._offsets = offsets
        self._calculates: bool | None = None

    def read(self, entry: BiffEntry) -> Sheet:
        """One sheet. Raises: Refused when it is broken or too large."""
        try:
            grid = self._read(entry, is_sorted=True)
        except Disordered:
            grid = self._read(entry, is_sorted=False)
        except struct.error as error:
            raise Refused("file.corrupt", detail="单元格的记录不完整") from error
        notes = {cell: plain_text(self._texts.get(number, "")) for cell, number in self._notes.items()}
        comments = {cell: text for cell, text in notes.items() if text}
        paragraphs = (line.strip() for text in self._drawn for line in text.splitlines())
        drawn = Drawn(tuple(dict.fromkeys(filter(None, paragraphs))), self._has_pictures)
        void = void_colours(grid, (*comments.values(), *drawn.texts))
        marks = self._marks
        return Sheet(
            name=entry.name,
            grid=grid,
            is_visible=entry.is_visible,
            merged=tuple(self._merged),
            hidden_rows=frozenset(self._hidden_rows & self._used_rows),
            hidden_columns=frozenset(column_letter(at) for at in self._hidden_columns if at < grid.shape[1]),
            uncomputed=frozenset(marks.uncomputed),
            struck=frozenset(marks.struck),
            percent=frozenset(marks.percent),
            numeric_dates=marks.numeric_dates,
            decimals=frozenset(marks.decimals),
            errors=frozenset(marks.errors),
            comments=comments,
            drawn=drawn,
            void_rows=self._void_rows(entry, void) if void else frozenset(),
        )

    def _read(self, entry: BiffEntry, *, is_sorted: bool) -> pd.DataFrame:
        self._builder = GridBuilder(self._limits, self._budget, entry.name)
        self._rows = SheetRows(self._builder, is_sorted=is_sorted)
        self._marks = CellMarks(is_1904=self._said.is_1904)
        self._merged: list[MergedRange] = []
        self._hidden_rows: set[int] = set()
        self._used_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._notes: dict[str, int] = {}
        self._texts: dict[int, str] = {}
        self._drawn: list[str] = []
        self._has_pictures = False
        self._row, self._cells = 0, dict[int, str]()
        shape, number = _NOTE_SHAPE, 0
        pending: tuple[int, int, int] | None = None
        stream = self._stream
        for kind, start, length in records(stream, entry.offset):
            if kind == _SHARED_TEXT:
                row, column, xf, at = struct.unpack_from("<HHHI", stream, start)
                self._shared_text(row, column, xf, at)
            elif kind == _NUMBER:
                row, column, xf, value = struct.unpack_from("<HHHd", stream, start)
                self._number(row, column, xf, value)
            elif kind == _RK:
                row, column, xf, packed = struct.unpack_from("<HHHI", stream, start)
                self._number(row, column, xf, _unpacked(packed))
            elif kind == _MANY_RK:
                row, column = struct.unpack_from("<HH", stream, start)
                for at, (xf, packed) in enumerate(struct.iter_unpack("<HI", stream[start + 4 : start + length - 2])):
                    self._number(row, column + at, xf, _unpacked(packed))
            elif kind == _FORMULA:
                pending = self._formula(start, length)
            elif kind == _STRING and pending is not None:
                self._text(*pending, BiffText(stream, with_continues(stream, start, length)).plain_text())
                pending = None
            elif kind in (_LABEL, _RICH_LABEL):
                row, column, xf = struct.unpack_from("<HHH", stream, start)
                pieces = with_continues(stream, start, length)
                pieces[0] = (start + 6, start + length)
                self._text(row, column, xf, BiffText(stream, pieces).plain_text())
            elif kind == _BOOLEAN_OR_ERROR:
                row, column, xf, code, is_error = struct.unpack_from("<HHHBB", stream, start)
                self._boolean_or_error(row, column, xf, code, is_error=bool(is_error))
            elif kind == _ROW and length >= 16:
                row, _, _, height = struct.unpack_from("<4H", stream, start)
                if struct.unpack_from("<I", stream, start + 12)[0] & _ROW_HIDDEN or not height & 0x7FFF:
                    self._hidden_rows.add(row + 1)
            elif kind == _COLUMNS and length >= 10:
                first, last, width, _, flags = struct.unpack_from("<5H", stream, start)
                if flags & _COLUMN_HIDDEN or not width:
                    self._hidden_columns.update(range(first, min(last + 1, self._limits.max_columns)))
            elif kind == _MERGED and length >= 2:
                self._add_merged(start, length)
            elif kind == _NOTE and length >= 8:
                row, column, _, note = struct.unpack_from("<4H", stream, start)
                self._notes[f"{column_letter(column)}{row + 1}"] = note
            elif kind == _OBJ and length >= 8:
                shape, number = struct.unpack_from("<HH", stream, start + 4)
                self._has_pictures |= shape == _PICTURE
            elif kind == _TEXT_OBJECT and length >= 12:
                text = _drawn_text(stream, start + length, struct.unpack_from("<H", stream, start + 10)[0])
                if shape == _NOTE_SHAPE:
                    self._texts[number] = text
                else:
                    self._drawn.append(text)
        self._end_row()
        self._rows.finish()
        return self._builder.build()

    def _formula(self, start: int, length: int) -> tuple[int, int, int] | None:
        """Take a formula's result; the place of one whose text stands in the next record."""
        stream = self._stream
        row, column, xf = struct.unpack_from("<HHH", stream, start)
        result = stream[start + 6 : start + 14]
        if result[6:] == b"\xff\xff":
            if result[0] == _IS_TEXT:
                return row, column, xf
            if result[0] in (_IS_BOOLEAN, _IS_ERROR):
                self._boolean_or_error(row, column, xf, result[2], is_error=result[0] == _IS_ERROR)
        elif result == _ZERO and self._is_uncomputed(start, length):
            self._marks.uncomputed.add(f"{column_letter(column)}{row + 1}")
            self._put(row, column, "")
        else:
            self._number(row, column, xf, struct.unpack("<d", result)[0])
        return None

    def _is_uncomputed(self, start: int, length: int) -> bool:
        """Whether a stored 0 is that of a writer that cannot calculate, and leaves it to whoever opens the file.

        A volatile formula is calculated on opening too, but by a program that has calculated it before. And who has
        calculated one formula of a book has calculated all.
        """
        if length < 16:
            return False
        (flags,) = struct.unpack_from("<H", self._stream, start + 14)
        is_volatile = flags & _VOLATILE and self._stream[start + 22 : start + 24] == _VOLATILE_TOKEN
        if not flags & _ON_LOAD or is_volatile:
            return False
        if self._calculates is None:
            self._calculates = any(map(self._has_result, self._offsets))
        return not self._calculates

    def _has_result(self, offset: int) -> bool:
        """Whether any formula of a sheet has a result that is neither 0 nor nothing."""
        for kind, start, length in records(self._stream, offset):
            if kind == _FORMULA and length >= 14:
                result = self._stream[start + 6 : start + 14]
                if result != _ZERO and not (
                    result[6:] == b"\xff\xff" and result[0] not in (_IS_TEXT, _IS_BOOLEAN, _IS_ERROR)
                ):
                    return True
        return False

    def _shared_text(self, row: int, column: int, xf: int, at: int) -> None:
        if at >= len(self._said.shared.texts):
            raise Refused("file.corrupt", detail="单元格引用了不存在的文字")
        self._text(row, column, xf, self._said.shared.texts[at], is_struck=at in self._said.shared.struck)

    def _text(self, row: int, column: int, xf: int, text: str, *, is_struck: bool = False) -> None:
        text = self._builder.share(plain_text(text))
        if text:
            self._put(row, column, text)
            self._strike(row, column, xf, is_struck=is_struck)

    def _number(self, row: int, column: int, xf: int, value: float) -> None:
        number = float_text(value)
        if number is None:  # infinity or NaN, which Excel itself never stores
            self._marks.errors.add(f"{column_letter(column)}{row + 1}")
            self._put(row, column, "#NUM!")
            return
        styles = self._said.styles
        style = styles[xf] if xf < len(styles) else None
        self._put(row, column, self._marks.number(number, value, style, column, row + 1))
        if style is not None and style.is_struck:
            self._strike(row, column, xf)

    def _boolean_or_error(self, row: int, column: int, xf: int, code: int, *, is_error: bool) -> None:
        if is_error:
            self._marks.errors.add(f"{column_letter(column)}{row + 1}")
            self._put(row, column, _ERRORS.get(code, "#ERR!"))
        else:
            self._put(row, column, "TRUE" if code else "FALSE")
        self._strike(row, column, xf)

    def _strike(self, row: int, column: int, xf: int, *, is_struck: bool = False) -> None:
        styles = self._said.styles
        style = styles[xf] if xf < len(styles) else None
        if is_struck or (style is not None and style.is_struck):
            self._marks.struck.add(f"{column_letter(column)}{row + 1}")

    def _put(self, row: int, column: int, text: str) -> None:
        if row + 1 != self._row:
            self._end_row()
            self._row = row + 1
        self._cells[column] = text

    def _end_row(self) -> None:
        if self._cells:
            self._rows.add(self._row, self._cells)
            self._used_rows.add(self._row)
            self._cells = {}

    def _add_merged(self, start: int, length: int) -> None:
        (count,) = struct.unpack_from("<H", self._stream, start)
        for at in range(min(count, (length - 2) // 8)):
            first_row, last_row, first, last = struct.unpack_from("<4H", self._stream, start + 2 + 8 * at)
            rows, columns = sorted((first_row, last_row)), sorted((first, last))
            self._merged.append(MergedRange(rows[0] + 1, columns[0] + 1, rows[1] + 1, columns[1] + 1))
        if len(self._merged) > self._limits.max_merged:
            raise Refused("file.bomb", detail=f"合并单元格超过{self._limits.max_merged}处")

    def _void_rows(self, entry: BiffEntry, void: frozenset[str]) -> frozenset[int]:
        """The rows in which at least half of the written cells are filled or written in a colour that was called void."""
        marked = {
            xf
            for xf, colours in enumerate(self._said.colours)
            if any(is_void(colour_names(*colour), void) for colour in colours)
        }
        if not marked:
            return frozenset()
        written: Counter[int] = Counter()
        void_cells: Counter[int] = Counter()
        for kind, start, length in records(self._stream, entry.offset):
            if kind in (_SHARED_TEXT, _LABEL, _RICH_LABEL, _NUMBER, _RK, _FORMULA, _BOOLEAN_OR_ERROR):
                row, _, xf = struct.unpack_from("<HHH", self._stream, start)
                written[row + 1] += 1
                void_cells[row + 1] += xf in marked
            elif kind == _MANY_RK:
                (row,) = struct.unpack_from("<H", self._stream, start)
                for xf, _ in struct.iter_unpack("<HI", self._stream[start + 4 : start + length - 2]):
                    written[row + 1] += 1
                    void_cells[row + 1] += xf in marked
        return frozenset(row for row, count in void_cells.items() if count and count * 2 >= written[row])


def _unpacked(packed: int) -> float:
    """A number in four bytes: a whole one or the upper half of a double, either of them times 100."""
    if packed & 0b10:
        value: float = (packed - (1 << 32) if packed & 0x80000000 else packed) >> 2
    else:
        (value,) = struct.unpack("<d", struct.pack("<4xI", packed & 0xFFFFFFFC))
    return value / 100 if packed & 0b1 else value


def _drawn_text(stream: bytes, at: int, length: int) -> str:
    """The text of a text object, from the CONTINUE records behind it; each says anew how it is encoded."""
    text = ""
    while len(text) < length and at + 5 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        if kind != CONTINUE or not size:
            break
        encoding = "utf-16-le" if stream[at + 4] & 1 else "latin-1"
        text += stream[at + 5 : at + 4 + size].decode(encoding, "replace")
        at += 4 + size
    return text[:length]
