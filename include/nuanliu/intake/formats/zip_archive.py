"""Zip containers under caps. Sizes are counted while reading: the sizes a zip states about itself can lie."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

from nuanliu.intake.formats.limits import ReadingLimits
from nuanliu.intake.formats.workbook import Refused
from nuanliu.ooxml.broken_zip import BROKEN_ZIP

_BLOCK = 1 << 18
_PLAIN_PART = re.compile(r"[A-Za-z_./\[\] -]{1,60}[0-9]{0,4}[A-Za-z_./-]{0,20}")
_SAYS_UTF8 = 0x800
_RATIO_COUNTS_FROM = 10 * 1024 * 1024


class Archive:
    """An opened zip. Part names are looked up without regard to case, slash direction or a leading slash."""

    def __init__(self, data: bytes, limits: ReadingLimits) -> None:
        """Raises: Refused for a broken, encrypted or oversized container."""
        self.limits = limits
        self.size = len(data)
        self._total = 0
        # Counted before zipfile builds an object for each entry; every entry of the directory begins with this mark.
        if data.count(b"PK\x01\x02") > limits.max_members:
            raise Refused("file.bomb", detail=f"压缩包内的文件超过{limits.max_members}个")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except BROKEN_ZIP as error:
            raise Refused("file.corrupt", detail="压缩结构不完整") from error
        self._parts: dict[str, zipfile.ZipInfo] = {}
        for info in self._zip.infolist():
            if info.flag_bits & 1:
                raise Refused("file.encrypted")
            if info.filename.endswith("/"):  # ZipInfo.is_dir fails on an empty name
                continue
            if self._parts.setdefault(part_name(_written_name(info)), info) is not info:
                raise Refused("file.corrupt", detail="压缩结构里有重名的部分")

    @property
    def names(self) -> frozenset[str]:
        """The part names, in lower case with forward slashes."""
        return frozenset(self._parts)

    @property
    def written_names(self) -> tuple[str, ...]:
        """The names as their writer meant them, with forward slashes, in the order of the directory."""
        return tuple(_written_name(info).replace("\\", "/") for info in self._parts.values())

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and part_name(name) in self._parts

    def read(self, name: str, limit: int | None = None) -> bytes:
        """A part as a whole, of ``limit`` bytes at most (None: a small one). Raises: Refused when absent, broken or larger."""
        content = bytearray()
        for block in self.stream(name):
            content += block
            if len(content) > (limit or self.limits.max_small_part_bytes):
                raise Refused("file.bomb", detail=f"{shown_part(name)}解压后过大")
        return bytes(content)

    def stream(self, name: str) -> Iterator[bytes]:
        """A part in blocks of 256 KB. Raises: Refused when it is absent, broken or unpacks beyond a cap."""
        info = self._parts.get(part_name(name))
        if info is None:
            raise Refused("file.corrupt", detail=f"缺少{shown_part(name)}")
        size = 0
        try:
            with self._zip.open(info) as part:
                while block := part.read(_BLOCK):
                    size += len(block)
                    self._count(info, size, len(block))
                    yield block
        except (*BROKEN_ZIP, RuntimeError) as error:
            raise Refused("file.corrupt", detail=f"{shown_part(name)}解压失败") from error

    def _count(self, info: zipfile.ZipInfo, size: int, more: int) -> None:
        self._total += more
        if size > self.limits.max_member_bytes or self._total > self.limits.max_total_unpacked_bytes:
            raise Refused("file.bomb", detail="解压后的内容过大")
        if size > _RATIO_COUNTS_FROM and size > self.limits.max_ratio * max(info.compress_size, 1):
            raise Refused("file.bomb", detail=f"压缩比超过{self.limits.max_ratio}倍")


def _written_name(info: zipfile.ZipInfo) -> str:
    """A member's name; zipfile takes what does not say UTF-8 for the code page of old American machines.

    Chinese Windows writes GB18030 there, some writers UTF-8 without saying so.
    """
    if info.flag_bits & _SAYS_UTF8 or info.filename.isascii():
        return info.filename
    try:
        raw = info.filename.encode("cp437")
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")
    except UnicodeEncodeError:  # a name from an extra field, which is Unicode
        return info.filename


def part_name(name: str) -> str:
    """The look-up form of a part name."""
    return name.replace("\\", "/").lstrip("/").lower()


def shown_part(name: str) -> str:
    """A part name that may stand in a receipt: anything but the usual names is somebody's data."""
    return name if _PLAIN_PART.fullmatch(name) else "某个部分"
