"""What an upgrade makes of figures that were reported before is settled by it, and told as a change of the rules."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from alembic import command
from sqlalchemy import text
from tests.integration.clerk import drop, paper, visit
from tests.integration.played_week import context
from tests.patching import replace_everywhere
from tests.reference_lists import HISTORY, use_lists

from nuanliu.domain.exactness import plain_number
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.errors import WarehouseUnavailable
from nuanliu.operations.recovery.backing_up import back_up, restore
from nuanliu.operations.recovery.backup_folder import DUMP, MANIFEST, sha256_of_file
from nuanliu.operations.recovery.replay_scope import ReplayScope
from nuanliu.operations.recovery.replaying import UnionsChanged, replay
from nuanliu.operations.upkeep.initialising import initialise
from nuanliu.operations.weeks.publishing import publish_week
from nuanliu.operations.weeks.reconciling import reconcile
from nuanliu.operations.weeks.roll_up import roll_up_week
from nuanliu.settings import INCLUDE_DIR
from nuanliu.storage.bucket import open_bucket
from nuanliu.storage.database import open_engine
from nuanliu.storage.embedded.dump import dump_database
from nuanliu.warehouse.marts.editions import save_edition
from nuanliu.warehouse.marts.figures import week_document
from nuanliu.warehouse.marts.published_figures import note_changes, note_rule_changes
from nuanliu.warehouse.marts.published_weeks import read_week_trees
from nuanliu.warehouse.marts.weeks_pending import mark_pending_by_rules, pending_weeks
from nuanliu.warehouse.recovery.replay_tables import SHADOW
from nuanliu.warehouse.schema.locks import limit_lock_wait, lock_rollup, lock_unions
from nuanliu.warehouse.schema.migrating import is_current, migration_config

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal
    from pathlib import Path

    from sqlalchemy import Connection

    from nuanliu.operations.context import Context
    from nuanliu.storage.bucket import Bucket

CITY, DISTRICT = "620400", "620402"
DISTRICT_NAME = "白银区总工会"
W48, W49, W50 = "2024-W48", "2024-W49", "2024-W50"
YEAR = {"统计口径": "今年以来", "主办单位": DISTRICT_NAME}


@pytest.fixture
def bucket(tmp_path: Path) -> Bucket:
    return open_bucket(f"file://{tmp_path}/bucket")


def people(ctx: Context, week: str, union_id: str = DISTRICT, kind: str = "ytd") -> str | None:
    wanted = f"{week}/{union_id}/all/people_served/{kind}"
    found = {figure["figure_id"]: figure["value"] for figure in roll_up_week(ctx, week)["figures"]}
    return found.get(wanted)


def campaign_steps(ctx: Context) -> list[tuple[Any, ...]]:
    return [step for step in steps(ctx, "/event") if "/campaign/" in step[0]]


def grow_old(ctx: Context) -> None:
    """A warehouse of before 0008: every accepted row counts, whichever union's, and nobody was told otherwise."""
    config = migration_config()
    with ctx.engine.begin() as connection:
        for statement in (
            "update fact_activity set is_counting = true",
            "update fact_measure set is_counting = true",
            "delete from handed_over",
        ):
            connection.execute(text(statement))
        config.attributes["connection"] = connection
        command.downgrade(config, "0007")


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else plain_number(value)


def steps(ctx: Context, kind: str = "/ytd") -> list[tuple[Any, ...]]:
    """The steps that editions will tell, of 服务人数 in all categories."""
    with ctx.engine.connect() as connection:
        found = connection.execute(
            text("select figure_id, old_value, new_value, reason, object_id from figure_change order by change_key")
        ).all()
    return [
        (step.figure_id, _plain(step.old_value), _plain(step.new_value), step.reason, step.object_id)
        for step in found
        if ("/all/people_served/" in step.figure_id or "/campaign/" in step.figure_id) and step.figure_id.endswith(kind)
    ]


