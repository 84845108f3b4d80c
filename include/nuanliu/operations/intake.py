"""Answer everything that waits, through the same functions as the DAG."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nuanliu.errors import NuanliuError
from nuanliu.operations.claiming import claim_waiting
from nuanliu.operations.ingest_drop import ingest_drop
from nuanliu.operations.roll_up import roll_up_week

if TYPE_CHECKING:
    from collections.abc import Callable

    from nuanliu.operations.context import Context

SCHEMA = "nuanliu.intake/1"


def take_all(ctx: Context, progress: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """Claim, answer, and roll up every week that was touched. Two at once share the work: each drop is locked by its week.

    Returns ``nuanliu.intake/1``: the receipts in order of arrival, and ``failures`` for drops that stay claimed and are
    tried again by the next intake.
    """
    from nuanliu.warehouse.receipts_store import receipt_of

    receipts, failures = [], []
    weeks: dict[str, None] = {}
    claims = claim_waiting(ctx)
    for number, claim in enumerate(claims, start=1):
        place = f"[{number}/{len(claims)}] {claim.union_id} {claim.file_name}"
        try:
            outcome = ingest_drop(ctx, claim.object_id)
        except NuanliuError as error:  # one drop that cannot be answered now must not keep the others waiting
            failures.append({"object_id": claim.object_id, "message": error.message})
            progress(f"{place}: {error.message}")
            continue
        weeks.update(dict.fromkeys(outcome.weeks))
        progress(f"{place}: {outcome.status} {outcome.receipt_no}")
        with ctx.engine.connect() as connection:
            stored = receipt_of(connection, claim.object_id)
        if stored is not None:
            receipts.append(stored.receipt.as_json())
    for week in sorted(weeks):
        progress(f"rolling up {week}")
        roll_up_week(ctx, week)
    return {"schema": SCHEMA, "receipts": receipts, "failures": failures}
