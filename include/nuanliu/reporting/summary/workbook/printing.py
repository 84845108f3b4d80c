"""How sheets come out of a printer: A4, as wide as the page, heads on every page, and what page it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

_A4 = 9
_MARGINS = {"left": 0.47, "right": 0.47, "top": 0.79, "bottom": 0.63, "header": 0.31, "footer": 0.31}
"""Inches: 12, 20 and 16 mm."""


@dataclass(frozen=True)
class Running:
    """What stands at the head and foot of every page."""

    title: str
    """What is printed, and of which week."""
    edition: str
    publisher: str


def set_up_printing(
    sheet: Worksheet, area: str, running: Running, *, is_landscape: bool, is_one_page: bool = False, heads: str = ""
) -> None:
    """``area``: A1:K80. ``heads``: rows that stand on every page, 1:1. ``is_one_page``: made as small as it must be to fit one."""
    sheet.print_area = area
    if heads:
        sheet.print_title_rows = heads
    setup = sheet.page_setup
    setup.paperSize = _A4
    setup.orientation = "landscape" if is_landscape else "portrait"
    setup.fitToWidth, setup.fitToHeight = 1, int(is_one_page)
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins = PageMargins(**_MARGINS)
    sheet.print_options.horizontalCentered = True
    head: Any = sheet.oddHeader
    foot: Any = sheet.oddFooter
    head.left.text, head.center.text, head.right.text = "&A", _plain(running.title), _plain(running.edition)
    foot.left.text, foot.center.text = _plain(running.publisher), "第 &P 页 共 &N 页"


def _plain(text: str) -> str:
    """An & in a head would be a code."""
    return text.replace("&", "&&")
