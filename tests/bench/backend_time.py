"""Processor seconds of one PostgreSQL backend: what a statement costs the server, whatever else the machine does."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

_TICKS = os.sysconf("SC_CLK_TCK")


def backend_seconds(connection: Connection, work: Callable[[], object], repeats: int) -> float:
    """The mean over some calls, after one that warms up; a tick is ten milliseconds, so one call alone says little.

    The server must run on this machine, and the work through this connection.
    """
    pid = connection.execute(text("select pg_backend_pid()")).scalar_one()
    work()
    before = _processor_seconds(pid)
    for _ in range(repeats):
        work()
    return (_processor_seconds(pid) - before) / repeats


def _processor_seconds(pid: int) -> float:
    user, system = Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / _TICKS
