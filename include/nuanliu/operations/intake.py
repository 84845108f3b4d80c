"""Answer everything that waits, through the same functions as the DAG."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nuanliu.operations.claiming import claim_waiting
from nuanliu.operations.ingest_drop import ingest_drop
from nuanliu.operations.roll_up import roll_up_week

if TYPE_CHECKING:
    from collections.abc import Callable

    from nuanliu.operations.context import Context

SCHEMA = "nuanliu.intake/1"


def take_all(ctx: Context, progress: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """Claim, answer, and roll up every week that was touched. Two at once share the work: each drop is locked by its week.

    Returns ``nuanliu.intake/1``: the receipts in order of arrival.
    """
    from nuanliu.warehouse.receipts_store import receipt_of

    receipts = []
    weeks: dict[str, None] = {}
    claims = claim_waiting(ctx)
    for number, claim in enumerate(claims, start=1):
        outcome = ingest_drop(ctx, claim.object_id)
        weeks.update(dict.fromkeys(outcome.weeks))
        progress(f"[{number}/{len(claims)}] {claim.union_id} {claim.file_name}: {outcome.status} {outcome.receipt_no}")
        with ctx.engine.connect() as connection:
            stored = receipt_of(connection, claim.object_id)
        if stored is not None:
            receipts.append(stored.receipt.as_json())
    for week in sorted(weeks):
        progress(f"rolling up {week}")
        roll_up_week(ctx, week)
    return {"schema": SCHEMA, "receipts": receipts}
