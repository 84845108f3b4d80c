"""Writes the paragraphs of a bulletin, with a mark around every number that has an id."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

from nuanliu.reporting.summary.bulletin.figure_marks import MARK, MarkKeeper, Number, split_at_numbers
from nuanliu.reporting.summary.bulletin.punctuation import official
from nuanliu.reporting.summary.bulletin.typefaces import BODY, HEADING, HEITI, PICTURE, SUBHEADING, set_face

_DIGITS = "零一二三四五六七八九十"
_PICTURE_HEIGHT = Mm(98)
"""Less than half a page, so that a picture and the head of its table stand together."""


class Writer:
    """One document and what was noted of it while it was written."""

    def __init__(self, document: Any, keeper: MarkKeeper) -> None:
        self.document = document
        self.keeper = keeper
        self._headings = self._subheadings = 0

    def head(self, text: str) -> None:
        """一、总体情况."""
        self._headings, self._subheadings = self._headings + 1, 0
        self.document.add_paragraph(f"{chinese_ordinal(self._headings)}、{official(text)}", HEADING)

    def subhead(self, text: str) -> None:
        """(一)主要指标."""
        self._subheadings += 1
        self.document.add_paragraph(f"（{chinese_ordinal(self._subheadings)}）{official(text)}", SUBHEADING)

    def say(
        self, text: str, numbers: Sequence[Number] = (), *, names: Iterable[str] = (), lead: str = "", style: str = BODY
    ) -> Any:
        """One paragraph. ``lead``: what stands before the text, in 黑体."""
        self.keeper.name(map(official, names))
        paragraph = self.document.add_paragraph(style=style)
        if lead:
            set_face(paragraph.add_run(official(lead))._r.get_or_add_rPr(), HEITI)
        self.fill(paragraph, text, numbers)
        return paragraph

    def fill(self, paragraph: Any, text: str, numbers: Sequence[Number] = ()) -> None:
        """Add a text to a paragraph."""
        written = official(text)
        for start, end, number in split_at_numbers(text, numbers):
            if number is None:
                paragraph.add_run(written[start:end])
            else:
                self._add_number(paragraph, written[start:end], number)

    def picture(self, png: bytes | None, says: str) -> None:
        """A picture, with an alternative text; nothing where there is none."""
        if png is None:
            return
        shape = self.document.add_picture(BytesIO(png), height=_PICTURE_HEIGHT)
        self.document.paragraphs[-1].style = PICTURE
        shape._inline.docPr.set(
            "descr", f"{official(says)}，数字见下表"
        )  # python-docx has no other way to an alternative text

    def _add_number(self, paragraph: Any, text: str, number: Number) -> None:
        name = self.keeper.mark(number)
        place = name.removeprefix(MARK)
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        start.set(qn("w:id"), place)
        start.set(qn("w:name"), name)
        end.set(qn("w:id"), place)
        paragraph._p.append(start)
        paragraph.add_run(text)
        paragraph._p.append(end)


def chinese_ordinal(number: int) -> str:
    """一 … 九十九, as headings are counted."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _DIGITS[ones]
    return f"{_DIGITS[tens] if tens > 1 else ''}十{_DIGITS[ones] if ones else ''}"
