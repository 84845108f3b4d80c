"""The restore drill: it says truly whether a backup comes back, and leaves nothing behind."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from tests.integration.played_week import context

from nuanliu.operations.drops.dropping import drop_files
from nuanliu.operations.recovery.backing_up import back_up
from nuanliu.operations.recovery.backup_folder import BackupDamaged
from nuanliu.operations.recovery.drilling import DrillFailed, drill, require_restorable
from nuanliu.operations.take_all import take_all
from nuanliu.running.demo import sample_files
from nuanliu.storage.bucket import open_bucket
from nuanliu.storage.database import open_engine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nuanliu.operations.context import Context


@pytest.fixture
def fed(warehouse_dsn: str, tmp_path: Path) -> Iterator[Context]:
    engine = open_engine(warehouse_dsn)
    ctx = context(tmp_path / "here", open_bucket(f"file://{tmp_path}/bucket"), engine)
    ctx = replace(
        ctx,
        settings=replace(
            ctx.settings, warehouse_dsn=warehouse_dsn, owner_dsn=warehouse_dsn, backups=tmp_path / "second"
        ),
    )
    drop_files(ctx.bucket, [next(sample_files())[1]], union_id="620400")
    take_all(ctx)
    yield ctx
    engine.dispose()


def left_behind(ctx: Context) -> list[str]:
    return [each.name for each in (ctx.settings.var / "drills").iterdir() if each.name != "lock"]


def test_a_drill_restores_elsewhere_reconciles_notes_its_time_and_leaves_nothing(fed: Context, tmp_path: Path) -> None:
    folder = tmp_path / "second" / "one"
    manifest = back_up(fed, folder)
    killed = fed.settings.var / "drills" / "drill-killed"
    (killed / "bucket").mkdir(parents=True)
    before = {item.key: item.stamp for item in fed.bucket.list("")}
    # On a server the logins of the warehouse are apart; a drill's own server knows none of them.
    settings = replace(
        fed.settings, owner_dsn="postgresql://owner@warehouse/w", warehouse_dsn="postgresql://loader@warehouse/w"
    )
    document = require_restorable(drill(settings, folder))
    assert (document["ok"], document["objects"]) == (True, len(manifest["objects"]))
    assert document["seconds"] > 0
    assert json.loads((tmp_path / "second" / "drills.jsonl").read_text("utf-8")) == document
    assert left_behind(fed) == []
    assert {item.key: item.stamp for item in fed.bucket.list("")} == before


def test_a_backup_whose_records_do_not_agree_fails_the_drill(fed: Context, tmp_path: Path) -> None:
    with fed.engine.begin() as connection:
        connection.execute(text("update fact_submission set accepted_count = accepted_count + 1"))
    back_up(fed, tmp_path / "second" / "one")
    document = drill(fed.settings, tmp_path / "second" / "one")
    assert not document["ok"]
    with pytest.raises(DrillFailed, match="处差异"):
        require_restorable(document)
    assert left_behind(fed) == []


def test_a_damaged_backup_fails_it_and_nothing_is_left_running(fed: Context, tmp_path: Path) -> None:
    back_up(fed, tmp_path / "second" / "one")
    (tmp_path / "second" / "one" / "warehouse.dump").write_bytes(b"rotten")
    with pytest.raises(BackupDamaged, match=r"warehouse\.dump"):
        drill(fed.settings, tmp_path / "second" / "one")
    assert left_behind(fed) == []
