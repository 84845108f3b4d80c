"""Create or upgrade the warehouse and its reference data."""

from __future__ import annotations

from typing import Any

from nuanliu.domain import schemas
from nuanliu.operations.context import Context
from nuanliu.warehouse.schema.migrating import upgrade
from nuanliu.warehouse.schema.reference_data import load_reference


def initialise(ctx: Context) -> dict[str, Any]:
    """Bring the warehouse to the newest schema and load the code lists; repeating it changes nothing."""
    upgrade(ctx.engine)
    with ctx.engine.begin() as connection:
        load_reference(connection)
    return {"schema": schemas.INIT, "home": str(ctx.settings.home), "bucket": ctx.settings.bucket_url}
