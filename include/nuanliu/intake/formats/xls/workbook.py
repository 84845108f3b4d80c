"""A BIFF8 workbook (.xls). Values only; read by our own code (docs/decisions/0014-our-own-workbook-reader.md)."""

from __future__ import annotations

from collections.abc import Mapping

from nuanliu.intake.formats.grids import CellBudget
from nuanliu.intake.formats.limits import ReadingLimits
from nuanliu.intake.formats.workbook import Refused, Workbook
from nuanliu.intake.formats.xls.biff_records import read_outline
from nuanliu.intake.formats.xls.biff_sheet import BiffSheetReader
from nuanliu.intake.formats.xls.biff_styles import read_globals
from nuanliu.intake.formats.xls.ole import OleFile
from nuanliu.intake.formats.xls.ole_properties import read_properties

_MACRO_STORAGE = "_vba_project_cur"


def read_xls(ole: OleFile, limits: ReadingLimits) -> Workbook:
    """Read all worksheets of an OLE workbook, hidden ones included. Raises: Refused."""
    names = {name.lower() for name in ole.names}
    return _read(
        ole.stream("Workbook") or b"",
        limits,
        has_macros=_MACRO_STORAGE in names,
        has_objects=any(name.startswith("mbd") for name in names),
        properties=read_properties(ole),
    )


def read_biff(stream: bytes, limits: ReadingLimits) -> Workbook:
    """Read a BIFF8 stream that stands alone, without an OLE container. Raises: Refused."""
    return _read(stream, limits, has_macros=False, has_objects=False, properties={})


def _read(
    stream: bytes, limits: ReadingLimits, *, has_macros: bool, has_objects: bool, properties: Mapping[str, str]
) -> Workbook:
    if len(stream) > limits.max_xls_bytes:
        raise Refused("file.too_large", size=len(stream) // (1024 * 1024), limit=limits.max_xls_bytes // (1024 * 1024))
    outline = read_outline(stream)
    if len(outline.sheets) > limits.max_sheets:
        raise Refused("file.too_many_sheets", limit=limits.max_sheets)
    if not outline.sheets:
        raise Refused("file.no_sheet")
    budget = CellBudget(limits, len(stream))
    said = read_globals(stream, limits, budget)
    reader = BiffSheetReader(stream, said, limits, budget, tuple(entry.offset for entry in outline.sheets))
    return Workbook(
        kind="xls",
        sheets=tuple(reader.read(entry) for entry in outline.sheets),
        has_macros=has_macros or outline.has_macro_sheets,
        has_external_links=has_objects or outline.has_external_links,
        properties=properties,
    )
