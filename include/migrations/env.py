"""How Alembic reaches the warehouse: over the connection it is handed, else over NUANLIU_WAREHOUSE_DSN."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import context

from nuanliu.settings import Settings
from nuanliu.warehouse.schema.partitions import is_partition_name
from nuanliu.warehouse.schema.tables import metadata

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.sql.schema import SchemaItem


def _belongs_to_schema(_item: SchemaItem, name: str | None, kind: str, reflected: bool, _match: object) -> bool:
    """Week partitions are made on demand by the load and are no part of the schema's history."""
    return not (kind == "table" and reflected and name is not None and is_partition_name(name))


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_object=_belongs_to_schema,
        compare_type=True,
        compare_server_default=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def _migrate_from_command_line() -> None:
    """``alembic -c include/migrations/alembic.ini …``, for engineers who write the next revision."""
    from nuanliu.storage.database import open_engine, warehouse_dsn

    engine = open_engine(warehouse_dsn(Settings.from_env()))
    with engine.begin() as connection:
        _migrate(connection)
    engine.dispose()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    _migrate(given)
else:
    _migrate_from_command_line()
