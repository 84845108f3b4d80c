"""版记: to whom the bulletin goes, who printed it and when, between lines at the foot of the last page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Twips

from nuanliu.contract.bulletin import BulletinWords
from nuanliu.reporting.summary.bulletin.masthead import day
from nuanliu.reporting.summary.bulletin.page import WIDTH
from nuanliu.reporting.summary.bulletin.typefaces import IMPRINT, LAST
from nuanliu.reporting.summary.bulletin.writing import Writer

_LINES = (("top", 8), ("bottom", 8), ("insideH", 6))
"""Eighths of a point: 0.35 mm above and below, 0.25 mm between."""
_CHARACTER = Twips(14 * 20)
_PLACE = {
    "leftFromText": "0", "rightFromText": "0", "vertAnchor": "margin", "horzAnchor": "margin", "tblpXSpec": "center",
    "tblpYSpec": "bottom",
}  # fmt: skip


def write_imprint(writer: Writer, words: BulletinWords, published_at: datetime) -> None:
    """One line a list of readers, then the printer with the day."""
    lists = (("报", words.report_to), ("送", words.send_to), ("抄送", words.copy_to))
    lines = [f"{label}:{'、'.join(names)}。" for label, names in lists if names]
    lines.append(f"{words.printer}\t{day(published_at)}印发")
    table = writer.document.add_table(rows=len(lines), cols=1)
    table.autofit = False
    table.columns[0].width = Twips(WIDTH)
    _draw_lines(table)
    for row, text in zip(table.rows, lines, strict=True):
        (cell,) = row.cells
        cell.width = Twips(WIDTH)
        paragraph = cell.paragraphs[0]
        paragraph.style = IMPRINT
        shape = paragraph.paragraph_format
        shape.keep_with_next = True  # where the table does not float, its lines stay on one page all the same
        shape.left_indent = shape.right_indent = _CHARACTER
        shape.tab_stops.add_tab_stop(Twips(WIDTH - 2 * _CHARACTER.twips), WD_TAB_ALIGNMENT.RIGHT)
        writer.fill(paragraph, text)
    writer.say("", style=LAST)  # a table that floats belongs to the paragraph that follows it


def _draw_lines(table: Any) -> None:
    """Pinned to the foot of the type area of whichever page is the last; programs that cannot do that let it follow the text."""
    properties = table._tbl.tblPr
    place = OxmlElement("w:tblpPr")
    for name, value in _PLACE.items():
        place.set(qn(f"w:{name}"), value)
    properties.find(qn("w:tblW")).addprevious(place)
    borders = OxmlElement("w:tblBorders")
    for side, eighths in _LINES:
        border = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "0"), ("color", "000000")):
            border.set(qn(f"w:{name}"), value)
        borders.append(border)
    properties.find(qn("w:tblLayout")).addprevious(borders)
