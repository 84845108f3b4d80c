"""The ways from a week's big file into PostgreSQL, to be gone in turns: what disturbs one of them disturbs all.

A is a bare ``\\copy`` of as many good rows into one plain table. B is COPY of exactly the rows that we end up with, into the
same tables with the same keys and indexes: nobody can load them with less.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import psycopg
from tests.bench.big_table import BAD_SHARE, HEADER, write_table
from tests.bench.measuring.children import run_child
from tests.bench.measuring.cost import Cost, median_cost
from tests.bench.measuring.meter import Meter
from tests.bench.results.rows import Way

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.storage.database import open_engine
from nuanliu.warehouse.schema import tables
from nuanliu.warehouse.schema.partitions import ensure_partitions

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from tests.bench.server import BenchServer

_FIRST = ("周报.csv", "2024-12-09T09:00+08:00")
_SECOND = ("周报(更正).csv", "2024-12-09T14:00+08:00")
_CORRECTED_EVERY = 50
_STAR = (
    tables.stored_activity,
    tables.stored_measure,
    tables.bridge_activity_group,
    tables.bridge_activity_partner,
)
_LONG_ENOUGH = 500_000
"""Rows of a bare copy. Of fewer the clock of the processors, which ticks every 10 ms, tells too little."""
_SIZES = """
    select
        sum(pg_total_relation_size(oid))::bigint,
        sum(pg_total_relation_size(oid)) filter (where relname like 'stored\\_%' or relname like 'bridge\\_%')::bigint
    from pg_class
    where relkind in ('r', 'm') and relnamespace = 'public'::regnamespace
"""
"""With indexes and TOAST: of all that the warehouse keeps, and of facts and bridges. Partitions are tables here."""


class BigRounds:
    """Files of one size, and what each way took so far."""

    def __init__(self, server: BenchServer, folder: Path, rows: int) -> None:
        self.file = folder / "week.csv"
        self.counts: dict[str, float] = {}
        self._rows = rows
        self._server = server
        self._folder = folder
        self._good, self._corrected = folder / "good.csv", folder / "corrected.csv"
        self._copies = max(1, _LONG_ENOUGH // rows)
        self._costs: dict[str, list[Cost]] = defaultdict(list)
        self._says: dict[str, str] = {}
        self._stages: dict[str, list[Cost]] = defaultdict(list)
        self._loaded = ""
        self._mondays: list[date] = []
        write_table(self.file, rows)
        # A correction must be clean: the bad cells are mended in it.
        write_table(self._corrected, rows, bad_share=0, corrected_every=_CORRECTED_EVERY)
        write_table(self._good, round(rows * (1 - BAD_SHARE)), bad_share=0)

    @property
    def ways(self) -> dict[str, Way]:
        """Medians so far."""
        return {name: Way(self._says[name], median_cost(costs), len(costs)) for name, costs in self._costs.items()}

    @property
    def stages(self) -> dict[str, Cost]:
        """Of our way."""
        return {name: median_cost(costs) for name, costs in self._stages.items()}

    def ours(self) -> None:
        """From the bytes to the figures of the week, into an empty warehouse."""
        self._loaded = self._server.warehouse("ours")
        before = self._sizes()
        cost, report = run_child("one_drop", str(self.file), *_FIRST, self._loaded)
        after = self._sizes()
        self._note("ours", "bytes to week figures", cost)
        for name, stage in report["stages"].items():
            self._stages[name].append(Cost.read(stage))
        if not self.counts:
            self._keep_finished_rows()
        figures = self._one("select count(*) from stored_measure")
        self.counts = {
            "rows": self._rows,
            "activities": self._one("select count(*) from stored_activity"),
            "figures": figures,
            "findings": report["findings"],
            "bytes a figure (facts and bridges)": (after[1] - before[1]) / figures,
            "bytes a figure (all included)": (after[0] - before[0]) / figures,
        }

    def correction(self) -> None:
        """The same file, its bad cells mended and some other figures in it, onto what ``ours`` loaded."""
        self._server.psql(self._loaded, "vacuum (analyze)")  # as the server has done by itself when a correction comes
        cost, report = run_child("one_drop", str(self._corrected), *_SECOND, self._loaded)
        if report["version"] != 2:
            raise RuntimeError(f"the correction became no second version: {report}")
        self._note("correction", "the same, version 2 of it", cost)

    def bare_copy(self) -> None:
        """A. One of several, where one is too short to be measured."""
        dsn = self._server.empty("bare")
        columns = ", ".join(f"c{number} text" for number in range(len(HEADER)))
        names = [f"bare{number}" for number in range(self._copies)]
        self._server.psql(dsn, *(f"create table {name} ({columns})" for name in names))
        copies = [f"\\copy {name} from '{self._good}' with (format csv, header, encoding 'gb18030')" for name in names]
        cost = self._measured(dsn, lambda: self._server.psql(dsn, *copies)).each(self._copies)
        self._note("bare", "A: psql \\copy of the good rows", cost)

    def finished_copy(self) -> None:
        """B. After ``ours``, whose rows they are."""
        dsn = self._server.warehouse("finished")
        engine = open_engine(dsn)
        with engine.connect() as connection:
            ensure_partitions(connection, [ReportingWeek(monday) for monday in self._mondays])
        engine.dispose()
        copies = [
            f"\\copy {table.name} ({_columns(table)}) from '{self._finished(table)}' with (format binary)"
            for table in _STAR
        ]
        cost = self._measured(dsn, lambda: self._server.psql(dsn, *copies))
        self._note("finished", "B: COPY of the rows we end up with", cost)

    def usual(self) -> None:
        """What most would write."""
        cost, report = run_child("usual_stack", str(self.file), self._server.empty("usual"))
        self._note("usual", f"read_csv + GX COMPLETE ({report['checks']}) + to_sql", cost)

    def _note(self, name: str, says: str, cost: Cost) -> None:
        self._says[name] = says
        self._costs[name].append(cost)

    def _measured(self, dsn: str, work: Callable[[], None]) -> Cost:
        with Meter(dsn) as meter, meter.piece() as piece:
            work()
        return piece.cost

    def _keep_finished_rows(self) -> None:
        copies = (
            f"\\copy (select {_columns(table)} from {table.name}) to '{self._finished(table)}' with (format binary)"
            for table in _STAR
        )
        self._server.psql(self._loaded, *copies)
        with psycopg.connect(self._loaded) as connection:
            rows = connection.execute("select distinct week_start from stored_activity").fetchall()
        self._mondays = [monday for (monday,) in rows]

    def _finished(self, table: Any) -> Path:
        return self._folder / f"{table.name}.binary"

    def _sizes(self) -> tuple[int, int]:
        with psycopg.connect(self._loaded) as connection:
            row = connection.execute(_SIZES).fetchone()
        whole, star = row or (0, 0)
        return int(whole), int(star)

    def _one(self, statement: str) -> int:
        with psycopg.connect(self._loaded) as connection:
            row = connection.execute(statement).fetchone()
        return int(row[0]) if row else 0


def _columns(table: Any) -> str:
    return ", ".join(column.name for column in table.columns)
