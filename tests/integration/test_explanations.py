"""A query waits for 说明; 说明 is stored with the figure, told to the leaders, and not asked for again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import text
from tests.integration.weekly_workbook import answer, found, workbook

from nuanliu.operations.weeks.publishing import publish_week
from nuanliu.storage.bucket import open_bucket

if TYPE_CHECKING:
    from pathlib import Path

    from nuanliu.operations.context import Context
    from nuanliu.storage.bucket import Bucket


@pytest.fixture
def bucket(tmp_path: Path) -> Bucket:
    return open_bucket(f"file://{tmp_path}/bucket")


def since(people: int, why: str | None = None) -> tuple[Any, ...]:
    """A figure that is told again and again: 累计 since the beginning of 2024."""
    return ("困难职工帮扶", "困难帮扶", None, None, "累计", "2024-01-01", people, None, why)


def event(day: str, people: int, why: str | None = None) -> tuple[Any, ...]:
    return (f"健康义诊{day}", "健康义诊", day, day, "本次", None, people, None, why)


def explanations(ctx: Context) -> list[tuple[str, str | None]]:
    with ctx.engine.connect() as connection:
        rows = connection.execute(text("select week_start, explanation from fact_activity order by week_start"))
        return [(str(row.week_start), row.explanation) for row in rows]


def test_a_fall_is_held_until_it_is_explained_and_then_not_asked_about_again(ctx: Context) -> None:
    assert answer(ctx, "2024-W48", workbook([since(1000)]))["status"].startswith("accepted")
    (fell,) = found(answer(ctx, "2024-W49", workbook([since(900)])), "time.series.fell")
    assert fell["severity"] == "query"
    explained = answer(ctx, "2024-W49", workbook([since(900, "核减重复登记100人")]))
    (fell,) = found(explained, "time.series.fell")
    assert (fell["severity"], explained["rows"]["accepted"]) == ("info", 1)
    assert "暂不入库" not in fell["message"]

    again = answer(ctx, "2024-W49", workbook([since(900), event("2024-12-03", 30)]))
    (fell,) = found(again, "time.series.fell")
    assert fell["severity"] == "info"
    assert "核减重复登记100人" in fell["message"]
    assert again["rows"]["accepted"] == 2
    assert ("2024-12-02", "核减重复登记100人") in explanations(ctx)

    other = answer(ctx, "2024-W49", workbook([since(800), event("2024-12-03", 30)]))
    assert (found(other, "time.series.fell")[0]["severity"], other["status"]) == ("query", "held")


def test_an_explained_limit_is_not_asked_about_week_after_week_while_the_value_stays(ctx: Context) -> None:
    rule = "row.measure.over_limit"
    (asked,) = found(answer(ctx, "2024-W48", workbook([since(90_000_000)])), rule)
    assert asked["severity"] == "query"
    answer(ctx, "2024-W48", workbook([since(90_000_000, "全省职工总数")]))
    for week in ("2024-W49", "2024-W50", "2024-W51"):
        receipt = answer(ctx, week, workbook([since(90_000_000)], note=week))
        assert found(receipt, rule)[0]["severity"] == "info"
        assert receipt["rows"]["accepted"] == 1
    assert [said for _, said in explanations(ctx)] == ["全省职工总数"] * 4
    (asked,) = found(answer(ctx, "2024-W51", workbook([since(91_000_000)])), rule)
    assert asked["severity"] == "query"


@pytest.mark.parametrize(
    ("first", "again"), [("运动会义诊", None), (None, "上周已报"), ("运动会义诊", "运动会期间义诊")]
)
def test_an_event_told_again_in_another_weeks_file_may_be_explained_otherwise(
    ctx: Context, first: str | None, again: str | None
) -> None:
    """The figures are what may not differ; what is written beside them may."""
    assert answer(ctx, "2024-W48", workbook([event("2024-11-27", 100, first)]))["rows"]["accepted"] == 1
    receipt = answer(ctx, "2024-W49", workbook([event("2024-11-27", 100, again), event("2024-12-04", 30)]))
    assert len(found(receipt, "file.version.counted_elsewhere")) == 1
    assert (receipt["rows"]["accepted"], receipt["rows"]["held"]) == (1, 0)


def test_an_explanation_added_to_a_file_that_was_accepted_in_part_is_something_new(ctx: Context) -> None:
    partly = [event("2024-12-03", 30), since(90_000_000)]
    assert answer(ctx, "2024-W49", workbook(partly))["rows"]["held"] == 1
    explained = answer(ctx, "2024-W49", workbook([partly[0], since(90_000_000, "全省职工总数")]))
    assert explained["rows"]["accepted"] == 2


def test_leaders_read_what_was_explained(ctx: Context) -> None:
    for week, day in (("2024-W47", "2024-11-20"), ("2024-W48", "2024-11-27")):
        assert answer(ctx, week, workbook([event(day, 100)]))["rows"]["accepted"] == 1
    (jump,) = found(answer(ctx, "2024-W49", workbook([event("2024-12-04", 5000)])), "time.event.jump")
    assert jump["severity"] == "query"
    why = "全市职工运动会<b>现场</b>义诊"
    assert (
        answer(ctx, "2024-W49", workbook([event("2024-12-04", 5000, why), event("2024-12-05", 60, "无异常")]))["rows"][
            "accepted"
        ]
        == 2
    )
    edition = publish_week(ctx, "2024-W49", send=False)
    assert edition["published"]
    (page,) = [ctx.bucket.read(key).decode() for key in edition["files"] if key.endswith(".html")]
    assert "情况说明" in page
    assert "全市职工运动会&lt;b&gt;" in page
    assert "无异常" not in page
    (book,) = [key for key in edition["files"] if key.endswith(".xlsx")]
    path = ctx.settings.home / "summary.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(ctx.bucket.read(book))
    rows = list(load_workbook(path)["情况说明"].iter_rows(values_only=True))
    assert rows[1:] == [("白银市总工会", "健康义诊2024-12-04", "服务人数(人)", "5000", why)]
    (summary,) = [ctx.bucket.read(key).decode() for key in edition["files"] if key.endswith(".json")]
    assert '"explanations"' not in summary
