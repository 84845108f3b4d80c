"""A big CSV all the way into the week's figures, against bare COPY, COPY of our own rows, the usual stack and hand-written rules."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.big_rounds import BigRounds
from tests.bench.measuring.children import run_child
from tests.bench.measuring.cost import Cost
from tests.bench.results.rows import By, Figure, Row, Way
from tests.bench.server import bench_server

if TYPE_CHECKING:
    from tests.bench.sizes import Bench

_MEGABYTE = 1e6


def measure(bench: Bench) -> Row:
    """Every way in the same run, in turns; ratios of medians."""
    with tempfile.TemporaryDirectory(prefix="nuanliu-bench-") as folder, bench_server() as server:
        rounds = BigRounds(server, Path(folder), bench.sizes.rows)
        for _ in range(bench.sizes.repeats):
            for way in (rounds.ours, rounds.correction, rounds.bare_copy, rounds.finished_copy, rounds.usual):
                way()
        by_gx, share = run_child("expectations_share", str(rounds.file))
    by_hand = Cost.read(share["by_hand"])
    ways = rounds.ways | {
        "gx": Way(f"GX's part of it, {share['checks']} rules", by_gx, 5),
        "by_hand": Way("the same rules by hand", by_hand, 5),
    }
    ours, correction, bare, finished, usual = (
        ways[name].cost for name in ("ours", "correction", "bare", "finished", "usual")
    )
    load, figures = rounds.stages["load"], rounds.counts["figures"]
    return Row(
        title=f"{bench.sizes.rows:,} rows of one file",
        ways=ways,
        stages=rounds.stages,
        counts=rounds.counts,
        figures={
            "bare_clock": Figure("bytes to week figures, against A", ours.wall / bare.wall, "×", By.CLOCK, 10),
            "bare": Figure("the same in processor seconds", ours.processor / bare.processor, "×", By.PROCESSOR, 16),
            "usual_clock": Figure("against the usual stack", ours.wall / usual.wall, "×", By.CLOCK, 0.25),
            "usual": Figure("the same in processor seconds", ours.processor / usual.processor, "×", By.PROCESSOR),
            "load": Figure(
                "PostgreSQL's seconds of the load, against B", load.postgres / finished.postgres, "×", By.PROCESSOR, 1.3
            ),
            "wal": Figure("WAL of the load, a figure", load.wal_mb * _MEGABYTE / figures, "bytes", By.COUNT, 258),
            "bytes": Figure(
                "disk, all included, a figure", rounds.counts["bytes a figure (all included)"], "bytes", By.COUNT, 200
            ),
            "correction": Figure(
                "version 2 in processor seconds, against the first",
                correction.processor / ours.processor,
                "×",
                By.PROCESSOR,
                1.3,
            ),
            "gx": Figure(
                "GX's own part, against the rules by hand", by_gx.client / by_hand.client, "×", By.PROCESSOR, 5
            ),
            "peak": Figure("peak memory", (ours.peak_mb or 0) / 1024, "GB", By.COUNT, 2.0),
        },
    )
