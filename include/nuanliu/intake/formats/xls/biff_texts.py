"""Texts of a BIFF8 stream, which may run over several records, each saying anew how its part is encoded.

The shared texts are read until their records end: the counts that their record states are off in files that Excel opens.
Source: [MS-XLS] sections 2.4.265 (SST), 2.4.268 (String), 2.5.293 (XLUnicodeRichExtendedString), 2.5.294 (XLUnicodeString).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence

from nuanliu.intake.formats.cell_formats import plain_text
from nuanliu.intake.formats.grids import CellBudget
from nuanliu.intake.formats.limits import ReadingLimits
from nuanliu.intake.formats.workbook import Refused

_TWO_BYTES, _PHONETIC, _RICH = 0b1, 0b100, 0b1000
_COUNTS = 8


class _Ended(Exception):
    """The records have no more bytes."""


class BiffText:
    """Reads texts one after the other from the pieces of a record. ``pieces``: (start, end) of its bytes."""

    def __init__(self, stream: bytes, pieces: Sequence[tuple[int, int]]) -> None:
        self._stream = stream
        self._pieces = pieces
        self._piece = 0
        self._at, self._end = pieces[0]

    def skip(self, count: int) -> None:
        """Pass over bytes, which go on in the next piece without a mark. Raises: _Ended."""
        while count > self._end - self._at:
            count -= self._end - self._at
            self._next_piece()
        self._at += count

    def rich_text(self) -> tuple[str, bytes]:
        """A shared text and its formatting runs. Raises: _Ended."""
        length, flags = struct.unpack("<HB", self._take(3))
        runs = struct.unpack("<H", self._take(2))[0] if flags & _RICH else 0
        phonetic = struct.unpack("<I", self._take(4))[0] if flags & _PHONETIC else 0
        text = self._characters(length, flags)
        formatting = self._take(4 * runs) if runs else b""
        if phonetic:
            self.skip(phonetic)
        return text, formatting

    def plain_text(self) -> str:
        """A text without formatting; what is cut off is missing."""
        try:
            length, flags = struct.unpack("<HB", self._take(3))
            return self._characters(length, flags)
        except _Ended:
            return ""

    def _take(self, count: int) -> bytes:
        if count <= self._end - self._at:
            self._at += count
            return self._stream[self._at - count : self._at]
        taken = bytearray()
        while count:
            if self._at == self._end:
                self._next_piece()
            part = self._stream[self._at : min(self._end, self._at + count)]
            taken += part
            count -= len(part)
            self._at += len(part)
        return bytes(taken)

    def _characters(self, length: int, flags: int) -> str:
        width = 2 if flags & _TWO_BYTES else 1
        size = length * width
        if size <= self._end - self._at:
            self._at += size
            raw = self._stream[self._at - size : self._at]
            return raw.decode("utf-16-le", "replace") if width == 2 else raw.decode("latin-1")
        # Half of a surrogate pair may stand at the end of a piece, so it is bytes that are joined.
        joined = bytearray()
        while True:
            count = min(length, (self._end - self._at) // width)
            raw = self._stream[self._at : self._at + count * width]
            joined += raw if width == 2 else raw.decode("latin-1").encode("utf-16-le")
            length -= count
            self._at += count * width
            if not length:
                return joined.decode("utf-16-le", "replace")
            self._next_piece()
            width = 2 if self._take(1)[0] & _TWO_BYTES else 1

    def _next_piece(self) -> None:
        self._piece += 1
        if self._piece == len(self._pieces):
            raise _Ended
        self._at, self._end = self._pieces[self._piece]


class BiffSharedTexts:
    """The shared texts by index, and which are struck through in part or whole."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.struck: set[int] = set()

    def read(
        self,
        reader: BiffText,
        is_struck: Callable[[int], bool],
        limits: ReadingLimits,
        budget: CellBudget,
    ) -> None:
        """Read texts to the end of their records. ``is_struck``: of a font. Raises: Refused for too many or too much."""
        try:
            reader.skip(_COUNTS)
            while True:
                text, runs = reader.rich_text()
                if any(is_struck(font) for _, font in struct.iter_unpack("<HH", runs)):
                    self.struck.add(len(self.texts))
                budget.hold(len(text))
                self.texts.append(plain_text(text))
                if len(self.texts) > limits.max_texts:
                    raise Refused("file.bomb", detail=f"不同的文字超过{limits.max_texts}条")
        except _Ended:
            return
