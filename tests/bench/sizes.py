"""How big the measured works are: quick by default, or the sizes that the targets are about (``--full``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.bench.measuring.household import Household


@dataclass(frozen=True)
class Sizes:
    """``rows``: of the big file. ``activities``: per week of the years of facts. ``repeats``: of whatever takes seconds.
    ``weeks``: sample weeks that are loaded. ``files``: dropped at once; ``played``: of the week that is replayed.
    """

    rows: int = 100_000
    activities: int = 400
    repeats: int = 3
    weeks: int = 6
    files: int = 100
    played: int = 20


QUICK = Sizes()
FULL = Sizes(rows=1_000_000, activities=2_000, weeks=60, played=100)


@dataclass(frozen=True)
class Bench:
    """What a measurement is given."""

    sizes: Sizes
    household: Household
