"""Which number of the bulletin is which figure: a bookmark around each, and one custom XML part that says what it marks.

Both outlive an edit in Word, WPS and LibreOffice, and nobody sees them: decisions/0025.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from lxml import etree

NAMESPACE = "urn:nuanliu:bulletin:1"
MARK = "_nl"
"""How bookmarks begin that mark numbers: those with a low line are hidden in Word's own list."""
_STORE = "{5E0C3D4B-8F0E-4C7B-9B43-6E75616E6C69}"
_PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
_PROPERTIES_TYPE = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"


@dataclass(frozen=True)
class Number:
    """A number as it is printed, and the id that leads to its cells."""

    shown: str
    """With its 余, 近 or 约."""
    figure_id: str
    value: str = ""
    """A decimal in the base unit; empty where the printed number is all that is known."""
    exactness: str = ""
    before: str = ""
    """What stands right before it in its sentence."""
    after: str = ""
    """What stands right after it: its unit."""


@dataclass(frozen=True)
class EditionMarks:
    """What a bulletin says of itself."""

    week: str
    edition: int | None
    numbers: Mapping[str, Number]
    """By name of bookmark."""
    names: tuple[str, ...]
    """Of unions, activities, measures and the like, as they are printed."""


@dataclass
class MarkKeeper:
    """Collects what is printed while a bulletin is written."""

    numbers: dict[str, Number] = field(default_factory=dict)
    names: dict[str, None] = field(default_factory=dict)

    def mark(self, number: Number) -> str:
        """The name of a new bookmark for a number."""
        name = f"{MARK}{len(self.numbers) + 1}"
        self.numbers[name] = number
        return name

    def name(self, names: Iterable[str]) -> None:
        """Note what is a name."""
        self.names.update(dict.fromkeys(name for name in names if name))


def split_at_numbers(text: str, numbers: Sequence[Number]) -> Iterator[tuple[int, int, Number | None]]:
    """A text as parts, each from one place to another, with its number where it is one.

    Each number is looked for behind the one before it, with what stands around it; one that is not there is left out.
    """
    done = 0
    for number in numbers:
        found = text.find(number.before + number.shown + number.after, done)
        if found < 0:
            continue
        start = found + len(number.before)
        if start > done:
            yield done, start, None
        done = start + len(number.shown)
        yield start, done, number
    if done < len(text):
        yield done, len(text), None


def add_marks(document: Any, marks: EditionMarks) -> None:
    """Put them into the document as a part of their own."""
    root = etree.Element(f"{{{NAMESPACE}}}edition", nsmap={None: NAMESPACE}, week=marks.week)
    if marks.edition is not None:
        root.set("number", str(marks.edition))
    for mark, number in marks.numbers.items():
        each = etree.SubElement(root, f"{{{NAMESPACE}}}number", mark=mark, figure=number.figure_id, shown=number.shown)
        if number.value:
            each.set("value", number.value)
            each.set("exactness", number.exactness)
    for name in marks.names:
        etree.SubElement(root, f"{{{NAMESPACE}}}name").text = name
    package = document.part.package
    part = Part(PackURI("/customXml/item9.xml"), "application/xml", _as_bytes(root), package)
    properties = etree.Element(f"{{{_PROPERTIES}}}datastoreItem", nsmap={"ds": _PROPERTIES})
    properties.set(f"{{{_PROPERTIES}}}itemID", _STORE)
    references = etree.SubElement(properties, f"{{{_PROPERTIES}}}schemaRefs")
    etree.SubElement(references, f"{{{_PROPERTIES}}}schemaRef").set(f"{{{_PROPERTIES}}}uri", NAMESPACE)
    about = Part(PackURI("/customXml/itemProps9.xml"), _PROPERTIES_TYPE, _as_bytes(properties), package)
    part.relate_to(about, RELATIONSHIP_TYPE.CUSTOM_XML_PROPS)
    document.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)


def read_marks(document: Any) -> EditionMarks | None:
    """What a bulletin says of itself; None where no program of ours made it, or another one dropped the part."""
    for part in document.part.package.iter_parts():
        if str(part.partname).startswith("/customXml/item") and NAMESPACE.encode() in part.blob:
            root = etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False, no_network=True))
            if root.tag == f"{{{NAMESPACE}}}edition":
                return _read(root)
    return None


def _read(root: Any) -> EditionMarks:
    numbers = {
        each.get("mark"): Number(
            each.get("shown"), each.get("figure"), each.get("value", ""), each.get("exactness", "")
        )
        for each in root.iterfind(f"{{{NAMESPACE}}}number")
    }
    names = tuple(each.text for each in root.iterfind(f"{{{NAMESPACE}}}name") if each.text)
    number = root.get("number")
    return EditionMarks(root.get("week"), int(number) if number else None, numbers, names)


def _as_bytes(root: Any) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)  # type: ignore[no-any-return]
