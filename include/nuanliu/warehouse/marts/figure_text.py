"""Figures as the documents write them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from nuanliu.domain.exactness import EXACTNESS_CODES, Exactness, parse_shown_figure, show_figure

_TENTH = Decimal("0.1")


def plain_number(value: Decimal) -> str:
    """A decimal without exponent and without trailing zeros: 1425, 12.5, 0."""
    return f"{value.normalize():f}"


def change_pct(value: Decimal, previous: Decimal | None) -> str | None:
    """By how many percent a figure changed, one decimal, half up; None when there is no base or it is zero."""
    if previous is None or not previous:
        return None
    return str(((value - previous) / previous * 100).quantize(_TENTH, rounding=ROUND_HALF_UP))


def exactness_word(code: int) -> str:
    """``exact``, ``over``, ``under`` or ``approx``."""
    return str(EXACTNESS_CODES[code])


def marked_number(value: Decimal, exactness: str) -> str:
    """A figure with its exactness, for where nothing else of two figures differs: 260余."""
    return show_figure(value, Exactness(exactness))


def unmarked_number(text: str) -> tuple[Decimal, str | None]:
    """Read back what ``plain_number`` (then without exactness) or ``marked_number`` wrote."""
    value, exactness = parse_shown_figure(text)
    return value, str(exactness) if exactness else None
