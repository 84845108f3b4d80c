"""The page of GB/T 9704-2012: A4, a type area of 156 x 225 mm with 22 lines of 28 characters, page numbers below it."""

from __future__ import annotations

from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

TOP, BOTTOM, LEFT, RIGHT = 37, 35, 28, 26
"""Margins in mm."""
WIDTH = 8845
"""Of the type area: 156 mm in twentieths of a point."""
BODY_POINTS, LINE_POINTS = 16, 28
"""3号, and the pitch of its lines: 22 of them in 225 mm."""
CLOSER = -5
"""Twentieths of a point that characters of 3号 stand closer than they are wide, so that 28 of them fill a line. A grid of characters would
say the same in Word, and LibreOffice makes squares of it that are as wide as lines are high."""
_GRID_LINE = 579
"""Twentieths of a point: 225 mm in 22 parts."""
_FOOTER = 25
"""mm from the foot of the page: so that the dashes of 4号 stand 7 mm below the type area."""
NUMBER_STYLE = "页码"


def lay_out_page(document: Any) -> None:
    """Paper, margins, grid and page numbers of the only section."""
    (section,) = document.sections
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.header_distance, section.footer_distance = Mm(15), Mm(_FOOTER)
    _set_grid(section)
    document.settings.odd_and_even_pages_header_footer = True
    _number_pages(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _number_pages(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)


def _set_grid(section: Any) -> None:
    """Lines only."""
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    grid = OxmlElement("w:docGrid")
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(_GRID_LINE))
    section._sectPr.append(grid)


def _number_pages(footer: Any, alignment: Any) -> None:
    """— 1 —: to the outer side, one character from the edge."""
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.style = NUMBER_STYLE
    paragraph.alignment = alignment
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(14)
    paragraph.add_run("— ")
    _add_field(paragraph, "PAGE")
    paragraph.add_run(" —")


def _add_field(paragraph: Any, code: str) -> None:
    for kind in ("begin", None, "separate", "1", "end"):
        run = paragraph.add_run()
        if kind is None:
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = f" {code} "
        elif kind == "1":
            run.text = kind
            continue
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)
