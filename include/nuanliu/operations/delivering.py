"""Send what waits in the outbox, each mail at most once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from nuanliu.errors import MailRefused, MailUnavailable, MailUncertain

if TYPE_CHECKING:
    from nuanliu.operations.context import Context


def deliver_outbox(ctx: Context) -> dict[str, Any]:
    """Send every pending mail once. A second delivery at the same time leaves the work to the first.

    Returns: counts of this run: sent, retry (still pending), refused, uncertain, and ``busy``.
    Raises: MailUnavailable after trying all, when every mail of this run failed for a passing reason.
    """
    from nuanliu.warehouse.locks import alone_delivering

    with alone_delivering(ctx.engine) as is_free:
        if not is_free:
            return {"busy": True, "sent": 0, "retry": 0, "refused": 0, "uncertain": 0}
        return _deliver(ctx)


def _deliver(ctx: Context) -> dict[str, Any]:
    from nuanliu.storage.mail import SmtpServer, send_message
    from nuanliu.warehouse.outbox import mark_interrupted, settle_mail, take_pending

    server = SmtpServer.from_url(ctx.settings.smtp_url)
    counts = {"sent": 0, "retry": 0, "refused": 0, "uncertain": mark_interrupted(ctx.engine)}
    problem: MailUnavailable | None = None
    for mail in take_pending(ctx.engine):
        try:
            send_message(server, sender=ctx.settings.mail_from, recipient=mail.recipient, message=mail.message)
        except MailUnavailable as error:
            problem = error
            counts["retry"] += 1
            settle_mail(ctx.engine, mail.mail_key, state="pending", error=error.message)
        except MailRefused as error:
            counts["refused"] += 1
            settle_mail(ctx.engine, mail.mail_key, state="refused", error=error.message)
        except MailUncertain as error:
            counts["uncertain"] += 1
            settle_mail(ctx.engine, mail.mail_key, state="uncertain", error=error.message)
        else:
            counts["sent"] += 1
            settle_mail(ctx.engine, mail.mail_key, state="sent", sent_at=datetime.now(UTC))
    if problem is not None and not counts["sent"]:
        raise problem
    return {"busy": False, **counts}
