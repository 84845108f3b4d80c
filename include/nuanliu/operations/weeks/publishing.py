"""Publish a week: the gate, an immutable edition, and a mail for each leader through the outbox."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml
from sqlalchemy import Connection

from nuanliu.contract.reloading import reloads_with_data
from nuanliu.domain import schemas
from nuanliu.domain.documents import CoverageEntry, EditionDocument, ReconcileDocument, RollupDocument
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.operations.context import Context
from nuanliu.operations.mailing.delivering import deliver_outbox
from nuanliu.operations.mailing.recipients import recipients_of
from nuanliu.operations.weeks.reconciling import reconcile_at_rest
from nuanliu.operations.weeks.roll_up import roll_up_week
from nuanliu.reporting.mail.mail_message import compose_summary_mail, message_id_for
from nuanliu.reporting.summary.files import render_summary_files
from nuanliu.settings import INCLUDE_DIR
from nuanliu.warehouse.mail.outbox import enqueue
from nuanliu.warehouse.marts.editions import (
    Edition,
    latest_edition,
    lock_edition,
    propose_edition,
    read_editions,
    save_edition,
)
from nuanliu.warehouse.marts.figures import week_document
from nuanliu.warehouse.marts.week_notes import week_notes


@dataclass(frozen=True)
class Gate:
    """When a week may be published; contracts/publication.yaml."""

    min_answered_unions: int
    require_clean_reconcile: bool
    require_approval: bool
    """Whether a person must approve an edition before its mails leave."""

    def refusal(self, coverage: CoverageEntry, reconciled: ReconcileDocument) -> str | None:
        """Why a week may not be published, in Chinese; None when it may."""
        answered = coverage["reported"] + coverage["confirmed_zero"]
        if answered < self.min_answered_unions:
            who = f"只有 {answered} 家已报送(至少 {self.min_answered_unions} 家)" if answered else "没有一家已报送"
            return f"应报 {coverage['expected']} 家中{who},暂不发布"
        if self.require_clean_reconcile and not reconciled["ok"]:
            return f"对账不平({len(reconciled['differences'])} 处差异),暂不发布"
        return None


@reloads_with_data
@cache
def publication_gate() -> Gate:
    """The project's own gate."""
    data = yaml.safe_load((INCLUDE_DIR / "contracts" / "publication.yaml").read_text("utf-8"))
    return Gate(data["min_answered_unions"], data["require_clean_reconcile"], data["require_approval"])


def publish_week(ctx: Context, week: str, *, send: bool) -> EditionDocument:
    """Publish the next edition of a week if anything changed, and mail it when ``send``.

    Repeating it publishes and mails nothing twice. Returns ``nuanliu.edition/1``; ``held`` says that the gate closed.
    Raises: InvalidWeek, MailUnavailable (the edition stands, its mails wait in the outbox).
    """
    wanted = ReportingWeek.parse(week)
    document = roll_up_week(ctx, week)
    refusal = publication_gate().refusal(document["coverage"], reconcile_at_rest(ctx))
    if refusal is not None:
        return _answer(week, edition=None, published=False, reason=refusal, held=True)
    with ctx.engine.begin() as connection:
        # Under the week's lock until the commit: two publications cannot take one number, and what goes out is what the
        # warehouse says now, not what it said before it was reconciled.
        lock_edition(connection, wanted)
        proposal = propose_edition(connection, week_document(connection, wanted))
        if proposal is not None:
            answer = _publish(ctx, connection, wanted, proposal)
        else:
            last = latest_edition(connection, wanted)
            answer = _unchanged(week, last)
    if send and answer["edition"] is not None:
        answer["mails"] = mail_edition(ctx, week, answer["edition"])
    return answer


def mail_edition(ctx: Context, week: str, edition: int) -> dict[str, Any]:
    """Put one mail for each leader into the outbox, each only once, and send what waits there.

    Returns the delivery's counts. Raises: MailUnavailable when nothing could be sent for a passing reason.
    """
    with ctx.engine.begin() as connection:
        enqueue_mails(ctx, connection, ReportingWeek.parse(week), edition)
    return deliver_outbox(ctx)


def _unchanged(week: str, last: Edition | None) -> EditionDocument:
    return _answer(
        week,
        edition=last.number if last else None,
        published=False,
        reason="与上一版相比没有变化",
        files=list(last.files) if last else [],
    )


def _publish(ctx: Context, connection: Connection, week: ReportingWeek, document: RollupDocument) -> EditionDocument:
    published_at = ctx.settings.clock()
    number = document["edition"]
    notes = week_notes(connection, week)
    files = {
        f"reports/{week}/edition-{number}/{name}": data
        for name, data in render_summary_files(document, published_at=published_at, notes=notes).items()
    }
    for key, data in files.items():
        # Written before the edition is committed: a crash in between leaves files that the same number overwrites.
        ctx.bucket.write(key, data)
    save_edition(
        connection,
        document,
        files={key: hashlib.sha256(data).hexdigest() for key, data in files.items()},
        published_at=published_at,
        notes=notes,
    )
    missing = document["coverage"]["missing"]
    reason = f"不完整:{len(missing)} 家未报" if missing else "完整"
    return _answer(str(week), edition=number, published=True, reason=reason, files=list(files))


def enqueue_mails(ctx: Context, connection: Connection, week: ReportingWeek, number: int) -> None:
    """One mail for each leader and edition; the outbox takes each only once."""
    edition = next(edition for edition in read_editions(connection, week) if edition.number == number)
    purpose = edition_purpose(week, number)
    files = {key.rsplit("/", 1)[-1]: ctx.bucket.read(key) for key in edition.files}
    for recipient in recipients_of("leader", ctx.settings.recipients):
        message_id = message_id_for(purpose, recipient.address, ctx.settings.mail_from)
        message = compose_summary_mail(
            edition.document,
            files=files,
            sender=ctx.settings.mail_from,
            recipient=recipient.address,
            message_id=message_id,
            date=edition.published_at,
            notes=edition.notes,
        )
        enqueue(
            connection,
            purpose=purpose,
            recipient=recipient.address,
            message_id=message_id,
            message=message.as_bytes(),
            created_at=ctx.settings.clock(),
        )


def edition_purpose(week: ReportingWeek, number: int) -> str:
    """What the outbox calls the mails of an edition."""
    return f"edition/{week}/{number}"


def _answer(
    week: str, *, edition: int | None, published: bool, reason: str, files: list[str] | None = None, held: bool = False
) -> EditionDocument:
    return {
        "schema": schemas.EDITION,
        "week": week,
        "edition": edition,
        "published": published,
        "held": held,
        "reason": reason,
        "files": sorted(files or []),
    }
