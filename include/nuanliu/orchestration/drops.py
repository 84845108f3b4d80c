"""What the ingest tasks hand to each other: references, never contents."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from nuanliu.domain.checked import FileStatus
from nuanliu.orchestration.notifications import send_alert
from nuanliu.settings import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from nuanliu.operations.context import Context
    from nuanliu.operations.drops.claiming import Claim
    from nuanliu.operations.drops.outcomes import Answer

BATCH = 500
"""Drops of one run: Airflow maps at most ``core.max_map_length`` (1024) tasks. What is left waits unclaimed, so that the
watcher sees it and announces it again.
"""
MOST_ALONE = 20
"""So many drops have a task each, as one expects to see them. Beyond, small ones share: a task costs Airflow more than the
answer to a small file costs us.
"""
TOGETHER = 5
"""Small drops that share a task when there are many."""
SMALL_BYTES = 200_000
"""A larger one has a task of its own: its answer takes seconds, and others would wait behind it."""
_LONGEST_LABEL = 250
"""What Airflow keeps of a label (``task_instance.rendered_map_index``)."""


def claim_batches(ctx: Context, events: Iterable[Any] = ()) -> list[dict[str, Any]]:
    """Claim the drops of one run and return what ``make_batches`` makes of them.

    ``events``: the watcher's that started the run; which files are whole stands in them.
    Objects that cannot be read stop nobody else; the engineers are told of the same ones once a day.
    Raises: BucketUnavailable, WarehouseUnavailable.
    """
    from nuanliu.operations.drops.claiming import claim_waiting

    unreadable: list[str] = []
    batches = make_batches(claim_waiting(ctx, limit=BATCH, whole=whole_marks(events), on_unreadable=unreadable.append))
    if unreadable:
        day = ctx.settings.clock().astimezone(SHANGHAI).date()
        which = hashlib.sha256("\n".join(unreadable).encode()).hexdigest()[:12]
        send_alert(  # never fails: an alert that cannot be written must not stop the claims either
            purpose=f"ingest/unreadable/{day}/{which}",
            title=f"{len(unreadable)} 个投递文件读不出来",
            lines=[*unreadable, "其余文件照常受理。请检查这些文件的访问权限和所在磁盘;修好后自动受理。"],
        )
    return batches


def whole_marks(events: Iterable[Any]) -> set[str]:
    """Marks of files that the watcher's events call whole; an event by hand says nothing."""
    told = [(event.extra or {}).get("payload") for event in events]
    return {mark for payload in told if isinstance(payload, dict) for mark in payload.get("whole", ())}


def make_batches(claims: Sequence[Claim]) -> list[dict[str, Any]]:
    """What each task of a run answers, in the order of its first drop: ``drops`` (``object_id``, ``label`` with the file's
    name, masked already) and the ``label`` of the task list.

    One drop each; when more than MOST_ALONE wait, small ones by TOGETHER. One that failed before has a task of its own.
    """
    is_sharing = len(claims) > MOST_ALONE
    small = [claim for claim in claims if is_sharing and claim.size_bytes <= SMALL_BYTES and not claim.attempt_count]
    shared = [small[first : first + TOGETHER] for first in range(0, len(small), TOGETHER)]
    alone = [[claim] for claim in claims if claim not in small]
    place = {claim.object_id: number for number, claim in enumerate(claims)}
    return [_batch(group) for group in sorted([*shared, *alone], key=lambda group: place[group[0].object_id])]


def _batch(claims: Sequence[Claim]) -> dict[str, Any]:
    drops: list[dict[str, Any]] = [
        {"object_id": claim.object_id, "label": f"{claim.union_id} {claim.file_name}"} for claim in claims
    ]
    room = _LONGEST_LABEL // len(drops) - 1
    return {"drops": drops, "label": "、".join(_shortened(drop["label"], room) for drop in drops)}


def _shortened(label: str, room: int) -> str:
    return label if len(label) <= room else f"{label[: room - 1]}…"


def drops_of(batches: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The drops of all batches."""
    return [drop for batch in batches for drop in batch["drops"]]


def read_outcome(ctx: Context, batches: Sequence[Mapping[str, Any]]) -> tuple[list[str], list[str]]:
    """What became of a run's drops, by the records: the lines of the alert, and the weeks that must be rolled up for them."""
    from nuanliu.operations.drops.outcomes import read_answers, weeks_to_tell

    drops = drops_of(batches)
    object_ids = [drop["object_id"] for drop in drops]
    return alert_lines(drops, read_answers(ctx, object_ids)), weeks_to_tell(ctx, object_ids)


def require_weeks(weeks: list[str]) -> list[str]:
    """The weeks again. Raises: AirflowSkipException when there are none: an event without a partition starts nothing."""
    from airflow.sdk.exceptions import AirflowSkipException

    if not weeks:
        raise AirflowSkipException("no week waits for a roll-up because of this run's files")
    return weeks


def show_label(context: Any, batch: Mapping[str, Any]) -> None:
    """Let the task list name what a mapped task answers. The template reads ``batch_label``; what it would give is told to the
    task itself too, so that Airflow sends it with the outcome and not in a call of its own.
    """
    context["batch_label"] = context["ti"].rendered_map_index = batch["label"]


def alert_lines(drops: Sequence[Mapping[str, Any]], answers: Mapping[int, Answer]) -> list[str]:
    """One line for each drop that was not answered, or was answered with held or rejected. ``answers``: by object id, as
    ``read_answers`` gives them.
    """
    found = [(drop, answers[drop["object_id"]]) for drop in drops if drop["object_id"] in answers]
    unanswered = [
        f"没有回执:登记号 {drop['object_id']}({drop['label']})" for drop, answer in found if not answer.is_complete
    ]
    refused = [
        f"{_STATUS[answer.status]}:{answer.union_id},回执 {answer.receipt_no}"
        for _, answer in found
        if answer.is_complete and answer.status in _STATUS
    ]
    return unanswered + refused


_STATUS = {FileStatus.HELD.value: "待说明", FileStatus.REJECTED.value: "退回"}
