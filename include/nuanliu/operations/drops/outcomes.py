"""What has become of some drops, read from the records: no task needs to tell the next."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from nuanliu.operations.context import Context
from nuanliu.warehouse.marts.weeks_pending import pending_weeks
from nuanliu.warehouse.submissions.receipts_store import verdicts_of
from nuanliu.warehouse.submissions.registry import claims_of


@dataclass(frozen=True)
class Answer:
    """What has become of a drop. ``receipt_no`` and ``status`` are empty while it has no answer; ``is_complete``: the receipt's
    files lie in the bucket too.
    """

    union_id: str
    receipt_no: str = ""
    status: str = ""
    is_complete: bool = False


def read_answers(ctx: Context, object_ids: Collection[int]) -> dict[int, Answer]:
    """By object id. One whose file was taken back before it was read is not among them: there is nothing to answer."""
    with ctx.engine.connect() as connection:
        claims = claims_of(connection, object_ids)
        verdicts = verdicts_of(connection, object_ids)
    return {
        claim.object_id: Answer(claim.union_id)
        if (said := verdicts.get(claim.object_id)) is None
        else Answer(
            claim.union_id,
            said.receipt_no,
            said.status,
            is_complete=claim.state != "claimed" and said.written_at is not None,
        )
        for claim in claims
    }


def weeks_to_tell(ctx: Context, object_ids: Collection[int]) -> list[str]:
    """The weeks that wait for a roll-up because of some drops, ascending."""
    with ctx.engine.connect() as connection:
        return pending_weeks(connection, object_ids)
