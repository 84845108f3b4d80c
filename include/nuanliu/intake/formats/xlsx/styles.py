"""What the styles of an xlsx say about its cells: dates, times, percentages, struck-out text."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from nuanliu.intake.formats.cell_formats import BUILT_IN_FORMATS, CellStyle, FormatKind, format_kind
from nuanliu.intake.formats.xlsx.xml_parts import attribute, children, is_on, read_groups
from nuanliu.intake.formats.zip_archive import Archive


def read_styles(archive: Archive, part: str) -> Sequence[CellStyle | None]:
    """The style of each cell format index; None for plain ones. Source: styles.xml."""
    if part not in archive:
        return ()
    groups = read_groups(archive, part, ("numFmts", "fonts", "cellXfs"), archive.limits.max_styles)
    codes = {attribute(entry, "numFmtId"): attribute(entry, "formatCode") or "" for entry in groups["numFmts"]}
    struck = [_is_struck(font) for font in groups["fonts"]]
    styles = []
    for entry in groups["cellXfs"]:
        number_format = attribute(entry, "numFmtId") or "0"
        if number_format in codes:
            kind = format_kind(codes[number_format])
        else:
            kind = BUILT_IN_FORMATS.get(int(number_format), FormatKind.PLAIN)
        font = int(attribute(entry, "fontId") or "0")
        styles.append(CellStyle.of(kind, is_struck=0 <= font < len(struck) and struck[font]))
    return styles


def _is_struck(font: Element) -> bool:
    return any(is_on(attribute(strike, "val"), absent=True) for strike in children(font, "strike"))
