"""One measured figure and the target it is held against."""

from __future__ import annotations

import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Measurement:
    """``value`` and ``target`` in ``unit``; smaller is better."""

    work: str
    value: float
    target: float
    unit: str

    @property
    def is_met(self) -> bool:
        """Whether the target is reached."""
        return self.value <= self.target

    def line(self) -> str:
        """One line for the screen."""
        mark = "ok  " if self.is_met else "MISS"
        return f"{mark}  {self.work:<58} {self.value:>9.3f} {self.unit:<2} (target {self.target:g} {self.unit})"


def median_seconds(work: Callable[[], object], repeats: int) -> float:
    """The median time of a call, after one that warms up."""
    work()
    seconds = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return median(seconds)
