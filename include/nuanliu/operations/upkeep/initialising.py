"""Create or upgrade the warehouse and its reference data."""

from __future__ import annotations

from typing import Any

from nuanliu.contract.code_lists import codes
from nuanliu.domain import schemas
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.operations.context import Context
from nuanliu.operations.drops.drop_path import UNKNOWN
from nuanliu.storage.database import loader_name
from nuanliu.warehouse.marts.published_figures import note_rule_changes
from nuanliu.warehouse.marts.published_weeks import (
    read_week_trees,
    roll_up_by_rules,
    roll_up_moved,
    share_publication,
)
from nuanliu.warehouse.marts.weeks_pending import mark_pending_by_rules
from nuanliu.warehouse.schema.locks import LOAD_PATIENCE, limit_lock_wait, lock_rollup, lock_unions
from nuanliu.warehouse.schema.migrating import upgrade_schema
from nuanliu.warehouse.schema.reference_data import load_code_lists, load_union_tree
from nuanliu.warehouse.submissions.counting import settle_everything


def initialise(ctx: Context) -> dict[str, Any]:
    """Bring the warehouse to the newest schema and load the code lists; repeating it changes nothing.

    What either makes of facts and published figures comes with it, in one transaction: nobody meets a warehouse that is
    upgraded and not yet settled, and a drop that comes later passes for nothing that it did not do. Loads, publications and
    roll-ups come before it or wait for its end.
    """
    with ctx.engine.begin() as connection:
        lock_unions(connection, [*codes().unions.list.entries, UNKNOWN])
        share_publication(connection)
        lock_rollup(connection)
        is_upgraded = upgrade_schema(connection, loader=loader_name(ctx.settings))
        limit_lock_wait(connection, LOAD_PATIENCE)
        if is_upgraded:
            mark_pending_by_rules(connection, map(str, settle_everything(connection)))
        if load_code_lists(connection):
            mark_pending_by_rules(connection, map(str, map(ReportingWeek, read_week_trees(connection))))
        note_rule_changes(connection)
        roll_up_by_rules(connection)
        trees = read_week_trees(connection)
        load_union_tree(connection)
        roll_up_moved(connection, trees)
    return {"schema": schemas.INIT, "home": str(ctx.settings.home), "bucket": ctx.settings.bucket_url}
