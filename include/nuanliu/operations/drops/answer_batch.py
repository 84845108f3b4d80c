"""Answer some drops one after the other: one that fails stops none of the others, and is told of at the end."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Collection

from nuanliu.errors import NuanliuError, Permanent, Transient, UnknownObject
from nuanliu.intake.privacy.personal_data import mask_text
from nuanliu.operations.context import Context
from nuanliu.operations.drops.ingest_drop import ingest_drop
from nuanliu.warehouse.submissions.registry import claims_of

log = logging.getLogger(__name__)


class DropsUnanswered(Transient):
    """Some drops of a batch have no answer; trying again may help at least one."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__(describe_unanswered(reasons))
        self.reasons = reasons

    def __reduce__(self) -> tuple[type[DropsUnanswered], tuple[tuple[str, ...]]]:
        return (DropsUnanswered, (self.reasons,))


class DropsUnanswerable(Permanent):
    """Some drops of a batch have no answer, and trying again helps none of them."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__(describe_unanswered(reasons))
        self.reasons = reasons

    def __reduce__(self) -> tuple[type[DropsUnanswerable], tuple[tuple[str, ...]]]:
        return (DropsUnanswerable, (self.reasons,))


def describe_unanswered(reasons: Collection[str]) -> str:
    """One line for all of them. ``reasons``: number and error of each."""
    return f"{len(reasons)} of the batch stay without an answer: {'; '.join(reasons)}"


def answer_batch(ctx: Context, object_ids: Collection[int]) -> None:
    """Answer each of some claims, in the order given.

    Those that were tried more often come last: one that ends the process, and not only its own answer, must not do so to the
    others when the batch is tried again. One alone fails by its own error. A second call finds what is answered already.
    Raises: DropsUnanswered, DropsUnanswerable; of one alone: as ``ingest_drop``.
    """
    if len(object_ids) == 1:
        for object_id in object_ids:
            ingest_drop(ctx, object_id)
        return
    with ctx.engine.connect() as connection:
        claims = claims_of(connection, object_ids)
    attempts = {claim.object_id: claim.attempt_count for claim in claims}
    failures: dict[int, Exception] = {}
    for object_id in sorted((each for each in object_ids if each in attempts), key=lambda each: attempts[each]):
        try:
            ingest_drop(ctx, object_id)
        except UnknownObject:
            log.info("Object %s was taken back before it was read", object_id)
        except NuanliuError as error:
            log.warning("Object %s stays without an answer: %s", object_id, error.message)
            failures[object_id] = error
        except Exception as error:  # noqa: BLE001  # whatever it is, it ends this one only
            # The text of a foreign error may quote a cell.
            log.error("Object %s stays without an answer\n%s", object_id, mask_text(traceback.format_exc()))  # noqa: TRY400
            failures[object_id] = error
    if not failures:
        return
    reasons = tuple(f"{object_id} {_name(error)}" for object_id, error in failures.items())
    if all(isinstance(error, Permanent) for error in failures.values()):
        raise DropsUnanswerable(reasons)
    raise DropsUnanswered(reasons)


def _name(error: Exception) -> str:
    return error.message if isinstance(error, NuanliuError) else type(error).__name__
