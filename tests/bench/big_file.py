"""A big CSV all the way into the week's figures, against a bare \\copy, the usual stack and hand-written rules."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from tests.bench.big_table import BAD_SHARE, HEADER, write_table
from tests.bench.measurement import Measurement
from tests.bench.server import bench_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.server import BenchServer
    from tests.bench.sizes import Sizes


def measure(sizes: Sizes) -> Iterator[Measurement]:
    """Every way in the same run, each several times, one after the other; ratios of medians."""
    with tempfile.TemporaryDirectory(prefix="nuanliu-bench-") as folder, bench_server() as server:
        file = Path(folder) / "week.csv"
        good = Path(folder) / "good.csv"
        write_table(file, sizes.rows)
        write_table(good, round(sizes.rows * (1 - BAD_SHARE)), bad_share=0)
        rounds = [_one_round(server, file, good) for _ in range(sizes.repeats)]
        usual = _child("usual_stack", str(file), server.warehouse("usual"))
        share = _child("expectations_share", str(file))
    ours = median(drop["seconds"]["total"] for drop, _ in rounds)
    bare = median(seconds for _, seconds in rounds)
    last, _ = rounds[-1]
    stages = ", ".join(f"{name} {seconds:.1f}" for name, seconds in last["seconds"].items() if name != "total")
    rows = f"{sizes.rows:,} rows"
    size = f"{last['figures']:,} figures, {last['findings']:,} findings"
    yield Measurement(
        f"{rows}: bytes to week figures, against psql \\copy of the good rows",
        ours / bare,
        8,
        "×",
        f"{ours:.1f} s against {bare:.1f} s; {stages}; cpu {last['cpu']:.1f} s; {size}",
    )
    yield Measurement(
        f"{rows}: the same, against read_csv + GX COMPLETE + to_sql",
        ours / usual["seconds"]["total"],
        0.25,
        "×",
        f"{usual['seconds']['total']:.1f} s, {usual['checks']} checks",
    )
    yield Measurement(
        f"{rows}: GX's own part, against the rules by hand",
        share["gx"] / share["by_hand"],
        5,
        "×",
        f"{share['gx']:.2f} s against {share['by_hand']:.2f} s of cpu, {share['checks']} rules",
    )
    yield Measurement(f"{rows}: peak memory", max(drop["peak_mb"] for drop, _ in rounds) / 1024, 2.0, "GB")


def _one_round(server: BenchServer, file: Path, good: Path) -> tuple[dict[str, Any], float]:
    dsn = server.warehouse("big")
    drop = _child("one_drop", str(file), dsn)
    columns = ", ".join(f"c{number} text" for number in range(len(HEADER)))
    server.psql(dsn, f"create table bare ({columns})")
    started = time.perf_counter()
    server.psql(dsn, f"\\copy bare from '{good}' with (format csv, header, encoding 'gb18030')")
    return drop, time.perf_counter() - started


def _child(module: str, *arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", f"tests.bench.{module}", *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    report: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return report
