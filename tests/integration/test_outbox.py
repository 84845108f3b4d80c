"""Each mail is sent at most once, whatever happens to the process or the server."""

from __future__ import annotations

import smtplib
import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from tests.smtp_server import SmtpScript, serving

from nuanliu.errors import MailServerAway, MailUnavailable, WarehouseUnavailable
from nuanliu.operations.context import Context
from nuanliu.operations.mailing.alerts import raise_alert
from nuanliu.operations.mailing.delivering import deliver_outbox
from nuanliu.settings import Settings
from nuanliu.storage.bucket import open_bucket
from nuanliu.warehouse.mail.outbox import count_by_state, enqueue, next_pending, take_mail

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

NOW = datetime(2024, 12, 9, 10, tzinfo=UTC)


@pytest.fixture
def ctx(warehouse: Engine, tmp_path: Path) -> Context:
    settings = replace(Settings.from_env({"NUANLIU_HOME": str(tmp_path)}), now=NOW)
    return Context(settings, open_bucket(settings.bucket_url), warehouse)


def put(ctx: Context, recipient: str = "a@x.example", purpose: str = "edition/2024-W49/1") -> bool:
    with ctx.engine.begin() as connection:
        return enqueue(
            connection,
            purpose=purpose,
            recipient=recipient,
            message_id=f"<{purpose}-{recipient}>",
            message=b"Subject: x\r\n\r\nx\r\n",
            created_at=NOW,
        )


def using(ctx: Context, script: SmtpScript) -> Context:
    return replace(ctx, settings=replace(ctx.settings, smtp_url=script.url))


def states(ctx: Context) -> dict[str, int]:
    with ctx.engine.connect() as connection:
        return count_by_state(connection)


def test_two_that_put_the_same_mails_in_at_once_are_as_one(ctx: Context) -> None:
    together = Barrier(4)

    def put_all(_: int) -> int:
        done = 0
        for number in range(150):
            together.wait(30)
            done += put(ctx, recipient=f"{number}@x.example")
        return done

    with ThreadPoolExecutor(4) as writers:
        assert sum(writers.map(put_all, range(4))) == 150
    assert states(ctx) == {"pending": 150}


def test_the_same_mail_is_put_in_once(ctx: Context) -> None:
    assert put(ctx)
    assert not put(ctx)
    assert put(ctx, recipient="b@x.example")
    assert states(ctx) == {"pending": 2}


def test_a_sent_mail_is_never_sent_again(ctx: Context) -> None:
    put(ctx)
    with serving(SmtpScript()) as script:
        assert deliver_outbox(using(ctx, script))["sent"] == 1
        assert deliver_outbox(using(ctx, script))["sent"] == 0
    assert len(script.messages) == 1


def test_a_mail_waits_while_the_server_is_away_and_goes_out_when_it_is_back(ctx: Context) -> None:
    put(ctx)
    with serving(SmtpScript(rcpt="450 later")) as script, pytest.raises(MailUnavailable):
        deliver_outbox(using(ctx, script))
    assert states(ctx) == {"pending": 1}
    with serving(SmtpScript()) as script:
        assert deliver_outbox(using(ctx, script))["sent"] == 1


def test_a_mail_whose_answer_was_lost_is_shown_and_not_repeated(ctx: Context) -> None:
    put(ctx)
    with serving(SmtpScript(after_data=None)) as script:
        assert deliver_outbox(using(ctx, script))["uncertain"] == 1
        deliver_outbox(using(ctx, script))
    assert states(ctx) == {"uncertain": 1}
    assert len(script.messages) == 1


def test_a_mail_that_a_dead_process_was_sending_becomes_uncertain(ctx: Context) -> None:
    put(ctx)
    mail_key = next_pending(ctx.engine)
    assert mail_key is not None
    assert take_mail(ctx.engine, mail_key) is not None  # the process ends here
    with serving(SmtpScript()) as script:
        assert deliver_outbox(using(ctx, script)) == {
            "busy": False,
            "sent": 0,
            "retry": 0,
            "refused": 0,
            "uncertain": 1,
        }
    assert script.messages == []


