"""Replay: weeks rebuilt from archive/ under today's rules, and a warehouse rebuilt from nothing but the bucket."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from tests.integration.played_copy import copied, play_once
from tests.integration.played_week import WEEKS, context
from tests.patching import replace_everywhere

from nuanliu.errors import UsageError
from nuanliu.operations.drops.dropping import drop_files
from nuanliu.operations.recovery import replaying
from nuanliu.operations.recovery.replay_scope import ReplayScope, in_order_of_answers, parse_replay_scope
from nuanliu.operations.recovery.replaying import ReplayRunning, replay
from nuanliu.operations.take_all import take_all
from nuanliu.operations.weeks.publishing import publish_week
from nuanliu.operations.weeks.reconciling import reconcile
from nuanliu.operations.weeks.roll_up import roll_up_week
from nuanliu.storage.bucket import open_bucket
from nuanliu.storage.database import open_engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from nuanliu.operations.context import Context

ALL = ReplayScope()
HEADER = "填报单位,报告期,活动名称,活动类别,开始日期,结束日期,服务人数(人),说明\n"
BOOKS = (
    "stored_measure", "stored_activity", "bridge_activity_group", "bridge_activity_partner", "mart_week_figure",
    "mart_cumulative", "mart_campaign_week", "mart_week_coverage", "held_row", "finding", "dim_submission",
    "fact_submission", "receipt", "registry", "edition", "outbox", "dim_campaign", "dim_partner",
)  # fmt: skip


@pytest.fixture
def ctx(warehouse_dsn: str, tmp_path: Path) -> Iterator[Context]:
    engine = open_engine(warehouse_dsn)
    yield context(tmp_path, open_bucket(f"file://{tmp_path}/bucket"), engine)
    engine.dispose()


@pytest.fixture(scope="module")
def sample_week(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    return play_once(request.getfixturevalue("module_warehouse_dsn"), tmp_path_factory.mktemp("sample"))


@pytest.fixture
def played(sample_week: tuple[str, Path], tmp_path: Path) -> Iterator[Context]:
    with copied(sample_week, tmp_path) as ctx:
        yield ctx


def drop(ctx: Context, rows: str, *, name: str, union_id: str = "620400", arrival: str | None = None) -> dict[str, Any]:
    """Drop a CSV and take it; returns its receipt."""
    path = ctx.settings.home / name
    path.write_text(HEADER + rows, "utf-8")
    drop_files(ctx.bucket, [path], union_id=union_id)
    (receipt,) = take_all(at(ctx, arrival) if arrival else ctx)["receipts"]
    return receipt


def at(ctx: Context, arrival: str) -> Context:
    return context(ctx.settings.home, ctx.bucket, ctx.engine, arrival)


def records(ctx: Context) -> dict[str, Any]:
    """Figures, coverage and campaigns of the played weeks, receipts with their times, and who is in the registry."""
    with ctx.engine.connect() as connection:
        receipts = connection.execute(
            text(
                "select receipt_no, document, date_trunc('second', received_at), stored_key, is_trial, state "
                "from receipt join registry using (object_id) order by receipt_no"
            )
        ).all()
        versions = connection.execute(
            text("select receipt_no, version, superseded_at is null from dim_submission order by receipt_no")
        ).all()
    return {
        "receipts": [tuple(row) for row in receipts],
        "versions": [tuple(row) for row in versions],
        **{week: {**roll_up_week(ctx, week), "revisions": None} for week in WEEKS},
    }


def lose_the_records(ctx: Context) -> None:
    with ctx.engine.begin() as connection:
        connection.execute(text(f"truncate {', '.join(BOOKS)} restart identity cascade"))
    with ctx.engine.begin() as connection:
        from nuanliu.warehouse.schema.reference_data import load_reference

        load_reference(connection)


def lose_the_warehouse(ctx: Context) -> None:
    """Not even the schema is left."""
    with ctx.engine.begin() as connection:
        connection.execute(text("drop schema public cascade"))
        connection.execute(text("create schema public"))


def test_a_replay_under_the_same_rules_differs_by_nothing(played: Context) -> None:
    before = records(played)
    document = replay(played, ALL)
    assert (document["schema"], document["differences"], document["receipts"]) == ("nuanliu.replay/1", [], [])
    assert document["replayed"] == 8
    assert records(played) == before
    assert reconcile(played)["ok"]


@pytest.mark.parametrize("lose", [lose_the_records, lose_the_warehouse])
def test_a_lost_warehouse_is_rebuilt_from_the_bucket_with_the_same_figures(
    played: Context, lose: Callable[[Context], None]
) -> None:
    drop(
        played,
        "白银市,2024-W49,送清凉,送温暖慰问,2024-12-03,2024-12-04,20,\n",
        name="a.csv",
        arrival="2024-12-09T12:00+08:00",
    )
    drop(
        played,
        "白银市,2024-W49,送清凉,送温暖慰问,2024-12-03,2024-12-04,20,\n",
        name="b.csv",
        arrival="2024-12-09T12:01+08:00",
    )
    before = records(played)
    lose(played)
    document = replay(played, ALL)
    assert {row["old"] for row in document["differences"]} == {None}
    assert records(played) == before
    assert reconcile(played) == {**reconcile(played), "ok": True, "differences": []}
    assert replay(played, ALL)["differences"] == []


def test_editions_come_back_from_the_bucket_and_their_mails_are_never_sent_again(played: Context) -> None:
    published = publish_week(at(played, "2024-12-09T10:00+00:00"), "2024-W49", send=False)
    with played.engine.connect() as connection:
        wanted = connection.execute(
            text("select week_id, edition_no, content_hash, files, published_at from edition")
        ).all()
    lose_the_warehouse(played)
    replay(played, ALL)
    with played.engine.connect() as connection:
        found = connection.execute(
            text("select week_id, edition_no, content_hash, files, published_at from edition")
        ).all()
        mails = connection.execute(text("select distinct state from outbox")).scalars().all()
    assert found == wanted
    assert mails == ["uncertain"]
    assert publish_week(played, "2024-W49", send=False) == {
        **published,
        "published": False,
        "reason": "与上一版相比没有变化",
    }


def test_damaged_facts_are_put_right_and_the_difference_is_told_by_union_and_figure(played: Context) -> None:
    before = records(played)
    with played.engine.begin() as connection:
        connection.execute(text("update stored_measure set value_cents = 100 where value_cents = 5700"))
    damaged = roll_up_week(played, "2024-W49")
    assert damaged != before["2024-W49"]
    differences = {row["figure_id"]: row for row in replay(played, ALL)["differences"]}
    assert differences["2024-W49/620102/all/people_served/event"] == {
        "week": "2024-W49",
        "union_id": "620102",
        "figure_id": "2024-W49/620102/all/people_served/event",
        "old": "1",
        "new": "57",
    }
    assert records(played) == before


def held_until_the_limit_is_raised(ctx: Context) -> dict[str, Any]:
    return drop(ctx, "白银市,2024-W49,送清凉,送温暖慰问,2024-12-03,2024-12-04,99000000,\n", name="large.csv")


@pytest.fixture
def raised_limits(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Today's rules: the limit that held a row is not there any more."""
    from nuanliu.quality import checking

    original = checking.check_submission

    def lenient(submission: Any, history: Any) -> Any:
        checked = original(submission, history)
        return replace(
            checked, findings=tuple(each for each in checked.findings if str(each.severity) not in {"query", "error"})
        )

    return lambda: replace_everywhere(monkeypatch, "nuanliu.quality.checking.check_submission", lenient)


