"""One clear mail to the engineers when something needs a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.operations.context import Context
from nuanliu.operations.mailing.recipients import recipients_of
from nuanliu.reporting.mail.mail_message import message_id_for, new_message
from nuanliu.settings import SHANGHAI
from nuanliu.warehouse.mail.outbox import enqueue
from nuanliu.warehouse.marts.editions import weeks_told_since_their_edition


def raise_alert(ctx: Context, *, purpose: str, title: str, lines: Sequence[str]) -> int:
    """Put one alert for each engineer into the outbox; the same purpose is raised once. Returns how many were new.

    ``lines`` must hold no cell values and no personal data: union, receipt number, rule and place are enough.
    """
    created_at = ctx.settings.clock()
    new = 0
    with ctx.engine.begin() as connection:
        for recipient in recipients_of("engineer", ctx.settings.recipients):
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


_GATE = "gate"


def tell_gate_closed(ctx: Context, edition: Mapping[str, Any]) -> int:
    """Tell the engineers that a week was not published, once a day, whoever tried. Returns how many mails were new.

    ``edition``: a ``nuanliu.edition/1`` that is ``held``.
    """
    day = ctx.settings.clock().astimezone(SHANGHAI).date()
    week = edition["week"]
    return raise_alert(ctx, purpose=f"{_GATE}/{week}/{day}", title=f"{week} 周报未发布", lines=[edition["reason"]])


def held_weeks(connection: Connection) -> list[ReportingWeek]:
    """Published weeks of which the engineers were told that they were not published again, and still are not; ascending."""
    return weeks_told_since_their_edition(connection, f"alert/{_GATE}")
