"""A fresh warehouse for each history: a clone of one that was migrated once."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from psycopg import sql
from sqlalchemy import make_url
from tests.histories.program import Program

from nuanliu.storage.database import open_engine
from nuanliu.storage.embedded.server import EmbeddedPostgres
from nuanliu.warehouse.schema.migrating import upgrade
from nuanliu.warehouse.schema.reference_data import load_reference

FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "1GB",
    "autovacuum": "off",
}


@dataclass(frozen=True)
class Warehouses:
    """A server and the name of the migrated database with reference data that is cloned."""

    server: str
    template: str

    def address(self, name: str) -> str:
        return make_url(self.server).set(database=name).render_as_string(hide_password=False)

    def run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def serve_warehouses() -> Iterator[Warehouses]:
    """A server of its own, in memory where the machine has such a disk, gone at the end."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(prefix="nuanliu-histories-", dir=memory if memory.is_dir() else None) as home:
        server = EmbeddedPostgres(Path(home) / "var" / "postgres", options=FAST)
        server.ensure_running()
        try:
            yield make_template(server.dsn("postgres"))
        finally:
            server.stop()


def make_template(server: str) -> Warehouses:
    warehouses = Warehouses(server, "nuanliu_history_template")
    options = sql.SQL("create database {} template template0 encoding 'UTF8' locale 'C'")
    warehouses.run(options.format(sql.Identifier(warehouses.template)))
    engine = open_engine(warehouses.address(warehouses.template))
    upgrade(engine)
    with engine.begin() as connection:
        load_reference(connection)
    engine.dispose()  # a database with open connections cannot be cloned
    return warehouses


@contextmanager
def open_program(warehouses: Warehouses) -> Iterator[Program]:
    """The program on an empty warehouse; both are gone at the end."""
    name = f"nuanliu_history_{secrets.token_hex(6)}"
    clone = sql.SQL("create database {} template {} strategy file_copy")
    warehouses.run(clone.format(sql.Identifier(name), sql.Identifier(warehouses.template)))
    engine = open_engine(warehouses.address(name))
    try:
        with TemporaryDirectory() as home:
            yield Program(engine, Path(home))
    finally:
        engine.dispose()
        warehouses.run(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
