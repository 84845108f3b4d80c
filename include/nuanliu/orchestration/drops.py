"""What the ingest tasks hand to each other: references, never contents."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from nuanliu.domain.checked import FileStatus
from nuanliu.orchestration.notifications import send_alert
from nuanliu.orchestration.partitions import union_week_keys
from nuanliu.settings import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nuanliu.operations.context import Context
    from nuanliu.operations.drops.claiming import Claim
    from nuanliu.operations.drops.ingest_drop import DropOutcome

BATCH = 500
"""Drops of one run: Airflow maps at most ``core.max_map_length`` (1024) tasks. What is left waits unclaimed, so that the
watcher sees it and announces it again.
"""


def claim_batch(ctx: Context) -> list[dict[str, Any]]:
    """Claim the drops of one run and return what ``next_batch`` makes of them.

    Objects that cannot be read stop nobody else; the engineers are told of the same ones once a day.
    Raises: BucketUnavailable, WarehouseUnavailable.
    """
    from nuanliu.operations.drops.claiming import claim_waiting

    unreadable: list[str] = []
    drops = next_batch(claim_waiting(ctx, limit=BATCH, on_unreadable=unreadable.append))
    if unreadable:
        day = ctx.settings.clock().astimezone(SHANGHAI).date()
        which = hashlib.sha256("\n".join(unreadable).encode()).hexdigest()[:12]
        send_alert(  # never fails: an alert that cannot be written must not stop the claims either
            purpose=f"ingest/unreadable/{day}/{which}",
            title=f"{len(unreadable)} 个投递文件读不出来",
            lines=[*unreadable, "其余文件照常受理。请检查这些文件的访问权限和所在磁盘;修好后自动受理。"],
        )
    return drops


def next_batch(claims: Sequence[Claim]) -> list[dict[str, Any]]:
    """The drops of this run: ``object_id`` and a ``label`` for the task list. File names come masked already."""
    return [{"object_id": claim.object_id, "label": f"{claim.union_id} {claim.file_name}"} for claim in claims]


def touched_partitions(outcome: DropOutcome) -> list[str]:
    """The ``union_week`` partitions of one drop.

    The week it was filed under counts always: a drop that brings no facts still changes who has reported.
    """
    return union_week_keys(outcome.union_id, {outcome.week, *outcome.weeks} - {""})


def outcome_reference(outcome: DropOutcome) -> dict[str, Any]:
    """What later tasks and people in the UI see of a drop."""
    return {
        "object_id": outcome.object_id,
        "receipt_no": outcome.receipt_no,
        "union_id": outcome.union_id,
        "status": str(outcome.status),
    }


def alert_lines(drops: Sequence[dict[str, Any]], outcomes: Sequence[dict[str, Any]]) -> list[str]:
    """One line for each drop that was not answered, or was answered with held or rejected."""
    answered = {outcome["object_id"] for outcome in outcomes}
    unanswered = [
        f"没有回执:登记号 {drop['object_id']}({drop['label']})" for drop in drops if drop["object_id"] not in answered
    ]
    refused = [
        f"{_STATUS[outcome['status']]}:{outcome['union_id']},回执 {outcome['receipt_no']}"
        for outcome in outcomes
        if outcome["status"] in _STATUS
    ]
    return unanswered + refused


_STATUS = {FileStatus.HELD.value: "待说明", FileStatus.REJECTED.value: "退回"}
