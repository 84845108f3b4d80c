"""The OLE container of old Office files: its directory and streams, read without trusting a word of it.

Own code because the reader inside xlrd follows a looped chain of sectors for ever, filling memory, and olefile hands on what
such a chain yields (docs/decisions/0017-ole-containers.md).
Source: [MS-CFB], Compound File Binary File Format.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from nuanliu.intake.formats.workbook import Refused

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END_OF_CHAIN = 0xFFFFFFFE
_FIRST_SPECIAL = 0xFFFFFFFA
_MAX_ENTRIES = 100_000


@dataclass(frozen=True)
class OleEntry:
    """One directory entry. ``kind``: 1 storage, 2 stream, 5 root."""

    name: str
    kind: int
    start: int
    size: int


class OleFile:
    """An opened container. Raises: Refused(file.corrupt) from every method when the container contradicts itself.

    ``is_directory_cut``: the file ends inside its directory, so that streams may be missing from ``names``.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            sector_shift, mini_shift = struct.unpack_from("<HH", data, 30)
            first_directory, _, self._mini_cutoff, first_mini, _, first_difat, _ = struct.unpack_from("<7I", data, 48)
            difat = list(struct.unpack_from("<109I", data, 76))
        except struct.error as error:
            raise Refused("file.corrupt", detail="文件头不完整") from error
        if sector_shift not in (9, 12) or mini_shift != 6:
            raise Refused("file.corrupt", detail="文件头不合规范")
        self._sector = 1 << sector_shift
        self._mini_sector = 1 << mini_shift
        self._fat = self._read_fat(difat, first_difat)
        self.entries = self._read_directory(first_directory)
        self._mini_fat = self._numbers(self._chain(first_mini, self._fat))
        root = self.entries[0]
        self._mini_stream = self._read_chain(root.start)[: root.size] if root.size else b""

    @property
    def names(self) -> frozenset[str]:
        """The names of all storages and streams, at any depth."""
        return frozenset(entry.name for entry in self.entries)

    def stream(self, name: str) -> bytes | None:
        """The bytes of the first stream with a name, or None."""
        entry = next((e for e in self.entries if e.kind == 2 and e.name.lower() == name.lower()), None)
        if entry is None:
            return None
        if entry.size >= self._mini_cutoff:
            content = self._read_chain(entry.start)
        else:
            size = self._mini_sector
            content = b"".join(
                self._mini_stream[at * size : (at + 1) * size] for at in self._chain(entry.start, self._mini_fat)
            )
        if len(content) < entry.size:
            raise Refused("file.corrupt", detail="文件不完整,后半部分丢失")
        return content[: entry.size]

    def _read_fat(self, difat: list[int], next_difat: int) -> Sequence[int]:
        seen: set[int] = set()
        while next_difat < _FIRST_SPECIAL:
            if next_difat in seen:
                raise Refused("file.corrupt", detail="扇区链成环")
            seen.add(next_difat)
            block = self._numbers([next_difat])
            if not block:
                raise Refused("file.corrupt", detail="文件不完整,后半部分丢失")
            difat.extend(block[:-1])
            next_difat = block[-1]
        sectors = [at for at in difat if at < _FIRST_SPECIAL]
        if len(set(sectors)) != len(sectors):
            raise Refused("file.corrupt", detail="扇区链成环")
        return self._numbers(sectors)

    def _read_directory(self, first: int) -> tuple[OleEntry, ...]:
        content = self._read_chain(first)
        self.is_directory_cut = len(content) % self._sector != 0
        entries = []
        for at in range(0, min(len(content), _MAX_ENTRIES * 128) - 127, 128):
            name_bytes, name_length, kind = struct.unpack_from("<64sHB", content, at)
            start, size = struct.unpack_from("<II", content, at + 116)
            if kind in (1, 2, 5):
                name = name_bytes[: max(0, min(name_length, 64) - 2)].decode("utf-16-le", "replace")
                entries.append(OleEntry(name, kind, start, size))
        if not entries or entries[0].kind != 5:
            raise Refused("file.corrupt", detail="目录损坏")
        return tuple(entries)

    def _read_chain(self, start: int) -> bytes:
        size = self._sector
        # Sector 0 begins after the header, which fills one sector whatever the sector size is.
        return b"".join(self._data[(at + 1) * size : (at + 2) * size] for at in self._chain(start, self._fat))

    def _numbers(self, sectors: Sequence[int]) -> Sequence[int]:
        size = self._sector
        content = b"".join(self._data[(at + 1) * size : (at + 2) * size] for at in sectors)
        return struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4])

    def _chain(self, start: int, table: Sequence[int]) -> list[int]:
        """The sectors of a chain, which cannot be longer than its table."""
        chain: list[int] = []
        at = start
        while at < _FIRST_SPECIAL:
            if at >= len(table) or len(chain) > len(table):
                raise Refused("file.corrupt", detail="扇区链断开或成环")
            chain.append(at)
            at = table[at]
        if at != _END_OF_CHAIN and chain:
            raise Refused("file.corrupt", detail="扇区链断开或成环")
        return chain