def test_two_unions_that_both_counted_one_cumulative_activity_are_settled_by_the_upgrade(ctx: Context) -> None:
    drop(ctx, paper(visit(服务人数_人=400, **YEAR)), week=W49)
    drop(ctx, paper(visit(服务人数_人=350, **YEAR)), union_id=DISTRICT, week=W49)
    grow_old(ctx)
    initialise(ctx)
    with ctx.engine.connect() as connection:
        assert W49 in pending_weeks(connection)
    assert people(ctx, W49) == "350"
    assert reconcile(ctx)["differences"] == []
    assert publish_week(ctx, W49, send=False)["published"]


def back_up_old(ctx: Context, folder: Path) -> None:
    """A backup that the earlier version made: of its tables, of which this one knows others."""
    manifest = back_up(ctx, folder)
    grow_old(ctx)
    with ctx.engine.connect() as connection:
        name = connection.execute(text("select pg_export_snapshot()")).scalar_one()
        dump_database(
            ctx.engine.url, folder / DUMP, server_major=manifest["server_major"], snapshot=name, without_schema=SHADOW
        )
    manifest["dump_sha256"] = sha256_of_file(folder / DUMP)
    (folder / MANIFEST).write_text(json.dumps(manifest), "utf-8")


def test_a_backup_of_before_the_upgrade_is_settled_by_its_restore(
    ctx: Context, postgres_dsn: str, tmp_path: Path
) -> None:
    drop(ctx, paper(visit(服务人数_人=400, **YEAR)), week=W49)
    drop(ctx, paper(visit(服务人数_人=350, **YEAR)), union_id=DISTRICT, week=W49)
    back_up_old(ctx, tmp_path / "backup")
    engine = open_engine(postgres_dsn)
    there = context(tmp_path / "there", open_bucket(f"file://{tmp_path}/other-bucket"), engine)
    assert restore(there, tmp_path / "backup")["differences"] == []
    assert people(there, W49) == "350"
    engine.dispose()


@pytest.mark.parametrize(
    "says",
    [{"开始日期": "2024-12-04", "结束日期": "2024-12-04"}, {"活动名称": "走访 慰问"}],
    ids=["another start", "a blank more"],
)
def test_so_are_events_that_the_earlier_rules_took_for_two(ctx: Context, says: dict[str, Any]) -> None:
    drop(ctx, paper(visit(服务人数_人=40, 主办单位=DISTRICT_NAME, **says)), week=W49)
    drop(ctx, paper(visit(服务人数_人=44)), union_id=DISTRICT, week=W49)
    grow_old(ctx)
    initialise(ctx)
    assert people(ctx, W49, kind="event") == "44"
    assert reconcile(ctx)["differences"] == []


def test_who_does_not_count_since_the_upgrade_is_told_with_its_next_receipt(ctx: Context) -> None:
    drop(ctx, paper(visit(服务人数_人=400, **YEAR)), week=W49)
    drop(ctx, paper(visit(服务人数_人=350, **YEAR)), union_id=DISTRICT, week=W49)
    grow_old(ctx)
    initialise(ctx)
    (told,) = [
        finding
        for finding in drop(ctx, paper(visit(服务人数_人=7)), week=W50)["findings"]
        if finding["rule"] == "org.foreign.handed_over"
    ]
    assert "走访慰问" in told["message"]


def test_an_upgrade_that_changes_published_figures_says_so_before_any_file_comes(ctx: Context) -> None:
    drop(ctx, paper(visit(服务人数_人=400, **YEAR)), week=W49)
    drop(ctx, paper(visit(服务人数_人=350, **YEAR)), union_id=DISTRICT, week=W49)
    with ctx.engine.begin() as connection:
        connection.execute(text("update fact_activity set is_counting = true"))
        connection.execute(text("update fact_measure set is_counting = true"))
    roll_up_week(ctx, W49)
    publish_broken(ctx, W49)
    grow_old(ctx)
    initialise(ctx)
    told = [
        (f"{W49}/620000/all/people_served/ytd", "750", "350", "规则变动", None),
        (f"{W49}/{CITY}/all/people_served/ytd", "750", "350", "规则变动", None),
        (f"{W49}/{DISTRICT}/all/people_served/ytd", "750", "350", "规则变动", None),
    ]
    assert steps(ctx) == told
    drop(ctx, paper(visit(服务人数_人=360, **YEAR), kind="更正"), union_id=DISTRICT, week=W49)
    assert steps(ctx)[:3] == told
    assert {step[1:4] for step in steps(ctx)[3:]} == {("350", "360", "更正")}


