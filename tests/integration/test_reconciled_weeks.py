"""A publication is stopped by damage in what it prints and by no other; the nights find the rest within eight weeks."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from tests.integration.played_copy import copied
from tests.integration.played_week import context

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.operations.take_all import take_all
from nuanliu.operations.weeks.publishing import publish_week
from nuanliu.operations.weeks.reconciling import reconcile, reconcile_due
from nuanliu.settings import SHANGHAI
from nuanliu.storage.bucket import open_bucket
from nuanliu.storage.database import open_engine
from nuanliu.warehouse.marts.figures import week_document
from nuanliu.warehouse.reconciliation.weeks_due import SEEN_WITHIN, weeks_due

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nuanliu.operations.context import Context

WEEKS = [ReportingWeek.parse("2024-W44").shift(later) for later in range(6)]
LAST = WEEKS[-1]
_HEADER = (
    "报告期",
    "报送类型",
    "活动名称",
    "活动类别",
    "开始日期",
    "结束日期",
    "统计口径",
    "专项/品牌",
    "服务人数(人)",
)


def report(ctx: Context, week: ReportingWeek, *rows: tuple[str, ...], kind: str = "首报") -> None:
    """One file of 620400 for a week, dropped on the Monday after it: name, 统计口径, campaign, people."""
    lines = [
        (str(week), kind, name, "健康体检", str(week.monday), str(week.monday + timedelta(days=2)), *more)
        for name, *more in rows
    ]
    text = io.StringIO()
    csv.writer(text).writerows([_HEADER, *lines])
    at = datetime.combine(week.shift(1).monday, datetime.min.time(), SHANGHAI) + timedelta(hours=9)
    assert ctx.bucket.create(f"intake/620400/{week}-{kind}.csv", text.getvalue().encode())
    (receipt,) = take_all(replace(ctx, settings=replace(ctx.settings, now=at)))["receipts"]
    assert receipt["status"].startswith("accepted"), receipt["findings"]


@pytest.fixture(scope="module")
def played(module_warehouse_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """An event of each week, one with a campaign in the second, a stock in the third; played once."""
    home = tmp_path_factory.mktemp("six_weeks")
    engine = open_engine(module_warehouse_dsn)
    ctx = context(home, open_bucket(f"file://{home}/bucket"), engine)
    for week in WEEKS:
        rows = [(f"体检{week}", "本次", "", "100")]
        rows += [("义诊", "本次", "关爱新业态·互助健康行", "30")] if week == WEEKS[1] else []
        rows += [("会员健康档案", "现有", "", "5000")] if week == WEEKS[2] else []
        report(ctx, week, *rows)
    engine.dispose()
    return module_warehouse_dsn, home / "bucket"


@pytest.fixture
def six_weeks(played: tuple[str, Path], tmp_path: Path) -> Iterator[Context]:
    """A copy of them, on the evening when the last is published."""
    now = datetime.combine(LAST.shift(1).monday, datetime.min.time(), SHANGHAI) + timedelta(hours=18)
    with copied(played, tmp_path) as ctx:
        yield replace(ctx, settings=replace(ctx.settings, now=now))


def damage(ctx: Context, statement: str) -> None:
    with ctx.engine.begin() as connection:
        assert connection.exec_driver_sql(statement).rowcount >= 1


def one_more(week: ReportingWeek, people: int = 100) -> str:
    """Damage: one person more in the facts of a week than its receipt says."""
    return f"update stored_measure set value_cents = value_cents + 100 where week_start = '{week.monday}' and value_cents = {people} * 100"


def rolled_up(statement: str, week: ReportingWeek) -> str:
    """The same damage, and the week's figures follow it, as after a roll-up."""
    mart = f"update mart_week_figure set value = value + 1 where week_start = '{week.monday}' and value = 100"
    return f"with facts as ({statement} returning 1) {mart}"


STOPPING = {
    "its own facts": one_more(LAST),
    "a fact of its own that is gone": f"delete from fact_measure where week_start = '{LAST.monday}'",
    "the week that it is compared with": rolled_up(one_more(WEEKS[-2]), WEEKS[-2]),
    "a cumulative figure of long ago that it carries": one_more(WEEKS[2], people=5000),
    "what a campaign gained earlier in its season, and its figures follow": (
        f"with facts as ({one_more(WEEKS[1], people=30)} returning 1) "
        f"update mart_campaign_week set value = 31 where week_start = '{WEEKS[1].monday}'"
    ),
    "the counts of a receipt": "update fact_submission set ignored_count = 7 where week_start = '" + f"{LAST.monday}'",
}


@pytest.mark.parametrize("statement", STOPPING.values(), ids=STOPPING)
def test_a_publication_is_stopped_by_damage_in_what_it_prints(six_weeks: Context, statement: str) -> None:
    damage(six_weeks, statement)
    edition = publish_week(six_weeks, str(LAST), send=False)
    assert edition["held"]
    assert "对账不平" in edition["reason"]


