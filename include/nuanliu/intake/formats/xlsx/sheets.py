"""One worksheet of an xlsx, read in a single pass over its XML: values and everything about them that matters here.

Not openpyxl: its read-only mode knows no merged or hidden areas and its full mode needs 50 bytes of XML to become a kilobyte
of objects. Not calamine: it drops error cells, formats, hidden rows and formulas without a value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

import pandas as pd

from nuanliu.intake.formats.cell_formats import CellStyle, number_text, plain_text
from nuanliu.intake.formats.cell_marks import CellMarks
from nuanliu.intake.formats.grids import CellBudget, Disordered, GridBuilder, SheetRows
from nuanliu.intake.formats.limits import ReadingLimits
from nuanliu.intake.formats.workbook import MergedRange, Refused, Sheet
from nuanliu.intake.formats.xlsx.plain_rows import PlainRows
from nuanliu.intake.formats.xlsx.shared_strings import SharedTexts
from nuanliu.intake.formats.xlsx.xml_parts import is_on, local_name, parse_stream
from nuanliu.intake.formats.zip_archive import Archive
from nuanliu.ooxml.addresses import LAST_COLUMN, LAST_ROW, area, column_index, column_letter

_KNOWN_TAGS = frozenset(("row", "c", "v", "f", "is", "t", "rPh", "strike", "col", "mergeCell"))
_DIGITS = "0123456789"
_WHOLE = re.compile(r"[1-9][0-9]{0,3}|[1-9][0-9]{5,14}")
"""A whole number that can be no date's serial, for those have five digits."""


