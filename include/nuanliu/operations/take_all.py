"""Answer everything that waits, through the same functions as the DAG."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from nuanliu.domain import schemas
from nuanliu.errors import NuanliuError, UnknownObject
from nuanliu.intake.privacy.personal_data import mask_text
from nuanliu.operations.context import Context
from nuanliu.operations.drops.claiming import claim_waiting
from nuanliu.operations.drops.ingest_drop import DropOutcome, ingest_drop
from nuanliu.operations.weeks.roll_up import roll_up_week
from nuanliu.warehouse.marts.weeks_pending import pending_weeks
from nuanliu.warehouse.submissions.receipts_store import receipt_of

Progress = Callable[[str], None]


log = logging.getLogger(__name__)


def take_all(ctx: Context, progress: Progress = lambda _: None) -> dict[str, Any]:
    """Claim, answer in order of arrival, and roll up every week that waits for it.

    Two at once share the work: each receipt is listed by the one that answered it.

    Weeks that an earlier intake touched and did not roll up, because it was killed or failed, are among them.
    Returns ``nuanliu.intake/1``: the receipts in order of arrival, and ``failures``: what went wrong and is tried again by
    the next intake, as ``object_id`` (null: no claim, but an object that cannot be read, or a week) and ``message``, with
    ``unexpected`` true for an error that nobody foresaw, whose traceback is in the log. No failure stops the others.
    Raises: BucketUnavailable, WarehouseUnavailable when claiming ends by it.
    """
    receipts: list[dict[str, Any]] = []
    failures: list[dict[str, Any]] = []

    def note(subject: str, text: str, object_id: int | None = None, **more: Any) -> None:
        message = f"{subject}: {text}"
        failures.append({"object_id": object_id, "message": message, **more})
        progress(message)

    def list_receipt(outcome: DropOutcome) -> None:
        with ctx.engine.connect() as connection:
            stored = receipt_of(connection, outcome.object_id)
        if stored is not None:
            receipts.append(stored.receipt.as_json())

    claims = claim_waiting(ctx, on_unreadable=lambda text: note("not claimed", text))
    for number, claim in enumerate(claims, start=1):
        subject = f"{claim.union_id} {claim.file_name}"
        with (
            _going_on(subject, note, claim.object_id),
            suppress(UnknownObject),
        ):  # taken back before another intake read it
            outcome = ingest_drop(ctx, claim.object_id, list_receipt)
            progress(f"[{number}/{len(claims)}] {subject}: {outcome.status} {outcome.receipt_no}")
    with ctx.engine.connect() as connection:
        weeks = pending_weeks(connection)
    for week in weeks:
        progress(f"rolling up {week}")
        with _going_on(week, note):
            roll_up_week(ctx, week, compares=False)
    return {"schema": schemas.INTAKE, "receipts": receipts, "failures": failures}


@contextmanager
def _going_on(subject: str, note: Callable[..., None], object_id: int | None = None) -> Iterator[None]:
    """Note the error that ends the block: one drop or week that fails must not keep the others waiting."""
    try:
        yield
    except NuanliuError as error:
        note(subject, error.message, object_id)
    except Exception as error:  # noqa: BLE001  # whatever it is, it ends this one only
        # The text of a foreign error may quote a cell: the log gets it masked, the answer only its class and line.
        log.error("%s\n%s", subject, mask_text(traceback.format_exc()))  # noqa: TRY400
        frame = traceback.extract_tb(error.__traceback__)[-1]
        text = f"{type(error).__name__} in {Path(frame.filename).name}:{frame.lineno}, traceback in the log"
        note(subject, text, object_id, unexpected=True)