def test_a_held_row_that_todays_rules_accept_becomes_a_fact_and_the_receipt_keeps_number_and_time(
    ctx: Context, raised_limits: Callable[[], None]
) -> None:
    receipt = held_until_the_limit_is_raised(ctx)
    assert receipt["status"] in {"held", "rejected"}
    told = ctx.bucket.read("receipts/620400/2024-W49/620400-2024W49-001.json")
    raised_limits()
    document = replay(ctx, ALL)
    figures = {row["figure_id"]: (row["old"], row["new"]) for row in document["differences"]}
    assert figures == {
        f"2024-W49/{union}/{category}/people_served/event{place}": (None, "99000000")
        for union, place in (("620400", ""), ("620000", ""), ("620000", "/place"))
        for category in ("all", "condolence")
    }
    (change,) = document["receipts"]
    assert (change["receipt_no"], change["old"]["status"]) == ("620400-2024W49-001", receipt["status"])
    assert change["new"]["rows"]["accepted"] == 1
    ((number, now, *_),) = records(ctx)["receipts"]
    assert (number, now["received_at"], now["object_key"]) == (
        receipt["receipt_no"],
        receipt["received_at"],
        receipt["object_key"],
    )
    assert ctx.bucket.read("receipts/620400/2024-W49/620400-2024W49-001.json") == told
    assert replay(ctx, ALL)["differences"] == []
    assert reconcile(ctx)["ok"]


