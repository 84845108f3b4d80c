"""One clear mail to the engineers when something needs a person."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from typing import TYPE_CHECKING

from nuanliu.operations.recipients import read_recipients

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nuanliu.operations.context import Context


def raise_alert(ctx: Context, *, purpose: str, title: str, lines: Sequence[str]) -> int:
    """Put one alert for each engineer into the outbox; the same purpose is raised once. Returns how many were new.

    ``lines`` must hold no cell values and no personal data: union, receipt number, rule and place are enough.
    """
    from nuanliu.warehouse.outbox import enqueue

    created_at = ctx.settings.clock()
    new = 0
    with ctx.engine.begin() as connection:
        for recipient in read_recipients(ctx.settings.recipients):
            if recipient.role != "engineer":
                continue
            mail = EmailMessage(policy=SMTP)
            mail["Subject"] = " ".join(f"【暖流】{title}".split())
            mail["From"] = ctx.settings.mail_from
            mail["To"] = recipient.address
            mail["Date"] = format_datetime(created_at)
            mail["Message-ID"] = make_msgid(domain=ctx.settings.mail_from.rpartition("@")[2])
            mail.set_content("\n".join([title, "", *lines, ""]))
            new += enqueue(
                connection,
                purpose=f"alert/{purpose}",
                recipient=recipient.address,
                message_id=str(mail["Message-ID"]),
                message=mail.as_bytes(),
                created_at=created_at,
            )
    return new
