"""From figures to mails: the gate, immutable editions, corrections shown openly, reminders, alerts; each mail once."""

from __future__ import annotations

import csv
import io
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING

import pytest
from tests.patching import replace_everywhere
from tests.smtp_server import SmtpScript, serving

from nuanliu.contract.input_contract import input_contract
from nuanliu.operations.take_all import take_all
from nuanliu.operations.upkeep.watching import watch_pipeline
from nuanliu.operations.weeks.publishing import Gate, publish_week
from nuanliu.operations.weeks.reconciling import reconcile_at_rest
from nuanliu.operations.weeks.reminding import remind_unions
from nuanliu.storage.bucket import open_bucket

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nuanliu.operations.context import Context
    from nuanliu.storage.bucket import Bucket

WEEK = "2024-W49"
FIGURE = "2024-W49/620400/health_check/people_served/event"


@pytest.fixture
def bucket(tmp_path: Path) -> Bucket:
    return open_bucket(f"file://{tmp_path}/bucket")


def report(ctx: Context, people: str, kind: str = "首报", union_id: str = "620400") -> str:
    """Drop one activity of 2024-W49 and answer it; returns the status."""
    text = io.StringIO()
    csv.writer(text).writerows(
        [
            (
                "报告期",
                "报送类型",
                "活动编号",
                "活动名称",
                "活动类别",
                "开始日期",
                "结束日期",
                "统计口径",
                "服务人数(人)",
            ),
            (WEEK, kind, "BY-1", "免费体检", "健康体检", "2024-12-03", "2024-12-04", "本次", people),
        ]
    )
    assert ctx.bucket.create(f"intake/{union_id}/{kind}-{people}.csv", text.getvalue().encode())
    (receipt,) = take_all(ctx)["receipts"]
    return str(receipt["status"])


@contextmanager
def mailing(ctx: Context, tmp_path: Path) -> Iterator[tuple[Context, SmtpScript]]:
    """The context with a mail server and recipients of every role."""
    recipients = tmp_path / "recipients.csv"
    recipients.write_text(
        "address,name,role,union_id\nleader@x.example,领导,leader,\nengineer@x.example,工程师,engineer,\n"
        "baiyin@x.example,白银,union,620400\nlanzhou@x.example,兰州,union,620100\n",
        "utf-8",
    )
    with serving(SmtpScript()) as script:
        yield replace(ctx, settings=replace(ctx.settings, smtp_url=script.url, recipients=recipients)), script


def subjects(script: SmtpScript, address: str) -> list[str]:
    read = [message_from_bytes(message, policy=default) for message in script.messages]
    return [str(mail["Subject"]) for mail in read if mail["To"] == address]


def bodies(script: SmtpScript, address: str) -> list[str]:
    read = [message_from_bytes(message, policy=default) for message in script.messages]
    parts = [mail.get_body(("plain",)) for mail in read if mail["To"] == address]
    return [part.get_content() for part in parts if part is not None]


def test_a_week_that_no_expected_union_reported_is_held(ctx: Context) -> None:
    edition = publish_week(ctx, WEEK, send=False)
    assert (edition["held"], edition["edition"]) == (True, None)
    assert "没有一家" in edition["reason"]
    assert ctx.bucket.list("reports/") == []


def test_a_week_that_too_few_reported_is_held_with_how_many_did() -> None:
    gate = Gate(min_answered_unions=5, require_clean_reconcile=True, require_approval=False)
    coverage = {"expected": 14, "reported": 2, "confirmed_zero": 1}
    assert gate.refusal(coverage, {"ok": True}) == "应报 14 家中只有 3 家已报送(至少 5 家),暂不发布"
    assert gate.refusal({**coverage, "reported": 4}, {"ok": True}) is None


def test_a_week_whose_books_disagree_is_held(ctx: Context) -> None:
    report(ctx, "1200")
    (archived,) = ctx.bucket.list("archive/")
    ctx.bucket.delete(archived.key)
    edition = publish_week(ctx, WEEK, send=False)
    assert edition["held"]
    assert "对账不平" in edition["reason"]


def test_an_edition_is_published_once_and_mailed_once(ctx: Context, tmp_path: Path) -> None:
    report(ctx, "1200")
    with mailing(ctx, tmp_path) as (mailed, script):
        assert publish_week(mailed, WEEK, send=True)["published"]
        again = publish_week(mailed, WEEK, send=True)
    assert (again["published"], again["edition"], again["mails"]["sent"]) == (False, 1, 0)
    (subject,) = subjects(script, "leader@x.example")
    assert "不完整" in subject


