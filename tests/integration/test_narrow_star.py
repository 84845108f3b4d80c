"""Narrow rows say what was loaded: row by row, in both shapes, after corrections and hand-over, in a replay's shadow and
after an upgrade.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from alembic import command
from sqlalchemy import text
from tests.integration.said_facts import facts_of_frames, facts_of_views
from tests.integration.weekly_workbook import answer, workbook

from nuanliu.operations.recovery import replaying
from nuanliu.operations.recovery.replay_scope import ReplayScope
from nuanliu.operations.weeks.reconciling import reconcile
from nuanliu.storage.bucket import open_bucket
from nuanliu.warehouse.schema.migrating import migration_config, upgrade
from nuanliu.warehouse.submissions import loading

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection
    from tests.integration.said_facts import Facts

    from nuanliu.operations.context import Context
    from nuanliu.storage.bucket import Bucket
    from nuanliu.warehouse.facts.kept_rows import KeptRows

HEADER = (
    "活动编号", "活动名称", "活动类别", "专项/品牌", "开始日期", "结束日期", "活动地点", "服务对象", "联合单位", "统计口径", "累计起始",
    "服务人数(人)", "投入资金(元)", "说明", "备注", "填报单位", "主办单位", "统计范围",
)  # fmt: skip
LONG = ("填报单位", "活动名称", "活动类别", "开始日期", "结束日期", "统计口径", "指标", "数值", "单位")
BOTH = (
    "select * from fact_activity order by activity_key",
    "select * from fact_measure order by activity_key, measure_key",
)


@pytest.fixture
def bucket(tmp_path: Path) -> Bucket:
    return open_bucket(f"file://{tmp_path}/bucket")


def entry(name: str, people: object = 20, **cells: object) -> list[object]:
    said = {"活动名称": name, "活动类别": "走访慰问", "服务人数(人)": people, **cells}
    return [said.get(column) for column in HEADER]


def wide(*rows: list[object], kind: str = "首报") -> bytes:
    return workbook([[*row, kind] for row in rows], (*HEADER, "报送类型"))


def every_kind() -> bytes:
    """Rows whose keys have a year, a union, a number or nothing behind the hash; texts that the value prints or not."""
    year = {"统计口径": "今年以来"}
    return wide(
        entry("走访", "1,200", 开始日期="2024-11-28", 结束日期="2024-12-03", 说明="跨周", 备注="当天有雪", **{"投入资金(元)": "35.50"}),
        entry("回访", "约500", 活动地点="平川区文化馆", 服务对象="货车司机、快递员", 联合单位="市医院、红十字会等", **{"投入资金(元)": "0.1"}),
        entry("义诊", 80, 活动编号="A-1", **{"专项/品牌": "暖冬走基层", "投入资金(元)": 0}),
        entry("走访", 500, **year),
        entry("帮扶", 90, 活动编号="A-2", **year),
        entry("互助", 700, 统计口径="累计", 累计起始="2022-01-01"),
        entry("巡诊", 30, 填报单位="白银区总工会", 主办单位="白银市总工会", 统计范围="含下级", **year),
        entry("补记", 12, 开始日期="2024-11-12", 结束日期="2024-11-12"),
        entry("预告", 50, 统计口径="计划", 开始日期="2024-12-20", 结束日期="2024-12-20"),
    )  # fmt: skip


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> dict[int, Facts]:
    """Submission key → what its frames said when they were loaded."""
    said: dict[int, Facts] = {}
    insert = loading.insert_facts

    def note(connection: Connection, kept: KeptRows, submission_key: int) -> None:
        said[submission_key] = facts_of_frames(kept)
        insert(connection, kept, submission_key)

    monkeypatch.setattr(loading, "insert_facts", note)
    return said


def shown_as_loaded(connection: Connection, loaded: dict[int, Facts]) -> int:
    """Hold the views against the frames of the versions that are current; returns how many figures were compared."""
    versions = connection.execute(text("select submission_key, superseded_at is null from dim_submission")).all()
    compared = 0
    for submission_key, is_current in versions:
        nothing = {name: [] for name in ("activities", "figures", "groups", "partners")}
        wanted = loaded.get(submission_key, nothing) if is_current else nothing
        shown = facts_of_views(connection, submission_key)
        for name, rows in wanted.items():
            assert shown[name] == rows
        compared += len(wanted["figures"])
    return compared


def long_shape() -> bytes:
    said = ("白银区总工会", "义诊", "健康义诊", "2024-12-03", "2024-12-03", "本次")
    other = ("白银区总工会", "送药", "健康义诊", "2024-12-04", "2024-12-04", "本次")
    measures = [("服务人数", "700余", "人"), ("投入资金", "10", "万元"), ("场次", "3.0", "场")]
    return workbook([*((*said, *each) for each in measures), (*other, "服务人数", "30", "人")], LONG)


def test_views_show_every_row_as_it_was_loaded(ctx: Context, loaded: dict[int, Facts]) -> None:
    assert answer(ctx, "2024-W49", every_kind())["rows"]["accepted"] >= 8
    assert answer(ctx, "2024-W49", long_shape(), union_id="620402")["rows"]["accepted"] == 4
    with ctx.engine.connect() as connection:
        assert shown_as_loaded(connection, loaded) >= 15
        stored = text("select count(raw_text), count(*) from stored_measure where submission_key = any(:keys)")
        written, figures = connection.execute(stored, {"keys": sorted(loaded)}).one()
    assert 0 < written < figures / 2  # only what the value does not print


def test_after_a_correction_only_its_own_rows_are_there(ctx: Context, loaded: dict[int, Facts]) -> None:
    answer(ctx, "2024-W49", every_kind())
    answer(ctx, "2024-W49", wide(entry("走访", 1300, 说明="更正"), entry("新的", 7), kind="更正"))
    answer(ctx, "2024-W49", wide(entry("补的", 9), kind="补充"))
    with ctx.engine.connect() as connection:
        assert shown_as_loaded(connection, loaded) == 3
    assert len(loaded) == 3


def handed_over(ctx: Context) -> None:
    day = {"开始日期": "2024-12-03", "结束日期": "2024-12-03"}
    answer(ctx, "2024-W49", wide(entry("广场义诊", 40, 主办单位="白银区总工会", **day), entry("走访", 57, **day)))
    answer(ctx, "2024-W49", wide(entry("广场义诊", 44, **day)), union_id="620402")


def test_a_row_that_its_organiser_reports_itself_waits_with_its_figures(ctx: Context, loaded: dict[int, Facts]) -> None:
    handed_over(ctx)
    with ctx.engine.connect() as connection:
        assert shown_as_loaded(connection, loaded) == 3
        counting = text("select value, is_counting from fact_measure where value in (40, 44) order by value")
        assert [tuple(row) for row in connection.execute(counting)] == [(Decimal(40), False), (Decimal(44), True)]
    assert reconcile(ctx)["ok"]


def test_a_replay_fills_its_shadow_and_then_the_warehouse_with_the_same_rows(
    ctx: Context, loaded: dict[int, Facts], monkeypatch: pytest.MonkeyPatch
) -> None:
    handed_over(ctx)
    answer(ctx, "2024-W50", every_kind(), union_id="620402")
    with ctx.engine.begin() as connection:
        connection.execute(text("update stored_measure set value_cents = 100 where value_cents = 5700"))
    loaded.clear()
    compared: list[int] = []
    take_over = replaying.take_over

    def look_first(connection: Connection, object_ids: Any) -> Any:
        connection.execute(text("set local search_path to replay, public"))
        compared.append(shown_as_loaded(connection, loaded))
        connection.execute(text("set local search_path to default"))
        return take_over(connection, object_ids)

    monkeypatch.setattr(replaying, "take_over", look_first)
    replaying.replay(ctx, ReplayScope())
    assert compared[0] >= 10
    with ctx.engine.connect() as connection:
        replayed = text("select submission_key from dim_submission where submission_key = any(:keys)")
        assert connection.execute(replayed, {"keys": sorted(loaded)}).all()
        for (key,) in connection.execute(replayed, {"keys": sorted(loaded)}).all():
            assert facts_of_views(connection, key) == loaded[key]
    assert reconcile(ctx)["ok"]


def age(ctx: Context) -> None:
    """Make the warehouse one of revision 0021, with wide tables."""
    config = migration_config()
    with ctx.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0021")


def rows_of(ctx: Context, *statements: str) -> list[list[dict[str, Any]]]:
    with ctx.engine.connect() as connection:
        return [[dict(row) for row in connection.execute(text(each)).mappings()] for each in statements]


def test_wide_tables_become_narrow_ones_that_say_the_same_and_back(ctx: Context, loaded: dict[int, Facts]) -> None:
    handed_over(ctx)
    answer(ctx, "2024-W50", every_kind(), union_id="620402")
    bridges = (
        "select * from bridge_activity_group order by activity_key, group_key",
        "select * from bridge_activity_partner order by activity_key, partner_key",
    )
    before = rows_of(ctx, *BOTH, *bridges)
    assert min(map(len, before)) > 1
    age(ctx)
    assert rows_of(ctx, *BOTH, *bridges) == before
    upgrade(ctx.engine)
    assert rows_of(ctx, *BOTH, *bridges) == before
    assert reconcile(ctx)["ok"]
    answer(ctx, "2024-W51", wide(entry("新的", 7, 开始日期="2024-12-17", 结束日期="2024-12-17")))
    with ctx.engine.connect() as connection:
        shown_as_loaded(connection, loaded)
        keys = connection.execute(text("select activity_key from fact_activity")).scalars().all()
    assert len(set(keys)) == len(keys)
    assert reconcile(ctx)["ok"]


def test_an_upgrade_that_would_lose_a_row_changes_nothing_and_can_be_begun_again(ctx: Context) -> None:
    """A cell without a column is of no file; it stands for whatever may stop a conversion after some weeks were done."""
    answer(ctx, "2024-W49", every_kind())
    before = rows_of(ctx, *BOTH)
    assert len({row["week_start"] for row in before[0]}) == 3
    age(ctx)
    last = "where week_start = (select max(week_start) from fact_measure)"
    with ctx.engine.begin() as connection:
        connection.execute(text(f"update fact_measure set source_cell = '#' || source_cell {last}"))
    with pytest.raises(RuntimeError, match="is not what fact_measure shows"):
        upgrade(ctx.engine)
    with ctx.engine.begin() as connection:
        assert connection.execute(text("select version_num from alembic_version")).scalar_one() == "0021"
        connection.execute(text(f"update fact_measure set source_cell = substr(source_cell, 2) {last}"))
    assert rows_of(ctx, *BOTH) == before
    upgrade(ctx.engine)
    assert rows_of(ctx, *BOTH) == before
