"""The two commands that matter, as a person types them: how long they take."""

from __future__ import annotations

import os
import subprocess
import tempfile
from typing import TYPE_CHECKING

from tests.bench.measuring.cost import median_cost
from tests.bench.results.rows import By, Figure, Row, Way

from nuanliu.running.airflow_env import PROJECT_DIR

if TYPE_CHECKING:
    from tests.bench.measuring.cost import Cost
    from tests.bench.sizes import Bench

_OF_THE_BENCH = ("ARGS", "T", "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES")
"""What ``make bench`` hands down and a person's shell has not."""
_TAIL = 3000


def measure_demo(bench: Bench) -> Row:
    """In an empty home each time; everything is installed."""
    costs = []
    for _ in range(bench.sizes.repeats):
        with tempfile.TemporaryDirectory(prefix="nuanliu-bench-") as home:
            costs.append(_cost(bench, "demo", NUANLIU_HOME=home))
    return _row("demo", costs, 40)


def measure_test(bench: Bench) -> Row:
    """All tests, once."""
    return _row("test", [_cost(bench, "test")], 8 * 60)


def _row(target: str, costs: list[Cost], seconds: float) -> Row:
    cost = median_cost(costs)
    return Row(
        title=f"make {target}, installed",
        ways={target: Way("all its processes", cost, len(costs))},
        figures={"clock": Figure("from Enter to the prompt", cost.wall, "s", By.CLOCK, seconds)},
    )


def _cost(bench: Bench, target: str, **more: str) -> Cost:
    """Raises: RuntimeError with the end of its output."""
    env = {name: value for name, value in os.environ.items() if name not in _OF_THE_BENCH}
    before = bench.household.snapshot()
    done = subprocess.run(
        ["make", target], cwd=PROJECT_DIR, env=env | more, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    after = bench.household.snapshot()
    if done.returncode != 0:
        raise RuntimeError(f"make {target} ended with {done.returncode}:\n{(done.stdout + done.stderr)[-_TAIL:]}")
    return before.until(after)
