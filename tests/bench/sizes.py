"""How big the measured works are: quick by default, or the sizes that the targets are about (``--full``)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """``rows``: of the big file. ``activities``: per week of the years of facts. ``repeats``: of whatever takes seconds.
    ``weeks``: sample weeks that are loaded.
    """

    rows: int = 100_000
    activities: int = 400
    repeats: int = 3
    weeks: int = 6


QUICK = Sizes()
FULL = Sizes(rows=1_000_000, activities=2_000, weeks=60)
