"""Mails that may have arrived or were refused: told of once, and settled by a person."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from tests.smtp_server import SmtpScript, serving
from typer.testing import CliRunner

from nuanliu.cli.app import app
from nuanliu.errors import UnknownMail, UsageError
from nuanliu.operations.context import Context
from nuanliu.operations.decisions.mails import dispose_mails, list_mails
from nuanliu.operations.mailing.delivering import deliver_outbox
from nuanliu.operations.upkeep.watching import watch_pipeline
from nuanliu.settings import Settings
from nuanliu.storage.bucket import open_bucket
from nuanliu.warehouse.mail.outbox import enqueue

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

NOW = datetime(2024, 12, 9, 1, tzinfo=UTC)  # Monday 09:00 in Shanghai: nobody is late yet


@pytest.fixture
def ctx(warehouse: Engine, tmp_path: Path) -> Context:
    """A pipeline with one engineer, to whom alerts go."""
    recipients = tmp_path / "recipients.csv"
    recipients.write_text("address,name,role,union_id\nengineer@x.example,工程师,engineer,\n", "utf-8")
    settings = replace(Settings.from_env({"NUANLIU_HOME": str(tmp_path)}), now=NOW, recipients=recipients)
    return Context(settings, open_bucket(settings.bucket_url), warehouse)


def put(ctx: Context, purpose: str, created_at: datetime = NOW) -> None:
    with ctx.engine.begin() as connection:
        enqueue(
            connection,
            purpose=purpose,
            recipient="leader@x.example",
            message_id=f"<{purpose}>",
            message=b"Subject: x\r\n\r\nx\r\n",
            created_at=created_at,
        )


def deliver(ctx: Context, script: SmtpScript) -> SmtpScript:
    with serving(script):
        deliver_outbox(replace(ctx, settings=replace(ctx.settings, smtp_url=script.url)))
    return script


def alerted(ctx: Context) -> list[str]:
    """The occasions of which engineers were told."""
    with ctx.engine.connect() as connection:
        query = text("select purpose from outbox where purpose like 'alert/%' order by mail_key")
        return [str(purpose) for purpose in connection.execute(query).scalars()]


def names(ctx: Context) -> list[str]:
    return [alert["name"] for alert in watch_pipeline(ctx)["alerts"]]


def later(ctx: Context, **time: float) -> Context:
    return replace(ctx, settings=ctx.settings.at(NOW + timedelta(**time)))


def decisions(ctx: Context) -> list[tuple[Any, ...]]:
    with ctx.engine.connect() as connection:
        query = text("select mail_key, state, decision, person, decided_at from mail_decision order by decision_key")
        return [tuple(row) for row in connection.execute(query)]


def test_a_mail_that_waits_for_the_next_delivery_is_no_trouble(ctx: Context) -> None:
    put(ctx, "alert/ingest/1")
    assert names(ctx) == []
    assert names(later(ctx, minutes=29)) == []


def test_a_mail_that_no_delivery_could_send_is_trouble_once_a_day(ctx: Context) -> None:
    put(ctx, "edition/2024-W48/1")
    assert names(later(ctx, minutes=31)) == ["unsent_mail"]
    assert names(later(ctx, minutes=46)) == ["unsent_mail"]
    assert alerted(ctx) == ["alert/watch/unsent_mail/2024-12-09"]


@pytest.mark.parametrize(
    "script", [SmtpScript(rcpt="550 no"), SmtpScript(after_data=None)], ids=["refused", "uncertain"]
)
def test_a_mail_to_settle_is_told_of_once_and_not_every_day(ctx: Context, script: SmtpScript) -> None:
    put(ctx, "edition/2024-W48/1")
    deliver(ctx, script)
    (alert,) = watch_pipeline(ctx)["alerts"]
    assert "1 号(edition/2024-W48/1)" in alert["lines"][0]
    assert "leader@x.example" not in str(alert)
    for day in range(3):
        watch_pipeline(later(ctx, days=day))
    assert [purpose for purpose in alerted(ctx) if "unsettled" in purpose] == ["alert/watch/unsettled_mail/1"]


def test_another_mail_to_settle_is_told_of_as_well(ctx: Context) -> None:
    put(ctx, "edition/2024-W48/1")
    deliver(ctx, SmtpScript(rcpt="550 no"))
    watch_pipeline(ctx)
    deliver(ctx, SmtpScript())  # the alert
    put(ctx, "edition/2024-W48/2")
    deliver(ctx, SmtpScript(after_data=None))
    watch_pipeline(ctx)
    assert alerted(ctx) == ["alert/watch/unsettled_mail/1", "alert/watch/unsettled_mail/2"]


def test_an_alert_that_an_engineer_s_address_refuses_is_not_the_occasion_of_the_next(ctx: Context) -> None:
    put(ctx, "edition/2024-W48/1")
    for _ in range(4):
        deliver(ctx, SmtpScript(rcpt="550 no"))
        watch_pipeline(ctx)
    assert alerted(ctx) == ["alert/watch/unsettled_mail/1"]
    assert len(list_mails(ctx)["mails"]) == 2


def test_many_mails_to_settle_are_one_short_alert(ctx: Context) -> None:
    for number in range(25):
        put(ctx, f"edition/2024-W48/{number}")
    deliver(ctx, SmtpScript(rcpt="550 no"))
    (alert,) = watch_pipeline(ctx)["alerts"]
    assert "……另有 5 封" in alert["lines"]
    assert alerted(ctx) == ["alert/watch/unsettled_mail/25"]


def test_a_dropped_mail_is_settled_for_good_and_by_whom_is_kept(ctx: Context) -> None:
    put(ctx, "edition/2024-W48/1")
    deliver(ctx, SmtpScript(rcpt="550 no"))
    assert dispose_mails(ctx, [1], resend=False, person="王工")["mails"] == []
    assert names(ctx) == []
    assert decisions(ctx) == [(1, "refused", "drop", "王工", NOW)]
    assert deliver(ctx, SmtpScript()).messages == []
    for resend in (True, False):
        with pytest.raises(UnknownMail, match="mail 1 "):
            dispose_mails(ctx, [1], resend=resend, person="王工")
    assert len(decisions(ctx)) == 1


def test_a_mail_goes_out_once_more_only_when_a_person_says_so(ctx: Context) -> None:
    put(ctx, "edition/2024-W48/1")
    assert len(deliver(ctx, SmtpScript(after_data=None)).messages) == 1
    assert deliver(ctx, SmtpScript()).messages == []
    with serving(SmtpScript()) as script:
        mailed = replace(ctx, settings=replace(ctx.settings, smtp_url=script.url))
        answer = dispose_mails(mailed, [1], resend=True, person="王工")
    assert len(script.messages) == 1
    assert (answer["mails"], answer["delivered"]["sent"]) == ([], 1)
    assert decisions(ctx) == [(1, "uncertain", "resend", "王工", NOW)]
    assert names(ctx) == []


def test_a_mail_that_was_resent_in_vain_is_told_of_again(ctx: Context) -> None:
    put(ctx, "edition/2024-W48/1")
    deliver(ctx, SmtpScript(rcpt="550 no"))
    watch_pipeline(ctx)
    with serving(SmtpScript(rcpt="550 still no")) as script:
        mailed = replace(ctx, settings=replace(ctx.settings, smtp_url=script.url))
        (mail,) = [m for m in dispose_mails(mailed, [1], resend=True, person="王工")["mails"] if m["mail_id"] == 1]
    assert (mail["state"], mail["attempts"]) == ("refused", 2)
    watch_pipeline(ctx)
    assert alerted(ctx) == ["alert/watch/unsettled_mail/1", "alert/watch/unsettled_mail/2"]


def test_of_several_mails_all_are_settled_or_none(ctx: Context) -> None:
    put(ctx, "edition/2024-W48/1")
    deliver(ctx, SmtpScript(rcpt="550 no"))
    with pytest.raises(UnknownMail):
        dispose_mails(ctx, [1, 99], resend=False, person="王工")
    assert decisions(ctx) == []
    assert dispose_mails(ctx, [1, 1], resend=False, person="王工")["mails"] == []


def test_the_command_lists_and_settles(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    put(ctx, "edition/2024-W48/1")
    deliver(ctx, SmtpScript(rcpt="550 no such user"))
    monkeypatch.setenv("NUANLIU_WAREHOUSE_DSN", ctx.engine.url.render_as_string(hide_password=False))
    run = CliRunner().invoke
    (mail,) = json.loads(run(app, ["mails", "list", "--json"]).stdout)["mails"]
    assert mail | {"created_at": ""} == {
        "mail_id": 1,
        "state": "refused",
        "purpose": "edition/2024-W48/1",
        "recipient": "leader@x.example",
        "attempts": 1,
        "created_at": "",
        "error": "the mail server answered 550 no such user",
    }
    assert "550 no such user" in run(app, ["mails", "list"]).stdout
    for wrong in ([], ["--resend", "--drop"]):
        assert isinstance(run(app, ["mails", "settle", "1", "--by", "王工", *wrong]).exception, UsageError)
    assert run(app, ["mails", "settle", "1", "--drop"]).exit_code == 2  # by whom?
    settled = run(app, ["mails", "settle", "1", "--drop", "--by", "王工", "--json"])
    assert (settled.exit_code, json.loads(settled.stdout)) == (
        0,
        {"schema": "nuanliu.mails/1", "pending": 0, "mails": []},
    )
