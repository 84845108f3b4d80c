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
    """``value`` and ``target`` in ``unit``; smaller is better. ``note``: what else a reader should see, such as CPU time."""

    work: str
    value: float
    target: float
    unit: str
    note: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the target is reached."""
        return self.value <= self.target

    def line(self) -> str:
        """One line for the screen."""
        mark = "ok  " if self.is_met else "MISS"
        note = f"  {self.note}" if self.note else ""
        return f"{mark}  {self.work:<62} {self.value:>9.3f} {self.unit:<2} (target {self.target:g} {self.unit}){note}"


@dataclass(frozen=True)
class Times:
    """Medians of several calls, in seconds: by the clock on the wall, and of this process's processors."""

    wall: float
    cpu: float


def median_times(work: Callable[[], object], repeats: int) -> Times:
    """The median times of a call, after one that warms up.

    On a shared machine the wall's clock counts the neighbours too; the processors' time hardly does.
    """
    work()
    walls, cpus = [], []
    for _ in range(repeats):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return Times(median(walls), median(cpus))
