"""Bring the warehouse's schema up to date."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from nuanliu.errors import InvalidSetting
from nuanliu.settings import INCLUDE_DIR
from nuanliu.warehouse.schema.board_role import grant_reading
from nuanliu.warehouse.schema.loader_role import grant_loading
from nuanliu.warehouse.schema.locks import limit_lock_wait
from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.sql_files import load_sql


def upgrade(engine: Engine, *, loader: str | None = None) -> None:
    """``upgrade_schema`` in a transaction of its own: of the schema alone, what it makes of figures is not settled."""
    with engine.begin() as connection:
        upgrade_schema(connection, loader=loader)


@as_transient("upgrading the warehouse's schema")
def upgrade_schema(connection: Connection, *, loader: str | None = None) -> bool:
    """Run every revision of include/migrations that the warehouse has not seen, let the board read and the loader load, in the
    caller's transaction. Returns: whether there was one.

    ``loader``: the login that loads where it is not the engine's own.
    Safe to call again and from two processes at once: the second waits for the first and finds nothing to do.
    Raises: WarehouseUnavailable when the lock was not granted within its timeout, InvalidSetting when the engine's login may
    not change the tables.
    """
    config = migration_config()
    if not connection.execute(load_sql("warehouse", "may_change_schema")).scalar_one():
        raise InvalidSetting(
            f"the login {connection.engine.url.username} may not change the warehouse's tables; set NUANLIU_OWNER_DSN to the "
            "address of the one that owns them"
        )
    limit_lock_wait(connection, "5min")
    connection.execute(load_sql("warehouse", "lock_schema"))
    # A migration that meets a long reader gives up before everyone who comes after it has to wait too.
    limit_lock_wait(connection, "15s")
    is_behind = not _has_every_revision(connection)
    if is_behind:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    grant_reading(connection)
    grant_loading(connection, loader)
    return is_behind


def migration_config() -> Config:
    """Alembic's configuration, made in code; a caller adds ``attributes["connection"]``."""
    config = Config()
    config.set_main_option("script_location", str(INCLUDE_DIR / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@as_transient("reading the warehouse's schema version")
def is_current(engine: Engine) -> bool:
    """Whether every revision has been run."""
    with engine.connect() as connection:
        return _has_every_revision(connection)


def _has_every_revision(connection: Connection) -> bool:
    wanted = set(ScriptDirectory.from_config(migration_config()).get_heads())
    return set(MigrationContext.configure(connection).get_current_heads()) == wanted
