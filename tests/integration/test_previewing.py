"""A week's summary seen before it is published: files or a mail to oneself, and nothing of it stays."""

from __future__ import annotations

import io
from contextlib import contextmanager
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook
from sqlalchemy import text
from tests.builders import activity
from tests.patching import replace_everywhere
from tests.smtp_server import SmtpScript, serving
from tests.sql.reported import report

from nuanliu.domain.submission import SubmissionType
from nuanliu.errors import MailUnavailable, UsageError
from nuanliu.operations.mailing.delivering import deliver_outbox
from nuanliu.operations.mailing.publication_plan import Plan
from nuanliu.operations.weeks.previewing import preview_week, send_trial
from nuanliu.operations.weeks.publishing import publish_week
from nuanliu.storage.bucket import open_bucket

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage
    from pathlib import Path

    from nuanliu.operations.context import Context
    from nuanliu.storage.bucket import Bucket

WEEK = "2024-W49"
ME = "me@x.example"


@pytest.fixture
def bucket(tmp_path: Path) -> Bucket:
    return open_bucket(f"file://{tmp_path}/bucket")


@pytest.fixture
def ctx(ctx: Context, loads_without_a_bucket: None, tmp_path: Path) -> Context:
    """Loads come without a bucket; there are leaders, who must get nothing."""
    recipients = tmp_path / "recipients.csv"
    recipients.write_text("address,role\nleader@x.example,leader\n", "utf-8")
    return replace(ctx, settings=replace(ctx.settings, recipients=recipients))


@contextmanager
def mailing(ctx: Context) -> Iterator[tuple[Context, SmtpScript]]:
    with serving(SmtpScript()) as script:
        yield replace(ctx, settings=replace(ctx.settings, smtp_url=script.url)), script


def load(ctx: Context, people: int, submission_type: SubmissionType = SubmissionType.FIRST) -> None:
    with ctx.engine.begin() as connection:
        report(
            connection, "620400", WEEK, [activity(figures={"people_served": people})], submission_type=submission_type
        )


def left(ctx: Context) -> tuple[int, int, int]:
    """How many editions and mails there are, and objects under reports/."""
    with ctx.engine.connect() as connection:
        editions = connection.execute(text("select count(*) from edition")).scalar_one()
        mails = connection.execute(text("select count(*) from outbox")).scalar_one()
    return editions, mails, len(ctx.bucket.list("reports/"))


def mails_of(script: SmtpScript) -> list[EmailMessage]:
    return [message_from_bytes(message, policy=default) for message in script.messages]


def test_a_preview_is_files_and_neither_edition_nor_mail(ctx: Context, tmp_path: Path) -> None:
    load(ctx, 1200)
    seen = preview_week(ctx, WEEK, tmp_path / "look")
    assert left(ctx) == (0, 0, 0)
    assert (seen["published"], seen["edition"], seen["held"]) == (False, None, False)
    assert "不完整" in seen["reason"]
    assert seen["files"] == sorted(
        str(tmp_path / "look" / f"summary.{form}") for form in ("html", "xlsx", "docx", "json")
    )
    page = (tmp_path / "look" / "summary.html").read_text("utf-8")
    assert "1200" in page
    assert "未发布" in page
    load_workbook(io.BytesIO((tmp_path / "look" / "summary.xlsx").read_bytes()))


def test_what_is_published_afterwards_is_what_was_seen(ctx: Context, tmp_path: Path) -> None:
    load(ctx, 1200)
    preview_week(ctx, WEEK, tmp_path)
    seen = (tmp_path / "summary.json").read_text("utf-8").replace('"edition": null', '"edition": 1')
    publish_week(ctx, WEEK, send=False)
    assert ctx.bucket.read(f"reports/{WEEK}/edition-1/summary.json").decode() == seen


def test_a_preview_tells_the_correction_and_leaves_it_to_be_told(ctx: Context, tmp_path: Path) -> None:
    load(ctx, 1200)
    publish_week(ctx, WEEK, send=False)
    load(ctx, 1020, SubmissionType.CORRECTION)
    for folder in ("a", "b"):
        preview_week(ctx, WEEK, tmp_path / folder)
        assert "更正" in (tmp_path / folder / "summary.html").read_text("utf-8")
    assert publish_week(ctx, WEEK, send=False)["edition"] == 2
    assert "1020" in ctx.bucket.read(f"reports/{WEEK}/edition-2/summary.html").decode()


