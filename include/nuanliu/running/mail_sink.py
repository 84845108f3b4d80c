"""A mail server for one machine: takes every message, keeps it as ``var/mail/….eml`` and sends nothing on."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import urllib.parse
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default as default_policy
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from nuanliu.settings import Settings

log = logging.getLogger(__name__)

LARGEST_MESSAGE = 64 * 1024 * 1024


class KeepingHandler:
    """Writes messages into a folder, in the order of their arrival; the envelope goes into two headers above them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._count = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take a whole message (a hook that aiosmtpd calls by this name)."""
        content = envelope.original_content or b""
        recipients = ", ".join(envelope.rcpt_tos)
        head = f"X-MailFrom: {envelope.mail_from}\r\nX-RcptTo: {recipients}\r\n".encode()
        self._count += 1
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{self._count:04d}-{id(envelope) & 0xFFFF:04x}.eml"
        half = self.folder / f".{name}"
        half.write_bytes(head + content)
        half.rename(self.folder / name)
        subject = str(message_from_bytes(content, policy=default_policy).get("Subject", "(no subject)"))
        log.info("mail for %s: %s -> %s", recipients, subject, self.folder / name)
        return "250 OK kept"


async def serve(folder: Path, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT."""
    folder.mkdir(parents=True, exist_ok=True)
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    handler = KeepingHandler(folder)
    server = await loop.create_server(
        lambda: SMTP(handler, hostname="localhost", enable_SMTPUTF8=True, data_size_limit=LARGEST_MESSAGE, loop=loop),
        host,
        port,
    )
    async with server:
        log.info("mail sink on smtp://%s:%s, messages below %s", host, port, folder)
        await stop.wait()


def main() -> None:
    """Listen where NUANLIU_SMTP_URL points, keep messages below the home."""
    logging.basicConfig(
        stream=sys.stdout,
        level=logging.INFO,
        format="%(asctime)s [%(levelname)s] %(message)s",
        datefmt="%Y-%m-%dT%H:%M:%S%z",
    )
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd tells every command
    settings = Settings.from_env()
    address = urllib.parse.urlsplit(settings.smtp_url)
    asyncio.run(serve(settings.var / "mail", address.hostname or "127.0.0.1", address.port or 1025))


if __name__ == "__main__":
    main()
