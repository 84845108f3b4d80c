"""A loose guard for every change: 50,000 rows, and what no other load of the machine changes much.

``make bench ARGS=--guard`` holds it against the recorded ``guard`` of docs/bench.json.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.big_rounds import BigRounds
from tests.bench.results.rows import By, Figure, Row
from tests.bench.server import bench_server

if TYPE_CHECKING:
    from tests.bench.sizes import Bench

ROWS = 50_000
_REPEATS = 3
_MEGABYTE = 1e6


def measure(_: Bench) -> Row:
    """Ours against A and B in turns; of figures only those that go by processor seconds and bytes."""
    with tempfile.TemporaryDirectory(prefix="nuanliu-bench-") as folder, bench_server() as server:
        rounds = BigRounds(server, Path(folder), ROWS)
        for _turn in range(_REPEATS):
            for way in (rounds.ours, rounds.bare_copy, rounds.finished_copy):
                way()
    ours, bare, finished = (rounds.ways[name].cost for name in ("ours", "bare", "finished"))
    load, figures = rounds.stages["load"], rounds.counts["figures"]
    return Row(
        title=f"{ROWS:,} rows of one file, the guard of every change",
        ways=rounds.ways,
        stages=rounds.stages,
        counts=rounds.counts,
        figures={
            "bare": Figure("processor seconds, against A", ours.processor / bare.processor, "×", By.PROCESSOR),
            "load": Figure(
                "PostgreSQL's seconds of the load, against B", load.postgres / finished.postgres, "×", By.PROCESSOR
            ),
            "wal": Figure("WAL of the load, a figure", load.wal_mb * _MEGABYTE / figures, "bytes", By.COUNT),
            "bytes": Figure(
                "disk, all included, a figure", rounds.counts["bytes a figure (all included)"], "bytes", By.COUNT
            ),
        },
    )
