"""Standing answers to a rule's queries, as the warehouse keeps them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from nuanliu.domain.tolerance import Tolerance
from nuanliu.errors import UsageError
from nuanliu.settings import SHANGHAI
from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.sql_files import load_sql
from nuanliu.warehouse.schema.tables import tolerance


class UnknownTolerance(UsageError):
    """No tolerance that still runs has this number."""


@as_transient("reading tolerances")
def tolerances_in_force(connection: Connection, union_id: str, at: datetime) -> tuple[Tolerance, ...]:
    """A union's tolerances at the arrival of a file: given before it, not ended, and good to the end of their last day."""
    rows = connection.execute(
        load_sql("warehouse", "tolerance_in_force"),
        {"union_id": union_id, "at": at, "on_day": at.astimezone(SHANGHAI).date()},
    )
    return tuple(
        Tolerance(
            tolerance_id=row.tolerance_key,
            rule=row.rule,
            measure_id=row.measure_id,
            limit_cents=None if row.limit_value is None else int(row.limit_value * 100),
            reason=row.reason,
            expires_on=row.expires_on,
        )
        for row in rows
    )


@as_transient("adding a tolerance")
def add_tolerance(
    connection: Connection,
    *,
    union_id: str,
    rule: str,
    measure_id: str | None,
    limit_value: Decimal | None,
    reason: str,
    person: str,
    created_at: datetime,
    expires_on: date,
) -> int:
    """Write a tolerance; returns its number."""
    values = {
        "union_id": union_id,
        "rule": rule,
        "measure_id": measure_id,
        "limit_value": limit_value,
        "reason": reason,
        "person": person,
        "created_at": created_at,
        "expires_on": expires_on,
    }
    statement = tolerance.insert().values(values).returning(tolerance.c.tolerance_key)
    return int(connection.execute(statement).scalar_one())


@as_transient("listing tolerances")
def list_tolerances(connection: Connection) -> list[dict[str, Any]]:
    """Every tolerance that was ever given, oldest first; columns of the table."""
    rows = connection.execute(select(tolerance).order_by(tolerance.c.tolerance_key))
    return [dict(row._mapping) for row in rows]


@as_transient("ending a tolerance")
def end_tolerance(connection: Connection, tolerance_key: int, *, person: str, ended_at: datetime) -> None:
    """End a tolerance before it expires. Raises: UnknownTolerance when none runs under this number."""
    ended = connection.execute(
        tolerance.update()
        .where(tolerance.c.tolerance_key == tolerance_key, tolerance.c.ended_at.is_(None))
        .values(ended_at=ended_at, ended_by=person)
    ).rowcount
    if not ended:
        raise UnknownTolerance(f"no running tolerance {tolerance_key}; see nuanliu tolerance list")
