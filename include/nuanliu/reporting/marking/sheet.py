"""One worksheet part: find a cell or make it, change its style or text, leave all else alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from nuanliu.ooxml import addresses
from nuanliu.ooxml.addresses import address, column_index, letters_of
from nuanliu.reporting.marking.package import Package, Unmarkable, child, insert_ordered, local, namespace

_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_TALL = 100  # rows; areas that are lower are looked up by row
_AFTER_COLS = frozenset({"sheetData"})
_AFTER_LEGACY_DRAWING = frozenset(
    {"legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "AlternateContent", "webPublishItems",
     "tableParts", "extLst"}
)  # fmt: skip


class Sheet:
    """A worksheet. ``name`` is the one in the workbook, ``part`` where it stands."""

    def __init__(self, package: Package, name: str, part: str) -> None:
        self.name = name
        self.part = part
        self.root = package.xml(part)
        self.ns = namespace(self.root)
        data = child(self.root, "sheetData")
        if data is None:
            raise Unmarkable(f"{part} has no cells")
        self._data = data
        self._cells: dict[tuple[int, int], etree._Element] = {}
        self._rows: dict[int, etree._Element] = {}
        self._index()
        self.merged = [
            area
            for entry in self.root.iter(f"{self.ns}mergeCell")
            if (area := _area(str(entry.get("ref", "")))) is not None
        ]
        self._areas: dict[int, list[tuple[int, int, int, int]]] = {}
        self._tall = [area for area in self.merged if area[2] - area[0] > _TALL]
        for area in self.merged:
            for row in range(area[0], area[2] + 1 if area[2] - area[0] <= _TALL else area[0]):
                self._areas.setdefault(row, []).append(area)
        dimension = child(self.root, "dimension")
        if dimension is not None:  # a hint that new cells would make untrue
            self.root.remove(dimension)

    def _index(self) -> None:
        number = 0
        row_tag, cell_tag = f"{self.ns}row", f"{self.ns}c"
        for row in self._data:
            if row.tag != row_tag:
                continue
            number = int(row.get("r") or number + 1)
            row.set("r", str(number))
            self._rows[number] = row
            column = 0
            for cell in row:
                if cell.tag != cell_tag:
                    continue
                reference = cell.get("r")
                if reference:
                    column = _column(str(reference))
                else:
                    column += 1
                    cell.set("r", address(number, column))
                self._cells[number, column] = cell

    def cells(self) -> Iterator[tuple[int, int, etree._Element]]:
        """Every cell there is, as (row, column, element), 1-based."""
        for (row, column), cell in self._cells.items():
            yield row, column, cell

    def at(self, row: int, column: int) -> etree._Element | None:
        """The cell at a place, None where there is none."""
        return self._cells.get((row, column))

    def top_left(self, row: int, column: int) -> tuple[int, int]:
        """The cell that shows a place: the first one of the merged area that covers it."""
        for first_row, first_column, last_row, last_column in (*self._areas.get(row, ()), *self._tall):
            if first_row <= row <= last_row and first_column <= column <= last_column:
                return first_row, first_column
        return row, column

    def cell(self, row: int, column: int) -> etree._Element:
        """The cell at a place, made where there is none."""
        found = self._cells.get((row, column))
        if found is not None:
            return found
        holder = self._row(row)
        cell = etree.Element(f"{self.ns}c", r=address(row, column))
        if holder.get("customFormat") in ("1", "true") and holder.get("s"):
            cell.set("s", str(holder.get("s")))
        later = [entry for entry in holder if local(entry) == "c" and place(str(entry.get("r")))[1] > column]
        if later:
            later[0].addprevious(cell)
        else:
            holder.append(cell)
        holder.attrib.pop("spans", None)
        self._cells[row, column] = cell
        return cell

    def _row(self, row: int) -> etree._Element:
        found = self._rows.get(row)
        if found is None:
            found = etree.Element(f"{self.ns}row", r=str(row))
            later = [number for number in self._rows if number > row]
            if later:
                self._rows[min(later)].addprevious(found)
            else:
                self._data.append(found)
            self._rows[row] = found
        return found

    def last_column(self, first_row: int) -> int:
        """The last column with something in it, from a row on."""
        used = [c for (row, c), cell in self._cells.items() if row >= first_row and len(cell)]
        covered = [area[3] for area in self.merged if area[2] >= first_row]
        return max([0, *used, *covered])

    def write(self, row: int, column: int, text: str) -> etree._Element:
        """Put a text into a cell, whatever stood there; "" empties it."""
        cell = self.cell(row, column)
        for entry in list(cell):
            cell.remove(entry)
        cell.attrib.pop("t", None)
        if text:
            cell.set("t", "inlineStr")
            holder = etree.SubElement(cell, f"{self.ns}is")
            holder.append(text_element(self.ns, text))
        return cell

    def widen(self, column: int, width: float) -> None:
        """Show a column and give it a width, without touching its neighbours."""
        cols = child(self.root, "cols")
        if cols is None:
            cols = etree.Element(f"{self.ns}cols")
            insert_ordered(self.root, cols, _AFTER_COLS)
        ours = etree.Element(f"{self.ns}col", min=str(column), max=str(column), width=str(width), customWidth="1")
        for entry in list(cols):
            first, last = int(entry.get("min", "1")), int(entry.get("max", "1"))
            if not first <= column <= last:
                continue
            for low, high in ((first, column - 1), (column + 1, last)):
                if low <= high:
                    piece = etree.fromstring(etree.tostring(entry))
                    piece.set("min", str(low))
                    piece.set("max", str(high))
                    cols.append(piece)
            cols.remove(entry)
        cols.append(ours)
        cols[:] = sorted(cols, key=lambda entry: int(entry.get("min", "1")))

    def show_comments(self, relation_id: str, relation_base: str) -> None:
        """Lead to the drawing that shows the comments."""
        element = etree.Element(f"{self.ns}legacyDrawing")
        element.set(f"{{{relation_base}}}id", relation_id)
        insert_ordered(self.root, element, _AFTER_LEGACY_DRAWING)

    def unselect(self) -> None:
        """Be no longer the sheet that opens first."""
        for view in self.root.iter(f"{self.ns}sheetView"):
            view.attrib.pop("tabSelected", None)


def text_element(ns: str, text: str) -> etree._Element:
    """``<t>`` with a text, blanks kept, characters that no XML can hold left out."""
    element = etree.Element(f"{ns}t")
    element.set(_XML_SPACE, "preserve")
    element.text = clean(text)
    return element


def clean(text: str) -> str:
    """A text without the characters that no XML can hold."""
    return _NO_XML.sub("", text)


def shown_text(element: etree._Element) -> str:
    """The text of a shared or inline string, phonetic hints left out."""
    return "".join(
        entry.text or "" for entry in element.iter() if local(entry) == "t" and local(_parent(entry)) != "rPh"
    )


def _parent(element: etree._Element) -> etree._Element:
    parent = element.getparent()
    return element if parent is None else parent


def place(reference: str) -> tuple[int, int]:
    """(row, column) of an address, 1-based. Raises: Unmarkable for anything else."""
    try:
        return addresses.place(reference)
    except ValueError as error:
        raise Unmarkable(f"{reference!r} is no address") from error


def _column(reference: str) -> int:
    try:
        return column_index(letters_of(reference)) + 1  # both cheaper than ``place``, for millions of cells
    except ValueError as error:
        raise Unmarkable(f"{reference!r} is no address") from error


def _area(reference: str) -> tuple[int, int, int, int] | None:
    try:
        return addresses.area(reference) if ":" in reference else None
    except ValueError as error:
        raise Unmarkable(f"{reference!r} is no area") from error
