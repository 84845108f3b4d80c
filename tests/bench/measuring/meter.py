"""Reads off what a piece of work takes: of this process and all that it starts, and of one PostgreSQL server."""

from __future__ import annotations

import os
import resource
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import psycopg
from tests.bench.measuring.cost import Cost, median_cost
from tests.bench.measuring.processor_time import ServerSeconds, family, parent_of, processes, server_seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MEGABYTE = 1e6
_NOTHING = Cost(0, 0)


@dataclass(frozen=True)
class Moment:
    """The clock, and what this process and those that it waited for have taken."""

    wall: float
    client: float

    @classmethod
    def now(cls) -> Moment:
        """To the microsecond, which /proc is not."""
        used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return cls(time.perf_counter(), sum(each.ru_utime + each.ru_stime for each in used))


@dataclass(frozen=True)
class Reading:
    """Reading takes some milliseconds itself, which belong to no piece of work: ``begun``, ``ended``.

    ``below``: seconds of processes that this one started and that still live.
    """

    begun: Moment
    ended: Moment
    below: float
    server: ServerSeconds
    wal_bytes: int

    def until(self, later: Reading) -> Cost:
        """What was taken between two readings."""
        server = later.server - self.server
        return Cost(
            wall=later.begun.wall - self.ended.wall,
            client=later.begun.client - self.ended.client + later.below - self.below,
            postgres=server.backends,
            writers=server.writers,
            wal_mb=(later.wal_bytes - self.wal_bytes) / _MEGABYTE,
        )


@dataclass
class Piece:
    """A piece of work that is being done. ``cost`` is there once it is over."""

    cost: Cost


class Meter:
    """Of the server at ``dsn``, which must run on this machine; it keeps a session there to read the WAL's place.

    ``with Meter(dsn) as meter: … with meter.piece() as piece: work() … piece.cost``.
    """

    def __init__(self, dsn: str) -> None:
        self._session = psycopg.connect(dsn, autocommit=True)
        self._postmaster = parent_of(self._session.info.backend_pid)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def reading(self) -> Reading:
        """Now."""
        begun = Moment.now()
        lsn = self._session.execute("select pg_current_wal_insert_lsn() - '0/0'::pg_lsn").fetchone()
        living = processes()
        me = os.getpid()
        below = sum(each.seconds for each in family(me, living) if each.pid != me)
        server = server_seconds(self._postmaster, living)
        return Reading(begun, Moment.now(), below, server, int(lsn[0]) if lsn else 0)

    def even_out(self) -> None:
        """Let what was written before weigh on nobody: every piece begins behind a checkpoint."""
        self._session.execute("checkpoint")

    @contextmanager
    def piece(self) -> Iterator[Piece]:
        """Measure a block."""
        self.even_out()
        before = self.reading()
        piece = Piece(_NOTHING)
        yield piece
        piece.cost = before.until(self.reading())

    def repeated(self, work: Callable[[], object], repeats: int) -> Cost:
        """The mean of several calls after one that warms up: a tick of the processors' clocks is ten milliseconds."""
        work()
        with self.piece() as piece:
            for _ in range(repeats):
                work()
        return piece.cost.each(repeats)


def median_of_calls(work: Callable[[], object], repeats: int) -> Cost:
    """The median of several calls in this process that need no server, after one that warms up."""
    work()
    costs = []
    for _ in range(repeats):
        wall, client = time.perf_counter(), time.process_time()
        work()
        costs.append(Cost(time.perf_counter() - wall, time.process_time() - client))
    return median_cost(costs)
