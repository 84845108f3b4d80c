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


class BenchServer:
    """A running server."""

    def __init__(self, server: EmbeddedPostgres) -> None:
        self._server = server

    def warehouse(self, name: str) -> str:
        """The address of a fresh warehouse without facts."""
        with psycopg.connect(self._server.dsn("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
            connection.execute(
                sql.SQL("create database {} template template0 encoding 'UTF8' locale 'C'").format(sql.Identifier(name))
            )
        dsn = self._server.dsn(name)
        engine = open_engine(dsn)
        upgrade(engine)
        with engine.begin() as connection:
            load_reference(connection)
        engine.dispose()
        return dsn

    def psql(self, dsn: str, command: str) -> None:
        """Run one command by psql, as an engineer would."""
        client = list_server_binaries()[0].bin_dir / "psql"
        program = str(client) if client.exists() else "psql"
        subprocess.run([program, "-q", "-v", "ON_ERROR_STOP=1", "-d", dsn, "-c", command], check=True)


@contextmanager
def bench_server() -> Iterator[BenchServer]:
    """A server that ends with the block."""
    with tempfile.TemporaryDirectory(prefix="nuanliu-bench-") as folder:
        server = EmbeddedPostgres(Path(folder) / "var" / "postgres")
        server.ensure_running()
        try:
            yield BenchServer(server)
        finally:
            server.stop()
