"""A warehouse of before 0012: its keys and contents are made anew, so that nothing already reported is asked about again."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import text
from tests.integration.weekly_workbook import answer, found, workbook

from nuanliu.contract.label_text import fold_label
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.operations.take_all import take_all
from nuanliu.operations.weeks.reconciling import reconcile
from nuanliu.storage.bucket import open_bucket
from nuanliu.warehouse.marts.editions import save_edition
from nuanliu.warehouse.marts.figures import week_document
from nuanliu.warehouse.marts.published_figures import note_rule_changes
from nuanliu.warehouse.marts.revisions import untold_steps
from nuanliu.warehouse.schema.migrating import migration_config, upgrade

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sqlalchemy import Connection

    from nuanliu.operations.context import Context
    from nuanliu.storage.bucket import Bucket

HEADER = (
    "活动编号", "活动名称", "活动类别", "专项/品牌", "开始日期", "结束日期", "活动地点", "服务对象", "联合单位", "统计口径", "累计起始",
    "服务人数(人)", "场次", "说明", "备注", "填报单位", "主办单位", "统计范围",
)  # fmt: skip


def entry(name: str, people: object = 20, **cells: object) -> list[object]:
    said = {"活动名称": name, "活动类别": "走访慰问", "服务人数(人)": people, **cells}
    return [said.get(column) for column in HEADER]


def file_of(*rows: list[object], kind: str = "首报", note: str = "") -> bytes:
    header = (*HEADER, "报送类型")
    return workbook([[*row, kind] for row in rows], header, note)


DATED = entry("走访", 30, 开始日期="2024-11-28", 结束日期="2024-11-28", 场次=2, 备注="当天有雪")
UNDATED = entry("回访", 57, 活动地点="平川区文化馆", 服务对象="货车司机、快递员", 联合单位="市医院、红十字会")
NUMBERED = entry("义诊", 80, 活动编号="A-1", **{"专项/品牌": "暖冬走基层"})
YEAR = entry("走访", 500, 统计口径="今年以来")
NUMBERED_YEAR = entry("帮扶", 90, 统计口径="今年以来", 活动编号="A-2")
SINCE = entry("互助", 700, 统计口径="累计", 累计起始="2022-01-01")
W48 = (DATED, UNDATED, NUMBERED, YEAR, NUMBERED_YEAR, SINCE)


@pytest.fixture
def bucket(tmp_path: Path) -> Bucket:
    return open_bucket(f"file://{tmp_path}/bucket")


def _old_hash(parts: Iterable[object]) -> str:
    joined = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(joined.encode()).digest()[:16].hex()


OLD_ROWS = text("""
    select activity.*, organizer.union_id as organizer_union_id, category.category_id,
        bool_and(activity.activity_no is not null) over (partition by activity.submission_key) as all_numbered
    from fact_activity as activity
    inner join dim_union as organizer on activity.organizer_union_key = organizer.union_key
    inner join dim_category as category on activity.category_key = category.category_key
