"""See a week's summary before it is published, as files or as a mail to oneself; nothing is published by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

from nuanliu.domain import schemas
from nuanliu.domain.documents import EditionDocument, NotesDocument, RollupDocument
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.errors import UsageError
from nuanliu.operations.context import Context
from nuanliu.operations.mailing.delivering import deliver_outbox
from nuanliu.operations.mailing.publication_plan import FORMS, publication_plans
from nuanliu.operations.mailing.recipients import is_address
from nuanliu.operations.weeks.publishing import as_at_one_moment, completeness, edition_notes
from nuanliu.reporting.mail.mail_message import compose_summary_mail, message_id_for
from nuanliu.reporting.summary.files import render_summary_files
from nuanliu.warehouse.mail.outbox import enqueue, state_of
from nuanliu.warehouse.marts.editions import latest_edition, says_something_new
from nuanliu.warehouse.sources.week_sources import read_sources

_TRIAL = "试发:这不是正式周报,只发给您一人,请勿转发。"


@dataclass(frozen=True)
class Preview:
    """What the next edition would be; where nothing has changed, the last one, as it was published."""

    document: RollupDocument
    notes: NotesDocument
    files: dict[str, bytes]
    at: datetime
    reason: str


def preview_week(ctx: Context, week: str, folder: Path | None = None) -> EditionDocument:
    """Write the four files of the next edition to a folder (``var/previews/<week>`` without one): no edition, no mail.

    Returns ``nuanliu.edition/1`` whose ``files`` are paths; its ``reason`` tells of a closed gate. Raises: InvalidWeek, UsageError
    for a folder that cannot be written, as ``publish_week`` else.
    """
    preview = _preview(ctx, ReportingWeek.parse(week))
    return _answer(preview, _written(preview, folder or ctx.settings.var / "previews" / week))


def send_trial(ctx: Context, week: str, address: str) -> EditionDocument:
    """Mail the next edition to one address, marked as a trial, with every form that a plan attaches: through the outbox, at most
    once, as every mail.

    Returns ``nuanliu.edition/1`` with ``trial``: address and what became of the mail. Raises: InvalidWeek, UsageError,
    MailUnavailable (the mail waits in the outbox).
    """
    if not is_address(address):
        raise UsageError(f"--to {address!r} is no mail address; write it as name@example.com")
    preview = _preview(ctx, ReportingWeek.parse(week))
    purpose = f"trial/{week}/{token_hex(6)}"  # each call is a mail of its own
    planned = {form for plan in publication_plans() for form in plan.forms}
    message_id = message_id_for(purpose, address, ctx.settings.mail_from)
    message = compose_summary_mail(
        preview.document,
        files=preview.files,
        sender=ctx.settings.mail_from,
        recipient=address,
        message_id=message_id,
        date=preview.at,
        notes=preview.notes,
        forms=[form for form in FORMS if form in planned],
        trial=_TRIAL,
    )
    with ctx.engine.begin() as connection:
        enqueue(
            connection,
            purpose=purpose,
            recipient=address,
            message_id=message_id,
            message=message.as_bytes(),
            created_at=ctx.settings.clock(),
        )
    counts: dict[str, Any] = deliver_outbox(ctx)
    with ctx.engine.connect() as connection:
        state = state_of(connection, message_id)
    return {**_answer(preview, []), "mails": counts, "trial": {"to": address, "state": state}}


def _preview(ctx: Context, week: ReportingWeek) -> Preview:
    now = ctx.settings.clock()
    with as_at_one_moment(ctx, week) as (connection, document, refusal):
        last = latest_edition(connection, week)
        if last is not None and not says_something_new(document, last.document):
            files = {key.rsplit("/", 1)[-1]: ctx.bucket.read(key) for key in last.files}
            return Preview(last.document, last.notes, files, last.published_at, "与上一版相比没有变化,这里是上一版")
        notes = edition_notes(connection, document, now, is_mailed=True)
        sources = read_sources(connection, week)
    unpublished: RollupDocument = {**document, "edition": None}
    files = render_summary_files(unpublished, published_at=now, notes=notes, sources=sources)
    reason = f"现在发布会是:{completeness(document)}" if refusal is None else f"现在不能发布:{refusal}"
    return Preview(unpublished, notes, files, now, reason)


def _written(preview: Preview, folder: Path) -> list[str]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in preview.files.items():
            (folder / name).write_bytes(data)
    except OSError as error:
        raise UsageError(f"cannot write {folder}: {error.strerror}") from error
    return sorted(str(folder / name) for name in preview.files)


def _answer(preview: Preview, files: list[str]) -> EditionDocument:
    return {
        "schema": schemas.EDITION,
        "week": preview.document["week"],
        "edition": preview.document["edition"],
        "published": False,
        "held": False,
        "reason": preview.reason,
        "files": files,
    }
