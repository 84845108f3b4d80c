"""A PostgreSQL server of the bench's own, with the settings of the project's, in a temporary folder."""

from __future__ import annotations

import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from nuanliu.storage.database import open_engine
from nuanliu.storage.embedded.binaries import list_server_binaries
from nuanliu.storage.embedded.server import EmbeddedPostgres
from nuanliu.warehouse.schema.migrating import upgrade
from nuanliu.warehouse.schema.reference_data import load_reference

if TYPE_CHECKING:
    from collections.abc import Iterator

_TEMPLATE = "empty_warehouse"
_OPTIONS = {"autovacuum": "off"}
"""Else its workers would weigh on whoever comes next. A measurement that needs statistics says ``vacuum (analyze)``."""


class BenchServer:
    """A running server."""

    def __init__(self, server: EmbeddedPostgres) -> None:
        self._server = server

    def warehouse(self, name: str) -> str:
        """The address of a fresh warehouse without facts."""
        if not self._exists(_TEMPLATE):
            self._make(_TEMPLATE, "template0")
            self._fill(self._server.dsn(_TEMPLATE))
        self._make(name, _TEMPLATE)
        return self._server.dsn(name)

    def empty(self, name: str) -> str:
        """The address of a database without any table."""
        self._make(name, "template0")
        return self._server.dsn(name)

    def psql(self, dsn: str, *commands: str) -> None:
        """Run some commands by psql, as an engineer would."""
        client = list_server_binaries()[0].bin_dir / "psql"
        program = str(client) if client.exists() else "psql"
        words = [word for command in commands for word in ("-c", command)]
        subprocess.run([program, "-q", "-v", "ON_ERROR_STOP=1", "-d", dsn, *words], check=True)

    def _exists(self, name: str) -> bool:
        with psycopg.connect(self._server.dsn("postgres")) as connection:
            return connection.execute("select from pg_database where datname = %s", [name]).fetchone() is not None

    def _make(self, name: str, template: str) -> None:
        with psycopg.connect(self._server.dsn("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
            connection.execute(
                sql.SQL("create database {} template {} encoding 'UTF8' locale 'C'").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )

    def _fill(self, dsn: str) -> None:
        engine = open_engine(dsn)
        upgrade(engine)
        with engine.begin() as connection:
            load_reference(connection)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("vacuum analyze")
        engine.dispose()


@contextmanager
def bench_server() -> Iterator[BenchServer]:
    """A server that ends with the block."""
    with tempfile.TemporaryDirectory(prefix="nuanliu-bench-") as folder:
        server = EmbeddedPostgres(Path(folder) / "var" / "postgres", options=_OPTIONS)
        server.ensure_running()
        try:
            yield BenchServer(server)
        finally:
            server.stop()
