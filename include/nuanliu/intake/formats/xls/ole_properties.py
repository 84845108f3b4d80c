"""The document properties of an old Office file: author, company, title, … for the personal-data scan.

Source: [MS-OLEPS], Object Linking and Embedding Property Set Data Structures.
"""

from __future__ import annotations

import codecs
import struct
from collections.abc import Iterator, Mapping

from nuanliu.intake.formats.xls.ole import OleFile

_SUMMARY = {2: "title", 3: "subject", 4: "creator", 5: "keywords", 6: "description", 8: "lastModifiedBy"}
_DOCUMENT_SUMMARY = {2: "category", 14: "Manager", 15: "Company"}
_STREAMS = {"\x05SummaryInformation": _SUMMARY, "\x05DocumentSummaryInformation": _DOCUMENT_SUMMARY}
_CODE_PAGE = 1
_ANSI_TEXT = 30
_WIDE_TEXT = 31
_MAX_PROPERTIES = 1000


def read_properties(ole: OleFile) -> Mapping[str, str]:
    """The texts of both property streams by the names that xlsx uses. A damaged property stream has none."""
    properties: dict[str, str] = {}
    for stream_name, names in _STREAMS.items():
        content = ole.stream(stream_name) or b""
        try:
            properties.update(_texts(content, names))
        except (struct.error, UnicodeDecodeError, LookupError):
            continue  # nothing of the figures stands here, so a file need not go back for it
    return properties


def _texts(content: bytes, names: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    (section,) = struct.unpack_from("<I", content, 44)
    (count,) = struct.unpack_from("<I", content, section + 4)
    places = dict(struct.unpack_from("<II", content, section + 8 + 8 * at) for at in range(min(count, _MAX_PROPERTIES)))
    encoding = "gb18030"
    if _CODE_PAGE in places:
        encoding = _encoding(struct.unpack_from("<H", content, section + places[_CODE_PAGE] + 4)[0])
    for number, name in names.items():
        if number not in places:
            continue
        at = section + places[number]
        kind, length = struct.unpack_from("<II", content, at)
        if kind == _ANSI_TEXT:
            text = content[at + 8 : at + 8 + length].decode(encoding, "replace")
        elif kind == _WIDE_TEXT:
            text = content[at + 8 : at + 8 + 2 * length].decode("utf-16-le", "replace")
        else:
            continue
        text = text.split("\x00", 1)[0].strip()
        if text:
            yield name, text


def _encoding(code_page: int) -> str:
    special = {1200: "utf-16-le", 65001: "utf-8", 936: "gb18030"}
    return special.get(code_page) or codecs.lookup(f"cp{code_page}").name
