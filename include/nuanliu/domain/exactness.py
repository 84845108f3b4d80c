"""How sure a written figure is, what remains of that in a sum, and how both are written."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from functools import reduce


class Exactness(StrEnum):
    """exact 1425 · over 1200余, 多, 以上, 超 · under 近1.8万, 不足 · approx 约, 左右."""

    EXACT = "exact"
    OVER = "over"
    UNDER = "under"
    APPROX = "approx"

    def __add__(self, other: object) -> Exactness:
        """The exactness of a sum: exact+x=x, equal kinds keep, everything else is approx."""
        if not isinstance(other, Exactness):
            return NotImplemented
        if self is other or other is Exactness.EXACT:
            return self
        return other if self is Exactness.EXACT else Exactness.APPROX

    def __neg__(self) -> Exactness:
        """The exactness of a figure that is taken away: at least 65 taken away is at most -65."""
        return {Exactness.OVER: Exactness.UNDER, Exactness.UNDER: Exactness.OVER}.get(self, self)

    @property
    def code(self) -> int:
        """The number used in data frames; 0 is exact."""
        return EXACTNESS_CODES.index(self)


EXACTNESS_CODES: tuple[Exactness, ...] = (Exactness.EXACT, Exactness.OVER, Exactness.UNDER, Exactness.APPROX)


def exactness_word(code: int) -> str:
    """What documents call the exactness that a table holds as a number: exact, over, under or approx."""
    return str(EXACTNESS_CODES[code])


def combine(kinds: Iterable[Exactness]) -> Exactness:
    """The exactness of a sum of many; an empty sum is exact."""
    return reduce(lambda a, b: a + b, kinds, Exactness.EXACT)


def plain_number(value: Decimal) -> str:
    """A decimal without exponent and without trailing zeros, however long it is: 1425, 12.5, 0."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def show_figure(value: Decimal, exactness: Exactness) -> str:
    """Print a figure so that a leader sees its exactness: 3044余, 近18000, 约500; thousands are not separated.

    What this prints is read back as the same value and exactness by ``intake.figures``.
    """
    return with_mark(plain_number(value), exactness)


def with_mark(digits: str, exactness: Exactness) -> str:
    """A number that is printed already, with the mark of its exactness: 46.70 → 46.70余."""
    match exactness:
        case Exactness.OVER:
            return f"{digits}余"
        case Exactness.UNDER:
            return f"近{digits}"
        case Exactness.APPROX:
            return f"约{digits}"
        case _:
            return digits
