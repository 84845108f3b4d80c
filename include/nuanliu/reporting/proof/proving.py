"""Holds an edited copy of a bulletin against the edition: what every number of it is, and which names are others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

from docx import Document
from docx.opc.exceptions import OpcError
from lxml.etree import XMLSyntaxError

from nuanliu.contract.code_lists import codes
from nuanliu.domain.documents import ProofDocument, ProofNameEntry, ProofNumberEntry
from nuanliu.reporting.proof.pairing import Token, align, by_head, pair_pieces, tokens_of
from nuanliu.reporting.proof.pieces import Part, Piece, fold, read_pieces
from nuanliu.reporting.proof.verdicts import Expected, Verdict, is_rounding, judge
from nuanliu.reporting.proof.written_numbers import Written
from nuanliu.reporting.summary.bulletin.figure_marks import EditionMarks, Number, read_marks

_BREAKS = re.compile(r"[、,。;:\"()\t\0]")
_LEAST_ALIKE = 0.3
_LEAST_ROUNDED = 100
"""A number below it that is in no known place is too common to be the rounding of a figure."""


def open_bulletin(data: bytes) -> Any | None:
    """A Word document as python-docx has it; None for what is none, or a damaged one."""
    try:
        return Document(BytesIO(data))
    except (BadZipFile, KeyError, ValueError, XMLSyntaxError, OpcError):
        return None


def prove(original: Any, edited: Any) -> tuple[list[ProofNumberEntry], list[ProofNameEntry]]:
    """Every number of ``edited`` with its verdict, and every name that took the place of another; both in the copy's order.

    Bookmarks are counted anew in each edition: those of a copy that does not say that it is of this one are not read.
    """
    said, own = read_marks(original), read_marks(edited)
    is_of_it = said is not None and own is not None and (said.week, said.edition) == (own.week, own.edition)
    return _Proof(original, said, reads_marks=is_of_it).compare(read_pieces(edited))


class _Proof:
    """What an edition says."""

    def __init__(self, original: Any, said: EditionMarks | None, *, reads_marks: bool) -> None:
        marks = said or EditionMarks("", None, {}, ())
        self._reads_marks = reads_marks
        self._pieces = read_pieces(original)
        listed = codes()
        names = {*marks.names, *(union.name for union in listed.unions.list), *(each.name for each in listed.measures)}
        self._names = by_head({fold(name) for name in names if len(name) > 1})
        self._labels = {fold(name) for name in names}
        self._tokens = {id(part): tokens_of(part.text, self._names) for piece in self._pieces for part in piece.parts}
        self._expected = self._read_expected(marks.numbers)

    def compare(self, edited: Sequence[Piece]) -> tuple[list[ProofNumberEntry], list[ProofNameEntry]]:
        numbers: list[ProofNumberEntry] = []
        names: list[ProofNameEntry] = []
        for piece, origin in zip(edited, pair_pieces(self._pieces, edited), strict=True):
            for part, before in _pair_parts(piece, origin):
                tokens = tokens_of(part.text, self._names)
                numbers += self._numbers(
                    piece, part, tokens, before, is_of_office=origin is not None and origin.is_of_office
                )
                if before is not None and origin is not None and not origin.is_of_office:
                    names += self._name_changes(piece, part, tokens, before)
        return numbers, names

    def _read_expected(self, figures: Mapping[str, Number]) -> dict[tuple[int, int], Expected]:
        """Part and place of each number of the edition → what it is."""
        self._by_mark: dict[str, Expected] = {}
        found = {}
        for part in (part for piece in self._pieces for part in piece.parts):
            for token in self._tokens[id(part)]:
                if token.number is None:
                    continue
                mark = next((name for name, span in part.marks.items() if _overlap(token.number, span)), None)
                expected = Expected(token.number, figures.get(mark or ""))
                found[id(part), token.start] = expected
                if mark is not None:
                    self._by_mark[mark] = expected
        return found

    def _numbers(
        self, piece: Piece, part: Part, tokens: Sequence[Token], before: Part | None, *, is_of_office: bool
    ) -> Iterator[ProofNumberEntry]:
        paired = self._paired(tokens, before) if before is not None else {}
        paired |= self._at_marks(part, tokens)
        for token in tokens:
            if token.number is None:
                continue
            expected = paired.get(token.start)
            if expected is None:
                verdict, expected = self._known(token.number)
            else:
                verdict = judge(token.number, expected)
            if is_of_office and verdict == "differs":
                verdict, expected = "unknown", None
            yield {
                "paragraph": part.paragraph,
                "place": piece.place,
                "text": token.text,
                "verdict": verdict,
                "figure_id": expected.figure_id if expected else None,
                "expected": expected.written.text if expected else None,
            }

    def _at_marks(self, part: Part, tokens: Sequence[Token]) -> dict[int, Expected]:
        """Where a number of the copy stands → the figure whose bookmark stands around it; around several it tells of none."""
        found: dict[int, Expected] = {}
        for name, span in part.marks.items() if self._reads_marks else ():
            inside = [token for token in tokens if token.number and _overlap(token.number, span)]
            if len(inside) == 1 and name in self._by_mark:
                found[inside[0].start] = self._by_mark[name]
        return found

    def _paired(self, tokens: Sequence[Token], before: Part) -> dict[int, Expected]:
        """Where a number of the copy stands → the one of the edition that stood there."""
        found: dict[int, Expected] = {}
        for is_same, old, new in align(self._tokens[id(before)], tokens):
            were, are = [t for t in old if t.number], [t for t in new if t.number]
            is_lone = is_same and len(new) == 1 < len(tokens)
            for was, now in zip(were, are, strict=False):
                expected = self._expected[id(before), was.start]
                # a number alone between other words may have come from elsewhere
                is_elsewhere = (
                    is_lone
                    and now.number
                    and judge(now.number, expected) == "differs"
                    and self._known(now.number)[0] == "equal"
                )
                if not is_elsewhere:
                    found[now.start] = expected
        return found

    def _known(self, number: Written) -> tuple[Verdict, Expected | None]:
        """A number in a place of which nothing is known: one of the edition's own, one of them rounded, or unknown."""
        every = self._expected.values()
        same = next((each for each in every if each.unit and number.unit and judge(number, each) == "equal"), None)
        if same is not None:
            return "equal", same
        if number.unit and number.value >= _LEAST_ROUNDED and (number.is_scaled or number.exactness != "exact"):
            for each in every:
                written = each.written
                if written.kind == number.kind and is_rounding(number, written.value, written.exactness, written.step):
                    return "rounded", each
        return "unknown", None

    def _name_changes(
        self, piece: Piece, part: Part, tokens: Sequence[Token], before: Part
    ) -> Iterator[ProofNameEntry]:
        if piece.is_row and before.text in self._labels:
            if part.text and part.text != before.text and not _is_same_union(part.text, before.text):
                yield _name_entry(piece, part, part.text, before.text)
            return
        for is_same, old, new in align(self._tokens[id(before)], tokens):
            if is_same:
                continue
            chunks = _chunks(new)
            for name in (token.text for token in old if token.is_name):
                chunk = _taking_place(name, chunks)
                if chunk is not None:
                    chunks.remove(chunk)
                    if not _is_same_union(chunk, name):
                        yield _name_entry(piece, part, chunk, name)


