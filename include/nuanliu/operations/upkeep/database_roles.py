"""Make the logins of an installation on its PostgreSQL server, each with no more rights than it needs."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import URL, Connection

from nuanliu.domain import schemas
from nuanliu.errors import InvalidSetting
from nuanliu.settings import database_setting
from nuanliu.storage.database import address_of, open_engine
from nuanliu.warehouse.schema.server_roles import (
    let_into_warehouse,
    make_database,
    make_login,
    mighty_logins,
    take_into_possession,
)

_SERVER = "NUANLIU_SERVER_DSN"
_LOGINS = {
    "owner": "NUANLIU_OWNER_DSN",
    "loader": "NUANLIU_WAREHOUSE_DSN",
    "reader": "NUANLIU_BOARD_DSN",
    "metadata": "NUANLIU_METADATA_DSN",
}
"""Who logs in where. Owner, loader and reader share the warehouse; Airflow's own database belongs to metadata alone."""
_OPTIONAL = frozenset({"reader", "metadata"})


@dataclass(frozen=True)
class _Login:
    """One login, as its address names it."""

    setting: str
    name: str
    password: str
    database: str


def make_roles(source: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Make logins and databases as the addresses of the installation name them; repeating it sets the passwords again.

    A database that is there is kept with everything in it and given to its owner. ``source``: default this process's variables.
    ``NUANLIU_SERVER_DSN`` is the server under its administrator. Returns ``nuanliu.roles/1``.
    Raises: InvalidSetting for addresses that do not belong together, WarehouseUnavailable.
    """
    env = os.environ if source is None else source
    server = _address(env, _SERVER)
    logins = {role: _login(env, name, server) for role, name in _LOGINS.items() if _is_given(env, role)}
    _check(server, logins)
    owner, loader, reader = logins["owner"], logins["loader"], logins.get("reader")
    with _session(server) as connection:
        for login in logins.values():
            make_login(connection, login.name, login.password)
        if mighty := mighty_logins(connection, [login.name for login in logins.values()]):
            raise InvalidSetting(
                f"{', '.join(mighty)} may do more on the server than log in (superuser, createrole, createdb, replication or "
                "bypassrls); take that away, or choose another name"
            )
        for role in ("owner", "metadata"):
            if role in logins:
                make_database(connection, logins[role].database, logins[role].name)
    for role in ("owner", "metadata"):
        if role in logins:
            with _session(server.set(database=logins[role].database)) as connection:
                take_into_possession(connection, logins[role].name)
                if role == "owner":
                    let_into_warehouse(
                        connection, owner=owner.name, loader=loader.name, reader=reader.name if reader else None
                    )
    return {
        "schema": schemas.ROLES,
        "logins": [{"role": role, "name": each.name, "database": each.database} for role, each in logins.items()],
    }


@contextmanager
def _session(address: URL) -> Iterator[Connection]:
    engine = open_engine(address.render_as_string(hide_password=False))
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            yield connection
    finally:
        engine.dispose()


def _is_given(env: Mapping[str, str], role: str) -> bool:
    return role not in _OPTIONAL or database_setting(env, _LOGINS[role]) is not None


def _address(env: Mapping[str, str], setting: str) -> URL:
    dsn = database_setting(env, setting)
    if dsn is None:
        raise InvalidSetting(f"{setting} (or {setting}_FILE) is needed to make the logins")
    return address_of(dsn, setting)


def _login(env: Mapping[str, str], setting: str, server: URL) -> _Login:
    url = _address(env, setting)
    if not url.username or not url.password or not url.database:
        raise InvalidSetting(
            f"{setting} must name login, password and database: postgresql://login:password@host/database"
        )
    if (url.host, url.port or 5432) != (server.host, server.port or 5432):
        raise InvalidSetting(f"{setting} and {_SERVER} name different servers")
    return _Login(setting, url.username, str(url.password), url.database)


def _check(server: URL, logins: Mapping[str, _Login]) -> None:
    """Raises: InvalidSetting where two roles would be one login, or a login would enter the wrong database."""
    seen = {server.username: _SERVER}
    for login in logins.values():
        if login.name in seen:
            raise InvalidSetting(f"{login.setting} and {seen[login.name]} name the same login; each needs its own")
        seen[login.name] = login.setting
    warehouse = logins["owner"].database
    for role, login in logins.items():
        if (login.database == warehouse) is (role == "metadata"):
            wanted = "a database of its own" if role == "metadata" else f"the owner's database, {warehouse}"
            raise InvalidSetting(f"{login.setting} must name {wanted}")
