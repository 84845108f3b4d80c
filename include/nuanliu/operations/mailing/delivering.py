"""Send what waits in the outbox, each mail at most once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from nuanliu.errors import MailRefused, MailServerAway, MailUnavailable, MailUncertain
from nuanliu.operations.context import Context
from nuanliu.storage.mail import SmtpServer, connected, send_message
from nuanliu.warehouse.mail.outbox import count_pending, mark_interrupted, next_pending, record_outcome, take_mail
from nuanliu.warehouse.schema.locks import alone_delivering


def deliver_outbox(ctx: Context) -> dict[str, Any]:
    """Send every pending mail once. A second delivery at the same time leaves the work to the first.

    A server that is away ends the run: the mails that are left were not touched and wait for the next one.
    Returns: counts of this run: sent, retry (still pending), refused, uncertain, and ``busy``.
    Raises: MailUnavailable when nothing was sent and a mail failed for a passing reason.
    """
    with alone_delivering(ctx.engine) as is_free:
        if not is_free:
            return {"busy": True, "sent": 0, "retry": 0, "refused": 0, "uncertain": 0}
        return _deliver(ctx)


def _deliver(ctx: Context) -> dict[str, Any]:
    server = SmtpServer.from_url(ctx.settings.smtp_url)
    counts = {"sent": 0, "retry": 0, "refused": 0, "uncertain": mark_interrupted(ctx.engine)}
    problem: MailUnavailable | None = None
    last = 0
    while (mail_key := next_pending(ctx.engine, after=last)) is not None:
        last = mail_key
        try:
            counts["sent"] += _send(ctx, server, mail_key)
        except MailServerAway as error:
            problem = error
            counts["retry"] = count_pending(ctx.engine)
            break
        except MailUnavailable as error:
            problem = error
            counts["retry"] += 1
        except MailRefused:
            counts["refused"] += 1
        except MailUncertain:
            counts["uncertain"] += 1
    if problem is not None and not counts["sent"]:
        raise problem
    return {"busy": False, **counts}


def _send(ctx: Context, server: SmtpServer, mail_key: int) -> bool:
    """Send one mail and note what became of it; False when it was not pending any more. Raises: what send_message does.

    The server is there before the mail is taken: a process that is killed while it waits for one leaves the mail pending.
    """
    with connected(server) as smtp:
        mail = take_mail(ctx.engine, mail_key)
        if mail is None:
            return False
        try:
            send_message(smtp, sender=ctx.settings.mail_from, recipient=mail.recipient, message=mail.message)
        except (MailUnavailable, MailRefused, MailUncertain) as error:
            record_outcome(ctx.engine, mail_key, state=_state_after(error), error=error.message)
            raise
        record_outcome(ctx.engine, mail_key, state="sent", sent_at=datetime.now(UTC))
    return True


def _state_after(error: MailUnavailable | MailRefused | MailUncertain) -> str:
    if isinstance(error, MailUnavailable):
        return "pending"
    return "refused" if isinstance(error, MailRefused) else "uncertain"
