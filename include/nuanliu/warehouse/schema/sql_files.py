"""The statements of include/sql: one file a statement, bound parameters only."""

from __future__ import annotations

from functools import cache

from sqlalchemy import TextClause, text

from nuanliu.settings import INCLUDE_DIR


@cache
def read_sql(layer: str, name: str) -> str:
    """The text of ``include/sql/<layer>/<name>.sql``, header comment included; read once per process."""
    return (INCLUDE_DIR / "sql" / layer / f"{name}.sql").read_text("utf-8")


@cache
def load_sql(layer: str, name: str) -> TextClause:
    """The statement of ``include/sql/<layer>/<name>.sql``, its ``:name`` parameters ready to be bound.

    Comment lines are left out: a colon in a header would else be read as a parameter.
    """
    lines = read_sql(layer, name).splitlines()
    return text("\n".join(line for line in lines if not line.lstrip().startswith("--")))
