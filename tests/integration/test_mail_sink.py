"""The mail sink keeps what it is given, byte for byte, and tells its envelope."""

from __future__ import annotations

import os
import signal
import smtplib
import subprocess
import sys
import time
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as default_policy
from typing import TYPE_CHECKING

import pytest

from nuanliu.running.ports import free_port
from nuanliu.settings import INCLUDE_DIR

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def port() -> int:
    return free_port(0)


@pytest.fixture
def sink(tmp_path: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    env = {**os.environ, "NUANLIU_HOME": str(tmp_path), "NUANLIU_SMTP_URL": f"smtp://127.0.0.1:{port}"}
    process = subprocess.Popen(
        [sys.executable, "-m", "nuanliu.running.mail_sink"],
        env={**env, "PYTHONPATH": str(INCLUDE_DIR)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert f"127.0.0.1:{port}" in process.stdout.readline()
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def letter(subject: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "nuanliu@localhost", "leader@nuanliu.example", subject
    message.set_content("本周报送\n.一行以点开头\n")
    message.add_attachment(b"\x00PK", maintype="application", subtype="octet-stream", filename="周报.xlsx")
    return message


def test_messages_are_kept_in_order_with_their_envelope(sink: subprocess.Popen[str], port: int, tmp_path: Path) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as server:
        for subject in ("第一封", "第二封"):
            server.send_message(letter(subject), to_addrs=["leader@nuanliu.example", "hidden@nuanliu.example"])
    files = sorted((tmp_path / "var" / "mail").glob("*.eml"))
    kept = [message_from_bytes(file.read_bytes(), policy=default_policy) for file in files]
    assert [message["Subject"] for message in kept] == ["第一封", "第二封"]
    assert kept[0]["X-RcptTo"] == "leader@nuanliu.example, hidden@nuanliu.example"
    text, attachment = kept[0].iter_parts()
    assert text.get_content().splitlines() == ["本周报送", ".一行以点开头"]
    assert (attachment.get_filename(), attachment.get_content()) == ("周报.xlsx", b"\x00PK")


def test_sink_ends_when_it_is_asked_to(sink: subprocess.Popen[str]) -> None:
    started = time.monotonic()
    sink.send_signal(signal.SIGTERM)
    assert sink.wait(timeout=10) == 0
    assert time.monotonic() - started < 5
