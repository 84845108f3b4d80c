#!/opt/stand-ins/bin/python
"""Stands in for Mailpit: takes every mail on port 1025 and lists them on port 8025 as Mailpit's ``/api/v1/messages`` does."""

from __future__ import annotations

import json
import sys
import urllib.request
from email import message_from_bytes
from email.policy import default
from email.utils import getaddresses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller

KEPT: list[dict[str, Any]] = []


class Catcher:
    """Keeps each mail's subject, addresses and number of attachments."""

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Take a whole mail (a hook that aiosmtpd calls by this name)."""
        message = message_from_bytes(envelope.original_content or b"", policy=default)
        to = [{"Name": name, "Address": address} for name, address in getaddresses(message.get_all("To", []))]
        attachments = [part for part in message.walk() if part.get_content_disposition() == "attachment"]
        KEPT.append({"Subject": str(message["Subject"]), "To": to, "Attachments": len(attachments)})
        return "250 OK kept"


class Page(BaseHTTPRequestHandler):
    """What was caught, the newest first."""

    def do_GET(self) -> None:
        """Answer with the list, or with nothing where only health is asked."""
        page = {"total": len(KEPT), "messages_count": len(KEPT), "start": 0, "messages": KEPT[::-1]}
        body = json.dumps(page if self.path.startswith("/api/v1/messages") else {}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: the health check asks every ten seconds."""


if __name__ == "__main__":
    if sys.argv[1:] == ["readyz"]:
        urllib.request.urlopen("http://127.0.0.1:8025/readyz", timeout=4)
        sys.exit()
    Controller(Catcher(), hostname="0.0.0.0", port=1025, enable_SMTPUTF8=True).start()  # noqa: S104
    ThreadingHTTPServer(("0.0.0.0", 8025), Page).serve_forever()  # noqa: S104
