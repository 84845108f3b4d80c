"""What has been kept long enough goes: written down first, in one piece, and everything that looks at it knows."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from tests.integration.played_week import context

from nuanliu.errors import BucketUnavailable, UsageError
from nuanliu.operations.decisions.waivers import waive_rows
from nuanliu.operations.drops.dropping import drop_files
from nuanliu.operations.recovery.backing_up import back_up, restore
from nuanliu.operations.recovery.replay_scope import ReplayScope
from nuanliu.operations.recovery.replaying import replay
from nuanliu.operations.take_all import take_all
from nuanliu.operations.upkeep import retention
from nuanliu.operations.upkeep.retention import delete_expired
from nuanliu.operations.weeks.inquiries import trace
from nuanliu.operations.weeks.publishing import publish_week
from nuanliu.operations.weeks.reconciling import reconcile
from nuanliu.operations.weeks.roll_up import roll_up_week
from nuanliu.reporting.console import replay_lines, trace_lines
from nuanliu.settings import Keeping
from nuanliu.storage.bucket import open_bucket
from nuanliu.storage.database import open_engine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nuanliu.operations.context import Context

ALL = ReplayScope()
W48, W49 = "2024-12-02T10:00+08:00", "2024-12-09T10:00+08:00"
AFTER_BOTH = datetime(2026, 12, 20, tzinfo=UTC)
BETWEEN = datetime(2026, 12, 5, tzinfo=UTC)
"""Two years and three days after the first week's reports, not yet two after the second's."""
HEADER = "填报单位,报告期,活动名称,活动类别,开始日期,结束日期,服务人数(人),说明\n"
FIRST = "白银市,2024-W48,送清凉,送温暖慰问,2024-11-26,2024-11-27,20,\n"
AGAIN = "白银市,2024-W49,送清凉,送温暖慰问,2024-11-26,2024-11-27,20,\n白银市,2024-W49,送温暖,送温暖慰问,2024-12-03,2024-12-04,30,\n"
YEAR = "填报单位,报告期,活动名称,活动类别,统计口径,服务人数(人)\n白银市,{week},送温暖,送温暖慰问,今年以来,{people}\n"
LIST = "姓名,身份证号\n" + "".join(
    f"工人{name},62010219800101{tail}\n" for name, tail in (("甲", "0019"), ("乙", "0027"))
)


@pytest.fixture
def ctx(warehouse_dsn: str, tmp_path: Path) -> Iterator[Context]:
    engine = open_engine(warehouse_dsn)
    yield keeping(context(tmp_path, open_bucket(f"file://{tmp_path}/bucket"), engine), originals_years=2)
    engine.dispose()


def keeping(ctx: Context, **periods: int | None) -> Context:
    return replace(ctx, settings=replace(ctx.settings, keeping=Keeping(**periods)))


def take(ctx: Context, rows: str, arrival: str, name: str) -> dict[str, Any]:
    path = ctx.settings.home / name
    path.write_text(rows if rows.startswith(("姓名", "填报单位")) else HEADER + rows, "utf-8")
    drop_files(ctx.bucket, [path], union_id="620400")
    settings = replace(ctx.settings, now=datetime.fromisoformat(arrival))
    (receipt,) = take_all(replace(ctx, settings=settings))["receipts"]
    return receipt


@pytest.fixture
def two_weeks(ctx: Context) -> Context:
    """An event, and the same event again beside a new one a week later: the first is what the second is held against."""
    take(ctx, FIRST, W48, "first.csv")
    take(ctx, AGAIN, W49, "again.csv")
    for week in ("2024-W48", "2024-W49"):
        roll_up_week(ctx, week)
    assert reconcile(ctx)["ok"]
    return ctx


def keys(ctx: Context, prefix: str) -> list[str]:
    return [item.key for item in ctx.bucket.list(prefix)]


def logged(ctx: Context) -> list[tuple[Any, ...]]:
    with ctx.engine.connect() as connection:
        rows = connection.execute(
            text(
                "select object_key, sha256, size_bytes, rule, period, deleted_at from deletion where withdrawn_at is null "
                "order by deletion_key"
            )
        )
        return [tuple(row) for row in rows]


def figures(ctx: Context) -> Any:
    return [roll_up_week(ctx, week)["figures"] for week in ("2024-W48", "2024-W49")]


def test_nothing_is_deleted_unless_a_setting_says_so(two_weeks: Context) -> None:
    before = keys(two_weeks, "")
    assert delete_expired(keeping(two_weeks), datetime(2099, 1, 1, tzinfo=UTC))["deleted"] == 0
    assert (keys(two_weeks, ""), logged(two_weeks)) == (before, [])


def test_an_original_goes_with_its_receipts_after_its_years_and_is_written_down(two_weeks: Context) -> None:
    gone = {key: two_weeks.bucket.read(key) for key in keys(two_weeks, "") if "2024-W48" in key}
    assert {key.split("/")[0] for key in gone} == {"archive", "receipts"}
    done = delete_expired(two_weeks, BETWEEN)
    assert (done["deleted"], done["bytes"]) == (len(gone), sum(map(len, gone.values())))
    assert {row[:5] for row in logged(two_weeks)} == {
        (key, hashlib.sha256(data).hexdigest(), len(data), "originals", "2 years") for key, data in gone.items()
    }
    assert all(row[5] == BETWEEN for row in logged(two_weeks))
    assert not any("2024-W48" in key for key in keys(two_weeks, ""))
    assert any("2024-W49" in key for key in keys(two_weeks, "archive/"))
    assert delete_expired(two_weeks, BETWEEN)["deleted"] == 0


def test_a_pinned_later_year_deletes_nothing(two_weeks: Context) -> None:
    late = replace(two_weeks, settings=replace(two_weeks.settings, now=datetime(2099, 1, 1, tzinfo=UTC)))
    assert delete_expired(keeping(late, originals_years=60))["deleted"] == 0


def test_what_was_published_stays(two_weeks: Context) -> None:
    publish_week(two_weeks, "2024-W49", send=False)
    before = {key: two_weeks.bucket.read(key) for key in keys(two_weeks, "reports/")}
    assert before
    delete_expired(two_weeks, datetime(2099, 1, 1, tzinfo=UTC))
    assert {key: two_weeks.bucket.read(key) for key in keys(two_weeks, "reports/")} == before
    assert keys(two_weeks, "archive/") == []
    assert reconcile(two_weeks)["ok"]


def test_a_week_keeps_all_its_files_as_long_as_one_of_them_is_young(two_weeks: Context) -> None:
    take(two_weeks, FIRST.replace(",20,", ",25,更正"), W49, "corrected.csv")
    assert delete_expired(two_weeks, BETWEEN)["deleted"] == 0


def test_a_rejected_list_of_persons_goes_by_days_and_its_receipt_stays(ctx: Context) -> None:
    assert take(ctx, LIST, W49, "list.csv")["status"] == "rejected"
    (stored,) = keys(ctx, "quarantine/")
    receipts = keys(ctx, "receipts/")
    thirty = keeping(ctx, quarantine_days=30)
    assert delete_expired(thirty, datetime(2025, 1, 7, tzinfo=UTC))["deleted"] == 0
    assert delete_expired(thirty, datetime(2025, 1, 9, tzinfo=UTC))["deleted"] == 1
    assert [row[0] for row in logged(ctx)] == [stored]
    assert [row[3:5] for row in logged(ctx)] == [("quarantine", "30 days")]
    assert (keys(ctx, "quarantine/"), keys(ctx, "receipts/")) == ([], receipts)
    assert reconcile(ctx)["ok"]


class TestReconcile:
    def test_a_deletion_that_is_written_down_is_no_missing_object(self, two_weeks: Context) -> None:
        delete_expired(two_weeks, AFTER_BOTH)
        assert reconcile(two_weeks)["ok"]

    def test_one_that_is_not_written_down_is(self, two_weeks: Context) -> None:
        delete_expired(two_weeks, BETWEEN)
        shutil.rmtree(two_weeks.settings.home / "bucket" / "archive" / "620400" / "2024-W49")
        (difference,) = reconcile(two_weeks)["differences"]
        assert difference["check"] == "registry__object_missing"
        assert "2024-W49" in difference["expected"]

    def test_one_that_is_written_down_and_lies_there_is_a_difference(self, two_weeks: Context) -> None:
        (key,) = (key for key in keys(two_weeks, "archive/") if "2024-W48" in key)
        data = two_weeks.bucket.read(key)
        delete_expired(two_weeks, BETWEEN)
        two_weeks.bucket.write(key, data)
        (difference,) = reconcile(two_weeks)["differences"]
        assert (difference["check"], difference["subject"]) == ("deletion__object_present", key)

    def test_the_same_bytes_reported_again_lie_there_by_right(self, two_weeks: Context) -> None:
        delete_expired(two_weeks, BETWEEN)
        take(two_weeks, FIRST, "2026-12-06T10:00+08:00", "first.csv")
        assert any("2024-W48" in key for key in keys(two_weeks, "archive/"))
        assert reconcile(two_weeks)["ok"]
        assert delete_expired(two_weeks, AFTER_BOTH)["deleted"]
        assert any("2024-W48" in key for key in keys(two_weeks, "archive/"))
        assert reconcile(two_weeks)["ok"]


class TestCrash:
    @pytest.mark.parametrize("step", ["delete", "close_deletion"])
    @pytest.mark.parametrize("calls", [0, 1, 2])
    def test_a_run_killed_anywhere_is_ended_by_the_next(
        self, two_weeks: Context, monkeypatch: pytest.MonkeyPatch, step: str, calls: int
    ) -> None:
        left = calls

        def until_killed(really: Any) -> Any:
            def call(*args: Any, **kwargs: Any) -> Any:
                nonlocal left
                left -= 1
                if left < 0:
                    raise KeyboardInterrupt
                return really(*args, **kwargs)

            return call

        with monkeypatch.context() as patched:
            if step == "delete":
                patched.setattr(type(two_weeks.bucket), "delete", until_killed(type(two_weeks.bucket).delete))
            else:
                patched.setattr(retention, step, until_killed(retention.close_deletion))
            with pytest.raises(KeyboardInterrupt):
                delete_expired(two_weeks, BETWEEN)
        assert [row for row in logged(two_weeks) if row[5] is None]
        delete_expired(two_weeks, BETWEEN)
        assert not [row for row in logged(two_weeks) if row[5] is None]
        assert not any("2024-W48" in key for key in keys(two_weeks, ""))
        assert len({row[0] for row in logged(two_weeks)}) == len(logged(two_weeks))
        assert reconcile(two_weeks)["ok"]

    def test_what_the_store_refuses_to_delete_stays_and_its_deletion_is_withdrawn(
        self, two_weeks: Context, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: Any) -> None:
            raise BucketUnavailable("object store: AccessDenied")

        before = keys(two_weeks, "")
        with monkeypatch.context() as patched:
            patched.setattr(type(two_weeks.bucket), "delete", refuse)
            with pytest.raises(BucketUnavailable):
                delete_expired(two_weeks, BETWEEN)
        assert (keys(two_weeks, ""), logged(two_weeks)) == (before, [])
        assert reconcile(two_weeks)["ok"]
        assert replay(two_weeks, ALL)["deleted"] == []
        assert delete_expired(two_weeks, BETWEEN)["deleted"]
        assert reconcile(two_weeks)["ok"]

    def test_bytes_dropped_again_between_a_killed_run_and_the_next_stay(
        self, two_weeks: Context, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def killed(*_: Any, **__: Any) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(retention, "close_deletion", killed)
            with pytest.raises(KeyboardInterrupt):
                delete_expired(two_weeks, BETWEEN)
        take(two_weeks, FIRST, "2026-12-06T10:00+08:00", "first.csv")
        delete_expired(two_weeks, BETWEEN)
        assert any("2024-W48" in key for key in keys(two_weeks, "archive/"))
        assert reconcile(two_weeks)["ok"]


class TestAfterwards:
    def test_a_replay_keeps_what_is_loaded_and_says_of_which_receipts(self, two_weeks: Context) -> None:
        before = figures(two_weeks)
        delete_expired(two_weeks, BETWEEN)
        document = replay(two_weeks, ALL)
        assert (document["differences"], document["receipts"], document["missing"]) == ([], [], [])
        assert (document["deleted"], document["replayed"]) == (["620400-2024W48-001"], 1)
        assert "已按保存期限删除" in replay_lines(document)
        assert figures(two_weeks) == before
        assert reconcile(two_weeks)["ok"]

    def test_a_replay_without_any_original_changes_nothing(self, two_weeks: Context) -> None:
        before = figures(two_weeks)
        delete_expired(two_weeks, AFTER_BOTH)
        document = replay(two_weeks, ALL)
        assert (document["replayed"], len(document["deleted"]), document["differences"]) == (0, 2, [])
        assert figures(two_weeks) == before

    @pytest.mark.parametrize("lost", [True, False], ids=["lost", "deleted"])
    def test_what_follows_bytes_that_are_gone_is_still_held_against_what_they_brought(
        self, ctx: Context, lost: bool
    ) -> None:
        take(ctx, YEAR.format(week="2024-W48", people=200), W48, "first.csv")
        held = take(ctx, YEAR.format(week="2024-W49", people=100), W49, "less.csv")
        assert any(finding["rule"].startswith("time.series.fell") for finding in held["findings"])
        if lost:
            shutil.rmtree(ctx.settings.home / "bucket" / "archive" / "620400" / "2024-W48")
        else:
            delete_expired(ctx, BETWEEN)
        document = replay(ctx, ALL)
        assert (document["replayed"], document["differences"], document["receipts"]) == (1, [], [])

    def test_a_trace_says_which_files_cannot_be_opened_any_more(self, two_weeks: Context) -> None:
        figure = "2024-W48/620400/all/people_served/event"
        assert trace(two_weeks, figure)["notes"] == []
        delete_expired(two_weeks, BETWEEN)
        document = trace(two_weeks, figure)
        (note,) = document["notes"]
        assert document["cells"][0]["sha256"][:12] in note
        assert "2026-12-05" in note
        assert note in trace_lines(document)
        assert trace(two_weeks, "2024-W49/620400/all/people_served/event")["notes"] == []

    def test_a_release_says_that_the_file_cannot_be_answered_again(self, ctx: Context) -> None:
        rows = "白银市,2024-W48,送清凉,送温暖慰问,2024-11-26,2024-11-27,999999,\n"
        receipt = take(ctx, rows, W48, "large.csv")
        query = next(finding for finding in receipt["findings"] if finding["severity"] == "query" and finding["row"])
        delete_expired(ctx, BETWEEN)
        with pytest.raises(UsageError, match="deleted when its time had come"):
            waive_rows(ctx, receipt["receipt_no"], rows=[str(query["row"])], reason="核实过", person="王工")
        assert reconcile(ctx)["ok"]

    def test_a_backup_made_afterwards_comes_back_and_reconciles(
        self, two_weeks: Context, postgres_dsn: str, tmp_path: Path
    ) -> None:
        delete_expired(two_weeks, BETWEEN)
        manifest = back_up(two_weeks, tmp_path / "backup")
        assert not any("2024-W48" in item["key"] for item in manifest["objects"])
        engine = open_engine(postgres_dsn)
        there = context(tmp_path / "there", open_bucket(f"file://{tmp_path}/other"), engine)
        assert restore(there, tmp_path / "backup")["ok"]
        assert json.dumps(logged(there), default=str) == json.dumps(logged(two_weeks), default=str)
        engine.dispose()
