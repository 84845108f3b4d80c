"""What a written figure can stand for: 700余 is at least 700 and below 800, 近700 above 600. Hundredths of base units throughout."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nuanliu.domain.exactness import EXACTNESS_CODES, Exactness, show_figure

EXACT, OVER, UNDER, APPROX = (kind.code for kind in EXACTNESS_CODES)
_LARGEST_STEP = 10**18


def slack(value_cents: NDArray[np.int64]) -> NDArray[np.int64]:
    """The place value of the lowest digit that is not zero: 700 → 100, 1425 → 1; what 余, 近 and 约 leave open."""
    step = np.where(value_cents == 0, 0, 1).astype("int64")
    power = 10
    while power <= _LARGEST_STEP:
        step = np.where((value_cents != 0) & (value_cents % power == 0), power, step)
        power *= 10
    return step


def lowest(value_cents: NDArray[np.int64], exactness: NDArray[np.int8]) -> NDArray[np.int64]:
    """The least each figure can stand for; never below zero for a figure that is not negative."""
    open_below = (exactness == UNDER) | (exactness == APPROX)
    return np.where(open_below, np.maximum(value_cents - _open(value_cents), np.minimum(value_cents, 0)), value_cents)


def highest(value_cents: NDArray[np.int64], exactness: NDArray[np.int8]) -> NDArray[np.int64]:
    """The most each figure can stand for."""
    open_above = (exactness == OVER) | (exactness == APPROX)
    return np.where(open_above, value_cents + _open(value_cents), value_cents)


def _open(value_cents: NDArray[np.int64]) -> NDArray[np.int64]:
    """How far a figure may lie from what is written: 700余 is no 800 any more."""
    return np.maximum(slack(value_cents) - 1, 0)


def summable(cents: NDArray[np.int64]) -> NDArray[Any]:
    """The same numbers so that any sum of them is right: as Python's own integers where int64 might overflow."""
    largest = int(np.abs(cents).max(initial=0))
    return cents if largest * len(cents) < np.iinfo(np.int64).max else cents.astype(object)


def rounding_allowance(precision_cents: Iterable[int], part_count: int) -> float:
    """Half of the last printed digit × (parts + 1); with unlike digits the coarsest counts (contract §2, §3)."""
    return max(precision_cents, default=0) * (part_count + 1) / 2


def cents_text(value_cents: int) -> str:
    """A value as decimal text in the base unit without trailing zeros: 142500 → 1425, 3590 → 35.9."""
    return show_figure(Decimal(int(value_cents)) / 100, Exactness.EXACT)