def publish_broken(ctx: Context, week: str) -> None:
    """Publish what the gate of today would refuse."""
    with ctx.engine.begin() as connection:
        document = week_document(connection, ReportingWeek.parse(week))
        save_edition(connection, document, files={}, published_at=datetime.fromisoformat("2024-12-09T12:00+08:00"))


# --- code lists


DIVISIONS = (INCLUDE_DIR / "reference" / "divisions.csv").read_text("utf-8").rstrip() + "\n"
CATEGORIES = (INCLUDE_DIR / "reference" / "categories.csv").read_text("utf-8")
CAMPAIGNS = (INCLUDE_DIR / "reference" / "campaigns.csv").read_text("utf-8")
WINTER = f"{CAMPAIGNS.rstrip()}\nof-a-winter,冬日暖阳,,{{starts_on}},{{ends_on}}\n"


def seasons(starts_on: str, ends_on: str = "") -> dict[str, str]:
    return {"campaigns": WINTER.format(starts_on=starts_on, ends_on=ends_on)}


@pytest.fixture
def lists(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., None]:
    """Edit files of include/reference."""

    def edit(**files: str) -> None:
        use_lists(monkeypatch, request, tmp_path, **files)

    return edit


def test_an_edited_season_is_told_as_a_change_of_rules_and_not_as_the_next_file(
    ctx: Context, lists: Callable[..., None]
) -> None:
    lists(**seasons("2024-11-25"))
    initialise(ctx)
    drop(ctx, paper(visit(服务人数_人=100, 开始日期=None, 结束日期=None, **{"专项/品牌": "冬日暖阳"})), week=W48)
    drop(ctx, paper(visit(服务人数_人=30, **{"专项/品牌": "冬日暖阳"})), week=W49)
    publish_week(ctx, W49, send=False)
    lists(**seasons("2024-12-02"))
    initialise(ctx)
    initialise(ctx)
    figure = f"{W49}/campaign/of-a-winter/people_served/event"
    assert campaign_steps(ctx) == [(figure, "130", "30", "规则变动", None)]
    drop(ctx, paper(visit(服务人数_人=7)), union_id="620300", week=W49)
    assert campaign_steps(ctx) == [(figure, "130", "30", "规则变动", None)]


def test_a_place_that_belongs_elsewhere_is_told_as_a_change_of_rules(ctx: Context, lists: Callable[..., None]) -> None:
    lists(divisions=f"{DIVISIONS}620498,东山区,county,620400\n")
    initialise(ctx)
    drop(ctx, paper(visit(服务人数_人=30, 活动地点="东山区")), week=W49)
    publish_week(ctx, W49, send=False)
    lists(divisions=f"{DIVISIONS}620498,东山区,county,620300\n")
    initialise(ctx)
    initialise(ctx)
    gone = f"{W49}/{CITY}/all/people_served/event/place"
    assert [step for step in steps(ctx, "/place") if step[0] == gone] == [(gone, "30", None, "规则变动", None)]
    assert reconcile(ctx)["differences"] == []


@pytest.mark.parametrize("again", ["divisions", "campaigns", "categories"])
def test_lists_that_change_no_figure_tell_nothing(ctx: Context, lists: Callable[..., None], again: str) -> None:
    drop(ctx, paper(visit(服务人数_人=30, 活动地点="白银区", **{"专项/品牌": "冬日暖阳"})), week=W49)
    publish_week(ctx, W49, send=False)
    more = {
        "divisions": f"{DIVISIONS}620498,东山区,county,620400\n",
        "campaigns": seasons("2024-12-02")["campaigns"].replace("冬日暖阳", "夏日清凉"),
        "categories": CATEGORIES.replace("送温暖慰问", "送温暖走访慰问", 1),
    }
    lists(**{again: more[again]})
    initialise(ctx)
    with ctx.engine.connect() as connection:
        assert connection.execute(text("select count(*) from figure_change")).scalar_one() == 0
        assert pending_weeks(connection) == []


# --- beside others


