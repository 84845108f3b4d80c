"""The sample week, played once and copied for each test that changes it: a clone of the database and of the folder."""

from __future__ import annotations

import secrets
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from sqlalchemy import make_url
from tests.integration.played_week import context, play

from nuanliu.storage.bucket import open_bucket
from nuanliu.storage.database import open_engine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nuanliu.operations.context import Context


def play_once(dsn: str, home: Path) -> tuple[str, Path]:
    """Play the week into a database and ``home/bucket``; returns both, without an open connection."""
    engine = open_engine(dsn)
    play(context(home, open_bucket(f"file://{home}/bucket"), engine))
    engine.dispose()  # a database with open connections cannot be cloned
    return dsn, home / "bucket"


@contextmanager
def copied(played: tuple[str, Path], home: Path) -> Iterator[Context]:
    """A context on a copy of what ``play_once`` made."""
    dsn, bucket = played
    address = make_url(dsn)
    name = f"nuanliu_copy_{secrets.token_hex(6)}"
    with psycopg.connect(_server(dsn), autocommit=True) as connection:
        connection.execute(
            sql.SQL("create database {} template {} strategy file_copy").format(
                sql.Identifier(name), sql.Identifier(str(address.database))
            )
        )
    shutil.copytree(bucket, home / "bucket")
    engine = open_engine(address.set(database=name).render_as_string(hide_password=False))
    try:
        yield context(home, open_bucket(f"file://{home}/bucket"), engine)
    finally:
        engine.dispose()
        with psycopg.connect(_server(dsn), autocommit=True) as connection:
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def _server(dsn: str) -> str:
    return make_url(dsn).set(database="postgres").render_as_string(hide_password=False)
