"""Addresses of the two databases and the engine to reach them."""

from __future__ import annotations

from psycopg import OperationalError
from sqlalchemy import URL, Engine, create_engine, event, make_url
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


def owner_dsn(settings: Settings) -> str:
    """The warehouse's address for whoever changes its tables: the setting, else that of everybody.

    Raises: EmbeddedServerRefused, WarehouseUnavailable.
    """
    return settings.owner_dsn or warehouse_dsn(settings)


def loader_name(settings: Settings) -> str | None:
    """The login that loads where another one owns the tables, else None. Raises: InvalidSetting when it is not known."""
    if settings.owner_dsn is None:
        return None
    if settings.warehouse_dsn is None:
        raise InvalidSetting(
            "NUANLIU_OWNER_DSN is set and NUANLIU_WAREHOUSE_DSN is not: who loads must be known; set both"
        )
    return address_of(settings.warehouse_dsn).username


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
    engine = create_engine(
        address_of(dsn).set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        connect_args={
            "options": "-c timezone=UTC" + (f" -c search_path={search_path}" if search_path else ""),
            "application_name": "nuanliu",
        },
    )
    event.listen(engine, "handle_error", _translate_lost_connection, retval=True)
    return engine


def address_of(dsn: str, called: str = "the warehouse DSN") -> URL:
    """A DSN taken apart. Raises: InvalidSetting when it is not an address of PostgreSQL; the message does not show it."""
    try:
        url = make_url(dsn)
    except (ArgumentError, ValueError):
        # the cause would show the address with its password
        raise InvalidSetting(f"{called} is not an address; write postgresql://user:password@host/database") from None
    if url.get_backend_name() not in {"postgresql", "postgres"}:
        raise InvalidSetting(f"{called} must name a PostgreSQL, not {url.get_backend_name()}")
    return url


def _translate_lost_connection(context: ExceptionContext) -> BaseException | None:
    original = context.original_exception
    refused = context.connection is None and isinstance(original, OperationalError)
    if not (refused or context.is_disconnect):
        return None
    if context.is_pre_ping:  # the pool replaces the connection by itself
        return None
    reason = " ".join(str(original).split())
    return WarehouseUnavailable(f"PostgreSQL does not answer: {reason}")
