"""A file that must not be believed changes nothing that was there: the fact tables are compared byte for byte."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import openpyxl
import pytest
from sqlalchemy import text

from nuanliu.operations.take_all import take_all
from nuanliu.operations.weeks.reconciling import reconcile
from nuanliu.operations.weeks.roll_up import roll_up_week
from nuanliu.storage.bucket import open_bucket

if TYPE_CHECKING:
    from pathlib import Path

    from nuanliu.operations.context import Context
    from nuanliu.storage.bucket import Bucket

WEEKS = ("2024-W48", "2024-W49")
HEADER = ("活动编号", "填报单位", "活动名称", "活动类别", "开始日期", "结束日期", "统计口径", "服务人数(人)")


@pytest.fixture
def bucket(tmp_path: Path) -> Bucket:
    return open_bucket(f"file://{tmp_path}/bucket")


def rows(people: str, *, union: str = "", end: str = "2024-12-04") -> list[tuple[str, ...]]:
    return [HEADER, ("BY-1", union, "免费体检", "健康体检", "2024-12-03", end, "本次", people)]


def table(*lines: tuple[str, ...]) -> bytes:
    text_file = io.StringIO()
    csv.writer(text_file).writerows(lines)
    return text_file.getvalue().encode()


def with_cover(lines: list[tuple[str, ...]], **cover: str) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "报送信息"
    for label, said in cover.items():
        sheet.append((label, said))
    activities = book.create_sheet("活动明细")
    for line in lines:
        activities.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def dump(ctx: Context) -> dict[str, list[str]]:
    """Every row of every fact, bridge and dimension of submissions as PostgreSQL writes it, in a fixed order."""
    with ctx.engine.connect() as connection:
        tables = connection.execute(
            text(
                "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace "
                "where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition "
                "and (c.relname like any(array['fact\\_%', 'stored\\_%', 'bridge\\_%']) or c.relname like 'mart\\_week\\_figure%')"
            )
        ).scalars()
        # fact_submission has a row for each drop by design: those of before must stand as they were, see below
        return {
            name: list(connection.exec_driver_sql(f"select t::text from {name} t order by 1").scalars())
            for name in sorted(tables)
        }


WRONG = {
    "cover names another week": ("intake/620400/2024-W49/周报.xlsx", with_cover(rows("9999"), 报告期="2024年第48周")),
    "file name names another week": ("intake/620400/2024-W49/2024年第47周.csv", table(*rows("9999"))),
    "week to come": ("intake/620400/2025-W10/周报.csv", table(*rows("9999"))),
    "week long past": ("intake/620400/2024-W20/周报.csv", table(*rows("9999", end="2024-05-15"))),
    "unreadable week": ("intake/620400/周报.xlsx", with_cover(rows("9999"), 报告期="上上周")),
    "ends after its week": ("intake/620400/2024-W49/周报.csv", table(*rows("9999", end="2024-12-20"))),
    "cover names another union": ("intake/620400/周报.xlsx", with_cover(rows("9999"), 报送单位="兰州市总工会")),
    "cover names no union": ("intake/620400/周报.xlsx", with_cover(rows("9999"), 报送单位="火星市总工会")),
    "rows of another union": ("intake/620400/周报.csv", table(*rows("9999", union="兰州市总工会"))),
    "rows of no union": ("intake/620400/周报.csv", table(*rows("9999", union="火星市总工会"))),
    "in the folder of another union": ("intake/620100/周报.csv", table(*rows("9999", union="白银市总工会"))),
    "in the folder of no union": ("intake/999999/周报.csv", table(*rows("9999"))),
    "in the province's folder": ("intake/620000/周报.csv", table(*rows("9999"))),
    "a trial": ("intake/620400/试报/周报.csv", table(*rows("9999"))),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_period_or_union_leaves_every_earlier_fact_byte_identical(ctx: Context, wrong: str) -> None:
    early = replace(ctx, settings=ctx.settings.at(datetime.fromisoformat("2024-12-02T09:00:00+08:00")))
    assert ctx.bucket.create("intake/620400/2024-W48/w48.csv", earlier_week("300"))
    assert ctx.bucket.create("intake/620100/2024-W48/w48.csv", earlier_week("310"))
    assert {receipt["status"] for receipt in take_all(early)["receipts"]} == {"accepted"}
    for union_id, people in (("620400", "1200"), ("620100", "1300")):
        assert ctx.bucket.create(f"intake/{union_id}/2024-W49/w49.csv", table(*rows(people)))
    assert {receipt["status"] for receipt in take_all(ctx)["receipts"]} == {"accepted"}
    for week in WEEKS:
        roll_up_week(ctx, week)
    before = dump(ctx)
    assert before["stored_measure"]
    assert before["mart_week_figure"]

    key, data = WRONG[wrong]
    assert ctx.bucket.create(key, data)
    (receipt,) = take_all(ctx)["receipts"]
    assert receipt["status"] in {"held", "rejected", "trial"}
    assert receipt["rows"]["accepted"] == 0 or receipt["status"] == "trial"
    for week in WEEKS:
        roll_up_week(ctx, week)

    after = dump(ctx)
    assert set(before["fact_submission"]) <= set(after["fact_submission"])
    assert {**after, "fact_submission": before["fact_submission"]} == before
    assert reconcile(ctx)["differences"] == []


def earlier_week(people: str) -> bytes:
    return table(HEADER, ("BY-0", "", "走访困难职工", "走访慰问", "2024-11-27", "2024-11-28", "本次", people))
