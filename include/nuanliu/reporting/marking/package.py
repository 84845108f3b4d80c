"""The parts of an xlsx and the relations between them. Only the parts that are asked for as XML are written anew."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO

from lxml import etree

from nuanliu.errors import Permanent
from nuanliu.ooxml.broken_zip import BROKEN_ZIP
from nuanliu.ooxml.relations import Relation, owner_of, read_relation, relations_name

CONTENT_TYPES = "[Content_Types].xml"
_CT = "http://schemas.openxmlformats.org/package/2006/content-types"
_PR = "http://schemas.openxmlformats.org/package/2006/relationships"
TRANSITIONAL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same workbook gives the same bytes


class Unmarkable(Permanent):
    """A workbook whose parts cannot be changed safely; a workbook made from its texts is marked instead."""


class Package:
    """An opened xlsx. Part names have no leading slash; look-ups disregard case."""

    def __init__(self, data: bytes) -> None:
        """Raises: Unmarkable for a broken container."""
        try:
            with zipfile.ZipFile(BytesIO(data)) as archive:
                self._parts = {
                    info.filename.replace("\\", "/").lstrip("/"): archive.read(info)
                    for info in archive.infolist()
                    if not info.filename.endswith("/")
                }
        except (*BROKEN_ZIP, RuntimeError) as error:
            raise Unmarkable("the container cannot be read") from error
        self._spelled = {name.lower(): name for name in self._parts}
        self._trees: dict[str, etree._Element] = {}

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._spelled

    @property
    def names(self) -> tuple[str, ...]:
        """All part names, in their order."""
        return tuple(self._parts)

    def xml(self, name: str) -> etree._Element:
        """A part as a tree; changes in it are written. Raises: Unmarkable when it is absent or broken."""
        name = self._name(name)
        if name not in self._trees:
            # no DTD, no entities, no network: the same care as in the intake
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
            try:
                self._trees[name] = etree.fromstring(self._parts[name], parser)
            except etree.XMLSyntaxError as error:
                raise Unmarkable(f"{name} is no XML") from error
        return self._trees[name]

    def content(self, name: str) -> bytes:
        """A part as it is."""
        return self._parts[self._name(name)]

    def put(self, name: str, content: bytes, content_type: str | None = None) -> None:
        """Add or replace a part."""
        name = self._spelled.setdefault(name.lower(), name)
        self._parts[name] = content
        self._trees.pop(name, None)
        if content_type is not None:
            self.set_type(name, content_type)

    def drop(self, name: str) -> None:
        """Take a part away, with its relations, and the relations of others that lead to it."""
        if name not in self:
            return
        name = self._name(name)
        del self._parts[name]
        del self._spelled[name.lower()]
        self._trees.pop(name, None)
        for entry in list(self.xml(CONTENT_TYPES)):
            if str(entry.get("PartName", "")).lstrip("/").lower() == name.lower():
                self.xml(CONTENT_TYPES).remove(entry)
        if not name.endswith(".rels"):
            self.drop(relations_name(name))
            for holder in [part for part in self._parts if part.endswith(".rels")]:
                for entry in list(self.xml(holder)):
                    relation = read_relation(owner_of(holder), entry.attrib)
                    if not relation.is_external and relation.target.lower() == name.lower():
                        self.xml(holder).remove(entry)

    def relations(self, name: str) -> Iterator[Relation]:
        """The relations of a part; "" is the package itself."""
        holder = relations_name(name)
        for entry in self.xml(holder) if holder in self else ():
            if local(entry) == "Relationship":
                yield read_relation(name, entry.attrib)

    def relate(self, name: str, kind: str, target: str) -> str:
        """Add a relation and return its id. ``kind``: the last word of its type; ``target``: a part name."""
        holder = relations_name(name)
        if holder not in self:
            self.put(holder, f'<Relationships xmlns="{_PR}"/>'.encode())
        root = self.xml(holder)
        taken = {entry.get("Id") for entry in root}
        number = next(n for n in range(1, len(taken) + 2) if f"rIdN{n}" not in taken)
        etree.SubElement(
            root, f"{{{_PR}}}Relationship", Id=f"rIdN{number}", Type=f"{self.relation_base}/{kind}", Target=f"/{target}"
        )
        return f"rIdN{number}"

    @property
    def relation_base(self) -> str:
        """The namespace of relation types and r:id, transitional or strict."""
        for entry in self.xml("_rels/.rels"):
            base, _, kind = str(entry.get("Type", "")).rpartition("/")
            if kind == "officeDocument":
                return base
        return TRANSITIONAL

    def free_name(self, pattern: str) -> str:
        """The first part name of a pattern such as ``xl/comments{}.xml`` that is not taken."""
        return next(name for n in range(1, 100_000) if (name := pattern.format(n)) not in self)

    def default_type(self, ending: str, content_type: str) -> None:
        """Say what parts of an ending are, unless that is said."""
        root = self.xml(CONTENT_TYPES)
        if not any(str(entry.get("Extension", "")).lower() == ending for entry in root):
            root.insert(0, etree.Element(f"{{{_CT}}}Default", Extension=ending, ContentType=content_type))

    def set_type(self, name: str, content_type: str) -> None:
        """Say what a part is."""
        root = self.xml(CONTENT_TYPES)
        for entry in root:
            if str(entry.get("PartName", "")).lstrip("/").lower() == name.lower():
                entry.set("ContentType", content_type)
                return
        etree.SubElement(root, f"{{{_CT}}}Override", PartName=f"/{name}", ContentType=content_type)

    def save(self) -> bytes:
        """The workbook as bytes."""
        out = BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in sorted(self._parts, key=lambda part: part != CONTENT_TYPES):
                tree = self._trees.get(name)
                content = (
                    self._parts[name]
                    if tree is None
                    else etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
                )
                info = zipfile.ZipInfo(name, _EPOCH)
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, content)
        return out.getvalue()

    def _name(self, name: str) -> str:
        try:
            return self._spelled[name.lower()]
        except KeyError as error:
            raise Unmarkable(f"the part {name} is missing") from error


def local(element: etree._Element) -> str:
    """The name of an element without its namespace; "" for comments and instructions."""
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""


def child(element: etree._Element, name: str) -> etree._Element | None:
    """The first child of a name, whatever its namespace."""
    return next((entry for entry in element if local(entry) == name), None)


def namespace(element: etree._Element) -> str:
    """The namespace of an element, in braces, to build names with."""
    return str(element.tag).rpartition("}")[0] + "}" if "}" in str(element.tag) else ""


def insert_ordered(root: etree._Element, element: etree._Element, after: frozenset[str]) -> None:
    """Insert an element before the first child whose name stands in ``after``: schemas fix the order of parts."""
    for at, entry in enumerate(root):
        if local(entry) in after:
            root.insert(at, element)
            return
    root.append(element)
