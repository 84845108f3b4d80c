"""A real SMTP server on loopback whose answers a test decides."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class SmtpScript:
    """What the server says. ``rcpt`` and ``after_data``: the answer, or None to hang up instead; ``rcpts``: the answers to
    the first recipients. ``conversations``: how many were begun.
    """

    rcpt: str | None = "250 ok"
    rcpts: list[str | None] = field(default_factory=list)
    after_data: str | None = "250 taken"
    messages: list[bytes] = field(default_factory=list)
    port: int = 0
    conversations: int = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


@contextmanager
def serving(script: SmtpScript) -> Iterator[SmtpScript]:
    """Serve until the block ends; one thread a connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        script.port = listener.getsockname()[1]
        stopped = threading.Event()

        def accept() -> None:
            while not stopped.is_set():
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=_converse, args=(connection, script), daemon=True).start()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield script
        stopped.set()
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def _converse(connection: socket.socket, script: SmtpScript) -> None:
    with connection, connection.makefile("rwb") as stream:

        def say(text: str) -> None:
            stream.write(text.encode() + b"\r\n")
            stream.flush()

        script.conversations += 1
        say("220 test")
        while line := stream.readline():
            word = line.split(b" ")[0].strip().upper()
            if word == b"RCPT":
                answer = script.rcpts.pop(0) if script.rcpts else script.rcpt
                if answer is None:
                    return
                say(answer)
            elif word == b"DATA":
                say("354 go on")
                message = b""
                while (part := stream.readline()) not in {b".\r\n", b""}:
                    message += part[1:] if part.startswith(b"..") else part
                script.messages.append(message)
                if script.after_data is None:
                    return
                say(script.after_data)
            elif word == b"QUIT":
                say("221 bye")
                return
            else:
                say("250 ok")
