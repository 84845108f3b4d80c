"""One message over a real SMTP conversation: what was taken, refused, or cannot be known."""

from __future__ import annotations

import socket

import pytest
from tests.smtp_server import SmtpScript, serving

from nuanliu.errors import InvalidSetting, MailRefused, MailServerAway, MailUnavailable, MailUncertain
from nuanliu.storage.mail import SmtpServer, connected, send_message

MESSAGE = "Subject: 周报\r\n\r\n第一行\r\n.以点开头\r\n".encode()


def send(script: SmtpScript) -> None:
    with connected(SmtpServer.from_url(script.url)) as smtp:
        send_message(smtp, sender="a@x.example", recipient="b@x.example", message=MESSAGE)


def test_a_taken_message_arrives_byte_for_byte() -> None:
    with serving(SmtpScript()) as script:
        send(script)
    assert script.messages == [MESSAGE]


def test_a_refused_recipient_is_refused_for_good() -> None:
    with serving(SmtpScript(rcpt="550 no such user")) as script, pytest.raises(MailRefused, match="550"):
        send(script)
    assert script.messages == []


def test_a_passing_refusal_may_be_tried_again() -> None:
    with serving(SmtpScript(rcpt="450 later")) as script, pytest.raises(MailUnavailable, match="450") as raised:
        send(script)
    assert not isinstance(raised.value, MailServerAway)


def test_a_server_that_stops_talking_before_the_message_is_away() -> None:
    with serving(SmtpScript(rcpt=None)) as script, pytest.raises(MailServerAway):
        send(script)


def test_a_passing_refusal_of_the_message_may_be_tried_again() -> None:
    with serving(SmtpScript(after_data="451 disk full")) as script, pytest.raises(MailUnavailable, match="451"):
        send(script)


def test_a_lost_answer_is_uncertain() -> None:
    with serving(SmtpScript(after_data=None)) as script, pytest.raises(MailUncertain):
        send(script)
    assert script.messages == [MESSAGE]


def test_a_server_that_does_not_answer_is_away() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(MailServerAway):
        send(SmtpScript(port=port))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example:2525", ("mail.example", 2525, "", None, None)),
        ("smtp://mail.example", ("mail.example", 25, "", None, None)),
        ("smtps://u:p%40w@mail.example", ("mail.example", 465, "tls", "u", "p@w")),
        ("smtp://mail.example:587?starttls=yes", ("mail.example", 587, "starttls", None, None)),
    ],
)
def test_an_address_of_a_server_is_read(url: str, expected: tuple[object, ...]) -> None:
    server = SmtpServer.from_url(url)
    assert (server.host, server.port, server.security, server.user, server.password) == expected


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://"])
def test_another_address_is_refused_without_showing_a_password(url: str) -> None:
    with pytest.raises(InvalidSetting, match="NUANLIU_SMTP_URL"):
        SmtpServer.from_url(url)
