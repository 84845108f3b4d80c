"""Create or upgrade the warehouse and its reference data."""

from __future__ import annotations

from typing import Any

from nuanliu.domain import schemas
from nuanliu.operations.context import Context
from nuanliu.storage.database import loader_name
from nuanliu.warehouse.marts.published_figures import note_upgrade
from nuanliu.warehouse.marts.published_weeks import read_week_trees, roll_up_moved, share_publication
from nuanliu.warehouse.schema.migrating import is_current, upgrade
from nuanliu.warehouse.schema.reference_data import load_reference


def initialise(ctx: Context) -> dict[str, Any]:
    """Bring the warehouse to the newest schema and load the code lists; repeating it changes nothing.

    Where the unions changed, the weeks in which they stand otherwise are rolled up with it: their figures change by nothing else.
    """
    was_known = is_current(ctx.engine)
    upgrade(ctx.engine, loader=loader_name(ctx.settings))
    with ctx.engine.begin() as connection:
        share_publication(connection)
        if not was_known:
            note_upgrade(connection)
        trees = read_week_trees(connection)
        load_reference(connection)
        roll_up_moved(connection, trees)
    return {"schema": schemas.INIT, "home": str(ctx.settings.home), "bucket": ctx.settings.bucket_url}
