"""An engineer lets a held row pass: recorded first, then the archived bytes are answered again as a new version."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from tests.integration.weekly_workbook import answer, found, workbook
from tests.patching import replace_everywhere
from typer.testing import CliRunner

from nuanliu.cli.app import app
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.errors import BucketUnavailable, ReceiptMissing, UsageError
from nuanliu.operations.decisions.waivers import waive_rows
from nuanliu.operations.recovery.replay_scope import ReplayScope
from nuanliu.operations.recovery.replaying import replay
from nuanliu.operations.take_all import take_all
from nuanliu.operations.weeks.publishing import enqueue_mails, publish_week
from nuanliu.operations.weeks.reconciling import reconcile
from nuanliu.operations.weeks.roll_up import roll_up_week
from nuanliu.storage.bucket import open_bucket
from nuanliu.warehouse.submissions.receipts_store import receipt_by_number

if TYPE_CHECKING:
    from pathlib import Path

    from nuanliu.operations.context import Context
    from nuanliu.storage.bucket import Bucket

LIMIT = "row.measure.over_limit"
HUGE = 90_000_000
WEEK = "2024-W49"
WHY = "已电话核实,是全省职工总数"
SAID = f"数据组于2024-12-10 10:00核实放行:{WHY}"


@pytest.fixture
def bucket(tmp_path: Path) -> Bucket:
    return open_bucket(f"file://{tmp_path}/bucket")


@pytest.fixture
def ctx(ctx: Context) -> Context:
    """The day after the arrivals."""
    return replace(ctx, settings=replace(ctx.settings, now=datetime.fromisoformat("2024-12-10T10:00+08:00")))


def row(name: str, people: int, why: str | None = None, *, kind: str = "健康体检") -> tuple[Any, ...]:
    return (name, kind, None, None, "累计", "2024-01-01", people, None, why)


def event(name: str, people: int, *, kind: str = "健康义诊", until: str = "2024-12-04") -> tuple[Any, ...]:
    return (name, kind, "2024-12-03", until, "本次", None, people, None, None)


PARTLY = workbook([event("义诊", 50), row("职工健康普查", HUGE)])
WORDS: dict[str, Any] = {"reason": WHY, "person": "王工"}


def let_pass(ctx: Context, receipt_no: str, *rows: str) -> dict[str, Any]:
    receipt: dict[str, Any] = waive_rows(ctx, receipt_no, rows=rows, **WORDS)["receipt"]
    return receipt


def value(
    ctx: Context, figure_id: str = "2024-W49/620400/health_check/people_served/cumulative_since/since=2024-01-01"
) -> str | None:
    figures = {figure["figure_id"]: figure["value"] for figure in roll_up_week(ctx, WEEK)["figures"]}
    return figures.get(figure_id)


def count(ctx: Context, table: str) -> int:
    with ctx.engine.connect() as connection:
        return int(connection.execute(text(f"select count(*) from {table}")).scalar_one())


def test_a_released_row_counts_in_a_new_version_and_the_receipt_says_who_let_it_pass(ctx: Context) -> None:
    held = answer(ctx, WEEK, PARTLY)
    assert (held["status"], held["rows"]["held"], value(ctx)) == ("partially_accepted", 1, None)
    receipt = let_pass(ctx, held["receipt_no"], "活动明细!3")
    assert (receipt["receipt_no"], receipt["version"]) == ("620400-2024W49-002", 2)
    assert receipt["rows"] == {"received": 2, "accepted": 2, "returned": 0, "held": 0, "ignored": 0}
    assert (receipt["sha256"], receipt["object_key"]) == (held["sha256"], held["object_key"])
    (limit,) = found(receipt, LIMIT)
    assert (limit["severity"], SAID in limit["message"]) == ("info", True)
    assert "暂不入库" not in limit["message"]
    (again,) = found(receipt, "file.release.answered_again")
    assert (again["value"], again["severity"]) == (held["receipt_no"], "info")
    assert "王工" not in str(receipt)
    assert value(ctx) == str(HUGE)
    assert reconcile(ctx)["ok"]
    with ctx.engine.connect() as connection:
        recorded = connection.execute(text("select source_sheet, source_row, rule, reason, person from released_query"))
        assert [tuple(each) for each in recorded] == [("活动明细", 3, LIMIT, WHY, "王工")]


def test_a_release_makes_no_punctual_file_late_and_moves_no_period(ctx: Context) -> None:
    """The file says no week: it is that of its arrival, however much later somebody looks at it."""
    held = answer(ctx, WEEK, workbook([row("普查", HUGE)]))
    much_later = replace(ctx, settings=replace(ctx.settings, now=datetime.fromisoformat("2025-02-20T10:00+08:00")))
    receipt = let_pass(much_later, held["receipt_no"], "活动明细!2")
    assert (receipt["rows"]["accepted"], receipt["week"], receipt["late"]) == (1, WEEK, False)
    assert receipt["received_at"] == "2025-02-20T02:00:00Z"


def test_a_released_value_is_not_asked_about_again_while_it_stays(ctx: Context) -> None:
    held = answer(ctx, WEEK, PARTLY)
    let_pass(ctx, held["receipt_no"], "活动明细!3")
    later = answer(ctx, "2024-W50", workbook([row("职工健康普查", HUGE)]))
    (limit,) = found(later, LIMIT)
    assert (limit["severity"], f"“{SAID}”" in limit["message"]) == ("info", True)
    other = answer(ctx, "2024-W51", workbook([row("职工健康普查", HUGE + 1)]))
    assert found(other, LIMIT)[0]["severity"] == "query"


def test_the_same_bytes_again_repeat_the_released_answer(ctx: Context) -> None:
    held = answer(ctx, WEEK, PARTLY)
    receipt = let_pass(ctx, held["receipt_no"], "活动明细!3")
    again = answer(ctx, WEEK, PARTLY)
    assert (again["status"], again["version"], again["totals"]) == ("duplicate", 2, receipt["totals"])
    assert reconcile(ctx)["ok"]


def test_leaders_read_why_a_row_was_let_pass_in_both_parts_of_their_mail(ctx: Context) -> None:
    held = answer(ctx, WEEK, PARTLY)
    let_pass(ctx, held["receipt_no"], "活动明细!3")
    edition = publish_week(ctx, WEEK, send=False)
    with ctx.engine.begin() as connection:
        enqueue_mails(ctx, connection, ReportingWeek.parse(WEEK), edition["edition"])
        raw = connection.execute(text("select message from outbox limit 1")).scalar_one()
    mail = message_from_bytes(bytes(raw), policy=default)
    for kind in ("plain", "html"):
        part = mail.get_body((kind,))
        assert part is not None
        assert "情况说明" in part.get_content()
        assert SAID in part.get_content()


def test_personal_numbers_in_a_reason_are_masked(ctx: Context) -> None:
    held = answer(ctx, WEEK, PARTLY)
    number = "138" + "1234" + "5678"
    waive_rows(ctx, held["receipt_no"], rows=["活动明细!3"], reason=f"已致电\n{number}", person="王工")
    with ctx.engine.connect() as connection:
        assert connection.execute(text("select reason from released_query")).scalar_one() == "已致电 138****5678"


def test_the_command_prints_the_new_receipt(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    held = answer(ctx, WEEK, PARTLY)
    monkeypatch.setenv("NUANLIU_WAREHOUSE_DSN", ctx.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("NUANLIU_BUCKET", ctx.bucket.url)
    monkeypatch.setenv("NUANLIU_NOW", "2024-12-10T10:00+08:00")
    arguments = ["release", held["receipt_no"], "--row", "活动明细!3", "--reason", WHY, "--by", "王工"]
    result = CliRunner().invoke(app, [*arguments, "--json"], catch_exceptions=False)
    document = json.loads(result.stdout)
    assert (result.exit_code, document["schema"]) == (0, "nuanliu.release/1")
    assert document["released"] == [{"sheet": "活动明细", "row": 3, "rule": LIMIT}]
    assert document["receipt"]["rows"]["accepted"] == 2
    words = CliRunner().invoke(app, arguments, catch_exceptions=False).stdout
    assert f"活动明细!3  {LIMIT}" in words
    assert SAID in words


def test_a_correction_after_publication_says_that_it_was_a_release(ctx: Context) -> None:
    held = answer(ctx, WEEK, workbook([row("职工体检", 50), row("职工健康普查", HUGE)]))
    assert publish_week(ctx, WEEK, send=False)["published"]
    later = replace(ctx, settings=replace(ctx.settings, now=datetime.fromisoformat("2024-12-11T10:00+08:00")))
    let_pass(later, held["receipt_no"], "活动明细!3")
    reasons = {revision["reason"] for revision in roll_up_week(later, WEEK)["revisions"]}
    assert reasons == {"核实放行"}


def test_the_same_release_again_changes_nothing(ctx: Context) -> None:
    held = answer(ctx, WEEK, PARTLY)
    first = let_pass(ctx, held["receipt_no"], "活动明细!3")
    assert let_pass(ctx, held["receipt_no"], "3") == first
    assert (count(ctx, "registry"), count(ctx, "receipt")) == (2, 2)


def test_two_releases_at_once_are_one(ctx: Context) -> None:
    held = answer(ctx, WEEK, PARTLY)
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda _: let_pass(ctx, held["receipt_no"], "活动明细!3"), range(2)))
    assert both[0] == both[1]
    assert (count(ctx, "registry"), count(ctx, "receipt"), count(ctx, "answered_again")) == (2, 2, 1)
    assert reconcile(ctx)["ok"]


def test_a_release_killed_before_its_answer_is_answered_by_the_next_intake(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = answer(ctx, WEEK, PARTLY)

    def killed(*_: Any) -> Any:
        raise BucketUnavailable("killed here")

    with monkeypatch.context() as patch:
        replace_everywhere(patch, "nuanliu.operations.drops.ingest_drop._waived_bytes", killed)
        with pytest.raises(BucketUnavailable):
            let_pass(ctx, held["receipt_no"], "活动明细!3")
    assert reconcile(ctx)["ok"]
    (receipt,) = take_all(ctx)["receipts"]
    assert receipt["rows"]["accepted"] == 2
    assert let_pass(ctx, held["receipt_no"], "活动明细!3") == receipt
    assert reconcile(ctx)["ok"]


def test_a_release_takes_nothing_away_that_waits_under_the_same_name(ctx: Context) -> None:
    held = answer(ctx, WEEK, PARTLY)
    assert ctx.bucket.create(f"intake/620400/{WEEK}/周报.xlsx", PARTLY)
    let_pass(ctx, held["receipt_no"], "活动明细!3")
    (receipt,) = take_all(ctx)["receipts"]
    assert receipt["status"] == "duplicate"
    assert reconcile(ctx)["ok"]


def test_rows_are_released_one_after_the_other(ctx: Context) -> None:
    held = answer(ctx, WEEK, workbook([event("义诊", 50), row("普查甲", HUGE), row("普查乙", HUGE + 5)]))
    second = let_pass(ctx, held["receipt_no"], "活动明细!3")
    assert (second["status"], second["rows"]["held"]) == ("partially_accepted", 1)
    with pytest.raises(UsageError, match=f"by {second['receipt_no']} already"):
        let_pass(ctx, held["receipt_no"], "活动明细!4")
    third = let_pass(ctx, second["receipt_no"], "活动明细!4")
    assert (third["rows"]["accepted"], third["version"]) == (3, 3)
    assert [SAID in finding["message"] for finding in found(third, LIMIT)] == [True, True]
    assert reconcile(ctx)["ok"]


def test_a_returned_row_of_a_first_version_does_not_hold_the_release(ctx: Context) -> None:
    wrong = event("坏日期", 5, until="2024-12-20")
    held = answer(ctx, WEEK, workbook([event("义诊", 50), row("普查", HUGE), wrong]))
    receipt = let_pass(ctx, held["receipt_no"], "活动明细!3")
    assert (receipt["status"], receipt["rows"]["accepted"], receipt["rows"]["returned"]) == ("partially_accepted", 2, 1)


def test_a_later_version_that_was_held_replaces_the_first_once_it_is_released(ctx: Context) -> None:
    answer(ctx, WEEK, workbook([event("义诊", 50)]))
    held = answer(ctx, WEEK, PARTLY)
    assert held["status"] == "held"
    receipt = let_pass(ctx, held["receipt_no"], "活动明细!3")
    assert (receipt["version"], receipt["rows"]["accepted"]) == (2, 2)
    assert reconcile(ctx)["ok"]


def test_a_total_that_does_not_add_up_is_released_for_the_whole_file(ctx: Context) -> None:
    total = ("合计", None, None, None, None, None, 70, None, None)
    held = answer(ctx, WEEK, workbook([event("义诊", 50), total]))
    assert held["status"] == "held"
    receipt = let_pass(ctx, held["receipt_no"], "file")
    assert (receipt["rows"]["accepted"], SAID in found(receipt, "set.total.mismatch")[0]["message"]) == (1, True)


@pytest.mark.parametrize(
    ("rows", "place", "words"),
    [
        ([event("义诊", 50), event("义诊", 50)], "活动明细!3", "set.key.repeated.*counts? twice.*说明"),
        ([event("义诊", 50, kind="健康意诊")], "活动明细!2", "row.category.unknown.*never released"),
        ([event("义诊", "30-50")], "活动明细!2", "never released: it must be mended"),  # type: ignore[arg-type]
        ([event("义诊", 50)], "活动明细!2", "holds no query at 活动明细!2"),
        ([row("普查", HUGE)], "别的表!2", "to be released there: 活动明细!2"),
        ([row("普查", HUGE)], "第二行", "write 活动明细!7"),
    ],
)
def test_what_no_engineer_may_let_pass_is_refused_with_rule_and_way(
    ctx: Context, rows: list[Any], place: str, words: str
) -> None:
    held = answer(ctx, WEEK, workbook(rows))
    with pytest.raises(UsageError, match=words):
        let_pass(ctx, held["receipt_no"], place)
    assert count(ctx, "registry") == 1


def test_a_file_held_for_its_period_is_not_released_row_by_row(ctx: Context) -> None:
    held = answer(ctx, WEEK, workbook([row("普查", HUGE)]), name="第45周周报.xlsx")
    with pytest.raises(UsageError, match=r"file\.period\.\w+ at file is never released"):
        let_pass(ctx, held["receipt_no"], "活动明细!2")


def test_an_overtaken_receipt_is_refused(ctx: Context) -> None:
    held = answer(ctx, WEEK, PARTLY)
    newer = answer(ctx, WEEK, workbook([event("义诊", 60)]))
    with pytest.raises(UsageError, match=f"followed by {newer['receipt_no']}"):
        let_pass(ctx, held["receipt_no"], "活动明细!3")


def test_an_unknown_receipt_is_refused(ctx: Context) -> None:
    with pytest.raises(ReceiptMissing, match="no receipt 620400-2024W49-009"):
        let_pass(ctx, "620400-2024W49-009", "1")


def test_a_replay_releases_again_and_changes_nothing(ctx: Context) -> None:
    held = answer(ctx, WEEK, PARTLY)
    let_pass(ctx, held["receipt_no"], "活动明细!3")
    before = roll_up_week(ctx, WEEK)
    document = replay(ctx, ReplayScope())
    assert (document["differences"], document["receipts"], document["replayed"]) == ([], [], 2)
    assert roll_up_week(ctx, WEEK) == before
    assert reconcile(ctx)["ok"]


def test_a_lost_warehouse_gets_its_releases_back_from_the_receipts(ctx: Context) -> None:
    held = answer(ctx, WEEK, workbook([event("义诊", 50), row("普查甲", HUGE), row("普查乙", HUGE + 5)]))
    second = let_pass(ctx, held["receipt_no"], "活动明细!3")
    third = let_pass(ctx, second["receipt_no"], "活动明细!4")
    before = roll_up_week(ctx, WEEK)
    with ctx.engine.begin() as connection:
        connection.execute(text("drop schema public cascade"))
        connection.execute(text("create schema public"))
    replay(ctx, ReplayScope())
    assert roll_up_week(ctx, WEEK) == before
    with ctx.engine.connect() as connection:
        stored = receipt_by_number(connection, third["receipt_no"])
    assert stored is not None
    assert stored.receipt.as_json() == third
    assert (replay(ctx, ReplayScope())["receipts"], reconcile(ctx)["ok"]) == ([], True)
