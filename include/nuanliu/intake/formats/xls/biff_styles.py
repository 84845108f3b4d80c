"""What the globals of a BIFF8 stream say of cells: number formats, fonts, colours, the date system.

Source: [MS-XLS] sections 2.4.122 (Font), 2.4.126 (Format), 2.4.353 (XF), 2.4.188 (Palette), 2.4.77 (Date1904).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from nuanliu.intake.formats.cell_formats import BUILT_IN_FORMATS, CellStyle, FormatKind, format_kind
from nuanliu.intake.formats.grids import CellBudget
from nuanliu.intake.formats.limits import ReadingLimits
from nuanliu.intake.formats.workbook import Refused
from nuanliu.intake.formats.xls.biff_records import records, with_continues
from nuanliu.intake.formats.xls.biff_texts import BiffSharedTexts, BiffText

_DATE_SYSTEM, _FONT, _FORMAT, _XF, _PALETTE, _SHARED_TEXTS = 0x0022, 0x0031, 0x041E, 0x00E0, 0x0092, 0x00FC
_STRUCK = 0x0008
_NO_FONT = 4  # fonts are counted as if there were one more: number 4 never was
_FIRST_COLOUR = 8
Rgb = tuple[int, int, int]
# The colours of a book that states none of its own, from 8 on; [MS-XLS] 2.5.161 (Icv). 0 to 7 are the first eight again.
_DEFAULT_COLOURS = bytes.fromhex(
    "000000FFFFFFFF000000FF000000FFFFFF00FF00FF00FFFF800000008000000080808000800080008080C0C0C0808080"
    "9999FF993366FFFFCCCCFFFF660066FF80800066CCCCCCFF000080FF00FFFFFF0000FFFF8000808000000080800000FF"
    "00CCFFCCFFFFCCFFCCFFFF9999CCFFFF99CCCC99FFFFCC993366FF33CCCC99CC00FFCC00FF9900FF6600666699969696"
    "003366339966003300333300993300993366333399333333"
)


@dataclass
class BiffGlobals:
    """``styles``: by the index that cells name, None for plain ones; ``colours``: of font and fill, by the same index."""

    is_1904: bool = False
    styles: list[CellStyle | None] = field(default_factory=list)
    colours: list[tuple[Rgb, ...]] = field(default_factory=list)
    shared: BiffSharedTexts = field(default_factory=BiffSharedTexts)


@dataclass(frozen=True)
class _Font:
    is_struck: bool
    colour: int


def read_globals(stream: bytes, limits: ReadingLimits, budget: CellBudget) -> BiffGlobals:
    """Read the first substream. Raises: Refused."""
    said = BiffGlobals()
    fonts: list[_Font] = []
    formats: dict[int, str] = {}
    cell_formats: list[tuple[int, int, int | None]] = []
    rgbs: dict[int, Rgb] = {}
    for at in range(len(_DEFAULT_COLOURS) // 3):
        rgbs[at + _FIRST_COLOUR] = _rgb(_DEFAULT_COLOURS[3 * at : 3 * at + 3])
    for at in range(_FIRST_COLOUR):
        rgbs[at] = rgbs[at + _FIRST_COLOUR]
    for kind, start, length in records(stream, 0):
        if kind == _FONT and length >= 6:
            _, flags, colour_index = struct.unpack_from("<HHH", stream, start)
            fonts.append(_Font(bool(flags & _STRUCK), colour_index))
        elif kind == _FORMAT and length >= 5:
            (number,) = struct.unpack_from("<H", stream, start)
            formats[number] = BiffText(stream, [(start + 2, start + length)]).plain_text()
        elif kind == _XF and length >= 20:
            font, number = struct.unpack_from("<HH", stream, start)
            pattern, fill = struct.unpack_from("<IH", stream, start + 14)
            cell_formats.append((font, number, fill & 0x7F if pattern >> 26 else None))
        elif kind == _PALETTE and length >= 2:
            count = min(struct.unpack_from("<H", stream, start)[0], (length - 2) // 4)
            for at in range(count):
                rgbs[_FIRST_COLOUR + at] = _rgb(stream[start + 2 + 4 * at : start + 5 + 4 * at])
        elif kind == _DATE_SYSTEM and length >= 2:
            said.is_1904 = struct.unpack_from("<H", stream, start)[0] == 1
        elif kind == _SHARED_TEXTS:
            reader = BiffText(stream, with_continues(stream, start, length))
            said.shared.read(reader, lambda number: _is_struck(fonts, number), limits, budget)
        if max(len(fonts), len(cell_formats)) > limits.max_styles:
            raise Refused("file.too_many_styles", limit=limits.max_styles)
    for font, number, fill in cell_formats:
        code = formats.get(number)
        format_of = format_kind(code) if code else BUILT_IN_FORMATS.get(number, FormatKind.PLAIN)
        said.styles.append(CellStyle.of(format_of, is_struck=_is_struck(fonts, font)))
        own = _font(fonts, font)
        indexes = (own.colour if own else None, fill)
        said.colours.append(tuple(rgbs[index] for index in indexes if index is not None and index in rgbs))
    return said


def _font(fonts: list[_Font], number: int) -> _Font | None:
    at = number - (number > _NO_FONT)
    return fonts[at] if number != _NO_FONT and at < len(fonts) else None


def _is_struck(fonts: list[_Font], number: int) -> bool:
    font = _font(fonts, number)
    return font is not None and font.is_struck


def _rgb(raw: bytes) -> Rgb:
    return raw[0], raw[1], raw[2]
