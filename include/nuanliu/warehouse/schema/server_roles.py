"""Logins and databases on a PostgreSQL server, made by its administrator: each may enter one database and no other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, text

from nuanliu.warehouse.schema.sql_files import load_sql


def make_login(connection: Connection, name: str, password: str) -> None:
    """See to it that a role exists, may log in with a password, and has no right that it had not.

    The server gets the password's verifier only, so that no log of statements holds what logs in.
    """
    driver: Any = connection.connection.driver_connection
    verifier = driver.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
    _tell(connection, login=name, verifier=verifier)
    connection.execute(load_sql("server", "login_role"))


def mighty_logins(connection: Connection, names: Iterable[str]) -> list[str]:
    """Those that may do more on the server than enter a database: superusers, makers of roles or databases, and so on."""
    return list(connection.execute(load_sql("server", "mighty_role"), {"names": sorted(names)}).scalars())


def make_database(connection: Connection, name: str, owner: str) -> None:
    """See to it that a database exists (UTF8, collation C). The connection must be in autocommit."""
    if not connection.execute(load_sql("server", "database_exists"), {"name": name}).scalar_one():
        made = connection.execute(load_sql("server", "database_ddl"), {"name": name, "owner": owner}).scalar_one()
        connection.execute(text(made.replace(":", r"\:")))


def take_into_possession(connection: Connection, owner: str) -> None:
    """Give the connection's database with all it holds to one role, and shut everybody else out."""
    _tell(connection, owner=owner)
    connection.execute(load_sql("server", "database_owner"))


def let_into_warehouse(connection: Connection, *, owner: str, loader: str, reader: str | None) -> None:
    """Let loader and reader into the connection's database, and all three be the board's role."""
    _tell(connection, owner=owner, loader=loader, reader=reader or "")
    connection.execute(load_sql("server", "warehouse_logins"))


def _tell(connection: Connection, **settings: str) -> None:
    empty = dict.fromkeys(("login", "verifier", "owner", "loader", "reader"), "")
    connection.execute(load_sql("server", "role_settings"), empty | settings)