def test_a_replay_of_one_rule_leaves_other_drops_as_they_are(ctx: Context, raised_limits: Callable[[], None]) -> None:
    receipt = held_until_the_limit_is_raised(ctx)
    rule = next(each["rule"] for each in receipt["findings"] if each["severity"] in {"query", "error"})
    raised_limits()
    assert replay(ctx, parse_replay_scope(None, None, "row.figure.range"))["differences"] == []
    assert replay(ctx, parse_replay_scope("620300", None, None))["differences"] == []
    assert replay(ctx, parse_replay_scope(None, "2024-W47..2024-W48", None))["differences"] == []
    assert replay(ctx, parse_replay_scope("620400", "2024-W49..2024-W49", rule))["differences"]
    assert replay(ctx, ALL)["differences"] == []


def test_each_drop_is_checked_with_the_history_it_had_and_not_with_what_came_later(ctx: Context) -> None:
    """A late report of an earlier week must not turn the later week's accepted report into a repetition."""
    rows = "白银市,{week},常年帮扶,送温暖慰问,,,30,\n"
    later = drop(ctx, rows.format(week="2024-W49"), name="w49.csv")
    drop(ctx, rows.format(week="2024-W48"), name="w48.csv", arrival="2024-12-10T09:00+08:00")
    assert later["rows"]["accepted"] == 1
    before = records(ctx)
    assert replay(ctx, parse_replay_scope(None, "2024-W49", None))["differences"] == []
    assert records(ctx) == before


def test_versions_come_out_as_they_were_answered(ctx: Context) -> None:
    rows = "白银市,2024-W49,送清凉,送温暖慰问,2024-12-03,2024-12-04,{count},\n"
    for minute, count in enumerate((20, 30, 30, 40)):
        drop(ctx, rows.format(count=count), name=f"{count}-{minute}.csv", arrival=f"2024-12-09T10:0{minute}+08:00")
    before = records(ctx)
    assert [row[1:] for row in before["versions"]] == [(1, False), (2, False), (3, True)]
    assert replay(ctx, ALL)["differences"] == []
    assert records(ctx) == before
    lose_the_records(ctx)
    replay(ctx, ALL)
    assert records(ctx) == before


class Killed(BaseException):
    """A kill -9 cannot be caught; neither is this."""


