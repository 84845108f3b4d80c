"""A row that waits behind another counts as soon as that one goes: nothing that a current file holds is lost or counted twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from tests.integration.weekly_workbook import HEADER, answer, found, workbook

from nuanliu.operations.recovery.replay_scope import ReplayScope
from nuanliu.operations.recovery.replaying import replay
from nuanliu.operations.weeks.reconciling import reconcile
from nuanliu.operations.weeks.roll_up import roll_up_week
from nuanliu.storage.bucket import open_bucket

if TYPE_CHECKING:
    from pathlib import Path

    from nuanliu.operations.context import Context
    from nuanliu.storage.bucket import Bucket

COLUMNS = (*HEADER, "主办单位", "活动编号", "物资名称", "统计范围")
CITY, DISTRICT = "620400", "620402"
DISTRICT_NAME = "白银区总工会"
W48, W49, W50 = "2024-W48", "2024-W49", "2024-W50"


@pytest.fixture
def bucket(tmp_path: Path) -> Bucket:
    return open_bucket(f"file://{tmp_path}/bucket")


def row(
    name: str = "广场义诊",
    day: str | None = "2024-12-03",
    people: int = 40,
    *,
    kind: str = "本次",
    organizer: str | None = DISTRICT_NAME,
    number: str | None = None,
    item: str | None = None,
    scope: str | None = None,
) -> tuple[Any, ...]:
    return (name, "健康义诊", day, day, kind, None, people, None, None, organizer, number, item, scope)


MINUTES = count(1)


def report(ctx: Context, union_id: str, week: str, *rows: tuple[Any, ...], kind: str = "首报") -> dict[str, Any]:
    """The receipt of a report that arrives after every other."""
    arrives = datetime.fromisoformat("2024-12-16T09:00+08:00") + timedelta(minutes=next(MINUTES))
    return answer(ctx, week, workbook(rows, COLUMNS, kind=kind), union_id=union_id, arrives=arrives)


def people(ctx: Context, week: str, union_id: str = DISTRICT, kind: str = "event", end: str = "") -> str | None:
    """The union's people at 健康义诊 in a week, None when there is no such figure; and nothing else is wrong."""
    figures = {figure["figure_id"]: figure["value"] for figure in roll_up_week(ctx, week)["figures"]}
    assert reconcile(ctx)["differences"] == []
    return figures.get(f"{week}/{union_id}/free_clinic/people_served/{kind}{end}")


def replays_alike(ctx: Context) -> bool:
    document = replay(ctx, ReplayScope())
    return (document["differences"], document["receipts"]) == ([], [])


# --- two unions


def test_what_the_organiser_took_over_counts_again_when_it_takes_its_row_away(ctx: Context) -> None:
    report(ctx, CITY, W49, row(people=40))
    report(ctx, DISTRICT, W49, row(people=44), row("送药", people=5))
    assert people(ctx, W49) == "49"
    report(ctx, DISTRICT, W49, row("送药", people=5), kind="更正")
    assert people(ctx, W49) == "45"
    assert replays_alike(ctx)


def test_what_was_held_behind_another_unions_report_counts_when_that_one_goes(ctx: Context) -> None:
    report(ctx, DISTRICT, W49, row(people=44), row("送药", people=5))
    held = report(ctx, CITY, W49, row(people=40), row("讲座", organizer=None))
    assert (held["status"], held["rows"]["held"]) == ("partially_accepted", 1)
    assert people(ctx, W49) == "49"
    report(ctx, DISTRICT, W49, row("送药", people=5), kind="更正")
    assert people(ctx, W49) == "45"
    assert replays_alike(ctx)


def test_a_first_file_of_nothing_but_rows_behind_another_report_is_a_version(ctx: Context) -> None:
    report(ctx, DISTRICT, W49, row(people=44))
    held = report(ctx, CITY, W49, row(people=40))
    assert (held["status"], held["version"]) == ("held", 1)
    report(ctx, DISTRICT, W49, row("送药", people=5), kind="更正")
    assert people(ctx, W49) == "45"


