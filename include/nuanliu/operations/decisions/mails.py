"""Mails that may have arrived or were refused: what waits for a person, and what that person decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nuanliu.domain import schemas
from nuanliu.errors import UnknownMail
from nuanliu.operations.context import Context
from nuanliu.operations.mailing.delivering import deliver_outbox
from nuanliu.warehouse.mail.doubtful import dispose_mail, doubtful_mails
from nuanliu.warehouse.mail.outbox import count_pending


def list_mails(ctx: Context) -> dict[str, Any]:
    """Every mail that waits for a decision, oldest first, and how many wait to be sent."""
    with ctx.engine.connect() as connection:
        doubtful = doubtful_mails(connection)
    mails = [
        {
            "mail_id": mail.mail_key,
            "state": mail.state,
            "purpose": mail.purpose,
            "recipient": mail.recipient,
            "attempts": mail.attempt_count,
            "created_at": mail.created_at.isoformat(),
            "error": mail.last_error,
        }
        for mail in doubtful
    ]
    return {"schema": schemas.MAILS, "pending": count_pending(ctx.engine), "mails": mails}


def dispose_mails(ctx: Context, mail_ids: Sequence[int], *, resend: bool, person: str) -> dict[str, Any]:
    """Note a person's decision about all of these mails or none: never again, or once more.

    Mails to resend go out at once with everything else that waits; the decision stands when the server is away.
    Returns: what still waits, as ``list_mails``; with ``resend`` also ``delivered``, the delivery's counts.
    Raises: UnknownMail, MailUnavailable.
    """
    decision, now = "resend" if resend else "drop", ctx.settings.clock()
    with ctx.engine.begin() as connection:
        for mail_id in dict.fromkeys(mail_ids):
            if not dispose_mail(connection, mail_id, decision=decision, person=person, decided_at=now):
                raise UnknownMail(mail_id)
    delivered = {"delivered": deliver_outbox(ctx)} if resend else {}
    return {**list_mails(ctx), **delivered}
