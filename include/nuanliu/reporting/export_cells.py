"""Text in files that people open in Excel: what begins like a formula is kept as text (catalogue M76)."""

from __future__ import annotations

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def export_text(text: str) -> str:
    """The text with a leading ' where Excel or a CSV import would run it; characters no workbook can hold are dropped."""
    clean = ILLEGAL_CHARACTERS_RE.sub("", text)
    return f"'{clean}" if clean.startswith(FORMULA_STARTS) else clean
