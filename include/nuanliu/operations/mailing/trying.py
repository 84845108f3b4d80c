"""One mail to one address, now: does the mail server of the settings take it?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from nuanliu.domain import schemas
from nuanliu.reporting.mail.mail_message import message_id_for, new_message
from nuanliu.settings import Settings
from nuanliu.storage.mail import SmtpServer, connected, send_message

_TEXT = "这是暖流的试发邮件:邮件服务器和发件人的设置可用。收到后不必回复。\n"


def try_mail(settings: Settings, recipient: str) -> dict[str, Any]:
    """Send it beside the outbox, which knows nothing of it; each call sends one. Returns ``nuanliu.mail_trial/1``.

    Raises: InvalidSetting, and what ``send_message`` does.
    """
    server = SmtpServer.from_url(settings.smtp_url)
    now = datetime.now(UTC)
    mail = new_message(
        subject="【暖流】试发",
        sender=settings.mail_from,
        recipient=recipient,
        message_id=message_id_for(f"trial/{now.isoformat()}", recipient, settings.mail_from),
        date=now,
    )
    mail.set_content(_TEXT)
    with connected(server) as smtp:
        send_message(smtp, sender=settings.mail_from, recipient=recipient, message=mail.as_bytes())
    return {
        "schema": schemas.MAIL_TRIAL,
        "server": f"{server.host}:{server.port}",
        "sender": settings.mail_from,
        "recipient": recipient,
    }
