"""Catalogue entries that need earlier weeks, other unions or what leaves with a publication, through the real intake."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import text
from tests.integration.weekly_workbook import HEADER, answer, found, workbook
from tests.planted_numbers import mail_texts
from tests.smtp_server import SmtpScript, serving

from nuanliu.operations.weeks.publishing import publish_week
from nuanliu.operations.weeks.reconciling import reconcile
from nuanliu.storage.bucket import open_bucket

if TYPE_CHECKING:
    from pathlib import Path

    from nuanliu.operations.context import Context
    from nuanliu.storage.bucket import Bucket


@pytest.fixture
def bucket(tmp_path: Path) -> Bucket:
    return open_bucket(f"file://{tmp_path}/bucket")


def event(day: str, people: object, why: str | None = None, name: str = "健康义诊") -> tuple[Any, ...]:
    return (name, "健康义诊", day, day, "本次", None, people, None, why)


def test_m53_a_figure_far_above_the_unions_own_past_is_asked_about_unless_it_is_inclusive(ctx: Context) -> None:
    answer(ctx, "2024-W47", workbook([event("2024-11-20", 80)]))
    answer(ctx, "2024-W48", workbook([event("2024-11-27", 100)]))
    jump = workbook([event("2024-12-03", 1000), event("2024-12-04", 999, name="义诊")])
    receipt = answer(ctx, "2024-W49", jump)
    (asked,) = found(receipt, "time.event.jump")
    assert (asked["cell"], asked["severity"]) == ("G2", "query")
    assert (receipt["rows"]["accepted"], receipt["rows"]["held"]) == (1, 1)

    of_all_counties = [(*event("2024-12-03", 1000), "含下级"), (*event("2024-12-04", 999, name="义诊"), "本级")]
    receipt = answer(ctx, "2024-W50", workbook(of_all_counties, (*HEADER, "统计范围")))
    assert found(receipt, "time.event.jump") == []


def test_m69_an_explained_activity_of_long_ago_counts_in_its_own_week(ctx: Context) -> None:
    late = event("2024-09-03", 30)
    receipt = answer(ctx, "2024-W49", workbook([late]))
    (asked,) = found(receipt, "row.end_date.too_old")
    assert (asked["severity"], receipt["status"]) == ("query", "held")

    receipt = answer(ctx, "2024-W49", workbook([(*late[:-1], "九月漏报,补报")]))
    (answered,) = found(receipt, "row.end_date.too_old")
    assert (answered["severity"], receipt["status"]) == ("info", "accepted")
    with ctx.engine.connect() as connection:
        weeks = connection.execute(text("select week_start from fact_activity")).scalars().all()
    assert [str(week) for week in weeks] == ["2024-09-02"]


def test_m75_an_undated_activity_that_says_what_it_said_last_week_is_asked_about(ctx: Context) -> None:
    undated = ("货车司机回访", "走访慰问", "近日", None, "本次", None, 57, None, None)
    assert answer(ctx, "2024-W48", workbook([undated]))["rows"]["accepted"] == 1
    receipt = answer(ctx, "2024-W49", workbook([undated]))
    (asked,) = found(receipt, "time.event.same_as_week_before")
    assert (asked["row"], receipt["status"]) == (2, "held")


def test_m75_an_activity_of_two_unions_is_counted_once_at_its_organiser(ctx: Context) -> None:
    header = (*HEADER, "主办单位")
    row = (*event("2024-12-03", 120), "会宁县总工会")
    own = answer(ctx, "2024-W49", workbook([row], header), union_id="620422")
    above = answer(ctx, "2024-W49", workbook([row], header, "市级"), union_id="620400")
    assert (own["rows"]["accepted"], above["rows"]["held"]) == (1, 1)
    (asked,) = [finding for finding in above["findings"] if finding["severity"] == "query"]
    assert own["receipt_no"] in asked["message"]
    with ctx.engine.connect() as connection:
        assert connection.execute(text("select sum(value) from fact_measure where is_counting")).scalar_one() == 120


HOSTILE = (
    "=cmd|'/c calc'!A1",
    "+1+cmd|'/c calc'!A1",
    "@SUM(1+1)",
    "-2+3",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "{{ ds }}{% raw %}",
    "%(x)s{0}${x}",
    "'; drop table fact_activity; --",
)


def test_m76_m77_m78_hostile_words_leave_every_export_as_plain_text(ctx: Context, tmp_path: Path) -> None:
    """Names, campaigns and explanations that attack Excel, mail readers, Airflow's templates or SQL are published."""
    recipients = tmp_path / "recipients.csv"
    recipients.write_text("address,name,role,union_id\nleader@x.example,领导,leader,\n", "utf-8")
    header = (*HEADER, "专项/品牌", "物资名称")
    rows = [
        (f"{words}慰问{at}", "走访慰问", "2024-12-03", "2024-12-03", "本次", "", 900_000 + at, "", words, words, words)
        for at, words in enumerate(HOSTILE)
    ]
    sheet = StringIO()
    csv.writer(sheet).writerows([header, *rows])
    with serving(SmtpScript()) as script:
        mailed = replace(ctx, settings=replace(ctx.settings, smtp_url=script.url, recipients=recipients))
        receipt = answer(mailed, "2024-W49", sheet.getvalue().encode(), name="周报.csv")
        assert receipt["rows"]["accepted"] == len(HOSTILE)
        edition = publish_week(mailed, "2024-W49", send=True)
    assert reconcile(ctx)["differences"] == []
    with ctx.engine.connect() as connection:
        names = connection.execute(text("select activity_name from fact_activity order by 1")).scalars().all()
    assert set(names) == {f"{words}慰问{at}" for at, words in enumerate(HOSTILE)}

    (message,) = script.messages
    files = {key.rpartition(".")[2]: ctx.bucket.read(key) for key in edition["files"]}
    pages = [files["html"].decode(), ctx.bucket.read(_receipt_file(ctx, "html")).decode()]
    pages += [part for part in mail_texts(message) if "</html>" in part]
    assert len(pages) == 3
    for page in pages:
        assert "alert(1)" in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    document = json.loads(files["json"])
    assert document["week"] == "2024-W49"
    for content in (files["xlsx"], ctx.bucket.read(_receipt_file(ctx, "xlsx"))):
        book = load_workbook(BytesIO(content))
        formulas = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
        assert not [formula for formula in formulas if "cmd" in str(formula) or "SUM(1+1)" in str(formula)]


def _receipt_file(ctx: Context, ending: str) -> str:
    (key,) = [item.key for item in ctx.bucket.list("receipts/") if item.key.endswith(f".{ending}")]
    return key
