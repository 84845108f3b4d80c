"""What xlrd does not tell about a BIFF8 stream: encryption, macros, links, drawings, formulas that were never calculated.

Source: [MS-XLS] sections 2.4.117 (FilePass), 2.4.28 (BoundSheet8), 2.4.271 (SupBook), 2.4.127 (Formula), 2.4.181 (Obj),
2.4.329 (TxO).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from nuanliu.intake.formats.workbook import Drawn, Refused
from nuanliu.ooxml.addresses import column_letter

_FORMULA = 0x0006
_EOF = 0x000A
_FILE_PASS = 0x002F
_BOUND_SHEET = 0x0085
_SUP_BOOK = 0x01AE
_BOF = 0x0809
_CONTINUE = 0x003C
_OBJ = 0x005D
_TEXT_OBJECT = 0x01B6
_PICTURE, _NOTE_SHAPE = 0x0008, 0x0019  # kinds of OBJ; a note's text is read as a comment
_WORKSHEET = 0
_MACRO_SHEETS = (1, 6)
_OWN_SHEETS = b"\x01\x04"
_ADD_INS = b"\x01\x3a"
_ALWAYS_OR_ON_LOAD = 0b11
_ZERO = bytes(8)


@dataclass(frozen=True)
class BiffOutline:
    """``sheet_offsets``: where the worksheets begin, in tab order."""

    sheet_offsets: tuple[int, ...]
    has_macro_sheets: bool
    has_external_links: bool


def read_outline(stream: bytes) -> BiffOutline:
    """Read the globals. Raises: Refused for an encrypted stream, or one that is not BIFF8."""
    if len(stream) < 8 or struct.unpack_from("<HHH", stream)[0::2] != (_BOF, 0x0600):
        raise Refused("file.other_spreadsheet", what="Excel 95或更早版本的工作簿")
    offsets = []
    has_macros = has_links = False
    for kind, start, length in _records(stream, 0):
        if kind == _FILE_PASS:
            raise Refused("file.encrypted")
        if kind == _BOUND_SHEET and length >= 6:
            offset, _, sheet_kind = struct.unpack_from("<IBB", stream, start)
            has_macros |= sheet_kind in _MACRO_SHEETS
            if sheet_kind == _WORKSHEET:
                offsets.append(offset)
        elif kind == _SUP_BOOK and stream[start + 2 : start + 4] not in (_OWN_SHEETS, _ADD_INS):
            has_links = True
    if len(set(offsets)) != len(offsets):
        raise Refused("file.corrupt", detail="两个工作表指向同一内容")
    return BiffOutline(tuple(offsets), has_macros, has_links)


@dataclass(frozen=True)
class BiffSheet:
    """``uncomputed``: formulas whose stored result is the 0 of a writer that cannot calculate, by address."""

    uncomputed: frozenset[str]
    drawn: Drawn


def read_beside_cells(stream: bytes, offset: int) -> BiffSheet:
    """Formulas that were never calculated (their writers mark them to be calculated on opening), and what is drawn."""
    cells = set()
    texts: list[str] = []
    has_pictures = False
    shape = _NOTE_SHAPE
    for kind, start, length in _records(stream, offset):
        if kind == _FORMULA and length >= 16 and stream[start + 6 : start + 14] == _ZERO:
            row, column, flags = (
                *struct.unpack_from("<HH", stream, start),
                *struct.unpack_from("<H", stream, start + 14),
            )
            if flags & _ALWAYS_OR_ON_LOAD:
                cells.add(f"{column_letter(column)}{row + 1}")
        elif kind == _OBJ and length >= 6:
            (shape,) = struct.unpack_from("<H", stream, start + 4)
            has_pictures |= shape == _PICTURE
        elif kind == _TEXT_OBJECT and length >= 12 and shape != _NOTE_SHAPE:
            texts.append(_drawn_text(stream, start + length, struct.unpack_from("<H", stream, start + 10)[0]))
    paragraphs = (line.strip() for text in texts for line in text.splitlines())
    return BiffSheet(frozenset(cells), Drawn(tuple(dict.fromkeys(filter(None, paragraphs))), has_pictures))


def _drawn_text(stream: bytes, at: int, length: int) -> str:
    """The text of a text object, from the CONTINUE records behind it; each says anew how it is encoded."""
    text = ""
    while len(text) < length and at + 5 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        if kind != _CONTINUE or not size:
            break
        encoding = "utf-16-le" if stream[at + 4] & 1 else "latin-1"
        text += stream[at + 5 : at + 4 + size].decode(encoding, "replace")
        at += 4 + size
    return text[:length]


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """(kind, start, length) of the records of one substream, charts inside it passed over."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        start = at + 4
        at = start + length
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, start, length
    raise Refused("file.corrupt", detail="文件不完整,后半部分丢失")
