"""Entries of the catalogue that need what came before: repeated and foreign bytes, late files, corrections (M24–M30)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook
from tests.integration.played_week import context
from tests.integration.weekly_workbook import answer, found, workbook
from tests.unit.intake.formats.reading_files import zipped

from nuanliu.operations.drops.claiming import waiting_objects
from nuanliu.operations.take_all import take_all
from nuanliu.storage.bucket import open_bucket

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from nuanliu.operations.context import Context

WEEK = "2024-W49"


@pytest.fixture
def ctx(tmp_path: Path, warehouse: Engine) -> Context:
    """One folder is bucket enough: what is asked here is asked of the warehouse."""
    return context(tmp_path, open_bucket(f"file://{tmp_path}/bucket"), warehouse)


def week_of(people: int, note: str = "", *, name: str = "货车司机健康义诊") -> bytes:
    return workbook([[name, "健康义诊", "2024-12-03", "2024-12-04", "本次", None, people, 3500, None]], note=note)


def take(ctx: Context, key: str, data: bytes, at: str) -> list[dict]:
    assert ctx.bucket.create(key, data)
    settings = replace(ctx.settings, now=datetime.fromisoformat(at), settle_seconds=0)
    return list(take_all(replace(ctx, settings=settings))["receipts"])


def test_m21_temporary_and_growing_files_wait_and_are_never_answered(ctx: Context) -> None:
    for name in ("~$周报.xlsx", ".~lock.周报.xlsx#", "Thumbs.db", ".DS_Store", "周报.xlsx.part"):
        assert ctx.bucket.create(f"intake/620400/{name}", b"x")
    assert waiting_objects(replace(ctx, settings=replace(ctx.settings, settle_seconds=0))) == []
    assert take(ctx, "intake/620400/周报.xlsx", week_of(120), "2024-12-09T09:00+08:00")[0]["status"].startswith(
        "accept"
    )


def test_m22_zip_is_archived_as_it_came_and_answered_with_the_workbook_inside(ctx: Context) -> None:
    data = zipped({"周报.xlsx": week_of(-5)})
    receipt = answer(ctx, WEEK, data, name="周报.zip")
    assert receipt["status"] == "rejected"
    (archived,) = ctx.bucket.list("archive/")
    assert archived.key == f"archive/620400/{WEEK}/{receipt['sha256']}.zip"
    assert ctx.bucket.read(archived.key) == data
    marked = ctx.bucket.read(f"receipts/620400/{WEEK}/{receipt['receipt_no']}.xlsx")
    assert load_workbook(BytesIO(marked)).sheetnames == ["检查结果", "活动明细", "底稿"]


def test_m24_same_bytes_under_another_name_are_a_duplicate_and_other_content_is_the_next_version(ctx: Context) -> None:
    data = week_of(120)
    first = answer(ctx, WEEK, data, name="周报.xlsx")
    again = answer(ctx, WEEK, data, name="周报(2)最终版.xlsx")
    saved_anew = answer(ctx, WEEK, week_of(120, note="另存"), name="周报-副本.xlsx")
    changed = answer(ctx, WEEK, week_of(125), name="周报最终版2.xlsx")
    assert [receipt["status"] for receipt in (first, again, saved_anew, changed)] == [
        "accepted",
        "duplicate",
        "unchanged",
        "accepted",
    ]
    assert [receipt["version"] for receipt in (first, again, saved_anew, changed)] == [1, 1, 1, 2]
    assert found(changed, "file.version.replaces")


def test_m25_identical_bytes_from_a_second_union_are_held_and_the_first_is_named(ctx: Context) -> None:
    data = week_of(120)
    first = answer(ctx, WEEK, data, union_id="620400")
    second = answer(ctx, WEEK, data, union_id="620300")
    assert (first["status"], second["status"]) == ("accepted", "held")
    assert second["rows"] == {"received": 1, "accepted": 0, "returned": 0, "held": 1, "ignored": 0}
    (query,) = found(second, "org.foreign.same_file")
    assert first["receipt_no"] in query["message"]
    assert "白银市总工会" in query["message"]
    assert "报送单位" in query["fix"]


def test_m25_bytes_that_a_union_has_taken_back_or_only_tried_hold_nobody(ctx: Context) -> None:
    data = week_of(120)
    tried = take(ctx, "intake/620100/试报/周报.xlsx", data, "2024-12-09T09:00+08:00")
    answer(ctx, WEEK, data, union_id="620400")
    answer(ctx, WEEK, week_of(98, note="自己的"), union_id="620400", name="自己的周报.xlsx")
    assert tried[0]["status"] == "trial"
    assert answer(ctx, WEEK, data, union_id="620300")["status"] == "accepted"


def test_m29_a_late_file_is_accepted_and_flagged_as_late(ctx: Context) -> None:
    on_time = take(ctx, f"intake/620400/{WEEK}/周报.xlsx", week_of(120), "2024-12-09T12:00+08:00")
    late = take(ctx, f"intake/620300/{WEEK}/周报.xlsx", week_of(98), "2024-12-11T09:00+08:00")
    assert [(receipt["status"], receipt["late"]) for receipt in (*on_time, *late)] == [
        ("accepted", False),
        ("accepted", True),
    ]


def test_m30_a_correction_of_an_earlier_week_says_old_and_new(ctx: Context) -> None:
    answer(ctx, WEEK, week_of(1200))
    (corrected,) = take(ctx, f"intake/620400/{WEEK}/更正.xlsx", week_of(1020), "2024-12-12T09:00+08:00")
    assert (corrected["status"], corrected["version"]) == ("accepted", 2)
    assert corrected["changes"] == [
        {"activity": "货车司机健康义诊", "column": "服务人数", "old": "1200", "new": "1020"}
    ]
