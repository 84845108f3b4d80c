"""Many rows into one table in one go: Arrow writes the bytes, as CSV or in PostgreSQL's own form, and COPY takes them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pandas as pd
import psycopg
import pyarrow as pa
from psycopg import sql
from pyarrow import csv
from sqlalchemy import Connection

_ROWS_AT_A_TIME = 100_000
"""Bounds the CSV text held in memory; larger pieces are not faster."""
_BINARY_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_BINARY_END = b"\xff\xff"


def copy_frame(connection: Connection, table: str, frame: pd.DataFrame) -> int:
    """COPY a frame into a table, column by column name; returns how many rows the server took.

    Missing values become null. Instants without time of day become dates. NUL, which PostgreSQL's text cannot hold,
    becomes U+FFFD.
    """
    if frame.empty:
        return 0
    names = sql.SQL(", ").join(sql.Identifier(str(name)) for name in frame.columns)
    statement = sql.SQL("copy {} ({}) from stdin (format csv)").format(sql.Identifier(table), names)
    driver: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
    with driver.cursor() as cursor:
        with cursor.copy(statement) as copy:
            for piece in _csv_pieces(_arrow(frame)):
                copy.write(piece)
        return cursor.rowcount


def copy_binary(connection: Connection, table: str, columns: Sequence[str], pieces: Iterable[memoryview]) -> int:
    """COPY rows that stand in PostgreSQL's binary form already; returns how many the server took.

    ``pieces``: bytes of whole rows, their fields in the order of ``columns``.
    """
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("copy {} ({}) from stdin (format binary)").format(sql.Identifier(table), names)
    driver: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
    with driver.cursor() as cursor:
        with cursor.copy(statement) as copy:
            copy.write(_BINARY_HEADER)
            for piece in pieces:
                copy.write(piece)
            copy.write(_BINARY_END)
        return cursor.rowcount


def _arrow(frame: pd.DataFrame) -> pa.Table:
    table = pa.Table.from_pandas(frame, preserve_index=False)
    for index, column in enumerate(table.schema):
        if pa.types.is_timestamp(column.type):
            table = table.set_column(index, column.name, table.column(index).cast(pa.date32(), safe=False))
    return table


def _csv_pieces(table: pa.Table) -> Iterator[bytes]:
    """CSV without a header: strings quoted, nulls as nothing at all, which is how COPY tells them from ''."""
    for batch in table.to_batches(max_chunksize=_ROWS_AT_A_TIME):
        buffer = io.BytesIO()
        csv.write_csv(batch, buffer, csv.WriteOptions(include_header=False))
        piece = buffer.getvalue()
        yield piece.replace(b"\0", "\N{REPLACEMENT CHARACTER}".encode()) if b"\0" in piece else piece
