"""BIFF8 files as other writers leave them: counts that are off, notes and names that do not parse, texts over several records."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import xlwt
from tests.unit.intake.formats.reading_files import ole_container, saved

from nuanliu.intake.formats.xls.ole import OleFile

_SST, _NOTE, _NAME, _FORMULA, _STRING, _CONTINUE, _EOF, _BOUND_SHEET = (
    0x00FC, 0x001C, 0x0018, 0x0006, 0x0207, 0x003C, 0x000A, 0x0085,
)  # fmt: skip


def odd_xls(
    cells: Mapping[tuple[int, int], Any],
    merged: Sequence[tuple[int, int, int, int]],
    *,
    oddity: str = "",
    rng: random.Random | None = None,
) -> bytes:
    """Cells as an .xls; ``oddity`` names what is wrong with its records, none of which hides a cell."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("活动明细")
    for (row, column), value in cells.items():
        sheet.write(row - 1, column - 1, value)
    # xlwt's own merging would blank what the areas hide
    sheet._Worksheet__merged_ranges += [
        (top - 1, bottom - 1, left - 1, right - 1) for top, left, bottom, right in merged
    ]
    rng = rng or random.Random(0)
    if oddity == "continued texts":  # xlwt itself splits the shared texts at 8224 bytes
        for at in range(12):
            sheet.write(40 + at, 30, f"{at}" + rng.choice(("字", "x")) * 1500)
    stream = OleFile(saved(book)).stream("Workbook")
    if stream is None:
        raise AssertionError("xlwt wrote no workbook")
    if oddity in ("counts off", "counts zero"):
        at = next(start for kind, start, _ in _records(stream) if kind == _SST)
        total, unique = struct.unpack_from("<II", stream, at)
        counts = (0, 0) if oddity == "counts zero" else (total + rng.randint(1, 90), unique + rng.randint(1, 90))
        stream = stream[:at] + struct.pack("<II", *counts) + stream[at + 8 :]
    elif oddity == "odd note":
        stream = _insert_in_sheet(stream, _record(_NOTE, bytes(rng.choice((1, 3, 7, 9, 11)))))
    elif oddity == "odd name":
        stream = _insert_in_globals(stream, _record(_NAME, rng.randbytes(rng.randint(1, 40))))
    elif oddity == "continued result":
        stream = _insert_in_sheet(stream, _formula_with_text(60, 9, "结果" * 20, rng))
    elif oddity == "volatile":
        body = struct.pack("<HHHdHIH", 60, 9, 15, 0.0, 0b11, 0, 7) + b"\x19\x01\x00\x00\x42\x00\x4a"
        stream = _insert_in_sheet(stream, _record(_FORMULA, body))
    return ole_container({"Workbook": stream})


def hidden_extras(oddity: str) -> dict[tuple[int, int], Any]:
    """What an oddity adds to the cells of a sheet."""
    return {"continued result": {(61, 10): "结果" * 20}, "volatile": {(61, 10): 0}}.get(oddity, {})


def _formula_with_text(row: int, column: int, text: str, rng: random.Random) -> bytes:
    result = b"\x00\x00\x00\x00\x00\x00\xff\xff"
    body = struct.pack("<HHH", row, column, 15) + result + struct.pack("<HIH", 0, 0, 3) + b"\x1e\x01\x00"
    cut = rng.randint(1, len(text) - 1)
    head = struct.pack("<HB", len(text), 1) + text[:cut].encode("utf-16-le")
    rest = b"\x01" + text[cut:].encode("utf-16-le")
    return _record(_FORMULA, body) + _record(_STRING, head) + _record(_CONTINUE, rest)


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _records(stream: bytes) -> Iterator[tuple[int, int, int]]:
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, at + 4, length
        at += 4 + length


def _insert_in_sheet(stream: bytes, record: bytes) -> bytes:
    """The stream with a record at the end of its last sheet."""
    end = [start - 4 for kind, start, _ in _records(stream) if kind == _EOF][-1]
    return stream[:end] + record + stream[end:]


def _insert_in_globals(stream: bytes, record: bytes) -> bytes:
    """The stream with a record at the end of its globals; the sheets move down."""
    end = next(start - 4 for kind, start, _ in _records(stream) if kind == _EOF)
    moved = bytearray(stream)
    for kind, start, _ in _records(stream):
        if kind == _BOUND_SHEET:
            struct.pack_into("<I", moved, start, struct.unpack_from("<I", stream, start)[0] + len(record))
    return bytes(moved[:end]) + record + bytes(moved[end:])
