"""The rows of an xlsx sheet whose cells are filled or written in given colours; a second pass, made only when asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element

from nuanliu.intake.formats.void_colours import ANY, colour_names, is_void
from nuanliu.intake.formats.xlsx.xml_parts import attribute, children, local_name, parse_stream, read_groups
from nuanliu.intake.formats.zip_archive import Archive
from nuanliu.ooxml.annotations import FILLS

_RGB = re.compile(r"(?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})")
_OURS = frozenset(FILLS.values())
_WHITE_AND_BLACK = {"0": "", "1": ""}  # the first two colours of a theme
# The first 16 indexed colours, repeated once; ECMA-376 part 1, 18.8.27. 64 and 65 are the system's own black and white.
_INDEXED = ("000000", "FFFFFF", "FF0000", "00FF00", "0000FF", "FFFF00", "FF00FF", "00FFFF") * 2


def find_void_rows(archive: Archive, part: str, styles_part: str, wanted: frozenset[str]) -> frozenset[int]:
    """The 1-based rows of a sheet in which at least half of the written cells are in a wanted colour. Raises: Refused."""
    if styles_part not in archive:
        return frozenset()
    groups = read_groups(archive, styles_part, ("fills", "fonts", "cellXfs"), archive.limits.max_styles)
    coloured = _coloured_styles(groups, wanted)
    if not coloured:
        return frozenset()
    rows = _RowColours(coloured)
    parse_stream(archive, part, rows.start, rows.end, lambda _: None)
    return frozenset(rows.found)


class _RowColours:
    """Counts the written cells of each row, and those in a wanted colour."""

    def __init__(self, coloured: frozenset[str]) -> None:
        self._coloured = coloured
        self.found: set[int] = set()
        self._row = self._written = self._marked = 0
        self._style = "0"
        self._has_value = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local_name(tag)
        if name == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._written = self._marked = 0
        elif name == "c":
            self._style, self._has_value = attributes.get("s", "0"), False
        elif name in ("v", "is"):
            self._has_value = True

    def end(self, tag: str) -> None:
        name = local_name(tag)
        if name == "c" and self._has_value:
            self._written += 1
            self._marked += self._style in self._coloured
        elif name == "row" and self._marked and self._marked * 2 >= self._written:
            self.found.add(self._row)


def _coloured_styles(groups: Mapping[str, Sequence[Element]], wanted: frozenset[str]) -> frozenset[str]:
    """The cell styles, as cells name them, that fill or write in a wanted colour."""
    fills = [is_void(_fill_names(fill), wanted) for fill in groups["fills"]]
    fonts = [any(is_void(_names(colour), wanted) for colour in children(font, "color")) for font in groups["fonts"]]
    found = set()
    for at, entry in enumerate(groups["cellXfs"]):
        fill, font = int(attribute(entry, "fillId") or "0"), int(attribute(entry, "fontId") or "0")
        if (0 <= fill < len(fills) and fills[fill]) or (0 <= font < len(fonts) and fonts[font]):
            found.add(str(at))
    return frozenset(found)


def _fill_names(fill: Element) -> str:
    if any(True for _ in children(fill, "gradientFill")):
        return ANY
    for pattern in children(fill, "patternFill"):
        kind = attribute(pattern, "patternType") or "none"
        if kind in ("none", "gray125"):  # the second is every workbook's second fill, and nobody's choice
            return ""
        return next((_names(colour) for colour in children(pattern, "fgColor")), "")
    return ""


def _names(colour: Element) -> str:
    """The names of a colour; of a theme's, whose shades nobody states here, only black and white are known."""
    if (rgb := attribute(colour, "rgb")) is not None:
        match = _RGB.fullmatch(rgb)
        if match is None:
            return ANY
        return "" if match[1].upper() in _OURS else colour_names(*bytes.fromhex(match[1]))
    if (theme := attribute(colour, "theme")) is not None:
        return _WHITE_AND_BLACK.get(theme, ANY) if not float(attribute(colour, "tint") or "0") else ANY
    indexed = int(attribute(colour, "indexed") or "64")
    if indexed in (64, 65):
        return ""
    return colour_names(*bytes.fromhex(_INDEXED[indexed])) if 0 <= indexed < len(_INDEXED) else ANY
