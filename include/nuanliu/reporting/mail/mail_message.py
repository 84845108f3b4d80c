"""Mails as RFC 5322 messages: HTML with a plain part, attachments with Chinese names (RFC 2231)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from hashlib import sha256

from nuanliu.domain.documents import NotesDocument, RollupDocument
from nuanliu.reporting.summary.building import build_summary
from nuanliu.reporting.templates import render

_XLSX = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def compose_summary_mail(
    document: RollupDocument,
    *,
    files: Mapping[str, bytes],
    sender: str,
    recipient: str,
    message_id: str,
    date: datetime,
    notes: NotesDocument | None = None,
) -> EmailMessage:
    """The weekly mail of one edition to one leader.

    ``document``: ``nuanliu.rollup/1`` as published; ``files``: the edition's files, of which ``summary.html`` becomes
    the HTML part and ``summary.xlsx`` the attachment. ``notes``: those that its files were rendered with.
    """
    summary = build_summary(document, notes)
    mail = new_message(subject=summary.title, sender=sender, recipient=recipient, message_id=message_id, date=date)
    mail.set_content(render("summary.txt.j2", s=summary))
    mail.add_alternative(files["summary.html"].decode(), subtype="html")
    mail.add_attachment(
        files["summary.xlsx"],
        maintype="application",
        subtype=_XLSX,
        filename=f"全省工会服务职工周报{summary.week}.xlsx",
    )
    return mail


def new_message(*, subject: str, sender: str, recipient: str, message_id: str, date: datetime) -> EmailMessage:
    """An empty message with its headers; line breaks in a subject are folded to spaces."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = " ".join(subject.split())
    mail["From"] = sender
    mail["To"] = recipient
    mail["Date"] = format_datetime(date)
    mail["Message-ID"] = message_id
    mail["Auto-Submitted"] = "auto-generated"
    return mail


def message_id_for(purpose: str, recipient: str, sender: str) -> str:
    """A Message-ID that is the same for the same mail, so that a mail program shows a repetition as one."""
    digest = sha256(f"{purpose}\n{recipient}".encode()).hexdigest()[:32]
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    return f"<{digest}@{domain}>"
