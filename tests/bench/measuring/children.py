"""Programs of the bench in processes of their own, so that each begins with nothing of another's in memory."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from typing import Any

from tests.bench.measuring.cost import Cost
from tests.bench.measuring.memory import MemoryWatch


def run_child(module: str, *arguments: str) -> tuple[Cost, dict[str, Any]]:
    """Run ``python -m tests.bench.MODULE``: what it says it took, and its whole report, the JSON of its last line.

    The peak of memory is its own or that of all its processes together, as they were seen from here: whichever is higher.
    Raises: CalledProcessError.
    """
    command = [sys.executable, "-m", f"tests.bench.{module}", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child, MemoryWatch(child.pid) as memory:
        said, _ = child.communicate()
    if child.returncode != 0:
        raise subprocess.CalledProcessError(child.returncode, command)
    report: dict[str, Any] = json.loads(said.splitlines()[-1])
    cost = Cost.read(report["cost"])
    return replace(cost, peak_mb=max(cost.peak_mb or 0.0, memory.peak_mb)), report
