"""XML parts of an xlsx, parsed without DTD or entities, and the relations between them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NoReturn
from xml.etree.ElementTree import Element
from xml.parsers import expat

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from nuanliu.intake.formats.workbook import Refused
from nuanliu.intake.formats.xlsx.plain_rows import PlainRows
from nuanliu.intake.formats.zip_archive import Archive, shown_part
from nuanliu.ooxml.relations import Relation, read_relation, relations_name


def read_xml(archive: Archive, name: str) -> Element:
    """A small part as a tree. Raises: Refused when it is broken or has a DTD."""
    try:
        root: Element = fromstring(archive.read(name), forbid_dtd=True)
    except DefusedXmlException as error:
        raise Refused("file.xml_entities", detail=shown_part(name)) from error
    except (ParseError, ValueError, LookupError) as error:
        raise Refused("file.corrupt", detail=f"{shown_part(name)}不是有效的XML") from error
    return root


def read_groups(archive: Archive, name: str, groups: Collection[str], most: int) -> Mapping[str, list[Element]]:
    """The entries of some groups of a part of any size, such as the fonts of the styles; everything else is passed over.

    Raises: Refused when the part is broken, has a DTD, or has more than ``most`` entries in a group.
    """
    reader = _GroupReader(frozenset(groups), most)
    parse_stream(archive, name, reader.start, reader.end, lambda _: None)
    return reader.found


class _GroupReader:
    """Builds the elements below the wanted children of the root."""

    def __init__(self, groups: frozenset[str], most: int) -> None:
        self.found: dict[str, list[Element]] = {group: [] for group in groups}
        self._most = most
        self._depth = 0
        self._group: list[Element] | None = None
        self._open: list[Element] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth == 2:
            self._group = self.found.get(local_name(tag))
        elif self._depth > 2 and self._group is not None:
            element = Element(local_name(tag), attributes)
            if self._open:
                self._open[-1].append(element)
            else:
                self._group.append(element)
                if len(self._group) > self._most:
                    raise Refused("file.too_many_styles", limit=self._most)
            self._open.append(element)

    def end(self, _: str) -> None:
        self._depth -= 1
        if self._open:
            self._open.pop()


def local_name(tag: str) -> str:
    """A tag or attribute without its namespace, prefix or ``{address}`` alike."""
    return tag.rpartition("}")[2].rpartition(":")[2]


def children(element: Element, name: str) -> Iterator[Element]:
    """The direct children with a local name, whatever the namespace (transitional or strict)."""
    return (child for child in element if isinstance(child.tag, str) and local_name(child.tag) == name)


def descendants(element: Element, name: str) -> Iterator[Element]:
    """All descendants with a local name, in document order."""
    return (child for child in element.iter() if isinstance(child.tag, str) and local_name(child.tag) == name)


def attribute(element: Element, name: str) -> str | None:
    """An attribute by local name: r:id has another address in strict files."""
    value = element.get(name)
    if value is not None:
        return value
    return next((value for key, value in element.items() if local_name(key) == name), None)


def is_on(value: str | None, *, absent: bool = False) -> bool:
    """An XML boolean."""
    return absent if value is None else value.strip().lower() in ("1", "true", "on")


def read_relations(archive: Archive, part: str) -> tuple[Relation, ...]:
    """The relations of a part (``""``: of the package), or none."""
    path = relations_name(part)
    if path not in archive:
        return ()
    return tuple(read_relation(part, entry.attrib) for entry in children(read_xml(archive, path), "Relationship"))


def parse_stream(
    archive: Archive,
    part: str,
    on_start: Callable[[str, dict[str, str]], None],
    on_end: Callable[[str], None],
    on_text: Callable[[str], None],
    plain_rows: PlainRows | None = None,
) -> None:
    """Parse a big part block by block. Tag names come as written, prefix included. ``plain_rows`` takes what it can first.

    Raises: Refused when it is broken or has a DTD; what the handlers raise passes through.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = on_start
    parser.EndElementHandler = on_end
    parser.CharacterDataHandler = on_text

    def refuse_dtd(*_: object) -> NoReturn:
        raise Refused("file.xml_entities", detail=shown_part(part))

    parser.StartDoctypeDeclHandler = refuse_dtd
    try:
        for block in archive.stream(part):
            for rest in (block,) if plain_rows is None else plain_rows.feed(block):
                parser.Parse(rest, False)
        parser.Parse(b"" if plain_rows is None else plain_rows.rest(), True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise Refused("file.corrupt", detail=f"{shown_part(part)}不是有效的XML") from error
