"""What one piece of work took."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Cost:
    """``wall``: seconds by the clock. All other seconds are of processors, user and system together.

    ``client``: of the process that did it and those it started: Python, or psql. ``postgres``: of the server's backends.
    ``writers``: of its checkpointer, WAL writer and the like, which work for whoever wrote. ``wal_mb``: of 10⁶ bytes.
    ``peak_mb``: the most memory, of 2²⁰ bytes; None where that was not looked at.
    """

    wall: float
    client: float
    postgres: float = 0.0
    writers: float = 0.0
    wal_mb: float = 0.0
    peak_mb: float | None = None

    @property
    def processor(self) -> float:
        """What client and backends took together."""
        return self.client + self.postgres

    def each(self, count: int) -> Cost:
        """The share of one of ``count`` equal pieces."""
        shares = {name: value / count for name, value in asdict(self).items() if name != "peak_mb"}
        return Cost(**shares, peak_mb=self.peak_mb)

    @classmethod
    def read(cls, document: dict[str, Any]) -> Cost:
        """From ``asdict``."""
        return cls(**document)


def median_cost(costs: Sequence[Cost]) -> Cost:
    """The median of each number by itself; the peak is the highest, since a machine must hold that too."""
    middles = {
        each.name: median(getattr(cost, each.name) for cost in costs) for each in fields(Cost) if each.name != "peak_mb"
    }
    peaks = [cost.peak_mb for cost in costs if cost.peak_mb is not None]
    return Cost(**middles, peak_mb=max(peaks, default=None))