""")
"""With them the formula of before can be computed: it depended on whether every row of a file had a number."""


def _old_series(row: Any) -> str:
    number = fold_label(row.activity_no) if row.activity_no else None
    names = [row.organizer_union_id, row.category_id, fold_label(row.activity_name)]
    if number:
        names = [row.reporting_union_id, number] if row.all_numbered else [row.reporting_union_id, "", number]
    since = row.since_on if row.period_kind == "cumulative_since" else None
    return _old_hash([*names, row.period_kind, row.scope, since, fold_label(row.item_name or "")])


def age(connection: Connection, *lost: str) -> None:
    """Make the warehouse one of revision 0011: keys by the formula of that time, contents that saw 备注 and free places."""
    config = migration_config()
    config.attributes["connection"] = connection
    command.downgrade(config, "0011")
    for row in connection.execute(OLD_ROWS).all():
        series = _old_series(row)
        start = "" if row.activity_no or row.start_on is None else row.start_on
        week = row.week_start if row.period_kind == "event" else ""
        said = _old_hash([series, row.start_on, row.end_on, row.place_detail, row.remarks, row.has_open_list])
        old = {
            "key": row.activity_key, "series": series, "natural": f"{series}/{start}/{week}", "said": said,
        }  # fmt: skip
        connection.execute(
            text(
                "update fact_activity set series_key = :series, natural_key = :natural, content_hash = :said, identity_key = '' "
                "where activity_key = :key"
            ),
            old,
        )
        connection.execute(text("update fact_measure set series_key = :series where activity_key = :key"), old)
        connection.execute(
            text(
                "update mart_cumulative set series_key = :series || case when period_kind = 'cumulative_since' "
                "then coalesce('|since=' || since_on, '') else '' end where activity_key = :key"
            ),
            old,
        )
    for statement in (*lost, "update dim_submission set content_hash = md5(content_hash)"):
        connection.execute(text(statement))


STORED = {
    "fact_activity": "activity_key, natural_key, series_key, identity_key, measures_hash, content_hash",
    "fact_measure": "activity_key, measure_key, series_key",
    "mart_cumulative": "week_start, union_id, series_key, measure_id, period_kind, as_of_on, value",
    "dim_submission": "receipt_no, content_hash",
}


def stored(ctx: Context) -> dict[str, list[tuple[Any, ...]]]:
    with ctx.engine.connect() as connection:
        return {
            table: sorted(map(tuple, connection.execute(text(f"select {columns} from {table}")).all()))
            for table, columns in STORED.items()
        }


def grow_old_and_upgrade(ctx: Context) -> None:
    with ctx.engine.begin() as connection:
        age(connection)
    upgrade(ctx.engine)


def test_keys_and_contents_of_a_warehouse_of_before_become_those_of_today(ctx: Context) -> None:
    assert answer(ctx, "2024-W48", file_of(*W48))["status"].startswith("accepted")
    assert answer(ctx, "2024-W49", file_of(NUMBERED_YEAR))["status"].startswith("accepted")
    assert answer(ctx, "2024-W48", file_of(entry("补的", 9), kind="补充"))["version"] == 2
    zero = workbook([["零报告"]], ("活动名称", "活动类别", "服务人数(人)"))
    assert answer(ctx, "2024-W49", zero, union_id="620300")["status"] == "accepted"
    before = stored(ctx)
    assert len(before["mart_cumulative"]) >= 6
    grow_old_and_upgrade(ctx)
    assert stored(ctx) == before
    assert reconcile(ctx)["ok"]
    again = workbook([["零报告"]], ("活动名称", "活动类别", "服务人数(人)"), note="另存")
    assert answer(ctx, "2024-W49", again, union_id="620300")["status"] == "unchanged"


def test_a_series_that_had_two_keys_is_carried_once(ctx: Context) -> None:
    """In a file of numbers only the formula of before made another key, so that its 今年以来 was carried twice."""
    answer(ctx, "2024-W48", file_of(NUMBERED_YEAR, YEAR))
    answer(ctx, "2024-W49", file_of(entry("帮扶", 95, 统计口径="今年以来", 活动编号="A-2")))
    before = stored(ctx)
    with ctx.engine.begin() as connection:
        age(connection)
        carried = text(
            "insert into mart_cumulative select week_start + 7, union_id, series_key, measure_id, period_kind, scope, since_on, "
            "category_id, as_of_on, value, exactness, increment, is_restated, activity_key, fact_week_start, "
            "place_division_code, sender_union_id from mart_cumulative where week_start = '2024-11-25' on conflict do nothing"
        )
        assert connection.execute(carried).rowcount == 1
    upgrade(ctx.engine)
    assert stored(ctx)["mart_cumulative"] == before["mart_cumulative"]
    with ctx.engine.connect() as connection:
        assert connection.execute(text("select week_id from stale_week")).scalars().all() == ["2024-W49"]


def test_inclusive_figures_of_two_unions_under_one_organiser_are_carried_beside_each_other(ctx: Context) -> None:
    said = {"统计口径": "今年以来", "统计范围": "含下级", "主办单位": "白银市总工会"}
    both = [entry("走访", 30, **said, 填报单位="白银区总工会"), entry("走访", 40, **said, 填报单位="平川区总工会")]
    assert answer(ctx, "2024-W48", file_of(*both))["rows"]["accepted"] == 2
    before = stored(ctx)
    with ctx.engine.begin() as connection:
        age(connection, "delete from mart_cumulative where value = 30")
    upgrade(ctx.engine)
    with ctx.engine.connect() as connection:
        assert connection.execute(text("select week_id from stale_week")).scalars().all() == ["2024-W48"]
    take_all(ctx)
    assert stored(ctx) == before


def test_campaigns_written_with_other_blanks_width_and_case_become_one(ctx: Context) -> None:
    answer(
        ctx,
        "2024-W48",
        file_of(entry("走访", 30, **{"专项/品牌": "冬日A行动"}), entry("回访", 12, **{"专项/品牌": "冬日 a行动"})),
    )
    before, old = stored(ctx), campaign_weeks(ctx)
    assert old == [("冬日A行动", 42, 2)]
    with ctx.engine.begin() as connection:
        age(
            connection,
            "insert into dim_campaign (campaign_id, campaign_name, is_listed) values ('冬日 a行动', '冬日 a行动', false)",
            "update fact_activity set campaign_key = (select campaign_key from dim_campaign where campaign_id = '冬日 a行动') "
            "where activity_name = '回访'",
            "update fact_measure set campaign_key = activity.campaign_key from fact_activity as activity "
            "where fact_measure.activity_key = activity.activity_key",
            "insert into mart_campaign_week (week_start, campaign_id, union_id, measure_id, value, exactness, activity_count) "
            "select week_start, '冬日 a行动', union_id, measure_id, 12, exactness, 1 from mart_campaign_week "
            "where measure_id = 'people_served'",
            "update mart_campaign_week set value = 30, activity_count = 1 where campaign_id = '冬日A行动'",
        )
    upgrade(ctx.engine)
    assert (stored(ctx), campaign_weeks(ctx)) == (before, old)
    assert reconcile(ctx)["ok"]


def test_a_published_campaign_whose_name_is_folded_now_has_not_changed(ctx: Context) -> None:
    week, written, folded = ReportingWeek.parse("2024-W48"), "“（2024）春风/送暖”", "(2024)春风/送暖"
    answer(ctx, str(week), file_of(entry("走访", 30, **{"专项/品牌": written})))
    with ctx.engine.begin() as connection:
        listed = week_document(connection, week)
        assert [campaign["campaign"] for campaign in listed["campaigns"]] == [folded]
        save_edition(connection, listed, files={}, published_at=ctx.settings.clock())
        age(
            connection,
            f"update dim_campaign set campaign_id = '{written}', campaign_name = '{written}' where campaign_id = '{folded}'",
            f"update mart_campaign_week set campaign_id = '{written}' where campaign_id = '{folded}'",
            f"update published_figure set figure_id = replace(figure_id, '{folded}', '{written}') where is_campaign",
        )
    upgrade(ctx.engine)
    with ctx.engine.begin() as connection:
        note_rule_changes(connection)
        assert untold_steps(connection, week) == []


def campaign_weeks(ctx: Context) -> list[tuple[Any, ...]]:
    with ctx.engine.connect() as connection:
        said = text("select campaign_id, value, activity_count from mart_campaign_week order by campaign_id")
        return [tuple(row) for row in connection.execute(said)]


def test_after_the_upgrade_what_is_reported_already_is_known(ctx: Context) -> None:
    first = file_of(*W48)
    answer(ctx, "2024-W48", first)
    grow_old_and_upgrade(ctx)
    assert answer(ctx, "2024-W48", first)["status"] == "duplicate"
    saved_again = file_of(*W48, note="另存")
    assert answer(ctx, "2024-W48", saved_again)["status"] == "unchanged"

    other_words = [*DATED]
    other_words[HEADER.index("备注")] = "当天没有雪"
    added = answer(ctx, "2024-W48", file_of(other_words, entry("补的", 9), kind="补充"))
    assert [finding["row"] for finding in found(added, "file.version.already_there")] == [2]
    assert (added["rows"]["accepted"], added["rows"]["ignored"]) == (1, 1)

    next_week = answer(ctx, "2024-W49", file_of(other_words, UNDATED, entry("新的", 5)))
    assert [finding["row"] for finding in found(next_week, "file.version.counted_elsewhere")] == [2]
    assert [finding["row"] for finding in found(next_week, "time.event.same_as_week_before")] == [3]
    with ctx.engine.connect() as connection:
        events = text(
            "select sum(value) from fact_measure where is_counting and period_kind = 'event' and measure_key = :people"
        )
        people = text("select measure_key from dim_measure where measure_id = 'people_served'")
        key = connection.execute(people).scalar_one()
        assert connection.execute(events, {"people": key}).scalar_one() == 30 + 57 + 80 + 9 + 5


def test_of_a_version_whose_rows_are_not_all_in_the_facts_the_content_is_not_known(ctx: Context) -> None:
    """Held rows lie in the archive only: the same bytes are a duplicate, a copy saved anew is judged once more."""
    doubtful = entry("疑", 600000)
    first = file_of(DATED, doubtful)
    assert answer(ctx, "2024-W48", first)["status"] == "partially_accepted"
    grow_old_and_upgrade(ctx)
    assert [content for _, content in stored(ctx)["dim_submission"]] == [""]
    assert answer(ctx, "2024-W48", first)["status"] == "duplicate"
    assert answer(ctx, "2024-W48", file_of(DATED, doubtful, note="另存"))["status"] == "held"
    explained = [*doubtful]
    explained[HEADER.index("说明")] = "全区职工普惠"
    assert answer(ctx, "2024-W48", file_of(DATED, explained))["rows"]["accepted"] == 2


@pytest.mark.parametrize("at_a_time", [1, 2, 6, 7])
def test_the_facts_are_made_anew_some_at_a_time(ctx: Context, at_a_time: int) -> None:
    answer(ctx, "2024-W48", file_of(*W48))
    revision = ScriptDirectory.from_config(migration_config()).get_revision("0012").module
    revision._ROWS_AT_A_TIME = at_a_time
    with ctx.engine.connect() as connection:
        pieces = list(revision._made_anew(connection, ReportingWeek.parse("2024-W48").monday))
    assert {len(piece) for piece in pieces[:-1]} <= {at_a_time}
    made = sorted(tuple(row) for piece in pieces for row in piece.itertuples(index=False))
    assert made == stored(ctx)["fact_activity"]
