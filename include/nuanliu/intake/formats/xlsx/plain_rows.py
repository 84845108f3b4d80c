"""Rows of a sheet as spreadsheet programs write them, taken out of the XML before it is parsed.

A parser calls back five times for every cell, and of a file of 100,000 rows that was most of its time. A row that holds
nothing but cells in the writing below means the same to every parser, so that a pattern may take it; every other row, and
all that stands around the rows, goes to the parser as it came.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

_TEXT = r"[^<>&\x00-\x1f\x7f-\x9f\ufffe\uffff]"
"""What stands for itself in XML: no markup, no entity, no line break that a parser would fold."""
_ATTRIBUTE = rf' ([\w:.]++)="((?:(?!"){_TEXT})*+)"'
_ANY_ATTRIBUTE = _ATTRIBUTE.replace("(", "(?:").replace("(?:?", "(?")
_REFERENCE = r'(?: r="([A-Z]{1,3}+)([1-9][0-9]{0,6}+)")?+'
_STYLE_AND_KIND = r'(?:(?: t="([A-Za-z]++)" s="([0-9]++)")|(?: s="([0-9]++)")?+(?: t="([A-Za-z]++)")?+)'
_FORMULA = rf"(<f(?:{_ANY_ATTRIBUTE})*+(?:/>|>{_TEXT}*+</f>))?+"
_INLINE = r'<is><t(?: xml:space="preserve")?+>'
_CELL = (
    rf"<c{_REFERENCE}{_STYLE_AND_KIND}"
    rf"(?:/>|>(?:(?:{_FORMULA}<v>({_TEXT}++)</v>)|(?:{_INLINE}({_TEXT}++)</t></is>))?+</c>)"
)
_CELLS = re.compile(_CELL)
_ROW = re.compile(rf"<row((?:{_ANY_ATTRIBUTE})*+)(?:/>|>((?:{re.sub(r'[(](?![?])', '(?:', _CELL)})*+)</row>)")
_ATTRIBUTES = re.compile(_ATTRIBUTE)
_PROLOG = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:<\?xml version=[\"']1\.0[\"'](?: encoding=[\"']utf-8[\"'])?(?: standalone=[\"'](?:yes|no)[\"'])?\s*\?>)?"
    rb"(?!.*<[!?])",
    re.IGNORECASE | re.DOTALL,
)
_BEGIN, _END = b"<sheetData>", b"</row>"
_MOST_HELD = 1 << 20
"""Bytes without the end of a row, after which they are no plain rows."""


OnRow = Callable[[Mapping[str, str], Sequence[tuple[str, ...]]], None]
"""Attributes of the row, and its cells: letters and digits of the reference, kind and style, or style and kind, the formula's
element, the value, the inline text; "" for what is not there.
"""


class PlainRows:
    """Hands plain rows to ``on_row`` as the blocks of a sheet come; what is left is for the parser."""

    def __init__(self, on_row: OnRow) -> None:
        self._on_row = on_row
        self._held = b""
        self._takes_rows = self._is_off = False
        self._is_within_row = False

    def feed(self, block: bytes) -> Iterator[bytes]:
        """What the parser is to be given of all that came, in order: when it is asked for more, it must have parsed that."""
        self._held += block
        if not self._is_off and not self._takes_rows:
            yield from self._begin()
        if self._takes_rows:
            yield from self._rows()
        if self._is_off or len(self._held) > _MOST_HELD:
            if not self._takes_rows or b"<!" in self._held or b"<?" in self._held or self._held.endswith(b"<"):
                self._takes_rows, self._is_off = False, True
            self._is_within_row = True
            yield self.rest()

    def rest(self) -> bytes:
        """What is held, for the parser."""
        held, self._held = self._held, b""
        return held

    def _begin(self) -> Iterator[bytes]:
        begin = self._held.find(_BEGIN)
        if begin < 0:
            return
        before, self._held = self._held[: begin + len(_BEGIN)], self._held[begin + len(_BEGIN) :]
        # Comments, CDATA and instructions may hold what looks like rows, and other encodings other letters.
        self._takes_rows = _PROLOG.match(before) is not None
        self._is_off = not self._takes_rows
        yield before

    def _rows(self) -> Iterator[bytes]:
        end = self._held.rfind(_END) + len(_END)
        if end < len(_END):
            return
        rows, self._held = self._held[:end], self._held[end:]
        try:
            text = rows.decode("utf-8")
        except UnicodeDecodeError:
            text = "<!"
        if "<!" in text or "<?" in text:
            self._takes_rows, self._is_off = False, True
            yield rows
            return
        at = 0
        while at < len(text):
            row = None if self._is_within_row else _ROW.match(text, at)
            attributes = _ATTRIBUTES.findall(row[1]) if row is not None else []
            if row is None or len(known := dict(attributes)) < len(attributes):
                last, at = at, text.index("</row>", at) + len("</row>")
                self._is_within_row = False
                yield text[last:at].encode()
            else:
                at = row.end()
                self._on_row(known, _CELLS.findall(row[2] or ""))