def _pair_parts(piece: Piece, origin: Piece | None) -> Iterator[tuple[Part, Part | None]]:
    if origin is None:
        yield from ((part, None) for part in piece.parts)
    elif len(piece.parts) == len(origin.parts):
        yield from zip(piece.parts, origin.parts, strict=True)
    else:
        matcher = SequenceMatcher(None, [p.text for p in origin.parts], [p.text for p in piece.parts], autojunk=False)
        for kind, first, last, start, end in matcher.get_opcodes():
            is_known = kind == "equal" or last - first == end - start
            olds: Sequence[Part | None] = origin.parts[first:last] if is_known else [None] * (end - start)
            yield from zip(piece.parts[start:end], olds, strict=True)


def _chunks(tokens: Sequence[Token]) -> list[str]:
    """What stands between marks of punctuation and numbers."""
    text = "".join("\0" if token.number else token.text for token in tokens)
    return [chunk for chunk in _BREAKS.split(text) if chunk]


def _taking_place(name: str, chunks: Sequence[str]) -> str | None:
    """What stands for a name now: the most alike of some texts; a single one need not be alike, unless it is a sentence."""
    if len(chunks) == 1:
        return chunks[0] if len(chunks[0]) <= 2 * len(name) + 4 else None
    alike = [(SequenceMatcher(None, name, chunk, autojunk=False).ratio(), chunk) for chunk in chunks]
    best = max(alike, default=(0.0, ""))
    return best[1] if best[0] >= _LEAST_ALIKE else None


def _is_same_union(text: str, name: str) -> bool:
    """Whether both name one union: 白银市总 and 白银市总工会."""
    unions = codes().unions
    union = unions.find(name)
    return union is not None and unions.find(text) == union


def _name_entry(piece: Piece, part: Part, text: str, name: str) -> ProofNameEntry:
    return {"paragraph": part.paragraph, "place": piece.place, "text": text, "verdict": "differs", "expected": name}


def _overlap(number: Written, span: tuple[int, int]) -> bool:
    return number.start < span[1] and span[0] < number.end


def has_differences(document: ProofDocument) -> bool:
    """Whether any number or name of a copy is not what the edition says."""
    return any(entry["verdict"] == "differs" for entry in document["numbers"]) or bool(document["names"])