@pytest.mark.parametrize("step", ["_play", "_changed_receipts", "_write_receipts"])
def test_a_replay_killed_anywhere_leaves_the_figures_as_before_or_as_after_and_a_rerun_finishes(
    played: Context, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    right = records(played)
    with played.engine.begin() as connection:
        connection.execute(text("update stored_measure set value_cents = 100 where value_cents = 5700"))
    wrong = records(played)
    with monkeypatch.context() as patched:
        patched.setattr(replaying, step, killed)
        with pytest.raises(Killed):
            replay(played, ALL)
    assert records(played) == (right if step == "_write_receipts" else wrong)
    replay(played, ALL)
    assert records(played) == right
    with played.engine.connect() as connection:
        assert connection.execute(text("select count(*) from pg_namespace where nspname = 'replay'")).scalar_one() == 0


def killed(*_: Any, **__: Any) -> None:
    raise Killed


def test_what_a_killed_replay_left_in_its_own_tables_is_not_seen_by_the_next(played: Context) -> None:
    from nuanliu.warehouse.recovery.replay_tables import make_shadow

    with played.engine.begin() as connection:
        make_shadow(connection)
        connection.execute(text("insert into replay.receipt select * from public.receipt"))
    assert replay(played, ALL)["differences"] == []


def test_two_replays_do_not_run_at_once(ctx: Context) -> None:
    with replaying._alone(ctx.engine), pytest.raises(ReplayRunning):
        replay(ctx, ALL)
    assert replay(ctx, ALL)["differences"] == []


def test_drops_that_arrive_while_a_replay_runs_are_not_lost(played: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    play_all = replaying._Run._play_all
    late = iter(["白银市,2024-W48,送清凉,送温暖慰问,2024-11-26,2024-11-27,20,\n"])

    def and_then_one_arrives(run: Any) -> None:
        play_all(run)
        for rows in late:
            drop(played, rows, name="meanwhile.csv", arrival="2024-12-09T11:00+08:00")

    monkeypatch.setattr(replaying._Run, "_play_all", and_then_one_arrives)
    assert replay(played, ALL)["replayed"] == 9
    assert reconcile(played)["ok"]
    ids = {figure["figure_id"] for figure in roll_up_week(played, "2024-W48")["figures"]}
    assert "2024-W48/620400/all/people_served/event" in ids


def test_a_week_whose_bytes_are_gone_stays_as_it_is(played: Context) -> None:
    before = records(played)
    shutil.rmtree(played.settings.home / "bucket" / "archive" / "620400")
    document = replay(played, ALL)
    assert document["differences"] == []
    assert len(document["missing"]) == 1
    assert records(played) == before


def test_archived_bytes_whose_receipt_never_reached_the_bucket_are_answered_when_the_records_are_lost(
    played: Context,
) -> None:
    before = records(played)
    shutil.rmtree(played.settings.home / "bucket" / "receipts" / "620400")
    arrival = played.settings.clock().timestamp()
    for path in (played.settings.home / "bucket" / "archive" / "620400").rglob("*.*"):
        os.utime(path, (arrival, arrival))
    lose_the_warehouse(played)
    replay(played, ALL)
    after = records(played)
    assert [row[0] for row in after["receipts"]] == [row[0] for row in before["receipts"]]
    assert all(after[week]["figures"] == before[week]["figures"] for week in WEEKS)
    assert played.bucket.stat("receipts/620400/2024-W49/620400-2024W49-001.json") is not None
    assert reconcile(played)["ok"]


def test_a_strangers_file_in_the_archive_is_not_replayed_while_the_records_are_there(played: Context) -> None:
    played.bucket.write(f"archive/620400/2024-W49/{'0' * 64}.csv", b"x")
    assert replay(played, ALL)["replayed"] == 8
    assert not reconcile(played)["ok"]


def test_files_of_one_union_and_week_keep_the_order_of_their_receipts() -> None:
    items = [("a", 2), ("b", 1), ("a", 1)]
    ordered = in_order_of_answers(items, group=lambda item: item[0], ordinal=lambda item: item[1])
    assert ordered == [("a", 1), ("b", 1), ("a", 2)]


@pytest.mark.parametrize(
    ("union_id", "weeks", "rule"),
    [
        ("1", None, None),
        ("620000", None, None),
        (None, "2024-W9", None),
        (None, "2024-W49..2024-W48", None),
        (None, None, "no.rule"),
    ],
)
def test_a_scope_that_can_never_hold_is_refused(union_id: str | None, weeks: str | None, rule: str | None) -> None:
    with pytest.raises(UsageError):
        parse_replay_scope(union_id, weeks, rule)
