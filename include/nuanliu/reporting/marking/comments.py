"""The comments of one worksheet: the part that holds their texts and the drawing that shows them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml import etree

from nuanliu.ooxml.addresses import address
from nuanliu.ooxml.annotations import MARK_AUTHOR, without_own_mark
from nuanliu.reporting.marking.package import Package, child, local, namespace
from nuanliu.reporting.marking.sheet import Sheet, place, shown_text, text_element

_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/>'
    '</o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>'
)
_SHAPE = (
    '<v:shape id="{id}" type="#_x0000_t202" style="position:absolute;margin-left:80pt;margin-top:5pt;width:270pt;'
    'height:{height}pt;z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
    '<v:shadow color="black" obscured="t"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto">'
    '<div style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    "<x:Anchor>{left}, 15, {top}, 2, {right}, 15, {bottom}, 4</x:Anchor><x:AutoFill>False</x:AutoFill>"
    "<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
_SHAPE_BLOCK = re.compile(rb"<v:shape\b(?:(?!</v:shape>).)*</v:shape>", re.S)
_SHAPE_ROW = re.compile(rb"<x:Row>\s*(\d+)\s*</x:Row>")
_SHAPE_COLUMN = re.compile(rb"<x:Column>\s*(\d+)\s*</x:Column>")
_LINE_CHARACTERS = 24


class SheetComments:
    """Reads, adds and removes comments of a sheet. ``save`` must be called when all is done."""

    def __init__(self, package: Package, sheet: Sheet) -> None:
        self._package = package
        self._sheet = sheet
        relations = {relation.kind: relation.target for relation in package.relations(sheet.part)}
        self._part = relations.get("comments")
        drawing = child(sheet.root, "legacyDrawing")
        wanted = drawing.get(f"{{{package.relation_base}}}id") if drawing is not None else None
        self._vml_part = next((r.target for r in package.relations(sheet.part) if r.id == wanted), None)
        self._vml = package.content(self._vml_part) if self._vml_part else b""
        self._shapes: list[str] = []
        self._gone: set[tuple[int, int]] = set()
        self._comments: dict[str, etree._Element] | None = None

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """(address, text) of every comment."""
        for comment in self._entries():
            yield str(comment.get("ref")), _text(comment)

    def rewrite(self, change: Callable[[str], str]) -> None:
        """Put every text through a function; formatting inside a changed one is lost."""
        for comment in self._entries():
            text = _text(comment)
            changed = change(text)
            if changed != text:
                _set_text(comment, changed)

    def drop_ours(self) -> None:
        """Take away what an earlier answer of ours said."""
        for comment in self._entries():
            text = _text(comment)
            theirs = without_own_mark(text)
            if theirs:
                if theirs != text.rstrip():
                    _set_text(comment, theirs)
            elif theirs != text:
                self._remove(comment)

    def add(self, row: int, column: int, text: str) -> None:
        """Say something on a cell, below what its comment says already."""
        reference = address(row, column)
        present = self._by_cell().get(reference)
        if present is not None:
            _set_text(present, f"{_text(present)}\n{text}")
            return
        root = self._root()
        holder = child(root, "commentList")
        if holder is None:
            holder = etree.SubElement(root, f"{namespace(root)}commentList")
        comment = etree.SubElement(holder, f"{namespace(root)}comment", ref=reference, authorId=str(self._author(root)))
        _set_text(comment, text)
        self._by_cell()[reference] = comment
        lines = sum(1 + len(line) // _LINE_CHARACTERS for line in text.splitlines())
        self._shapes.append(
            _SHAPE.format(
                id=f"nuanliu_{reference}", height=min(300, 14 * lines + 14), row=row - 1, column=column - 1,
                left=column, right=column + 4, top=max(row - 2, 0), bottom=row + lines,
            )
        )  # fmt: skip

    def save(self) -> None:
        """Write the drawing. Without it a spreadsheet shows no comment, or calls the file broken."""
        if self._gone:
            self._vml = _SHAPE_BLOCK.sub(
                lambda block: b"" if _shape_at(block[0]) in self._gone else block[0], self._vml
            )
        if not self._shapes:
            if self._vml_part:
                self._package.put(self._vml_part, self._vml)
            return
        vml = self._vml or _VML.encode()
        at = vml.rfind(b"</xml>")
        if at < 0:
            vml, at = _VML.encode(), _VML.rfind("</xml>")
        content = vml[:at] + "".join(self._shapes).encode() + vml[at:]
        if self._vml_part:
            self._package.put(self._vml_part, content)
            return
        part = self._package.free_name("xl/drawings/vmlDrawing{}.vml")
        self._package.default_type("vml", _VML_TYPE)
        self._package.put(part, content)
        relation = self._package.relate(self._sheet.part, "vmlDrawing", part)
        self._sheet.show_comments(relation, self._package.relation_base)

    def _entries(self) -> list[etree._Element]:
        return list(self._by_cell().values())

    def _by_cell(self) -> dict[str, etree._Element]:
        """Address → comment, read once."""
        if self._comments is None:
            root = self._package.xml(self._part) if self._part is not None else None
            found = [entry for entry in root.iter() if local(entry) == "comment"] if root is not None else []
            self._comments = {str(entry.get("ref")): entry for entry in found}
        return self._comments

    def _root(self) -> etree._Element:
        if self._part is None:
            self._part = self._package.free_name("xl/comments{}.xml")
            uri = self._sheet.ns[1:-1]
            empty = f'<comments xmlns="{uri}"><authors/><commentList/></comments>'
            self._package.put(self._part, empty.encode(), _COMMENTS_TYPE)
            self._package.relate(self._sheet.part, "comments", self._part)
        return self._package.xml(self._part)

    def _author(self, root: etree._Element) -> int:
        authors = child(root, "authors")
        if authors is None:
            authors = etree.Element(f"{namespace(root)}authors")
            root.insert(0, authors)
        names = [entry.text for entry in authors]
        if MARK_AUTHOR not in names:
            etree.SubElement(authors, f"{namespace(root)}author").text = MARK_AUTHOR
            return len(names)
        return names.index(MARK_AUTHOR)

    def _remove(self, comment: etree._Element) -> None:
        row, column = place(str(comment.get("ref")))
        holder = comment.getparent()
        if holder is not None:
            holder.remove(comment)
        self._by_cell().pop(str(comment.get("ref")), None)
        self._gone.add((row, column))


def _shape_at(block: bytes) -> tuple[int, int] | None:
    row, column = _SHAPE_ROW.search(block), _SHAPE_COLUMN.search(block)
    return (int(row[1]) + 1, int(column[1]) + 1) if row and column else None


def _text(comment: etree._Element) -> str:
    holder = child(comment, "text")
    return shown_text(holder) if holder is not None else ""


def _set_text(comment: etree._Element, text: str) -> None:
    ns = namespace(comment)
    holder = child(comment, "text")
    if holder is None:
        holder = etree.SubElement(comment, f"{ns}text")
    for entry in list(holder):
        holder.remove(entry)
    run = etree.SubElement(holder, f"{ns}r")
    properties = etree.SubElement(run, f"{ns}rPr")
    etree.SubElement(properties, f"{ns}sz", val="9")
    etree.SubElement(properties, f"{ns}rFont", val="宋体")
    run.append(text_element(ns, text))
