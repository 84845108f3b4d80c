"""Mails as RFC 5322 messages: HTML with a plain part, attachments with names that old programs read too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.headerregistry import BaseHeader, ContentDispositionHeader, HeaderRegistry
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, parseaddr
from hashlib import sha256

from nuanliu.domain.documents import NotesDocument, RollupDocument
from nuanliu.reporting.summary.building import build_summary
from nuanliu.reporting.templates import render

_TYPES: Mapping[str, tuple[str, str]] = {
    "xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "docx": ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "html": ("text", "html"),
    "json": ("application", "json"),
}
_TRIAL_SUBJECT = "【试发】"
_LONGEST_LINE = 998
"""Octets, by RFC 5322."""


class _UnsplitDisposition(ContentDispositionHeader, BaseHeader):  # type: ignore[misc]  # a mixin of it, for its registry
    """Some programs know ``filename*`` and not its segments ``filename*0*``, in which a long name would be folded."""

    def fold(self, *, policy: Policy) -> str:
        """In one piece, however long the name is."""
        return super().fold(policy=policy.clone(max_line_length=_LONGEST_LINE))


def _header_factory() -> HeaderRegistry:
    registry = HeaderRegistry()
    registry.map_to_type("content-disposition", _UnsplitDisposition)
    return registry


_POLICY = SMTP.clone(header_factory=_header_factory())


def compose_summary_mail(
    document: RollupDocument,
    *,
    files: Mapping[str, bytes],
    sender: str,
    recipient: str,
    message_id: str,
    date: datetime,
    notes: NotesDocument | None = None,
    forms: Sequence[str] = ("xlsx",),
    trial: str | None = None,
) -> EmailMessage:
    """The weekly mail of one edition to one reader.

    ``document``: ``nuanliu.rollup/1`` as published; ``files``: the edition's files, of which those of ``forms`` become the attachments.
    ``notes``: those that its files were rendered with. The HTML part says what ``summary.html`` says, with bars of table cells in
    the place of drawings, which many mail programs do not show. ``trial``: says in the first line of both parts that it is
    none, beside a mark in the subject.
    """
    summary = build_summary(document, notes)
    subject = summary.subject if trial is None else f"{_TRIAL_SUBJECT}{summary.subject}"
    mail = new_message(subject=subject, sender=sender, recipient=recipient, message_id=message_id, date=date)
    text, page = render("summary.txt.j2", s=summary), render("summary.html.j2", s=summary)
    if trial is not None:
        text, page = f"{trial}\n\n{text}", _with_notice(page, trial)
    mail.set_content(text)
    mail.add_alternative(page, subtype="html")
    for form in forms:
        maintype, subtype = _TYPES[form]
        mail.add_attachment(
            files[f"summary.{form}"],
            maintype=maintype,
            subtype=subtype,
            filename=f"{'试发-' if trial else ''}全省工会服务职工周报{summary.week}.{form}",
            # Programs that know no filename* go by this one. A plain filename= beside it would be taken by others in its place.
            params={"name": f"{'trial-' if trial else ''}nuanliu-{summary.week}.{form}"},
        )
    return mail


def _with_notice(page: str, notice: str) -> str:
    """A line above everything else of a page of ours."""
    body = page.index(">", page.index("<body")) + 1
    line = render("trial_notice.html.j2", notice=notice)
    return f"{page[:body]}{line}{page[body:]}"


def new_message(*, subject: str, sender: str, recipient: str, message_id: str, date: datetime) -> EmailMessage:
    """An empty message with its headers; line breaks in a subject are folded to spaces."""
    mail = EmailMessage(policy=_POLICY)
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
