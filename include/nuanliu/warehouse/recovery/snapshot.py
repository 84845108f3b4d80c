"""What one instant of the warehouse holds, for a backup whose database and bucket must say the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, inspect, select

from nuanliu.warehouse.recovery.deletions import deleted_keys
from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.sql_files import load_sql
from nuanliu.warehouse.schema.tables import edition, receipt, registry
from nuanliu.warehouse.submissions.registry import RegistryRow


@dataclass(frozen=True)
class Snapshot:
    """One instant of the warehouse."""

    name: str
    """For pg_dump."""
    server_major: int
    objects: tuple[RegistryRow, ...]
    """All registry rows."""
    deleted: frozenset[str]
    """Stored keys whose objects were deleted, because their time had come."""
    receipt_stems: frozenset[str]
    """Receipt files without their ending."""
    report_keys: frozenset[str]
    """The files of every edition."""


@contextmanager
def open_snapshot(engine: Engine) -> Iterator[Snapshot]:
    """Hold one instant of the warehouse still for reading; everybody else goes on."""
    with (
        as_transient("reading a snapshot"),
        engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection,
        connection.begin(),
    ):
        exported = connection.execute(load_sql("warehouse", "export_snapshot")).one()
        receipts = connection.execute(select(receipt.c.union_id, receipt.c.filed_week, receipt.c.receipt_no))
        yield Snapshot(
            name=exported.snapshot_name,
            server_major=exported.server_major,
            objects=tuple(RegistryRow(**row._mapping) for row in connection.execute(select(registry))),
            deleted=deleted_keys(connection),
            receipt_stems=frozenset(f"receipts/{row.union_id}/{row.filed_week}/{row.receipt_no}" for row in receipts),
            report_keys=frozenset(key for row in connection.execute(select(edition.c.files)) for key in row.files),
        )


@as_transient("reading the server's version")
def server_major(connection: Connection) -> int:
    """15, 18."""
    return int(connection.execute(load_sql("warehouse", "server_major")).scalar_one())


@as_transient("looking whether the warehouse is empty")
def has_content(connection: Connection) -> bool:
    """Whether anything was ever taken in, answered or published; a warehouse without tables holds nothing."""
    if not inspect(connection).has_table("registry"):
        return False
    return bool(connection.execute(load_sql("warehouse", "has_content")).scalar_one())
