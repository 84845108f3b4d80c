"""A row that comes again is known whatever its remarks, its spelling, its number or the other rows of the file (issue 9, Content)."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from tests.integration.weekly_workbook import answer, workbook

from nuanliu.operations.weeks.reconciling import reconcile
from nuanliu.operations.weeks.roll_up import roll_up_week
from nuanliu.storage.bucket import open_bucket

if TYPE_CHECKING:
    from pathlib import Path

    from nuanliu.operations.context import Context
    from nuanliu.storage.bucket import Bucket

COLUMNS = (
    "活动编号",
    "活动名称",
    "活动类别",
    "开始日期",
    "结束日期",
    "活动地点",
    "服务人数(人)",
    "场次",
    "说明",
    "备注",
)
W48, W49 = "2024-W48", "2024-W49"
OTHER_WORDS: dict[str, dict[str, Any]] = {
    "word for word": {},
    "a blank more": {"活动名称": "慰问 活动"},
    "full width": {"活动名称": "慰问活动　"},
    "another remark": {"备注": "当天有雪"},
    "another free place": {"活动地点": "文化宫"},
    "a number": {"活动编号": "A-1"},
}
MINUTES = count(1)


@pytest.fixture
def bucket(tmp_path: Path) -> Bucket:
    return open_bucket(f"file://{tmp_path}/bucket")


def row(**cells: Any) -> list[Any]:
    said = {"活动名称": "慰问活动", "活动类别": "送温暖慰问", "服务人数(人)": 178, **cells}
    return [said.get(column) for column in COLUMNS]


def beside(day: str) -> list[Any]:
    """Another activity, which fills a column that the first does not."""
    return row(活动名称="技能比武", 开始日期=day, 结束日期=day, **{"服务人数(人)": 5, "场次": 2})


def report(ctx: Context, week: str, *rows: list[Any], kind: str = "首报") -> dict[str, Any]:
    """The receipt of a report that arrives after every other."""
    arrives = datetime.fromisoformat("2024-12-16T09:00+08:00") + timedelta(minutes=next(MINUTES))
    return answer(ctx, week, workbook(rows, COLUMNS, kind=kind), arrives=arrives)


def people(ctx: Context) -> list[str | None]:
    """Of both weeks; and nothing else is wrong."""
    found = []
    for week in (W48, W49):
        figures = {figure["figure_id"]: figure["value"] for figure in roll_up_week(ctx, week)["figures"]}
        found.append(figures.get(f"{week}/620400/condolence/people_served/event"))
    assert reconcile(ctx)["differences"] == []
    return found


@pytest.mark.parametrize("words", OTHER_WORDS.values(), ids=OTHER_WORDS)
@pytest.mark.parametrize("weeks", [(W48, W49), (W49, W48)], ids=["in order", "late"])
def test_an_undated_row_that_comes_again_beside_another_is_asked_about(
    ctx: Context, words: dict[str, Any], weeks: tuple[str, str]
) -> None:
    first, second = weeks
    days = {W48: "2024-11-26", W49: "2024-12-03"}
    report(ctx, first, row())
    again = report(ctx, second, row(**words), beside(days[second]))
    assert (again["rows"]["accepted"], again["rows"]["held"]) == (1, 1)
    counted = dict(zip((W48, W49), people(ctx), strict=True))
    assert (counted[first], counted[second]) == ("178", "5")


@pytest.mark.parametrize("words", [words for words in OTHER_WORDS.values() if "活动编号" not in words], ids=str)
def test_a_dated_row_that_comes_again_in_another_weeks_file_is_set_aside_and_called_the_same(
    ctx: Context, words: dict[str, Any]
) -> None:
    dated = {"开始日期": "2024-11-26", "结束日期": "2024-11-26"}
    report(ctx, W48, row(**dated))
    again = report(ctx, W49, row(**dated, **words), beside("2024-12-03"))
    assert (again["rows"]["accepted"], again["rows"]["ignored"], again["rows"]["held"]) == (1, 1, 0)
    assert people(ctx) == ["178", "5"]


@pytest.mark.parametrize("words", [words for words in OTHER_WORDS.values() if "活动编号" not in words], ids=str)
def test_a_supplement_with_the_old_row_adds_the_new_one_alone(ctx: Context, words: dict[str, Any]) -> None:
    report(ctx, W49, row())
    added = report(ctx, W49, row(**words), beside("2024-12-03"), kind="补充")
    assert (added["rows"]["accepted"], added["rows"]["ignored"], added["rows"]["held"]) == (1, 1, 0)
    assert people(ctx) == [None, "183"]
