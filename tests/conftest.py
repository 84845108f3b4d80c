"""What several tests share: a home of their own and one PostgreSQL server per run.

Whatever only a server needs is imported by the fixtures: most tests need none, and its libraries cost a short run a second or two.
"""

from __future__ import annotations

import gc
import os
import secrets
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from tests.rounds import TO_THE_FULL, rounds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import psycopg
    from sqlalchemy import Engine


# The first example of a test may import pandas. What needs more examples than these says so itself. The same ones are played each
# time, so that a change is judged by what it changes; `make soak` looks for others.
settings.register_profile(
    "nuanliu", deadline=None, max_examples=rounds(50, full=100), derandomize=not TO_THE_FULL, print_blob=True
)
settings.load_profile("nuanliu")

_FOR_MANY_SMALL_DATABASES = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "1GB",
    "autovacuum": "off",
    # Making and dropping a database looks through all buffers several times: with few of them in two thirds of the time.
    "shared_buffers": "24MB",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole stacks come first: all else runs beside them, on other workers. The one that many tests share comes last of them."""

    def place(item: pytest.Item) -> int:
        if item.path.parent.name != "e2e":
            return 2
        return int("stack" in getattr(item, "fixturenames", ()))

    items.sort(key=place)


def pytest_collection_finish() -> None:
    """What all tests share (Airflow, Great Expectations, the tests themselves) is for ever: to look through it again and again for
    garbage took an eighth of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 20, 20)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """``--dist loadfile`` keeps the stacks together on one worker."""
    if config.getoption("dist") != "loadfile":
        return None
    from tests.workers import StacksOnOneWorker

    return StacksOnOneWorker(config, log)


@pytest.fixture(autouse=True)
def _home_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test writes below the checkout's var/ or reads the developer's settings by accident."""
    for name in [name for name in os.environ if name.startswith("NUANLIU_") and not name.startswith("NUANLIU_TEST_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NUANLIU_HOME", str(tmp_path_factory.getbasetemp() / "home"))


@pytest.fixture
def set_limit(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """``set_limit("max_rows", 3, of="file")``: an entry of limits.yaml for one test.

    Rules keep their texts with limits in them, so all that is read of data files is forgotten before and after.
    """
    from nuanliu.contract.input_contract import input_contract
    from nuanliu.contract.reloading import forget_data

    def set_it(name: str, value: int, *, of: str | None = None) -> None:
        limits: Any = input_contract().limits
        monkeypatch.setitem(limits[of] if of else limits, name, value)

    forget_data()
    yield set_it
    forget_data()


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of one server for the whole run: NUANLIU_TEST_POSTGRES_DSN, else an embedded one in a temporary home."""
    if external := os.environ.get("NUANLIU_TEST_POSTGRES_DSN"):
        yield external
        return
    from nuanliu.storage.embedded.server import EmbeddedPostgres

    folder: Path = tmp_path_factory.mktemp("server") / "var" / "postgres"
    server = EmbeddedPostgres(folder, options=_FOR_MANY_SMALL_DATABASES)
    server.ensure_running()
    try:
        yield server.dsn("postgres")
    finally:
        server.stop()


@pytest.fixture(scope="session")
def administrator(postgres_server: str) -> Iterator[psycopg.Connection]:
    """One session that makes and drops databases: to connect anew costs as much as Python's part of either."""
    import psycopg

    with psycopg.connect(postgres_server, autocommit=True) as connection:
        yield connection


@pytest.fixture
def postgres_dsn(postgres_server: str, administrator: psycopg.Connection) -> Iterator[str]:
    """The address of a fresh, empty database (UTF8, collation C)."""
    name = _unused_name("test")
    _create_database(administrator, name, template="template0")
    yield _address(postgres_server, name)
    _drop_database(administrator, name)


@pytest.fixture(scope="session")
def warehouse_template(postgres_server: str, administrator: psycopg.Connection) -> Iterator[str]:
    """The name of a migrated database with reference data, made once per run to be cloned."""
    from nuanliu.storage.database import open_engine
    from nuanliu.warehouse.schema.migrating import upgrade
    from nuanliu.warehouse.schema.reference_data import load_reference

    name = _unused_name("template")
    _create_database(administrator, name, template="template0")
    engine = open_engine(_address(postgres_server, name))
    try:
        upgrade(engine)
        with engine.begin() as connection:
            load_reference(connection)
    finally:
        engine.dispose()  # a database with open connections cannot be cloned
    yield name
    _drop_database(administrator, name)


@pytest.fixture
def warehouse_dsn(postgres_server: str, administrator: psycopg.Connection, warehouse_template: str) -> Iterator[str]:
    """The address of a fresh warehouse: migrated, with reference data, without facts."""
    name = _unused_name("warehouse")
    _create_database(administrator, name, template=warehouse_template)
    yield _address(postgres_server, name)
    _drop_database(administrator, name)


@pytest.fixture(scope="module")
def module_warehouse_dsn(
    postgres_server: str, administrator: psycopg.Connection, warehouse_template: str
) -> Iterator[str]:
    """The address of a fresh warehouse that the tests of one module share."""
    name = _unused_name("module")
    _create_database(administrator, name, template=warehouse_template)
    yield _address(postgres_server, name)
    _drop_database(administrator, name)


@pytest.fixture
def warehouse(warehouse_dsn: str) -> Iterator[Engine]:
    """An engine on a fresh warehouse: migrated, with reference data, without facts."""
    from nuanliu.storage.database import open_engine

    engine = open_engine(warehouse_dsn)
    yield engine
    engine.dispose()


def _unused_name(kind: str) -> str:
    return f"nuanliu_{kind}_{secrets.token_hex(6)}"


def _address(server: str, database: str) -> str:
    from sqlalchemy import make_url

    return make_url(server).set(database=database).render_as_string(hide_password=False)


def _create_database(administrator: psycopg.Connection, name: str, *, template: str) -> None:
    from psycopg import sql

    # copying files makes no WAL of every page: half the time of the default, for hundreds of clones
    options = " encoding 'UTF8' locale 'C'" if template == "template0" else " strategy file_copy"
    statement = sql.SQL("create database {} template {}" + options)
    administrator.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))


def _drop_database(administrator: psycopg.Connection, name: str) -> None:
    from psycopg import sql

    administrator.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
