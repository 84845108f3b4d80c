"""The records of a BIFF8 stream, and what its globals say of the whole: encryption, sheets, macros, links.

Source: [MS-XLS] sections 2.4.117 (FilePass), 2.4.28 (BoundSheet8), 2.4.271 (SupBook).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from nuanliu.intake.formats.workbook import Refused

CONTINUE = 0x003C
_EOF = 0x000A
_FILE_PASS = 0x002F
_BOUND_SHEET = 0x0085
_SUP_BOOK = 0x01AE
_BOF = 0x0809
_WORKSHEET = 0
_MACRO_SHEETS = (1, 6)
_OWN_SHEETS = b"\x01\x04"
_ADD_INS = b"\x01\x3a"
_HIDDEN = 0b11
_TWO_BYTES = 0b1


@dataclass(frozen=True)
class BiffEntry:
    """A worksheet in the order of the tabs, and where it begins."""

    name: str
    offset: int
    is_visible: bool


@dataclass(frozen=True)
class BiffOutline:
    """What the globals say."""

    sheets: tuple[BiffEntry, ...]
    has_macro_sheets: bool
    has_external_links: bool


def read_outline(stream: bytes) -> BiffOutline:
    """Read the globals. Raises: Refused for an encrypted stream, or one that is not BIFF8."""
    if len(stream) < 8 or struct.unpack_from("<HHH", stream)[0::2] != (_BOF, 0x0600):
        raise Refused("file.other_spreadsheet", what="Excel 95或更早版本的工作簿")
    entries = []
    has_macros = has_links = False
    for kind, start, length in records(stream, 0):
        if kind == _FILE_PASS:
            raise Refused("file.encrypted")
        if kind == _BOUND_SHEET and length >= 8:
            offset, state, sheet_kind, size, flags = struct.unpack_from("<IBBBB", stream, start)
            has_macros |= sheet_kind in _MACRO_SHEETS
            if sheet_kind == _WORKSHEET:
                raw = stream[start + 8 : start + length]
                name = (
                    raw[: 2 * size].decode("utf-16-le", "replace")
                    if flags & _TWO_BYTES
                    else raw[:size].decode("latin-1")
                )
                entries.append(BiffEntry(name, offset, not state & _HIDDEN))
        elif kind == _SUP_BOOK and stream[start + 2 : start + 4] not in (_OWN_SHEETS, _ADD_INS):
            has_links = True
    if len({entry.offset for entry in entries}) != len(entries):
        raise Refused("file.corrupt", detail="两个工作表指向同一内容")
    return BiffOutline(tuple(entries), has_macros, has_links)


def records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """(kind, start, length) of the records of one substream, charts inside it passed over. Raises: Refused when it is cut."""
    depth = 0
    end = len(stream) - 4
    unpack = struct.Struct("<HH").unpack_from
    while at <= end:
        kind, length = unpack(stream, at)
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


def with_continues(stream: bytes, start: int, length: int) -> list[tuple[int, int]]:
    """Where a record's body stands: its own bytes and those of the CONTINUE records behind it, as (start, end)."""
    pieces = [(start, start + length)]
    at = start + length
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        if kind != CONTINUE:
            break
        pieces.append((at + 4, min(at + 4 + size, len(stream))))
        at += 4 + size
    return pieces
