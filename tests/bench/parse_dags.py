"""What our DAG files cost the dag-processor over what Airflow's own import costs."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from tests.bench.measuring.cost import Cost, median_cost
from tests.bench.results.rows import By, Figure, Row, Way

from nuanliu.running.airflow_env import PROJECT_DIR

if TYPE_CHECKING:
    from tests.bench.sizes import Bench

_REPEATS = 5
_CODE = """
import importlib.util, pathlib, sys, time
import airflow.sdk
from airflow.sdk import dag, task
wall, client = time.perf_counter(), time.process_time()
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.py")):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
print(time.perf_counter() - wall, time.process_time() - client)
"""


def measure(_: Bench) -> Row:
    """All DAG files in a fresh process, after `import airflow.sdk`."""
    command = [sys.executable, "-c", _CODE, str(PROJECT_DIR / "dags")]
    runs = [subprocess.run(command, check=True, capture_output=True, text=True) for _ in range(_REPEATS)]
    cost = median_cost([Cost(*map(float, run.stdout.splitlines()[-1].split())) for run in runs])
    return Row(
        title="parse of all DAG files, over `import airflow.sdk`",
        ways={"parse": Way("a fresh process", cost, _REPEATS)},
        figures={"processor": Figure("processor seconds", cost.client, "s", By.PROCESSOR, 0.2)},
    )
