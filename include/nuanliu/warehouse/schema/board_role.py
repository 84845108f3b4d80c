"""The role as which the board reads the warehouse."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, event

from nuanliu.warehouse.schema.sql_files import load_sql, read_sql


def grant_reading(connection: Connection) -> None:
    """See to it that the role exists and may read, in the caller's transaction; nothing where the caller may not."""
    connection.execute(load_sql("warehouse", "board_role"))


def for_reading(engine: Engine) -> Engine:
    """The same warehouse for somebody who must not write: in the board's role, and in read-only transactions.

    Call it before the engine's first connection. Where the role could not be made the transactions alone hold.
    """
    event.listen(engine, "connect", _become_board)
    return engine.execution_options(postgresql_readonly=True)


def _become_board(connection: Any, _: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(read_sql("warehouse", "become_board"))
    connection.commit()  # rolled back, the role would be taken back too
