"""`nuanliu mails try`: whoever sets a mail server up learns at once, and not on Monday evening, whether it takes our mails."""

from __future__ import annotations

import email
import json
from email.policy import default

import pytest
from tests.smtp_server import SmtpScript, serving
from typer.testing import CliRunner

from nuanliu.cli.app import app, main

TO = "it@union.example"
SENDER = {"NUANLIU_MAIL_FROM": "nuanliu@union.example"}


def test_the_mail_goes_out_at_once_from_our_sender_and_the_answer_says_which_server_took_it() -> None:
    with serving(SmtpScript()) as script:
        answer = CliRunner().invoke(app, ["mails", "try", TO, "--json"], env={"NUANLIU_SMTP_URL": script.url, **SENDER})
    assert answer.exit_code == 0
    document = json.loads(answer.stdout)
    assert document == {
        "schema": "nuanliu.mail_trial/1",
        "server": f"127.0.0.1:{script.port}",
        "sender": SENDER["NUANLIU_MAIL_FROM"],
        "recipient": TO,
    }
    (sent,) = script.messages
    mail = email.message_from_bytes(sent, policy=default)
    assert (mail["From"], mail["To"], mail["Subject"]) == (SENDER["NUANLIU_MAIL_FROM"], TO, "【暖流】试发")


@pytest.mark.parametrize(
    ("url", "code", "said"),
    [
        ("mail.union.example:25", 2, "NUANLIU_SMTP_URL must look like smtp://host:port"),
        ("smtp://127.0.0.1:1", 1, "the mail server of NUANLIU_SMTP_URL is away, ConnectionRefusedError"),
    ],
)
def test_a_wrong_server_is_one_line_that_names_the_setting(
    url: str, code: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NUANLIU_SMTP_URL", url)
    monkeypatch.setattr("sys.argv", ["nuanliu", "mails", "try", TO])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == code
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"nuanliu: {said}")


def test_a_refused_recipient_is_told_with_the_servers_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(SmtpScript(rcpt="550 no such user")) as script:
        monkeypatch.setenv("NUANLIU_SMTP_URL", script.url)
        monkeypatch.setattr("sys.argv", ["nuanliu", "mails", "try", TO])
        with pytest.raises(SystemExit) as ended:
            main()
    assert ended.value.code == 1
    assert capsys.readouterr().err == "nuanliu: the mail server answered 550 no such user\n"
