"""Typefaces and paragraph styles of GB/T 9704-2012. Typefaces are named, never shipped; each has a free one to stand in for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt, RGBColor
from lxml import etree

from nuanliu.reporting.summary.bulletin.page import BODY_POINTS, CLOSER, LINE_POINTS, NUMBER_STYLE

FANGSONG, KAITI, HEITI, SONGTI, BIAOSONG = "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体", "方正小标宋简体"
LATIN = "Times New Roman"
FALLBACKS: Mapping[str, str] = {
    FANGSONG: "Zhuque Fangsong (technical preview)",
    KAITI: "LXGW WenKai",
    HEITI: "Noto Sans CJK SC",
    SONGTI: "Noto Serif CJK SC",
    BIAOSONG: "Noto Serif CJK SC Black",
    LATIN: "Liberation Serif",
}
"""Under the SIL Open Font License, all of them. Word and WPS take the second name where the first is not there."""

BODY, TITLE, HEADING, SUBHEADING = "Normal", "Title", "Heading 1", "Heading 2"
MASTHEAD, ISSUE, ISSUER, REMARK = "报头", "期号", "编发", "题注说明"
CELL, CELL_HEAD, PICTURE, IMPRINT, LAST = "表格文字", "表头", "图", "版记", "文末"
OF_THE_OFFICE = frozenset({MASTHEAD, ISSUE, ISSUER, IMPRINT})
"""Styles of what the office writes itself: name, 期号, days, to whom it goes."""
RED = RGBColor(0xFF, 0, 0)
_BLACK = RGBColor(0, 0, 0)


@dataclass(frozen=True)
class _Look:
    """How a style looks. ``indent``: of the first line, in characters. ``pitch``: exact points, None for as high as it is."""

    face: str
    points: float
    align: Any = WD_ALIGN_PARAGRAPH.JUSTIFY
    indent: int = 0
    pitch: float | None = LINE_POINTS
    colour: RGBColor = _BLACK
    keeps_with_next: bool = False
    on_grid: bool = True


_CENTRE, _LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT
_LOOKS: Mapping[str, _Look] = {
    BODY: _Look(FANGSONG, BODY_POINTS, indent=2),
    TITLE: _Look(BIAOSONG, 22, _CENTRE, pitch=32, keeps_with_next=True),
    HEADING: _Look(HEITI, BODY_POINTS, _LEFT, indent=2, keeps_with_next=True),
    SUBHEADING: _Look(KAITI, BODY_POINTS, _LEFT, indent=2, keeps_with_next=True),
    REMARK: _Look(KAITI, BODY_POINTS, _CENTRE, keeps_with_next=True),
    MASTHEAD: _Look(BIAOSONG, 36, _CENTRE, pitch=56, colour=RED),
    ISSUE: _Look(FANGSONG, BODY_POINTS, _CENTRE),
    ISSUER: _Look(FANGSONG, BODY_POINTS, _LEFT),
    CELL: _Look(FANGSONG, 12, _LEFT, pitch=18, on_grid=False),
    CELL_HEAD: _Look(HEITI, 12, _CENTRE, pitch=18, keeps_with_next=True, on_grid=False),
    PICTURE: _Look(FANGSONG, 12, _CENTRE, pitch=None, keeps_with_next=True, on_grid=False),
    IMPRINT: _Look(FANGSONG, 14, _LEFT, pitch=24, on_grid=False),
    LAST: _Look(FANGSONG, 1, _LEFT, pitch=1, on_grid=False),
    NUMBER_STYLE: _Look(SONGTI, 14, _LEFT, pitch=None, on_grid=False),
}


def define_styles(document: Any) -> None:
    """Every style that the bulletin uses, and the free typefaces in the document's own table of fonts."""
    for name, look in _LOOKS.items():
        known = {style.name for style in document.styles}
        style = document.styles[name] if name in known else document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        _apply(style, look)
    _name_fallbacks(document)


def _apply(style: Any, look: _Look) -> None:
    for old in ("w:rPr", "w:pPr"):
        element = style.element.find(qn(old))
        if element is not None:
            style.element.remove(element)
    style.font.size, style.font.bold, style.font.italic = Pt(look.points), False, False
    style.font.color.rgb = look.colour
    set_face(style.element.get_or_add_rPr(), look.face, LATIN if look.face != SONGTI else SONGTI)
    shape = style.paragraph_format
    shape.alignment, shape.keep_with_next, shape.widow_control = look.align, look.keeps_with_next, False
    shape.space_before = shape.space_after = Pt(0)
    if look.pitch is None:
        shape.line_spacing_rule = WD_LINE_SPACING.SINGLE
    else:
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(look.pitch)
    _indent(style.element.get_or_add_pPr(), look)
    if look.points == BODY_POINTS:
        _stand_closer(style.element.rPr)
    if not look.on_grid:
        _leave_grid(style.element)


def set_face(properties: Any, face: str, latin: str = LATIN) -> None:
    """The typeface of a run or style, without what a theme would put in its place."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    fonts.attrib.clear()
    for script, name in (("ascii", latin), ("hAnsi", latin), ("eastAsia", face), ("cs", latin)):
        fonts.set(qn(f"w:{script}"), name)


def _indent(properties: Any, look: _Look) -> None:
    indent = OxmlElement("w:ind")
    indent.set(qn("w:firstLineChars"), str(look.indent * 100))
    indent.set(qn("w:firstLine"), str(int(look.indent * look.points * 20)))
    properties._insert_ind(indent)


def _stand_closer(properties: Any) -> None:
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(CLOSER))
    properties.find(qn("w:sz")).addprevious(spacing)


def _leave_grid(element: Any) -> None:
    """Lines as high as they are: the grid is made for 3号."""
    snap = OxmlElement("w:snapToGrid")
    snap.set(qn("w:val"), "0")
    element.pPr.insert_element_before(snap, "w:spacing", "w:ind", "w:jc", "w:outlineLvl")


def _name_fallbacks(document: Any) -> None:
    related = document.part.rels.values()
    part = next(each.target_part for each in related if each.reltype == RELATIONSHIP_TYPE.FONT_TABLE)
    table = parse_xml(f"<w:fonts {nsdecls('w')}/>")
    for face, fallback in FALLBACKS.items():
        font = etree.SubElement(table, qn("w:font"))
        font.set(qn("w:name"), face)
        etree.SubElement(font, qn("w:altName")).set(qn("w:val"), fallback)
        etree.SubElement(font, qn("w:charset")).set(qn("w:val"), "00" if face == LATIN else "86")
    part._blob = etree.tostring(table, xml_declaration=True, encoding="UTF-8", standalone=True)
