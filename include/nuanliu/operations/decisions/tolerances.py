"""Give a union a standing answer to one rule's queries, list what runs, and end it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from nuanliu.contract.code_lists import codes
from nuanliu.contract.rules import rule_registry
from nuanliu.domain import schemas
from nuanliu.errors import BrokenContract, UsageError
from nuanliu.intake.privacy.personal_data import mask_text
from nuanliu.operations.context import Context
from nuanliu.settings import SHANGHAI
from nuanliu.warehouse.submissions import tolerances as stored

LONGEST_DAYS = 400
"""A tolerance is looked at again at least once a year."""


def add_tolerance(
    ctx: Context,
    *,
    union_id: str,
    rule: str,
    measure: str | None,
    limit: str | None,
    reason: str,
    person: str,
    expires: str,
) -> dict[str, Any]:
    """Write a tolerance; returns the list with it. ``measure``: id, name or header. ``limit``: in its base unit.

    Raises: UnknownUnion; UsageError for a rule that 说明 cannot answer either, an unknown measure, a value that is no
    number, a day that is past or more than ``LONGEST_DAYS`` ahead, or an empty reason or person.
    """
    now = ctx.settings.clock()
    expires_on = _day(expires)
    days = (expires_on - now.astimezone(SHANGHAI).date()).days
    if not 0 <= days <= LONGEST_DAYS:
        raise UsageError(f"--until {expires} must lie between today and {LONGEST_DAYS} days ahead")
    with ctx.engine.begin() as connection:
        stored.add_tolerance(
            connection,
            union_id=codes().unions.sender(union_id).id,
            rule=_tolerable(rule),
            measure_id=_measure(measure),
            limit_value=_limit(limit, measure),
            reason=mask_text(required(reason, "--reason")),
            person=required(person, "--person"),
            created_at=now,
            expires_on=expires_on,
        )
    return tolerances(ctx)


def end_tolerance(ctx: Context, tolerance_id: int, *, person: str) -> dict[str, Any]:
    """End a tolerance now; returns the list. Raises: UnknownTolerance."""
    with ctx.engine.begin() as connection:
        stored.end_tolerance(
            connection, tolerance_id, person=required(person, "--person"), ended_at=ctx.settings.clock()
        )
    return tolerances(ctx)


def tolerances(ctx: Context) -> dict[str, Any]:
    """``nuanliu.tolerances/1``: every tolerance ever given, with ``state`` running, expired or ended."""
    with ctx.engine.connect() as connection:
        rows = stored.list_tolerances(connection)
    today = ctx.settings.clock().astimezone(SHANGHAI).date()
    return {"schema": schemas.TOLERANCES, "tolerances": [_document(row, today) for row in rows]}


def required(text: str, option: str) -> str:
    """A text that somebody must give. Raises: UsageError when it is blank."""
    if not text.strip():
        raise UsageError(f"{option} must not be empty")
    return text.strip()


def _document(row: dict[str, Any], today: date) -> dict[str, Any]:
    state = "ended" if row["ended_at"] else "running" if row["expires_on"] >= today else "expired"
    return {
        "tolerance_id": row["tolerance_key"],
        "union_id": row["union_id"],
        "rule": row["rule"],
        "measure": row["measure_id"],
        "limit": None if row["limit_value"] is None else f"{row['limit_value']:f}",
        "reason": row["reason"],
        "person": row["person"],
        "created_at": row["created_at"].isoformat(),
        "expires_on": row["expires_on"].isoformat(),
        "ended_by": row["ended_by"],
        "state": state,
    }


def _tolerable(rule: str) -> str:
    try:
        found = rule_registry()[rule]
    except BrokenContract as error:
        raise UsageError(f"no rule {rule!r}; docs/rules.md lists them") from error
    if not found.releasable:
        raise UsageError(f"{rule} is never released: what it asks about must be mended in the file")
    if found.needs_own_explanation:
        raise UsageError(f"{rule} is released by a 说明 on the row alone: a tolerance would count activities twice")
    return rule


def _measure(text: str | None) -> str | None:
    if text is None:
        return None
    measures = codes().measures
    found = measures.find(text) or next((measure for measure in measures if measure.header == text), None)
    if found is None:
        raise UsageError(f"unknown measure {text!r}; nearest: {', '.join(measures.nearest(text)) or 'none'}")
    return found.id


def _limit(text: str | None, measure: str | None) -> Decimal | None:
    if text is None:
        return None
    if measure is None:
        raise UsageError("--limit needs --measure: a value means nothing without its unit")
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise UsageError(f"--limit {text!r} is not a number") from error
    if not value.is_finite() or value < 0:
        raise UsageError(f"--limit {text!r} is not a number of zero or more")
    return value


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is not a day; write it as 2025-03-31") from error
