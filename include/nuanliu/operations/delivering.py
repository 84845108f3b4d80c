"""Send what waits in the outbox, each mail at most once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from nuanliu.errors import MailRefused, MailUnavailable, MailUncertain

if TYPE_CHECKING:
    from nuanliu.operations.context import Context

_DELIVERY_LOCK = 7240_0001
"""Advisory lock number: one delivery at a time, so that a mail found ``sending`` belongs to a dead process."""


def deliver_outbox(ctx: Context) -> dict[str, Any]:
    """Send every pending mail once. A second delivery at the same time leaves the work to the first.

    Returns: counts of this run: sent, retry (still pending), refused, uncertain, and ``busy``.
    Raises: MailUnavailable after trying all, when every mail of this run failed for a passing reason.
    """
    from sqlalchemy import text

    with ctx.engine.connect() as guard:
        if not guard.execute(text("select pg_try_advisory_lock(:number)"), {"number": _DELIVERY_LOCK}).scalar():
            return {"busy": True, "sent": 0, "retry": 0, "refused": 0, "uncertain": 0}
        try:
            return _deliver(ctx)
        finally:
            guard.execute(text("select pg_advisory_unlock(:number)"), {"number": _DELIVERY_LOCK})


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
