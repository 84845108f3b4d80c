"""One message to one recipient over SMTP, with an honest account of what happened to it."""

from __future__ import annotations

import smtplib
import ssl
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from nuanliu.errors import InvalidSetting, MailRefused, MailServerAway, MailUnavailable, MailUncertain

TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True)
class SmtpServer:
    """Where mail goes. ``security``: '' plain, 'starttls' or 'tls'."""

    host: str
    port: int
    security: str
    user: str | None
    password: str | None

    @classmethod
    def from_url(cls, url: str) -> SmtpServer:
        """Read ``smtp://user:password@host:25?starttls=yes`` or ``smtps://host``. Raises: InvalidSetting."""
        try:
            parts = urllib.parse.urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise InvalidSetting("NUANLIU_SMTP_URL: its port is not a number") from error
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise InvalidSetting("NUANLIU_SMTP_URL must look like smtp://host:port or smtps://user:password@host")
        starttls = urllib.parse.parse_qs(parts.query).get("starttls", ["no"])[0] in {"yes", "true", "1"}
        security = "tls" if parts.scheme == "smtps" else "starttls" if starttls else ""
        user, password = (urllib.parse.unquote(text) if text else None for text in (parts.username, parts.password))
        return cls(parts.hostname, port or (465 if security == "tls" else 25), security, user, password)


@contextmanager
def connected(server: SmtpServer) -> Iterator[smtplib.SMTP]:
    """A conversation with the server up to the point where it takes mails. Raises: MailServerAway."""
    with _server_errors():
        smtp = _opened(server)
    try:
        yield smtp
    finally:
        smtp.close()


def send_message(smtp: smtplib.SMTP, *, sender: str, recipient: str, message: bytes) -> None:
    """Send a whole RFC 5322 message in a conversation of its own.

    Raises, before the server could have taken it (try again): MailServerAway when it stops talking, MailUnavailable when
    it says no for now (4xx). MailRefused on 5xx; MailUncertain when the message was sent but its answer never came.
    """
    with _server_errors():
        _expect(smtp.mail(sender), (250,))
        _expect(smtp.rcpt(recipient), (250, 251))
        _hand_over(smtp, message)


def _hand_over(smtp: smtplib.SMTP, message: bytes) -> None:
    """DATA. Once the server said 354 the message may arrive even when its answer does not."""
    _expect(smtp.docmd("data"), (354,))
    try:
        smtp.send(_dot_stuffed(message))
        answer = smtp.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise MailUncertain(f"{type(error).__name__} after the message was handed over") from error
    _expect(answer, (250,))


def _dot_stuffed(message: bytes) -> bytes:
    lines = message.replace(b"\r\n", b"\n").replace(b"\r", b"\n").rstrip(b"\n").split(b"\n")
    return b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines) + b"\r\n.\r\n"


def _expect(answer: tuple[int, bytes], wanted: tuple[int, ...]) -> None:
    code, text = answer
    if code in wanted:
        return
    said = f"the mail server answered {code} {text.decode('utf-8', 'replace')[:200]}"
    if 500 <= code < 600:
        raise MailRefused(said)
    raise MailUnavailable(said)


@contextmanager
def _server_errors() -> Iterator[None]:
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        raise MailServerAway("the mail server does not take our user name and password") from error
    except (OSError, smtplib.SMTPException) as error:
        said = f"the mail server of NUANLIU_SMTP_URL is away, {type(error).__name__}: {error}; mails wait in the outbox"
        raise MailServerAway(said) from error


def _opened(server: SmtpServer) -> smtplib.SMTP:
    if server.security == "tls":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
        )
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
    try:
        smtp.ehlo()
        if server.security == "starttls":
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo()
        if server.user is not None:
            smtp.login(server.user, server.password or "")
    except BaseException:
        smtp.close()
        raise
    return smtp
