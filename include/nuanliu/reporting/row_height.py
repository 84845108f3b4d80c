"""How high a row must be for its wrapped texts: not every spreadsheet program fits rows by itself."""

from __future__ import annotations

from collections.abc import Sequence

LINE_HEIGHT = 16.5
"""Points of one line of 11-point Chinese text."""
_HIGHEST = 400.0  # Excel takes no row above 409


def fitted_height(texts: Sequence[str], widths: Sequence[float]) -> float:
    """The height in points of a row with these texts in columns of these widths."""
    lines = [
        sum(1 + int(text_width(line) // (width - 1)) for line in text.split("\n"))
        for text, width in zip(texts, widths, strict=True)
    ]
    return min(_HIGHEST, LINE_HEIGHT * max(lines))


def text_width(text: str) -> int:
    """Columns a text needs: a Chinese character takes two, and so do the quotation marks beside it."""
    return sum(2 if ord(character) > 0x2E7F or character in "“”…" else 1 for character in text)