class SheetReader:
    """Reads sheets of one workbook."""

    def __init__(
        self,
        texts: SharedTexts,
        styles: Sequence[CellStyle | None],
        limits: ReadingLimits,
        budget: CellBudget,
        *,
        is_1904: bool,
        is_recalculated: bool,
    ) -> None:
        """``is_recalculated``: the workbook asks for recalculation on opening, so a stored 0 may never have been computed."""
        self._shared = texts
        # By the text that cells write; plain styles and the absent one are not in it.
        self._styles: dict[str | None, CellStyle] = {str(at): style for at, style in enumerate(styles) if style}
        self._limits = limits
        self._max_text_length = limits.max_text_length
        self._budget = budget
        self._is_1904 = is_1904
        self._is_recalculated = is_recalculated

    def read(self, archive: Archive, part: str, name: str, *, is_visible: bool, comments: Mapping[str, str]) -> Sheet:
        """Read one worksheet part. Raises: Refused when it is broken or too large."""
        try:
            grid = self._read(archive, part, name, is_sorted=True)
        except Disordered:
            grid = self._read(archive, part, name, is_sorted=False)
        return Sheet(
            name=name,
            grid=grid,
            is_visible=is_visible,
            merged=tuple(self._merged),
            hidden_rows=frozenset(self._hidden_rows),
            hidden_columns=frozenset(column_letter(at) for at in self._hidden_columns if at < grid.shape[1]),
            uncomputed=frozenset(self._marks.uncomputed),
            struck=frozenset(self._marks.struck),
            percent=frozenset(self._marks.percent),
            numeric_dates=self._marks.numeric_dates,
            decimals=frozenset(self._marks.decimals),
            errors=frozenset(self._marks.errors),
            comments=comments,
        )

    def _read(self, archive: Archive, part: str, name: str, *, is_sorted: bool) -> pd.DataFrame:
        """The cells of a sheet. ``is_sorted``: its rows rise and hold their own cells, as in every file of a spreadsheet program;
        other writers' rows are gathered first. Raises: Disordered when they are not sorted.
        """
        self._builder = GridBuilder(self._limits, self._budget, name)
        self._tags: dict[str, str] = {}
        self._columns: dict[str, int] = {}
        self._merged: list[MergedRange] = []
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._marks = CellMarks(is_1904=self._is_1904)
        self._row = 0
        self._is_row_hidden = False
        self._cells: dict[int, str] = {}
        self._rows = SheetRows(self._builder, is_sorted=is_sorted)
        self._values = 0
        self._idle = 0
        self._phonetic_depth = 0
        self._cell: Mapping[str, str] = {}
        self._value: str | None = None
        self._has_formula = self._is_text = self._is_inline = self._is_run_struck = False
        self._column = -1
        parse_stream(archive, part, self._start, self._end, self._text, PlainRows(self._plain_row))
        self._add_row()
        self._rows.finish()
        return self._builder.build()

    # The three handlers run several times a cell, so they keep what they do to a minimum.
    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = self._tags.get(tag)
        if name is None:
            name = local_name(tag)
            if name not in _KNOWN_TAGS:
                self._count_idle()
                return
            self._tags[tag] = name
        if name == "c":
            self._cell = attributes
            self._value = None
        elif name == "v":
            self._value = ""
            self._is_text = True
        elif name == "f":
            self._has_formula = True
        elif name == "row":
            self._begin_row(attributes)
        elif name == "is":
            self._is_inline = True
            self._value = ""
        elif name == "t":
            self._is_text = self._is_inline and not self._phonetic_depth
        elif name == "rPh":
            self._phonetic_depth += 1
        elif name == "strike":
            self._is_run_struck |= self._is_inline and is_on(attributes.get("val"), absent=True)
        elif name == "mergeCell":
            self._add_merged(attributes.get("ref", ""))
        elif name == "col":
            self._hide_columns(attributes)

    def _end(self, tag: str) -> None:
        name = self._tags.get(tag)
        if name == "c":
            self._end_cell()
            if self._has_formula or self._is_inline:
                self._has_formula = self._is_inline = self._is_run_struck = False
        elif name == "v" or name == "t":
            self._is_text = False
        elif name == "row":
            if not self._cells:
                self._count_idle()
        elif name == "rPh":
            self._phonetic_depth -= 1

    def _text(self, data: str) -> None:
        if self._is_text:
            value = self._value
            if value:  # expat hands long texts over in pieces
                data = value + data
            self._bound(data)
            self._value = data

    def _bound(self, text: str) -> None:
        if len(text) > self._max_text_length:
            raise Refused("file.bomb", detail=f"一个单元格的文字超过{self._max_text_length}个字")

    def _plain_row(self, attributes: Mapping[str, str], cells: Sequence[tuple[str, ...]]) -> None:
        """A row that the parser does not see: what ``_start``, ``_end`` and ``_text`` would make of it.

        Most cells are a shared text or a whole number without a style of note; they cost no call.
        """
        self._begin_row(attributes)
        row, columns, styles = str(self._row), self._columns, self._styles
        texts = () if self._shared.struck else self._shared.texts
        taken = self._cells
        for letters, digits, kind_first, style_last, style, kind, formula, value, inline in cells:
            column = columns.get(letters)
            if column is None or digits != row or formula or kind_first or style in styles or column in taken:
                pass
            elif kind == "s":
                if value and (at := int(value)) < len(texts) and (text := texts[at]):
                    self._column = column
                    self._values += 1
                    taken[column] = text
                    continue
            elif not kind and _WHOLE.fullmatch(value):
                self._column = column
                self._values += 1
                taken[column] = value
                continue
            row = self._plain_cell(
                letters, digits, row, kind or kind_first, style or style_last, value or inline, bool(formula)
            )
            taken = self._cells
        if not taken:
            self._count_idle()

    def _plain_cell(
        self,
        letters: str,
        digits: str,
        row: str,
        kind: str,
        style: str,
        raw: str,
        has_formula: bool,
    ) -> str:
        """Any other cell of such a row. Returns: the row that it says it is in."""
        self._bound(raw)
        column = self._column + 1
        if letters:
            known = self._columns.get(letters)
            column = self._add_column(letters) if known is None else known
            if digits != row:
                self._move_to(int(digits))
                row = digits
        self._column = column
        self._take(column, raw or None, kind or None, style, has_formula)
        return row

    def _begin_row(self, attributes: Mapping[str, str]) -> None:
        stated = attributes.get("r")
        row = self._row + 1 if stated is None else int(stated)
        if not 0 < row <= LAST_ROW:
            raise Refused("file.corrupt", detail="行号错乱")
        if row != self._row:
            self._add_row()
            self._row = row
        self._column = -1
        hidden = attributes.get("hidden")
        self._is_row_hidden = (hidden is not None and is_on(hidden)) or attributes.get("ht") == "0"

    def _add_row(self) -> None:
        """Hand on the cells of the row that ends; several row elements may make one row."""
        if not self._cells:
            return
        if self._is_row_hidden:
            self._hidden_rows.add(self._row)
        self._rows.add(self._row, self._cells)
        self._cells = {}

    def _move_to(self, row: int) -> None:
        """Go on in the row that a cell says it is in, which is not the one it stands in."""
        if not 0 < row <= LAST_ROW:
            raise Refused("file.corrupt", detail="单元格地址与所在行不符")
        self._add_row()
        self._row = row

    def _end_cell(self) -> None:
        cell = self._cell
        reference = cell.get("r")
        if reference is None:
            column = self._column + 1
        else:
            letters = reference.rstrip(_DIGITS)  # letters_of, without a call for each of millions of cells
            known = self._columns.get(letters)
            column = self._add_column(letters) if known is None else known
            if reference != f"{letters}{self._row}":
                self._move_to(int(reference[len(letters) :]))
        self._column = column
        self._take(column, self._value, cell.get("t"), cell.get("s"), self._has_formula)

    def _add_column(self, letters: str) -> int:
        column = self._columns[letters] = column_index(letters.upper())
        return column

    def _take(self, column: int, raw: str | None, kind: str | None, style_no: str | None, has_formula: bool) -> None:
        """Take a cell's value into its row."""
        if has_formula and self._is_uncomputed(raw, kind):
            self._marks.uncomputed.add(f"{column_letter(column)}{self._row}")
            self._put(column, "")
            return
        if not raw:
            self._count_idle()
            return
        style = self._styles.get(style_no)
        if kind == "s":
            index = int(raw)
            if not 0 <= index < len(self._shared.texts):
                raise Refused("file.corrupt", detail="单元格引用了不存在的文字")
            text = self._shared.texts[index]
            if index in self._shared.struck:
                self._marks.struck.add(f"{column_letter(column)}{self._row}")
        elif kind is None or kind == "n":
            number = number_text(raw)
            text = plain_text(raw) if number is None else self._marks.number(number, raw, style, column, self._row)
        else:
            text = self._other_value(kind, raw, column)
        if not text:
            self._count_idle()
            return
        self._values += 1
        self._put(column, text if kind == "s" else self._builder.share(text))
        if self._is_run_struck or (style is not None and style.is_struck):
            self._marks.struck.add(f"{column_letter(column)}{self._row}")

    def _put(self, column: int, text: str) -> None:
        if self._cells.setdefault(column, text) != text:
            raise Refused("file.corrupt", detail=f"{column_letter(column)}{self._row}写了两遍,内容不同")

    def _other_value(self, kind: str, raw: str, column: int) -> str:
        if kind == "b":
            return "TRUE" if is_on(raw) else "FALSE"
        if kind == "d":
            return _iso_date(raw)
        if kind == "e":
            self._marks.errors.add(f"{column_letter(column)}{self._row}")
        return plain_text(raw)

    def _is_uncomputed(self, raw: str | None, kind: str | None) -> bool:
        """Whether a formula's stored value is none, or the 0 that writers put there who cannot calculate."""
        if raw is None or raw == "":
            # A result that is an empty text says so by its type.
            return raw is None or kind != "str"
        return self._is_recalculated and kind in (None, "n") and number_text(raw) == "0"

    def _count_idle(self) -> None:
        self._idle += 1
        if self._idle > self._limits.max_idle_elements and self._idle > 4 * self._values:
            raise Refused("file.too_many_blanks", limit=self._limits.max_idle_elements)

    def _add_merged(self, reference: str) -> None:
        try:
            first_row, first_column, last_row, last_column = area(reference.upper())
        except ValueError:
            raise Refused("file.corrupt", detail="合并单元格的范围无法识别") from None
        if len(self._merged) >= self._limits.max_merged:
            raise Refused("file.bomb", detail=f"合并单元格超过{self._limits.max_merged}处")
        rows, columns = sorted((first_row, last_row)), sorted((first_column, last_column))
        if rows[0] < 1 or columns[1] > LAST_COLUMN:
            raise ValueError(f"{reference} lies outside A1:XFD1048576")
        self._merged.append(MergedRange(rows[0], columns[0], rows[1], columns[1]))

    def _hide_columns(self, attributes: Mapping[str, str]) -> None:
        if is_on(attributes.get("hidden")) or attributes.get("width") == "0":
            first, last = int(attributes.get("min", "1")), int(attributes.get("max", "1"))
            self._hidden_columns.update(range(max(first, 1) - 1, min(last, self._limits.max_columns)))


def _iso_date(raw: str) -> str:
    try:
        moment = datetime.fromisoformat(raw)
    except ValueError:
        return plain_text(raw)
    if (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        return f"{moment:%Y-%m-%d}"
    return f"{moment:%Y-%m-%d %H:%M}" if moment.second == 0 else f"{moment:%Y-%m-%d %H:%M:%S}"