def test_where_nothing_has_changed_the_last_edition_is_shown_as_it_was_published(ctx: Context, tmp_path: Path) -> None:
    load(ctx, 1200)
    publish_week(ctx, WEEK, send=False)
    seen = preview_week(ctx, WEEK, tmp_path)
    assert (seen["edition"], seen["published"]) == (1, False)
    assert "没有变化" in seen["reason"]
    assert (tmp_path / "summary.html").read_bytes() == ctx.bucket.read(f"reports/{WEEK}/edition-1/summary.html")


def test_a_closed_gate_is_told_and_hides_nothing(ctx: Context) -> None:
    seen = preview_week(ctx, WEEK)
    assert "没有一家" in seen["reason"]
    assert len(seen["files"]) == 4
    assert left(ctx) == (0, 0, 0)


def test_a_trial_goes_to_one_address_and_says_in_subject_and_first_line_that_it_is_one(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(ctx, 1200)
    plans = (Plan("leader", ("xlsx",)), Plan("a@x.example", ("docx", "html", "json")))
    replace_everywhere(monkeypatch, "nuanliu.operations.mailing.publication_plan.publication_plans", lambda: plans)
    with mailing(ctx) as (mailed, script):
        answer = send_trial(mailed, WEEK, ME)
    assert answer["trial"] == {"to": ME, "state": "sent"}
    (mail,) = mails_of(script)
    assert mail["To"] == ME
    assert str(mail["Subject"]).startswith("【试发】")
    for kind in ("plain", "html"):
        body = mail.get_body((kind,))
        assert body is not None
        shown = body.get_content()
        assert shown.index("这不是正式周报") < shown.index("1200")
    names = [str(part.get_filename()) for part in mail.iter_attachments()]
    assert [name.rpartition(".")[2] for name in names] == ["xlsx", "docx", "html", "json"]
    assert all(name.startswith("试发-") for name in names)
    editions, mails, objects = left(ctx)
    assert (editions, mails, objects) == (0, 1, 0)


def test_a_trial_takes_no_edition_and_no_mail_from_anybody(ctx: Context) -> None:
    load(ctx, 1200)
    with mailing(ctx) as (mailed, script):
        send_trial(mailed, WEEK, ME)
        send_trial(mailed, WEEK, ME)
        published = publish_week(mailed, WEEK, send=True)
    assert [str(mail["To"]) for mail in mails_of(script)] == [ME, ME, "leader@x.example"]
    assert "试发" not in str(mails_of(script)[-1]["Subject"])
    assert (published["edition"], published["mails"]["sent"]) == (1, 1)


def test_a_trial_that_the_server_could_not_take_waits_as_every_mail_does(ctx: Context) -> None:
    load(ctx, 1200)
    away = replace(ctx, settings=replace(ctx.settings, smtp_url="smtp://127.0.0.1:9"))
    with pytest.raises(MailUnavailable):
        send_trial(away, WEEK, ME)
    with mailing(ctx) as (mailed, script):
        assert deliver_outbox(mailed)["sent"] == 1
        assert deliver_outbox(mailed)["sent"] == 0
    assert len(script.messages) == 1


def test_what_is_no_address_is_refused_before_anything_is_written(ctx: Context) -> None:
    for address in ("me", "a@x.example,b@x.example", "办公室@x.example", ""):
        with pytest.raises(UsageError, match="no mail address"):
            send_trial(ctx, WEEK, address)
    assert left(ctx) == (0, 0, 0)


def test_an_edition_is_mailed_by_the_plans(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    load(ctx, 1200)
    plans = (Plan("leader", ("docx",)), Plan("archive@x.example", ("json",)), Plan("done@x.example", (), "complete"))
    replace_everywhere(monkeypatch, "nuanliu.operations.mailing.publication_plan.publication_plans", lambda: plans)
    with mailing(ctx) as (mailed, script):
        publish_week(mailed, WEEK, send=True)
    carried = {
        str(mail["To"]): [part.get_content_type() for part in mail.iter_attachments()] for mail in mails_of(script)
    }
    assert carried == {
        "leader@x.example": ["application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
        "archive@x.example": ["application/json"],
    }
