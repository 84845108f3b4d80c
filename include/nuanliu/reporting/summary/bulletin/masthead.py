"""报头 and title: the bulletin's name, 期号, who issues it and when, the red line, and what it is about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, Twips

from nuanliu.contract.bulletin import BulletinWords
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.reporting.summary.bulletin.page import WIDTH
from nuanliu.reporting.summary.bulletin.punctuation import official
from nuanliu.reporting.summary.bulletin.typefaces import ISSUE, ISSUER, MASTHEAD, REMARK, TITLE
from nuanliu.reporting.summary.bulletin.writing import Writer
from nuanliu.reporting.summary.contents import Summary
from nuanliu.settings import SHANGHAI

_RED_LINE = 18
"""Eighths of a point."""


def write_masthead(writer: Writer, summary: Summary, words: BulletinWords, published_at: datetime) -> None:
    """Up to the red line."""
    writer.say(words.name, style=MASTHEAD)
    writer.say(
        f"{issue_number(words, summary.week)}{_edition(summary.edition)}", style=ISSUE
    ).paragraph_format.space_before = Pt(8)
    line = writer.say(f"{words.issuer}\t{day(published_at)}", style=ISSUER)
    line.paragraph_format.tab_stops.add_tab_stop(Twips(WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    line.paragraph_format.space_before = Pt(8)
    add_border(line, "bottom", _RED_LINE, "FF0000")


def write_title(writer: Writer, summary: Summary, words: BulletinWords) -> None:
    """Below the red line, after an empty one; a line says so where the week is not complete."""
    lines = [official(line.format(week=summary.week.label)) for line in words.title]
    writer.say("")
    paragraph = writer.say("", style=TITLE)
    for number, line in enumerate(lines):
        run = paragraph.add_run()
        if number:
            run.add_break()
        run.add_text(line)
    if not summary.is_complete:
        writer.say(words.incomplete, style=REMARK)
    writer.say("")


def issue_number(words: BulletinWords, week: ReportingWeek) -> str:
    """第49期."""
    year, number, _ = week.monday.isocalendar()
    return words.number.format(number=number, year=year)


def day(instant: datetime) -> str:
    """2024年12月9日, by the clock of Asia/Shanghai."""
    local = instant.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日"


def add_border(paragraph: Any, side: str, eighths: int, colour: str) -> None:
    """A line above or below a paragraph, as wide as the type area."""
    properties = paragraph._p.get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        properties.insert_element_before(
            borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr"
        )
    border = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "4"), ("color", colour)):
        border.set(qn(f"w:{name}"), value)
    borders.append(border)


def _edition(number: int | None) -> str:
    if number is None:
        return "(未发布)"
    return f"(第{number}版)" if number > 1 else ""