def test_a_correction_makes_a_new_edition_that_opens_with_it_and_leaves_the_old_one(
    ctx: Context, tmp_path: Path
) -> None:
    report(ctx, "1200")
    publish_week(ctx, WEEK, send=False)
    first = {item.key: ctx.bucket.read(item.key) for item in ctx.bucket.list("reports/")}
    assert report(ctx, "1020", "更正").startswith("accepted")
    with mailing(ctx, tmp_path) as (mailed, script):
        edition = publish_week(mailed, WEEK, send=True)
    assert (edition["published"], edition["edition"]) == (True, 2)
    assert {key: ctx.bucket.read(key) for key in first} == first
    html = ctx.bucket.read(f"reports/{WEEK}/edition-2/summary.html").decode()
    assert html.index("更正") < html.index("1200人→<strong>1020人") < html.index("要处理") < html.index("本周合计")
    assert "第2版" in subjects(script, "leader@x.example")[0]


def test_a_week_that_waits_for_its_rollup_does_not_stop_a_publication(ctx: Context) -> None:
    report(ctx, "1200")
    with ctx.engine.begin() as connection:
        connection.exec_driver_sql("delete from mart_week_figure where week_start = '2024-12-02'")
    assert reconcile_at_rest(ctx)["ok"]


def test_open_unions_are_reminded_once_a_day_with_what_is_wrong(ctx: Context, tmp_path: Path) -> None:
    assert report(ctx, "很多") == "held"
    with mailing(ctx, tmp_path) as (mailed, script):
        answer = remind_unions(mailed, WEEK)
        remind_unions(mailed, WEEK)
    assert answer["reminded"] == ["620100", "620400"]
    assert "620200" in answer["without_address"]
    assert len(subjects(script, "lanzhou@x.example")) == 1
    (body,) = bodies(script, "baiyin@x.example")
    assert "I2" in body


def test_a_reminder_quotes_the_receipt_that_the_state_comes_from_not_the_last_one(ctx: Context, tmp_path: Path) -> None:
    assert report(ctx, "很多") == "held"
    (held,) = ctx.bucket.list("archive/")
    ctx.bucket.create("intake/620400/试报/mended.csv", ctx.bucket.read(held.key).replace("很多".encode(), b"12"))
    (receipt,) = take_all(ctx)["receipts"]
    assert receipt["status"] == "trial"
    with mailing(ctx, tmp_path) as (mailed, script):
        remind_unions(mailed, WEEK)
    (body,) = bodies(script, "baiyin@x.example")
    assert "620400-2024W49-001" in body
    assert "I2" in body
    assert receipt["receipt_no"] not in body


def test_reminders_and_the_alert_for_silence_know_the_contract_s_hour(
    ctx: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = input_contract()
    replace_everywhere(
        monkeypatch,
        "nuanliu.contract.input_contract.input_contract",
        lambda: replace(contract, limits={**contract.limits, "due_hour": 17}),
    )

    def alerts_at(hour: int) -> list[str]:
        at = replace(ctx, settings=ctx.settings.at(datetime.fromisoformat(f"2024-12-09T{hour}:30+08:00")))
        return [alert["name"] for alert in watch_pipeline(at)["alerts"]]

    assert (alerts_at(13), alerts_at(17)) == ([], ["silence"])
    with mailing(ctx, tmp_path) as (mailed, script):
        remind_unions(mailed, WEEK)
    assert "12月9日17时前" in bodies(script, "baiyin@x.example")[0]


def test_silence_after_the_due_time_is_one_alert_a_day(ctx: Context, tmp_path: Path) -> None:
    late = replace(ctx, settings=ctx.settings.at(datetime.fromisoformat("2024-12-09T13:00+08:00")))
    with mailing(late, tmp_path) as (mailed, _):
        assert [alert["name"] for alert in watch_pipeline(mailed)["alerts"]] == ["silence"]
        watch_pipeline(mailed)
    with ctx.engine.connect() as connection:
        rows = connection.exec_driver_sql("select recipient, purpose from outbox").all()
    assert [row.recipient for row in rows if "silence" in row.purpose] == ["engineer@x.example"]


def test_a_quiet_healthy_pipeline_raises_no_alert(ctx: Context) -> None:
    report(ctx, "1200")
    assert watch_pipeline(ctx)["alerts"] == []
