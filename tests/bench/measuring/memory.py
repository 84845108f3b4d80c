"""The most memory that a process and all it started held at one time."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import Self

from tests.bench.measuring.processor_time import family, processes

_EVERY_SECONDS = 0.5
_KILOBYTES = 1024


def own_peak_mb() -> float:
    """Of this process, as the kernel kept it. (What ``getrusage`` says begins with the starter's.)"""
    return _field(Path("/proc/self/status"), "VmHWM")


class MemoryWatch:
    """Looks at a family twice a second; what processes share counts once (PSS)."""

    def __init__(self, root: int) -> None:
        self.peak_mb = 0.0
        self._root = root
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(_EVERY_SECONDS):
            held = sum(_held_mb(each.pid) for each in family(self._root, processes()))
            self.peak_mb = max(self.peak_mb, held)


def _held_mb(pid: int) -> float:
    try:
        return _field(Path(f"/proc/{pid}/smaps_rollup"), "Pss")
    except OSError:  # it ended meanwhile
        return 0.0


def _field(file: Path, name: str) -> float:
    found = re.search(rf"^{name}:\s+(\d+) kB", file.read_text("utf-8"), re.MULTILINE)
    return int(found[1]) / _KILOBYTES if found else 0.0