def test_figures_that_are_not_what_their_facts_are_are_rolled_up_before_they_are_printed(six_weeks: Context) -> None:
    for mart, week in (
        ("mart_campaign_week", WEEKS[1]),
        ("mart_week_figure", WEEKS[-2]),
        ("mart_cumulative", WEEKS[-2]),
    ):
        damage(six_weeks, f"update {mart} set value = value + 1 where week_start = '{week.monday}'")
    edition = publish_week(six_weeks, str(LAST), send=False)
    assert edition["published"], edition["reason"]
    with six_weeks.engine.connect() as connection:
        printed = week_document(connection, LAST)
    assert [entry["value"] for entry in printed["campaigns"]] == ["30"]
    assert {figure["value"] for figure in printed["figures"] if figure["period_kind"] == "stock"} == {"5000"}


@pytest.mark.parametrize("week", [LAST, WEEKS[-2]], ids=["its own", "the week before"])
def test_a_publication_is_stopped_by_an_original_that_is_gone_of_what_it_prints(
    six_weeks: Context, week: ReportingWeek
) -> None:
    (original,) = six_weeks.bucket.list(f"archive/620400/{week}/")
    six_weeks.bucket.delete(original.key)
    assert publish_week(six_weeks, str(LAST), send=False)["held"]


def test_a_publication_is_stopped_by_an_earlier_edition_of_its_week_that_is_not_as_it_was_published(
    six_weeks: Context,
) -> None:
    assert publish_week(six_weeks, str(LAST), send=False)["published"]
    six_weeks.bucket.write(f"reports/{LAST}/edition-1/summary.json", b"{}")
    report(six_weeks, LAST, ("体检", "本次", "", "90"), kind="更正")
    assert publish_week(six_weeks, str(LAST), send=False)["held"]


def test_damage_in_a_week_that_it_does_not_print_stops_no_publication_and_reconcile_by_hand_finds_it(
    six_weeks: Context,
) -> None:
    damage(six_weeks, one_more(WEEKS[0]))
    (original,) = six_weeks.bucket.list(f"archive/620400/{WEEKS[3]}/")
    six_weeks.bucket.delete(original.key)
    assert publish_week(six_weeks, str(LAST), send=False)["published"]
    checks = {difference["check"] for difference in reconcile(six_weeks)["differences"]}
    assert {"fact_measure__receipt_totals", "registry__object_missing"} <= checks


def test_a_correction_of_a_week_is_stopped_by_damage_in_that_week(six_weeks: Context) -> None:
    """The edition tells what it was and what it is."""
    early = WEEKS[3]
    assert publish_week(six_weeks, str(early), send=False)["published"]
    report(six_weeks, early, (f"体检{early}", "本次", "", "90"), kind="更正")
    damage(six_weeks, one_more(early, people=90))
    assert publish_week(six_weeks, str(LAST), send=False)["held"]


def night(ctx: Context, number: int) -> Context:
    at = datetime.combine(LAST.shift(1).monday, datetime.min.time(), SHANGHAI) + timedelta(days=number, hours=2.5)
    return replace(ctx, settings=replace(ctx.settings, now=at))


@pytest.mark.parametrize("place", [0, 3])
def test_damage_in_any_week_is_found_by_the_nights_within_eight_weeks(six_weeks: Context, place: int) -> None:
    assert reconcile_due(night(six_weeks, 1))["ok"]
    damage(six_weeks, one_more(WEEKS[place]))
    for number in range(2, SEEN_WITHIN.days + 2):
        document = reconcile_due(night(six_weeks, number))
        if not document["ok"]:
            break
    assert {difference["check"] for difference in document["differences"]} >= {"fact_measure__receipt_totals"}
    # what is not clean stays due, and nothing else is taken for clean with it
    assert not reconcile_due(night(six_weeks, number + 1))["ok"]


def test_a_week_that_was_touched_is_looked_at_in_the_next_night_and_a_quiet_one_waits_for_its_turn(
    six_weeks: Context,
) -> None:
    def due(number: int) -> set[ReportingWeek]:
        with six_weeks.engine.connect() as connection:
            return set(weeks_due(connection, night(six_weeks, number).settings.clock()))

    assert due(1) == set(WEEKS)
    assert reconcile_due(night(six_weeks, 1))["ok"]
    assert due(2) == {WEEKS[0]}
    report(six_weeks, WEEKS[4], ("体检", "本次", "", "90"), kind="更正")
    assert due(2) == {WEEKS[0], WEEKS[4]}
    assert reconcile_due(night(six_weeks, 2))["ok"]
    assert WEEKS[4] not in due(3)


def test_an_original_that_is_gone_is_found_in_the_next_night_whatever_its_week(six_weeks: Context) -> None:
    assert reconcile_due(night(six_weeks, 1))["ok"]
    (original,) = six_weeks.bucket.list(f"archive/620400/{WEEKS[3]}/")
    six_weeks.bucket.delete(original.key)
    assert not reconcile_due(night(six_weeks, 2))["ok"]
