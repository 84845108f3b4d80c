"""The workbook part: which sheets there are, and how one is added or taken away."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from nuanliu.reporting.marking.package import Package, Unmarkable, child, insert_ordered, local, namespace
from nuanliu.reporting.marking.sheet import Sheet, shown_text
from nuanliu.reporting.marking.styles import Styles

_BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_AFTER_NAMES = frozenset(
    {"calcPr", "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes", "webPublishing",
     "fileRecoveryPr", "webPublishObjects", "extLst"}
)  # fmt: skip
_AFTER_VIEWS = _AFTER_NAMES | {"sheets", "functionGroups", "externalReferences", "definedNames"}
# What runs or cannot be looked into is not handed back; the calculation chain is only a hint and would be wrong.
_DROPPED_KINDS = frozenset({"vbaProject", "calcChain", "attachedToolbars", "xlMacrosheet", "xlIntlMacrosheet"})
_DROPPED_FOLDERS = ("xl/embeddings/", "xl/activex/", "customui/", "_xmlsignatures/")


@dataclass(frozen=True)
class Entry:
    """A sheet as the workbook lists it. ``part`` is None for what is no worksheet: charts, dialogs, macro sheets."""

    name: str
    part: str | None
    element: etree._Element


class Book:
    """``xl/workbook.xml`` and what hangs on it."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.part = next((r.target for r in package.relations("") if r.kind == "officeDocument"), "xl/workbook.xml")
        self.root = package.xml(self.part)
        self.ns = namespace(self.root)
        sheets = child(self.root, "sheets")
        if sheets is None:
            raise Unmarkable("the workbook lists no sheet")
        self._sheets = sheets
        self._opened: dict[str, Sheet] = {}
        self._strings: list[etree._Element] | None = None
        self.styles = Styles(package, self.part, self.root)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All sheets in the order of their tabs."""
        targets = {relation.id: relation for relation in self.package.relations(self.part)}
        entries = []
        for element in self._sheets:
            relation = targets.get(str(element.get(self._id())))
            part = relation.target if relation and relation.kind == "worksheet" and not relation.is_external else None
            entries.append(Entry(str(element.get("name", "")), part, element))
        return tuple(entries)

    def sheet(self, entry: Entry) -> Sheet:
        """A worksheet, opened once."""
        if entry.part is None:
            raise Unmarkable(f"{entry.name} has no cells")
        if entry.part not in self._opened:
            self._opened[entry.part] = Sheet(self.package, entry.name, entry.part)
        return self._opened[entry.part]

    @property
    def worksheets(self) -> tuple[Sheet, ...]:
        """All worksheets, hidden ones too."""
        return tuple(self.sheet(entry) for entry in self.entries if entry.part is not None)

    def text(self, sheet: Sheet, row: int, column: int) -> str:
        """What stands in a cell, numbers as stored."""
        cell = sheet.at(row, column)
        if cell is None:
            return ""
        if cell.get("t") == "s":
            value = child(cell, "v")
            strings = self.shared_strings()
            at = int(value.text or -1) if value is not None else -1
            return shown_text(strings[at]) if 0 <= at < len(strings) else ""
        if cell.get("t") == "inlineStr":
            return shown_text(cell)
        value = child(cell, "v")
        return (value.text or "") if value is not None else ""

    def shared_strings(self) -> list[etree._Element]:
        """The shared strings, by their index."""
        if self._strings is None:
            relations = self.package.relations(self.part)
            part = next((r.target for r in relations if r.kind == "sharedStrings"), None)
            held = self.package.xml(part) if part is not None and part in self.package else ()
            self._strings = [entry for entry in held if local(entry) == "si"]
        return self._strings

    def remove(self, entry: Entry) -> None:
        """Take a sheet away, with its names."""
        at = list(self._sheets).index(entry.element)
        self._sheets.remove(entry.element)
        self._shift_names(at, -1)
        if entry.part is not None:
            for relation in list(self.package.relations(entry.part)):
                if relation.kind in ("comments", "vmlDrawing") and not relation.is_external:
                    self.package.drop(relation.target)
            self._opened.pop(entry.part, None)
            self.package.drop(entry.part)

    def insert_first(self, name: str, xml: str, title_row: int) -> None:
        """Put a worksheet before all others and let the workbook open on it. ``title_row`` repeats on printed pages."""
        part = self.package.free_name("xl/worksheets/sheet{}.xml")
        self.package.put(part, xml.encode(), _SHEET_TYPE)
        relation = self.package.relate(self.part, "worksheet", part)
        taken = [int(element.get("sheetId", "0")) for element in self._sheets]
        element = etree.Element(f"{self.ns}sheet", name=name, sheetId=str(max([0, *taken]) + 1))
        element.set(self._id(), relation)
        for sheet in self.worksheets:
            sheet.unselect()
        self._shift_names(0, 1)
        self._sheets.insert(0, element)
        self._open_first()
        self._name_print_titles(name, title_row)

    def drop_what_runs(self) -> None:
        """Macros, embedded objects and signatures go; the file is a plain workbook again."""
        package = self.package
        for relation in list(package.relations(self.part)):
            if relation.kind in _DROPPED_KINDS and not relation.is_external:
                for entry in self.entries:
                    if str(entry.element.get(self._id())) == relation.id:
                        self.remove(entry)
                package.drop(relation.target)
        for name in package.names:
            if name.lower().startswith(_DROPPED_FOLDERS) or name.lower().endswith(("vbaproject.bin", "vbadata.xml")):
                package.drop(name)
        for sheet in self.worksheets:
            _drop_objects(sheet.root)
        package.set_type(self.part, _BOOK_TYPE)

    def _id(self) -> str:
        return f"{{{self.package.relation_base}}}id"

    def _shift_names(self, at: int, step: int) -> None:
        """Names that belong to one sheet say which by its place: 0 is the first tab."""
        names = child(self.root, "definedNames")
        for name in list(names) if names is not None else ():
            place = name.get("localSheetId")
            if place is None:
                continue
            if step < 0 and int(place) == at:
                name.getparent().remove(name)
            elif int(place) >= at:
                name.set("localSheetId", str(int(place) + step))
        if names is not None and not len(names):
            self.root.remove(names)

    def _open_first(self) -> None:
        views = child(self.root, "bookViews")
        if views is None:
            views = etree.Element(f"{self.ns}bookViews")
            insert_ordered(self.root, views, _AFTER_VIEWS)
        if not len(views):
            etree.SubElement(views, f"{self.ns}workbookView")
        for view in views:
            view.set("activeTab", "0")
            view.set("firstSheet", "0")

    def _name_print_titles(self, sheet_name: str, row: int) -> None:
        names = child(self.root, "definedNames")
        if names is None:
            names = etree.Element(f"{self.ns}definedNames")
            insert_ordered(self.root, names, _AFTER_NAMES)
        name = etree.SubElement(names, f"{self.ns}definedName", name="_xlnm.Print_Titles", localSheetId="0")
        name.text = f"'{sheet_name}'!${row}:${row}"


def _drop_objects(root: etree._Element) -> None:
    for entry in list(root):
        inside = entry.iter() if local(entry) == "AlternateContent" else (entry,)
        if any(local(element) in ("oleObjects", "controls") for element in inside):
            root.remove(entry)
