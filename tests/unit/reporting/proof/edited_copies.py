"""Copies of a bulletin as an office makes them: a word changed here and there, saved again."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import docx
from docx.oxml.ns import qn

OFFICE = {"报头", "期号", "编发", "版记", "文末"}


def opened(data: bytes) -> Any:
    return docx.Document(BytesIO(data))


def paragraphs(document: Any) -> list[Any]:
    """All that say something and are not the office's own, those of tables too, in order."""
    office = {style.style_id for style in document.styles if style.name in OFFICE}
    found = (docx.text.paragraph.Paragraph(each, document._body) for each in document.element.body.iter(qn("w:p")))
    return [each for each in found if each.text and each._p.style not in office]


def rewrite(paragraph: Any, text: str) -> None:
    """What a person does who types: the runs stay where they are, what is new stands in the run in which it was typed."""
    old = paragraph.text
    assert old != text
    start = next((n for n, (a, b) in enumerate(zip(old, text, strict=False)) if a != b), min(len(old), len(text)))
    tail = 0
    while tail < min(len(old), len(text)) - start and old[-1 - tail] == text[-1 - tail]:
        tail += 1
    typed, gone = text[start : len(text) - tail], (start, len(old) - tail)
    place, is_typed = 0, False
    for run in paragraph.runs:
        said, end = run.text, place + len(run.text)
        first, last = max(gone[0], place), min(gone[1], end)
        if not is_typed and place <= gone[0] <= end and (gone[0] < end or end == len(old)):
            run.text = said[: gone[0] - place] + typed + said[max(last, gone[0]) - place :]
            is_typed = True
        elif first < last:
            run.text = said[: first - place] + said[last - place :]
        place = end
    assert paragraph.text == text


def saved(document: Any) -> bytes:
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def without_marks(document: Any) -> Any:
    """As programs leave it that know no bookmarks and no custom parts."""
    for tag in ("w:bookmarkStart", "w:bookmarkEnd"):
        for each in list(document.element.body.iter(qn(tag))):
            each.getparent().remove(each)
    for key, relation in list(document.part.rels.items()):
        if relation.reltype.endswith("/customXml"):
            document.part.drop_rel(key)
            document.part.rels.pop(key, None)
    return document


def runs_joined(document: Any) -> Any:
    """One run a paragraph, as some programs write it; bookmarks then stand around nothing."""
    for paragraph in paragraphs(document):
        text = paragraph.text
        for run in paragraph.runs[1:]:
            run._r.getparent().remove(run._r)
        paragraph.runs[0].text = text
    return document


def runs_split(document: Any) -> Any:
    """A run a character, as spelling marks leave it."""
    for paragraph in paragraphs(document):
        for run in paragraph.runs:
            if len(run.text) < 2 or "\n" in run.text:
                continue
            for character in reversed(run.text[1:]):
                copy = docx.oxml.parse_xml(docx.oxml.xmlchemy.serialize_for_reading(run._r))
                docx.text.run.Run(copy, paragraph).text = character
                run._r.addnext(copy)
            run.text = run.text[0]
    return document


def blanks_added(document: Any) -> Any:
    """Spaces between digits and Chinese, and narrow punctuation."""
    for paragraph in paragraphs(document):
        for run in paragraph.runs:
            run.text = run.text.replace("，", ", ").replace("（", "(").replace("人", " 人")
    return document


def all_in_tracked_insertions(document: Any) -> Any:
    """As a copy that was pasted while changes were tracked."""
    for run in list(document.element.body.iter(qn("w:r"))):
        if run.getparent().tag == qn("w:p"):
            tracked = docx.oxml.OxmlElement("w:ins")
            tracked.set(qn("w:id"), "9")
            tracked.set(qn("w:author"), "x")
            run.addprevious(tracked)
            tracked.append(run)
    return document


def variants() -> Iterator[Any]:
    yield from (lambda d: d, without_marks, runs_joined, runs_split, blanks_added, all_in_tracked_insertions)
