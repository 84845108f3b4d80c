"""Which weeks wait for a rollup: noted with the drop or the change of rules that touched them, struck out with the rollup that
saw it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import BigInteger, Connection, any_, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.tables import stale_week

BY_RULES = 0
"""In place of a drop's object_id: the rules or code lists are others, as after an upgrade. Objects are numbered from 1."""


def mark_pending(connection: Connection, object_id: int, weeks: Iterable[str]) -> None:
    """Note that weeks, as 2024-W49, must be rolled up because of a drop; commits with what the drop brings.

    One row a drop, so that two unions that load into one week never wait for each other.
    """
    rows = [{"week_id": week, "object_id": object_id} for week in weeks]
    if rows:
        connection.execute(stale_week.insert(), rows)


def mark_pending_by_rules(connection: Connection, weeks: Iterable[str]) -> None:
    """Note that weeks must be rolled up because what is reported counts otherwise than before; noting it again changes nothing."""
    rows = [{"week_id": week, "object_id": BY_RULES} for week in weeks]
    if rows:
        connection.execute(insert(stale_week).on_conflict_do_nothing(), rows)


def weeks_pending_by_rules(connection: Connection) -> list[str]:
    """The weeks of which that is noted, ascending."""
    wanted = select(stale_week.c.week_id).where(stale_week.c.object_id == BY_RULES).order_by(stale_week.c.week_id)
    return list(connection.execute(wanted).scalars())


def clear_pending(connection: Connection, week: str) -> frozenset[int]:
    """Forget what was noted of a week. Call it before the first look at its facts, in the rollup's transaction.

    Returns: the drops for which it waited, BY_RULES among them. A drop that commits later is not struck out, whether the rollup still sees it or not.
    """
    struck_out = stale_week.delete().where(stale_week.c.week_id == week).returning(stale_week.c.object_id)
    return frozenset(connection.execute(struck_out).scalars())


@as_transient("listing the weeks to roll up")
def pending_weeks(connection: Connection, object_ids: Collection[int] | None = None) -> list[str]:
    """The weeks that wait, ascending. ``object_ids``: only those that wait because of these drops."""
    waiting = select(stale_week.c.week_id).distinct().order_by(stale_week.c.week_id)
    if object_ids is not None:
        waiting = waiting.where(stale_week.c.object_id == any_(literal(list(object_ids), ARRAY(BigInteger))))
    return list(connection.execute(waiting).scalars())
