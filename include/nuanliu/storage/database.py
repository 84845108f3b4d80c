"""Addresses of the two databases and the engine to reach them."""

from __future__ import annotations

from psycopg import OperationalError
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import ArgumentError

from nuanliu.errors import InvalidSetting, WarehouseUnavailable
from nuanliu.settings import Settings
from nuanliu.storage.embedded.server import EmbeddedPostgres


def embedded_server(settings: Settings) -> EmbeddedPostgres:
    """The embedded server of this home, running or not."""
    return EmbeddedPostgres(settings.var / "postgres")


def warehouse_dsn(settings: Settings) -> str:
    """The warehouse's address: the setting, else the embedded server, which is started if it does not run.

    Raises: EmbeddedServerRefused, WarehouseUnavailable.
    """
    return settings.warehouse_dsn or _embedded_dsn(settings, "warehouse")


def airflow_dsn(settings: Settings) -> str:
    """The address of Airflow's own database on the embedded server, which is started if it does not run."""
    return _embedded_dsn(settings, "airflow")


def _embedded_dsn(settings: Settings, database: str) -> str:
    server = embedded_server(settings)
    server.ensure_running()
    return server.dsn(database)


def open_engine(dsn: str, *, search_path: str | None = None) -> Engine:
    """An engine on psycopg 3 whose sessions keep UTC. Accepts ``postgresql://`` addresses of any driver.

    ``search_path``: schemas in which names without one are looked up, joined by commas; by default the server's.
    Lost and refused connections are raised as WarehouseUnavailable; all other database errors stay SQLAlchemy's.
    Raises: InvalidSetting when the address is not one of PostgreSQL.
    """
    try:
        url = make_url(dsn)
    except (ArgumentError, ValueError) as error:
        raise InvalidSetting(
            "the warehouse DSN is not an address; write postgresql://user:password@host/database"
        ) from error
    if url.get_backend_name() not in {"postgresql", "postgres"}:
        raise InvalidSetting(f"the warehouse must be PostgreSQL, not {url.get_backend_name()}")
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        connect_args={
            "options": "-c timezone=UTC" + (f" -c search_path={search_path}" if search_path else ""),
            "application_name": "nuanliu",
        },
    )
    event.listen(engine, "handle_error", _translate_lost_connection, retval=True)
    return engine


def _translate_lost_connection(context: ExceptionContext) -> BaseException | None:
    original = context.original_exception
    refused = context.connection is None and isinstance(original, OperationalError)
    if not (refused or context.is_disconnect):
        return None
    if context.is_pre_ping:  # the pool replaces the connection by itself
        return None
    reason = " ".join(str(original).split())
    return WarehouseUnavailable(f"PostgreSQL does not answer: {reason}")
