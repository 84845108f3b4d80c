"""What is drawn on a sheet of an xlsx: texts of text boxes and shapes, and whether there are pictures. Nothing is rendered."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from nuanliu.intake.formats.workbook import Drawn
from nuanliu.intake.formats.xlsx.xml_parts import descendants, read_relations, read_xml
from nuanliu.intake.formats.zip_archive import Archive
from nuanliu.ooxml.relations import Relation

_SMART_ART = "diagramData"


def read_drawn(archive: Archive, relations: Sequence[Relation]) -> Drawn:
    """What the drawings of a sheet with these relations hold. Raises: Refused when a drawing is broken or has a DTD."""
    texts: list[str] = []
    has_pictures = False
    for drawing in _parts(archive, relations, "drawing"):
        root = read_xml(archive, drawing)
        texts += _texts(root)
        has_pictures |= any(True for _ in descendants(root, "pic"))
        for diagram in _parts(archive, read_relations(archive, drawing), _SMART_ART):
            texts += _texts(read_xml(archive, diagram))
    return Drawn(tuple(dict.fromkeys(texts)), has_pictures)


def _parts(archive: Archive, relations: Sequence[Relation], kind: str) -> list[str]:
    return [r.target for r in relations if r.kind == kind and not r.is_external and r.target in archive]


def _texts(root: Element) -> list[str]:
    """The paragraphs of a part; a number may be split over the runs of one."""
    paragraphs = descendants(root, "p")
    texts = ("".join(run.text or "" for run in descendants(paragraph, "t")).strip() for paragraph in paragraphs)
    return [text for text in texts if text]
