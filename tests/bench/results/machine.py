"""What a reader must know of the machine to compare; not whose it is."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from pathlib import Path
from typing import Any

from nuanliu.storage.embedded.binaries import list_server_binaries

_KILOBYTES = 1024**2


def machine_facts() -> dict[str, Any]:
    """Processors that this process may use, memory in GB, and versions."""
    memory = re.search(r"MemTotal:\s+(\d+) kB", Path("/proc/meminfo").read_text("utf-8"))
    server = list_server_binaries()[0].program("postgres")
    version = subprocess.run([server, "--version"], check=True, capture_output=True, text=True).stdout
    return {
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(int(memory[1]) / _KILOBYTES) if memory else None,
        "postgresql": version.split(") ")[-1].split()[0],
        "python": platform.python_version(),
    }
