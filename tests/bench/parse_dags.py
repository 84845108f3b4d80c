"""What our DAG files cost the dag-processor over what Airflow's own import costs."""

from __future__ import annotations

import subprocess
import sys
from statistics import median
from typing import TYPE_CHECKING

from tests.bench.measurement import Measurement

from nuanliu.running.airflow_env import PROJECT_DIR

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.sizes import Sizes

_CODE = """
import importlib.util, pathlib, sys, time
import airflow.sdk
from airflow.sdk import dag, task
started = time.perf_counter()
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.py")):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
print(time.perf_counter() - started)
"""


def measure(_: Sizes) -> Iterator[Measurement]:
    """All DAG files in a fresh process, after `import airflow.sdk`."""
    command = [sys.executable, "-c", _CODE, str(PROJECT_DIR / "dags")]
    runs = [subprocess.run(command, check=True, capture_output=True, text=True) for _ in range(5)]
    seconds = median(float(run.stdout.splitlines()[-1]) for run in runs)
    yield Measurement("parse of all DAG files, over `import airflow.sdk`", seconds, 0.2, "s")