def test_cumulative_figures_of_one_activity_count_once_at_their_organiser(ctx: Context) -> None:
    report(ctx, DISTRICT, W49, row(kind="今年以来", people=350))
    second = report(ctx, CITY, W50, row(kind="今年以来", people=400, day="2024-12-09"))
    assert second["rows"]["held"] == 1
    assert people(ctx, W50, kind="ytd") == "350"


def test_a_number_of_its_own_makes_no_other_activity_of_another_unions_report(ctx: Context) -> None:
    report(ctx, CITY, W49, row(kind="今年以来", people=400, number="A-1"))
    report(ctx, DISTRICT, W49, row(kind="今年以来", people=350, number="7"))
    assert people(ctx, W49, kind="ytd") == "350"


def test_only_the_same_period_kind_is_taken_over(ctx: Context) -> None:
    report(ctx, CITY, W48, row(kind="今年以来", people=400, day="2024-11-26"))
    report(ctx, CITY, W49, row(kind="今年以来", people=420))
    report(ctx, DISTRICT, W49, row(people=30))
    assert people(ctx, W48, kind="ytd") == "400"
    assert people(ctx, W49, kind="ytd") == "420"
    assert people(ctx, W49) == "30"


def test_only_the_same_item_is_taken_over(ctx: Context) -> None:
    report(ctx, CITY, W49, row(people=10, item="帽子"))
    own = report(ctx, DISTRICT, W49, row(people=20, item="手套"))
    assert found(own, "org.foreign.takes_over") == []
    assert people(ctx, W49) == "30"


def test_only_the_same_scope_is_taken_over(ctx: Context) -> None:
    report(ctx, CITY, W49, row(people=90, scope="含下级", organizer=None))
    own = report(ctx, CITY, W49, row(people=20, organizer=None), kind="补充")
    assert own["status"] in {"accepted", "accepted_with_warnings"}
    report(ctx, CITY, W48, row(people=90, day="2024-11-26", scope="含下级"))
    other = report(ctx, DISTRICT, W48, row(people=20, day="2024-11-26"))
    assert other["rows"]["accepted"] == 1
    assert people(ctx, W48) == "20"


def test_another_start_of_the_same_week_is_the_same_activity_of_two_unions(ctx: Context) -> None:
    report(ctx, DISTRICT, W49, row(people=44, day="2024-12-03"))
    second = report(ctx, CITY, W49, row(people=44, day="2024-12-04"))
    assert second["rows"]["held"] == 1
    assert people(ctx, W49) == "44"


# --- one union, several weeks


def test_a_row_moved_into_the_week_it_counts_in_is_counted_there_once_the_other_file_lets_it_go(ctx: Context) -> None:
    late, other = row(day="2024-11-27", people=30), row("送药", people=5)
    report(ctx, DISTRICT, W48, row("讲座", day="2024-11-26", people=2))
    report(ctx, DISTRICT, W49, late, other)
    assert people(ctx, W48) == "32"
    moved = report(ctx, DISTRICT, W48, row("讲座", day="2024-11-26", people=2), late, kind="更正")
    assert (moved["status"], moved["rows"]["ignored"]) == ("accepted", 1)
    assert people(ctx, W48) == "32"
    report(ctx, DISTRICT, W49, other, kind="更正")
    assert people(ctx, W48) == "32"
    assert people(ctx, W49) == "5"
    assert replays_alike(ctx)


def test_a_second_union_moves_rows_between_weeks_without_loss(ctx: Context) -> None:
    """Back again: the row returns to the later file, is taken from the earlier one, and never counts twice."""
    late, other = row(day="2024-11-27", people=30), row("送药", people=5)
    report(ctx, DISTRICT, W49, late, other)
    report(ctx, DISTRICT, W48, row("讲座", day="2024-11-26", people=2), late)
    report(ctx, DISTRICT, W49, other, kind="更正")
    assert people(ctx, W48) == "32"
    report(ctx, DISTRICT, W49, other, late, kind="更正")
    assert people(ctx, W48) == "32"
    report(ctx, DISTRICT, W48, row("讲座", day="2024-11-26", people=2), kind="更正")
    assert people(ctx, W48) == "32"
