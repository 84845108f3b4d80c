"""催报: tell the unions that a week still waits for them, with their own open findings."""

from __future__ import annotations

from typing import Any

from nuanliu.domain import schemas
from nuanliu.operations.context import Context
from nuanliu.operations.mailing.delivering import deliver_outbox
from nuanliu.operations.mailing.recipients import recipients_of
from nuanliu.operations.weeks.inquiries import status
from nuanliu.reporting.mail.mail_message import message_id_for
from nuanliu.reporting.mail.reminder import compose_reminder
from nuanliu.settings import SHANGHAI
from nuanliu.warehouse.mail.outbox import enqueue
from nuanliu.warehouse.submissions.receipts_store import receipt_by_number

_OPEN_STATES = ("missing", "returned", "held")


def remind_unions(ctx: Context, week: str | None = None) -> dict[str, Any]:
    """Put one reminder per open union and address into the outbox and send it; once per day, union and week.

    Returns: week, the union ids reminded, those that no recipient is listed for, and the delivery's counts.
    """
    document = status(ctx, week)
    now = ctx.settings.clock()
    addresses: dict[str, list[str]] = {}
    for recipient in recipients_of("union", ctx.settings.recipients):
        if recipient.union_id:
            addresses.setdefault(recipient.union_id, []).append(recipient.address)
    still_open = [union for union in document["unions"] if union["expected"] and union["state"] in _OPEN_STATES]
    with ctx.engine.begin() as connection:
        for union in still_open:
            # What its state comes from: a later trial or repetition changes nothing, and asks for nothing.
            stored = receipt_by_number(connection, union["receipt_no"]) if union["receipt_no"] else None
            for address in addresses.get(union["union_id"], ()):
                purpose = f"reminder/{document['week']}/{union['union_id']}/{now.astimezone(SHANGHAI):%Y-%m-%d}"
                message_id = message_id_for(purpose, address, ctx.settings.mail_from)
                message = compose_reminder(
                    union=union,
                    week=document["week"],
                    receipt=stored.receipt if stored else None,
                    sender=ctx.settings.mail_from,
                    recipient=address,
                    message_id=message_id,
                    date=now,
                )
                enqueue(
                    connection,
                    purpose=purpose,
                    recipient=address,
                    message_id=message_id,
                    message=message.as_bytes(),
                    created_at=now,
                )
    return {
        "schema": schemas.REMINDERS,
        "week": document["week"],
        "reminded": [union["union_id"] for union in still_open if union["union_id"] in addresses],
        "without_address": [union["union_id"] for union in still_open if union["union_id"] not in addresses],
        "mails": deliver_outbox(ctx),
    }
