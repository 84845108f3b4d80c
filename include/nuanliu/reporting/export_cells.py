"""Text in files that people open in Excel: what begins like a formula is kept as text (catalogue M76)."""

from __future__ import annotations

import re

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_HARMLESS = re.compile(r"[-+]{1,2}|[-+][0-9.,]+%?")


def export_text(text: str) -> str:
    """The text with a leading ' where Excel or a CSV import would run it; characters no workbook can hold are dropped."""
    clean = ILLEGAL_CHARACTERS_RE.sub("", text)
    return f"'{clean}" if clean.startswith(FORMULA_STARTS) else clean


def quoted_text(text: str) -> str:
    """A union's own text as a workbook of ours shows it again: escaped, but for a dash or a signed number, which would
    be read as something else with a ' before it (-5, +86 and - must survive).
    """
    return text if _HARMLESS.fullmatch(text) else export_text(text)