def attempts(ctx: Context) -> list[tuple[str, int]]:
    with ctx.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text("select state, attempt_count from outbox order by 1, 2"))]


def test_a_server_out_of_reach_ends_the_delivery_and_no_mail_was_touched(ctx: Context) -> None:
    for name in "abc":
        put(ctx, recipient=f"{name}@x.example")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]  # it closes before anybody asks
    with pytest.raises(MailServerAway):
        deliver_outbox(using(ctx, SmtpScript(port=port)))
    assert attempts(ctx) == [("pending", 0)] * 3


def test_a_process_that_ends_while_it_waits_for_the_server_leaves_every_mail_pending(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(ctx)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(smtplib, "SMTP", killed)
    with pytest.raises(KeyboardInterrupt):
        deliver_outbox(ctx)
    assert attempts(ctx) == [("pending", 0)]


def test_a_server_that_goes_away_meanwhile_ends_the_delivery(ctx: Context) -> None:
    for name in "abcd":
        put(ctx, recipient=f"{name}@x.example")
    with serving(SmtpScript(rcpts=["250 ok", None])) as script:
        answer = deliver_outbox(using(ctx, script))
    assert (answer["sent"], answer["retry"]) == (1, 3)
    assert attempts(ctx) == [("pending", 0), ("pending", 0), ("pending", 1), ("sent", 1)]
    assert script.conversations == 2


def test_a_recipient_who_is_refused_for_now_does_not_stop_the_others(ctx: Context) -> None:
    for name in "ab":
        put(ctx, recipient=f"{name}@x.example")
    with serving(SmtpScript(rcpts=["450 later"])) as script:
        answer = deliver_outbox(using(ctx, script))
    assert (answer["sent"], answer["retry"]) == (1, 1)


def test_an_empty_outbox_asks_no_server(ctx: Context) -> None:
    with serving(SmtpScript()) as script:
        deliver_outbox(using(ctx, script))
    assert script.conversations == 0


def test_a_refused_recipient_does_not_stop_the_others(ctx: Context) -> None:
    put(ctx)
    put(ctx, recipient="b@x.example")
    with serving(SmtpScript(rcpt="550 no")) as script:
        assert deliver_outbox(using(ctx, script))["refused"] == 2


def test_an_alert_goes_to_engineers_once(ctx: Context) -> None:
    assert raise_alert(ctx, purpose="x", title="对账不平", lines=["一处"]) == 1
    assert raise_alert(ctx, purpose="x", title="对账不平", lines=["一处"]) == 0
    with serving(SmtpScript()) as script:
        deliver_outbox(using(ctx, script))
    assert b"engineer@nuanliu.example" in script.messages[0]


@pytest.mark.parametrize("moment", ["insert", "update"])
def test_a_full_disk_under_the_database_is_an_outage_that_may_pass(ctx: Context, moment: str) -> None:
    if moment == "update":
        put(ctx)
    with ctx.engine.begin() as connection:
        connection.execute(
            text(
                "create function no_room() returns trigger language plpgsql as "
                "$$ begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$"
            )
        )
        connection.execute(
            text(f"create trigger no_room before {moment} on outbox for each row execute function no_room()")
        )
    work = {"insert": put, "update": deliver_outbox}[moment]
    with serving(SmtpScript()) as script, pytest.raises(WarehouseUnavailable) as raised:
        work(using(ctx, script))
    assert script.messages == []
    assert "x.example" not in raised.value.message
    with ctx.engine.begin() as connection:
        connection.execute(text("drop trigger no_room on outbox"))
    put(ctx)
    with serving(SmtpScript()) as script:
        assert deliver_outbox(using(ctx, script))["sent"] == 1
