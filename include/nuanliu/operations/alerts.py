"""One clear mail to the engineers when something needs a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nuanliu.operations.recipients import read_recipients

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nuanliu.operations.context import Context


def raise_alert(ctx: Context, *, purpose: str, title: str, lines: Sequence[str]) -> int:
    """Put one alert for each engineer into the outbox; the same purpose is raised once. Returns how many were new.

    ``lines`` must hold no cell values and no personal data: union, receipt number, rule and place are enough.
    """
    from nuanliu.reporting.mail_message import message_id_for, new_message
    from nuanliu.warehouse.outbox import enqueue

    created_at = ctx.settings.clock()
    new = 0
    with ctx.engine.begin() as connection:
        for recipient in read_recipients(ctx.settings.recipients):
            if recipient.role != "engineer":
                continue
            message_id = message_id_for(f"alert/{purpose}", recipient.address, ctx.settings.mail_from)
            mail = new_message(
                subject=f"【暖流】{title}",
                sender=ctx.settings.mail_from,
                recipient=recipient.address,
                message_id=message_id,
                date=created_at,
            )
            mail.set_content("\n".join([title, "", *lines, ""]))
            new += enqueue(
                connection,
                purpose=f"alert/{purpose}",
                recipient=recipient.address,
                message_id=message_id,
                message=mail.as_bytes(),
                created_at=created_at,
            )
    return new
