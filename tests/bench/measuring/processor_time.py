"""Processor seconds, user and system, from /proc: of a process with all that it started, and of a PostgreSQL server.

Who ended is counted by the parent that waited for it, so nothing is lost, however short its life: a backend that came and went
between two readings, a task of Airflow. It needs no right and no cgroup of one's own, and works wherever the server does.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TICKS = os.sysconf("SC_CLK_TCK")
_WRITERS = ("checkpointer", "background writer", "walwriter", "autovacuum launcher", "logical replication launcher")
"""What a server runs for as long as it lives, by what it calls itself behind ``postgres: ``."""
_TRIES = 5
KERNEL = 2
"""The parent of the kernel's own threads."""


@dataclass(frozen=True)
class Process:
    """``seconds``: its own, and of those that it started and waited for."""

    pid: int
    parent: int
    name: str
    seconds: float

    def command(self) -> str:
        """Its command line as it stands now, empty when it is gone."""
        try:
            return Path(f"/proc/{self.pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            return ""


@dataclass(frozen=True)
class ServerSeconds:
    """``backends``: of the processes that serve connections, those that ended and the postmaster included."""

    backends: float = 0.0
    writers: float = 0.0

    def __add__(self, other: ServerSeconds) -> ServerSeconds:
        return ServerSeconds(self.backends + other.backends, self.writers + other.writers)

    def __sub__(self, other: ServerSeconds) -> ServerSeconds:
        return ServerSeconds(self.backends - other.backends, self.writers - other.writers)


def processes() -> dict[int, Process]:
    """All that live. When somebody came or went while they were read, they are read again: it may be missing twice."""
    found = dict(_read_all())
    for _ in range(_TRIES):
        again = dict(_read_all())
        if again.keys() == found.keys():
            return again
        found = again
    return found


def family(root: int, among: Mapping[int, Process]) -> list[Process]:
    """A process and all below it, the root first; nothing when it is gone."""
    children: dict[int, list[int]] = {}
    for each in among.values():
        children.setdefault(each.parent, []).append(each.pid)
    waiting, found = [root], []
    while waiting:
        pid = waiting.pop()
        if pid in among:
            found.append(among[pid])
        waiting += children.get(pid, [])
    return found


def family_seconds(root: int, among: Mapping[int, Process]) -> float:
    """Of a process and all that it started."""
    return sum(each.seconds for each in family(root, among))


def server_seconds(postmaster: int, among: Mapping[int, Process]) -> ServerSeconds:
    """Of a PostgreSQL server."""
    whole = family(postmaster, among)
    writers = sum(each.seconds for each in whole if _is_writer(each))
    return ServerSeconds(sum(each.seconds for each in whole) - writers, writers)


def parent_of(pid: int) -> int:
    """Of a backend the postmaster. Raises: OSError when it is gone."""
    return _read(pid).parent


def machine_seconds() -> float:
    """What ran on all processors since the machine started, and what the machine below it took away.

    Interrupts are left out: they run for whoever waits for them, and nobody can say for whom.
    """
    user, nice, system, _, _, _, _, steal = map(int, Path("/proc/stat").read_text("utf-8").split()[1:9])
    return (user + nice + system + steal) / _TICKS


def _is_writer(process: Process) -> bool:
    return process.command().removeprefix("postgres: ").startswith(_WRITERS)


def _read_all() -> Iterator[tuple[int, Process]]:
    for name in os.listdir("/proc"):  # noqa: PTH208  # three times as quick, and it counts as the work that is measured
        if name.isdigit():
            try:
                yield int(name), _read(int(name))
            except OSError:  # it ended meanwhile
                continue


def _read(pid: int) -> Process:
    with open(f"/proc/{pid}/stat", "rb") as file:  # noqa: PTH123
        before, after = file.read().decode("utf-8", "replace").rsplit(")", 1)
    said = after.split()
    return Process(pid, int(said[1]), before.split("(", 1)[1], sum(map(int, said[11:15])) / _TICKS)
