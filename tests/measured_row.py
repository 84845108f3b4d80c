"""A row of the bench as it comes out of a quiet machine, and out of one that others used too."""

from __future__ import annotations

from dataclasses import replace

from tests.bench.measuring.cost import Cost
from tests.bench.results.rows import MOST_OTHERS, By, Figure, Measured, Row, Way

MACHINE = {"cores": 2, "memory_gb": 16, "postgresql": "15.8", "python": "3.11.2"}
COST = Cost(wall=9.5, client=4.25, postgres=3.5, writers=0.25, wal_mb=61.5, peak_mb=800)
ROW = Row(
    title="a row",
    ways={"ours": Way("ours", COST, 3)},
    figures={
        "clock": Figure("by the clock", 7.0, "×", By.CLOCK, 10),
        "processor": Figure("in processor seconds", 18.0, "×", By.PROCESSOR, 16),
        "bytes": Figure("disk", 170.0, "bytes", By.COUNT),
    },
    counts={"rows": 1000, "figures": 4000, "bytes a figure (all included)": 250},
    stages={"load": COST},
)
QUIET = Measured(ROW, others=MOST_OTHERS, on="2026-12-01", machine=MACHINE, sizes={"rows": 1000, "files": 100})
LOADED = replace(QUIET, others=MOST_OTHERS + 0.1)
