"""Backup and restore: into an empty place everything comes back and the records agree; into any other nothing is touched."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from tests.integration.played_week import WEEKS, context, play
from tests.patching import replace_everywhere

from nuanliu.errors import UsageError
from nuanliu.operations.drops.dropping import drop_files
from nuanliu.operations.recovery.backing_up import back_up, restore
from nuanliu.operations.recovery.backup_folder import BackupDamaged
from nuanliu.operations.take_all import take_all
from nuanliu.operations.weeks.publishing import publish_week
from nuanliu.operations.weeks.reconciling import reconcile
from nuanliu.operations.weeks.roll_up import roll_up_week
from nuanliu.running.demo import sample_files
from nuanliu.storage.bucket import open_bucket
from nuanliu.storage.database import open_engine
from nuanliu.storage.embedded.dump import DumpFailed
from nuanliu.warehouse.schema.sql_files import load_sql

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nuanliu.operations.context import Context


@pytest.fixture
def played(warehouse_dsn: str, tmp_path: Path) -> Iterator[Context]:
    engine = open_engine(warehouse_dsn)
    ctx = context(tmp_path / "here", open_bucket(f"file://{tmp_path}/bucket"), engine)
    play(ctx)
    publish_week(ctx, "2024-W49", send=False)
    yield ctx
    engine.dispose()


@pytest.fixture
def empty(postgres_dsn: str, tmp_path: Path) -> Iterator[Context]:
    """An empty database and an empty bucket."""
    engine = open_engine(postgres_dsn)
    yield context(tmp_path / "there", open_bucket(f"file://{tmp_path}/other-bucket"), engine)
    engine.dispose()


@pytest.fixture
def bare(warehouse_dsn: str, tmp_path: Path) -> Iterator[Context]:
    """A warehouse that knows one drop, without the sample week."""
    engine = open_engine(warehouse_dsn)
    ctx = context(tmp_path / "bare", open_bucket(f"file://{tmp_path}/bucket"), engine)
    _, path = next(sample_files())
    drop_files(ctx.bucket, [path], union_id="620400")
    take_all(ctx)
    yield ctx
    engine.dispose()


def contents(ctx: Context) -> dict[str, Any]:
    """Every table, and every object with its bytes."""
    with ctx.engine.connect() as connection:
        names = connection.execute(
            text("select tablename from pg_tables where schemaname = 'public' order by tablename")
        ).scalars()
        rows = {
            name: sorted(map(str, connection.execute(text(f"select * from {name}"))))
            for name in names
            if not name.startswith("mart_")  # rebuilt below
        }
    objects = {item.key: ctx.bucket.read(item.key) for item in ctx.bucket.list("")}
    return {"objects": objects, **{week: roll_up_week(ctx, week) for week in WEEKS}, **rows}


def test_a_backup_comes_back_whole_in_an_empty_place_and_reconciles(
    played: Context, empty: Context, tmp_path: Path
) -> None:
    waiting = tmp_path / "waiting.csv"
    waiting.write_text("x", "utf-8")
    drop_files(played.bucket, [waiting], union_id="620400")
    manifest = back_up(played, tmp_path / "backup")
    document = restore(empty, tmp_path / "backup")
    assert (document["ok"], document["differences"]) == (True, [])
    assert document["written"] == document["objects"] == len(manifest["objects"])
    assert contents(empty) == contents(played)
    (receipt,) = take_all(empty)["receipts"]
    assert receipt["receipt_no"].startswith("620400-")
    assert reconcile(empty)["ok"]


def test_what_arrives_after_the_snapshot_is_not_half_in_the_backup(
    bare: Context, empty: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nuanliu.storage.embedded import dump as postgres_dump

    dump = postgres_dump.dump_database

    def and_then_one_arrives(*args: Any, **kwargs: Any) -> None:
        dump(*args, **kwargs)
        late = tmp_path / "late.csv"
        late.write_text("填报单位,活动名称\n白银市,甲\n", "utf-8")
        drop_files(bare.bucket, [late], union_id="620400")
        take_all(bare)

    replace_everywhere(monkeypatch, "nuanliu.storage.embedded.dump.dump_database", and_then_one_arrives)
    back_up(bare, tmp_path / "backup")
    assert restore(empty, tmp_path / "backup")["ok"]
    with empty.engine.connect() as connection:
        assert connection.execute(text("select count(*) from registry")).scalar_one() == 1


def test_a_claim_in_progress_is_a_claim_again_after_the_restore(bare: Context, empty: Context, tmp_path: Path) -> None:
    from nuanliu.operations.drops.claiming import claim_waiting

    path = tmp_path / "claimed.csv"
    path.write_text("填报单位,活动名称\n白银市,乙\n", "utf-8")
    drop_files(bare.bucket, [path], union_id="620400")
    claim_waiting(bare)
    back_up(bare, tmp_path / "backup")
    take_all(bare)
    assert restore(empty, tmp_path / "backup")["ok"]
    (receipt,) = take_all(empty)["receipts"]
    assert receipt["object_key"] == "intake/620400/claimed.csv"
    assert reconcile(empty)["ok"]


def test_a_warehouse_that_holds_anything_is_not_restored_over(bare: Context, tmp_path: Path) -> None:
    back_up(bare, tmp_path / "backup")
    with bare.engine.connect() as connection:
        before = connection.execute(text("select * from registry")).all()
    with pytest.raises(UsageError, match="not empty"):
        restore(bare, tmp_path / "backup")
    with bare.engine.connect() as connection:
        assert connection.execute(text("select * from registry")).all() == before


def test_a_warehouse_that_was_only_initialised_is_empty(bare: Context, empty: Context, tmp_path: Path) -> None:
    from nuanliu.operations.upkeep.initialising import initialise

    initialise(empty)
    back_up(bare, tmp_path / "backup")
    assert restore(empty, tmp_path / "backup")["ok"]


def test_other_bytes_in_the_bucket_are_not_written_over(bare: Context, empty: Context, tmp_path: Path) -> None:
    key = next(
        item["key"] for item in back_up(bare, tmp_path / "backup")["objects"] if item["key"].startswith("receipts/")
    )
    empty.bucket.write(key, b"another")
    with pytest.raises(UsageError, match="other bytes"):
        restore(empty, tmp_path / "backup")
    assert empty.bucket.read(key) == b"another"
    assert len(empty.bucket.list("")) == 1


def test_a_listing_without_objects_needs_the_bucket_to_be_there(bare: Context, empty: Context, tmp_path: Path) -> None:
    manifest = back_up(bare, tmp_path / "backup", with_objects=False)
    assert all(len(item["sha256"]) == 64 for item in manifest["objects"])
    with pytest.raises(BackupDamaged, match="listing"):
        restore(empty, tmp_path / "backup")
    beside = context(tmp_path / "there", bare.bucket, empty.engine)
    document = restore(beside, tmp_path / "backup")
    assert (document["ok"], document["written"]) == (True, 0)


@pytest.mark.parametrize("damaged", ["warehouse.dump", "objects"])
def test_a_damaged_backup_is_refused_before_anything_is_written(
    bare: Context, empty: Context, tmp_path: Path, damaged: str
) -> None:
    back_up(bare, tmp_path / "backup")
    place = tmp_path / "backup" / damaged
    target = place if place.is_file() else next(path for path in sorted(place.rglob("*")) if path.is_file())
    target.write_bytes(target.read_bytes() + b"x")
    with pytest.raises(BackupDamaged):
        restore(empty, tmp_path / "backup")
    assert empty.bucket.list("") == []


def test_a_backup_that_was_killed_is_no_backup(
    bare: Context, empty: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nuanliu.operations.recovery import backing_up

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(backing_up, "_read", killed)
    with pytest.raises(KeyboardInterrupt):
        back_up(bare, tmp_path / "backup")
    with pytest.raises(UsageError, match="no backup"):
        restore(empty, tmp_path / "backup")


def test_a_restore_killed_after_the_objects_can_be_called_again(
    bare: Context, empty: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(bare, tmp_path / "backup")

    def killed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        replace_everywhere(patched, "nuanliu.storage.embedded.dump.restore_database", killed)
        with pytest.raises(KeyboardInterrupt):
            restore(empty, tmp_path / "backup")
    assert restore(empty, tmp_path / "backup")["ok"]


def test_a_folder_that_holds_something_gets_no_backup(bare: Context, tmp_path: Path) -> None:
    (tmp_path / "backup").mkdir()
    (tmp_path / "backup" / "mine.txt").write_text("mine", "utf-8")
    with pytest.raises(UsageError, match="new or empty"):
        back_up(bare, tmp_path / "backup")


def test_only_the_owner_can_read_a_backup_and_no_password_is_in_it(bare: Context, tmp_path: Path) -> None:
    back_up(bare, tmp_path / "backup")
    folder = tmp_path / "backup"
    assert folder.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.rglob("*") if path.is_file())
    password = str(bare.engine.url.password)
    assert password not in (folder / "manifest.json").read_text("utf-8")
    assert json.loads((folder / "manifest.json").read_text("utf-8"))["schema"] == "nuanliu.backup/1"


def test_a_failed_dump_says_why_without_the_password(bare: Context, tmp_path: Path) -> None:
    from nuanliu.storage.embedded.dump import restore_database

    (tmp_path / "broken.dump").write_bytes(b"not a dump")
    with bare.engine.connect() as connection:
        major = connection.execute(load_sql("warehouse", "server_major")).scalar_one()
    with pytest.raises(DumpFailed, match="pg_restore failed") as caught:
        restore_database(bare.engine.url, tmp_path / "broken.dump", server_major=major)
    assert str(bare.engine.url.password) not in caught.value.message
