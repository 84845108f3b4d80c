"""What the login that loads may do, where the tables belong to another one."""

from __future__ import annotations

from sqlalchemy import Connection

from nuanliu.warehouse.schema.sql_files import load_sql


def grant_loading(connection: Connection, loader: str | None) -> None:
    """Give a login exactly what the pipeline does, in the caller's transaction; None: nobody but the owner works here."""
    connection.execute(load_sql("warehouse", "loader_name"), {"loader": loader or ""})
    connection.execute(load_sql("warehouse", "loader_role"))