@pytest.mark.parametrize("union_id", [CITY, "unknown"])
def test_init_waits_for_a_load_under_way(ctx: Context, monkeypatch: pytest.MonkeyPatch, union_id: str) -> None:
    """It names unions by rows that init may take away."""
    replace_everywhere(monkeypatch, "nuanliu.warehouse.schema.locks.LOAD_PATIENCE", "50ms")
    with ctx.engine.begin() as load:
        lock_unions(load, [union_id])
        with pytest.raises(WarehouseUnavailable):
            initialise(ctx)
    initialise(ctx)


def test_init_waits_for_a_roll_up_under_way(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    replace_everywhere(monkeypatch, "nuanliu.warehouse.schema.locks.LOAD_PATIENCE", "50ms")
    with ctx.engine.begin() as roll_up:
        lock_rollup(roll_up)
        with pytest.raises(WarehouseUnavailable):
            initialise(ctx)


@pytest.mark.parametrize("look", [read_week_trees, note_rule_changes])
def test_no_week_is_rolled_up_between_a_look_at_the_figures_and_what_follows_from_it(
    ctx: Context, look: Callable[[Connection], object]
) -> None:
    with ctx.engine.begin() as looking, ctx.engine.begin() as other:
        look(looking)
        limit_lock_wait(other, "50ms")
        with pytest.raises(WarehouseUnavailable):
            lock_rollup(other)


def test_an_upgrade_that_is_cut_off_leaves_the_warehouse_as_it_was_and_the_next_one_tells_all(
    ctx: Context, monkeypatch: pytest.MonkeyPatch, lists: Callable[..., None]
) -> None:
    drop(ctx, paper(visit(服务人数_人=400, **YEAR)), week=W49)
    drop(ctx, paper(visit(服务人数_人=350, **YEAR)), union_id=DISTRICT, week=W49)
    with ctx.engine.begin() as connection:
        connection.execute(text("update fact_activity set is_counting = true"))
        connection.execute(text("update fact_measure set is_counting = true"))
    roll_up_week(ctx, W49)
    publish_broken(ctx, W49)
    grow_old(ctx)
    with monkeypatch.context() as patch:
        replace_everywhere(patch, "nuanliu.warehouse.schema.reference_data.load_code_lists", _die)
        with pytest.raises(KeyboardInterrupt):
            initialise(ctx)
    assert not is_current(ctx.engine)
    initialise(ctx)
    assert {step[1:4] for step in steps(ctx)} == {("750", "350", "规则变动")}


def _die(_: object) -> None:
    raise KeyboardInterrupt


def test_a_replay_during_which_the_unions_changed_takes_nothing_over(
    ctx: Context, monkeypatch: pytest.MonkeyPatch, lists: Callable[..., None]
) -> None:
    """Its facts stand under rows of before, which may be gone."""
    lists(union_history=f"{HISTORY}\n{CITY},旧名,,,,,,2024-12-09,\n")
    initialise(ctx)
    drop(ctx, paper(visit(服务人数_人=30)), week=W50)
    changed: list[None] = []

    def change_meanwhile(_: str) -> None:
        if not changed:
            changed.append(None)
            lists(union_history=f"{HISTORY}\n{CITY},旧名,,,,,,2024-12-02,\n")
            initialise(ctx)

    with pytest.raises(UnionsChanged):
        replay(ctx, ReplayScope(), change_meanwhile)
    assert reconcile(ctx)["differences"] == []
    assert replay(ctx, ReplayScope())["differences"] == []
    assert reconcile(ctx)["differences"] == []


def test_published_figures_are_looked_at_once_however_many_weeks_wait(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(ctx, paper(visit(服务人数_人=30)), week=W50)
    looks: list[object] = []

    def look(connection: Connection, *given: Any) -> int:
        looks.append(given)
        return note_changes(connection, *given)

    replace_everywhere(monkeypatch, "nuanliu.warehouse.marts.published_figures.note_changes", look)

    def looks_for(*weeks: str) -> int:
        looks.clear()
        with ctx.engine.begin() as connection:
            mark_pending_by_rules(connection, weeks)
        publish_week(ctx, W50, send=False)
        return len(looks)

    assert looks_for(W49) == looks_for("2024-W46", "2024-W47", W48, W49) > 0
