"""What a Word document says, piece by piece: sentences and rows of tables, as they read when every change is accepted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import qn

from nuanliu.reporting.summary.bulletin.figure_marks import MARK
from nuanliu.reporting.summary.bulletin.typefaces import OF_THE_OFFICE

_NOT_SAID = {
    qn(tag)
    for tag in ("w:del", "w:moveFrom", "w:pPr", "w:rPr", "w:instrText", "w:delText", "w:txbxContent", "w:sectPr")
} | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
_SIGNS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_WIDE: dict[str | int, str | int] = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
_SAME: dict[str | int, str | int] = {**_WIDE, "“": '"', "”": '"', "―": "—", "–": "-", "−": "-"}
_FOLDED = str.maketrans(_SAME)
_END = "。"


@dataclass(frozen=True)
class Part:
    """A sentence, or a cell. ``marks``: name of each bookmark of ours → where it begins and ends in ``text``."""

    text: str
    """Without blanks, in half width."""
    paragraph: int
    """Counted over all paragraphs that say something, those of tables too."""
    marks: dict[str, tuple[int, int]]


@dataclass(frozen=True)
class Piece:
    """What is compared as one: a sentence (one part) or a row (a part a cell)."""

    parts: tuple[Part, ...]
    place: str
    """第5段, 表2第3行."""
    is_row: bool
    is_of_office: bool
    """Whether the office writes it itself: 报头, 版记."""

    @property
    def text(self) -> str:
        """Everything, cells apart."""
        return "\t".join(part.text for part in self.parts)


def read_pieces(document: Any) -> list[Piece]:
    """All of a document's body, in its order, text boxes behind the paragraph that holds them."""
    reader = _Reader({style.style_id for style in document.styles if style.name in OF_THE_OFFICE})
    return list(reader.blocks(document.element.body))


def fold(text: str) -> str:
    """Half width, one kind of quotation marks, no blanks."""
    return "".join(character for character in text.translate(_FOLDED) if not character.isspace())


class _Reader:
    """Counts paragraphs and tables while it reads."""

    def __init__(self, office_styles: set[str]) -> None:
        self._office = office_styles
        self._paragraphs = self._tables = 0

    def blocks(self, element: Any) -> Iterator[Piece]:
        for child in element:
            if child.tag == qn("w:p"):
                yield from self._sentences(child)
                for box in child.iter(qn("w:txbxContent")):
                    if not any(above.tag in _NOT_SAID - {qn("w:txbxContent")} for above in box.iterancestors()):
                        yield from self.blocks(box)
            elif child.tag == qn("w:tbl"):
                yield from self._rows(child)
            elif child.tag not in _NOT_SAID:
                yield from self.blocks(child)

    def _sentences(self, paragraph: Any) -> Iterator[Piece]:
        part = self._part([paragraph])
        place, start = f"第{part.paragraph}段", 0
        while start < len(part.text):
            end = part.text.find(_END, start) + 1 or len(part.text)
            marks = {
                name: (first - start, last - start)
                for name, (first, last) in part.marks.items()
                if start <= first and last <= end
            }
            sentence = Part(part.text[start:end], part.paragraph, marks)
            yield Piece((sentence,), place, is_row=False, is_of_office=self._is_office(paragraph))
            start = end

    def _rows(self, table: Any) -> Iterator[Piece]:
        self._tables += 1
        number = self._tables
        for row_number, row in enumerate(table.iter(qn("w:tr")), start=1):
            cells = [list(cell.iter(qn("w:p"))) for cell in row.iter(qn("w:tc"))]
            parts = tuple(map(self._part, cells))
            is_office = any(self._is_office(paragraph) for cell in cells for paragraph in cell)
            if any(part.text for part in parts):
                yield Piece(parts, f"表{number}第{row_number}行", is_row=True, is_of_office=is_office)

    def _part(self, paragraphs: list[Any]) -> Part:
        """One text of some paragraphs, and where our bookmarks stand in it."""
        said: list[str] = []
        starts: dict[str, tuple[str, int]] = {}
        marks: dict[str, tuple[int, int]] = {}
        length = 0
        for event, value, name in (step for paragraph in paragraphs for step in _steps(paragraph)):
            if event == "text":
                text = fold(value)
                said.append(text)
                length += len(text)
            elif event == "start" and name.startswith(MARK):
                starts[value] = (name, length)
            elif event == "end" and value in starts:
                mark, first = starts.pop(value)
                if first < length:
                    marks[mark] = (first, length)
        self._paragraphs += bool(length)
        return Part("".join(said), self._paragraphs, marks)

    def _is_office(self, paragraph: Any) -> bool:
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        return style is not None and style.get(qn("w:val")) in self._office


def _steps(element: Any) -> Iterator[tuple[str, str, str]]:
    for child in element:
        if child.tag in _NOT_SAID:
            continue
        if child.tag == qn("w:t"):
            yield "text", child.text or "", ""
        elif child.tag in _SIGNS:
            yield "text", _SIGNS[child.tag], ""
        elif child.tag == qn("w:bookmarkStart"):
            yield "start", child.get(qn("w:id"), ""), child.get(qn("w:name"), "")
        elif child.tag == qn("w:bookmarkEnd"):
            yield "end", child.get(qn("w:id"), ""), ""
        else:
            yield from _steps(child)
