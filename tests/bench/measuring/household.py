"""All that the bench runs, and what others take of the machine meanwhile."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from tests.bench.measuring.cost import Cost
from tests.bench.measuring.processor_time import (
    KERNEL,
    Process,
    ServerSeconds,
    family_seconds,
    machine_seconds,
    processes,
    server_seconds,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_EVERY_SECONDS = 1.0


@dataclass(frozen=True)
class Snapshot:
    """``bench``: this process. ``children``: all that it started. ``servers``: PostgreSQL, wherever it was started from.

    ``kernel``: the kernel's threads, which write what others have them write. ``machine``: everything that ran.
    """

    wall: float
    bench: float
    children: float
    servers: ServerSeconds
    kernel: float
    machine: float

    def until(self, later: Snapshot) -> Cost:
        """What children and servers took between two snapshots."""
        servers = later.servers - self.servers
        return Cost(
            wall=later.wall - self.wall,
            client=later.children - self.children,
            postgres=servers.backends,
            writers=servers.writers,
        )

    def others_until(self, later: Snapshot) -> float:
        """How many processors something else kept busy on the way, or the machine below took away."""
        ours = self.until(later)
        ours_seconds = ours.processor + ours.writers + (later.bench - self.bench) + (later.kernel - self.kernel)
        return max(0.0, (later.machine - self.machine - ours_seconds) / (later.wall - self.wall))


class Household:
    """This process, all that it starts, and every PostgreSQL server whose data lie below ``folder``.

    It looks once a second, so that a server that ended is still known, less what its last second took.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self._servers: dict[int, ServerSeconds] = {}
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def snapshot(self) -> Snapshot:
        """Now."""
        with self._lock:
            living = processes()
            for pid in self._postmasters(living):
                self._servers[pid] = server_seconds(pid, living)
            used = os.times()
            bench = used.user + used.system
            return Snapshot(
                wall=time.perf_counter(),
                bench=bench,
                children=family_seconds(os.getpid(), living) - bench,
                servers=sum(self._servers.values(), ServerSeconds()),
                kernel=family_seconds(KERNEL, living),
                machine=machine_seconds(),
            )

    def _watch(self) -> None:
        while not self._over.wait(_EVERY_SECONDS):
            self.snapshot()

    def _postmasters(self, living: Mapping[int, Process]) -> list[int]:
        heads = [
            each
            for each in living.values()
            if each.name == "postgres" and (each.parent not in living or living[each.parent].name != "postgres")
        ]
        return [each.pid for each in heads if self._folder in each.command()]
