"""Bytes of a text file to text: BOM, then strict UTF-8, then strict GB18030; UTF-16 only with its BOM."""

from __future__ import annotations

import codecs

from nuanliu.intake.formats.mojibake import mojibake_line
from nuanliu.intake.formats.workbook import Refused

_CONTROLS = bytes(set(range(32)) - set(b"\t\n\x0b\x0c\r\x1a"))
_MAX_CONTROL_SHARE = 1000  # one in a thousand bytes


def decode_text(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding. Raises: Refused for binary data, damaged text or another encoding."""
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise Refused("file.encoding", place="开头")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text, encoding = _decode(data, "utf-16"), "utf-16"
        if "\x00" in text:
            raise Refused("file.binary")
    else:
        _refuse_binary(data)
        if data.startswith(codecs.BOM_UTF8):
            text, encoding = _decode(data, "utf-8-sig"), "utf-8-sig"
        else:
            try:
                text, encoding = data.decode("utf-8"), "utf-8"
            except UnicodeDecodeError as error:
                text, encoding = _decode(data, "gb18030", error.start), "gb18030"
    line = mojibake_line(text)
    if line is not None:
        raise Refused("file.mojibake", place=f"第{line}行附近")
    return text, encoding


def _decode(data: bytes, encoding: str, failed_before: int = 0) -> str:
    """Decode strictly; ``failed_before``: where another encoding gave up. The one that came further was the right one."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, max(error.start, failed_before)) + 1
        raise Refused("file.encoding", place=f"第{line}行附近") from error


def _refuse_binary(data: bytes) -> None:
    if b"\x00" in data:
        # Text in UTF-16 has a NUL in every other byte of its ASCII part; without a BOM its byte order is a guess.
        head = data[:4096]
        if max(head[0::2].count(0), head[1::2].count(0)) * 10 > len(head) and data.count(0) < len(data) * 0.6:
            raise Refused("file.encoding", place="开头")
        raise Refused("file.binary")
    controls = len(data) - len(data.translate(None, _CONTROLS))
    if controls * _MAX_CONTROL_SHARE > len(data):
        raise Refused("file.binary")
