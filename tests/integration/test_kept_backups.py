"""Backups of a second place: whole whatever the bucket is, checked by reading all of it, small where nothing changed."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from sqlalchemy import text
from tests.integration.played_week import context

from nuanliu.errors import UsageError
from nuanliu.operations.drops.dropping import drop_files
from nuanliu.operations.recovery.backing_up import back_up, restore
from nuanliu.operations.recovery.backup_folder import BackupDamaged, PlaceRefused, sha256_of_file
from nuanliu.operations.recovery.replay_scope import ReplayScope
from nuanliu.operations.recovery.replaying import replay
from nuanliu.operations.recovery.verifying import require_verified, verify_backup
from nuanliu.operations.take_all import take_all
from nuanliu.operations.weeks.reconciling import reconcile
from nuanliu.running.demo import sample_files
from nuanliu.settings import INCLUDE_DIR
from nuanliu.storage.bucket import open_bucket
from nuanliu.storage.database import open_engine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nuanliu.operations.context import Context


@pytest.fixture
def fed(ctx: Context, tmp_path: Path) -> Context:
    """A pipeline with one answered drop, whose backups go to a second place; the bucket is of either kind."""
    _, path = next(sample_files())
    drop_files(ctx.bucket, [path], union_id="620400")
    fed = replace(ctx, settings=replace(ctx.settings, backups=tmp_path / "second"))
    assert take_all(fed)["receipts"]
    return fed


@pytest.fixture
def empty(postgres_dsn: str, tmp_path: Path) -> Iterator[Context]:
    engine = open_engine(postgres_dsn)
    yield context(tmp_path / "there", open_bucket(f"file://{tmp_path}/other-bucket"), engine)
    engine.dispose()


def test_a_backup_for_which_there_is_no_room_says_so_and_leaves_its_room_to_the_next(
    fed: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", full)
        with pytest.raises(PlaceRefused, match="No space left on device"):
            back_up(fed, tmp_path / "second" / "one")
    assert list((tmp_path / "second").iterdir()) == []
    assert back_up(fed, tmp_path / "second" / "one")["objects"]


def test_where_a_second_place_is_set_the_objects_of_any_bucket_are_copied(
    fed: Context, empty: Context, tmp_path: Path
) -> None:
    manifest = back_up(fed, tmp_path / "second" / "one")
    assert manifest["with_objects"]
    assert verify_backup(tmp_path / "second" / "one")["ok"]
    document = restore(empty, tmp_path / "second" / "one")
    assert (document["ok"], document["written"]) == (True, len(manifest["objects"]))


def test_the_settings_lie_in_it_without_secrets(fed: Context, tmp_path: Path) -> None:
    recipients = tmp_path / "recipients.csv"
    recipients.write_text("address,name,role,union_id\na@x.example,甲,leader,\n", "utf-8")
    settings = replace(fed.settings, recipients=recipients, smtp_url="smtp://user:s3cret@mail:25")
    back_up(replace(fed, settings=settings), tmp_path / "backup")
    kept = tmp_path / "backup" / "settings"
    assert json.loads((kept / "settings.json").read_text("utf-8"))["smtp"] == "smtp://mail:25"
    assert (kept / "recipients.csv").read_bytes() == recipients.read_bytes()
    for name in (
        "contracts/publication.yaml",
        "contracts/limits.yaml",
        "contracts/rules/set.yaml",
        "reference/unions.csv",
    ):
        assert (kept / name).read_bytes() == (INCLUDE_DIR / name).read_bytes()
    assert b"s3cret" not in b"".join(path.read_bytes() for path in kept.rglob("*") if path.is_file())


def test_an_object_that_an_earlier_backup_holds_is_linked_to_it(fed: Context, tmp_path: Path) -> None:
    place = tmp_path / "second"
    first = back_up(fed, place / "one")
    late = tmp_path / "late.csv"
    late.write_text("填报单位,活动名称\n白银市,甲\n", "utf-8")
    drop_files(fed.bucket, [late], union_id="620400")
    second = back_up(fed, place / "two")
    known = {item["sha256"] for item in first["objects"]}
    for item in second["objects"]:
        links = (place / "two" / "objects" / item["key"]).stat().st_nlink
        assert links == (2 if item["sha256"] in known else 1), item["key"]
    assert verify_backup(place / "two")["ok"]


def test_an_earlier_object_that_was_damaged_is_not_handed_on(fed: Context, tmp_path: Path) -> None:
    place = tmp_path / "second"
    item = back_up(fed, place / "one")["objects"][0]
    (place / "one" / "objects" / item["key"]).write_bytes(b"rotten")
    back_up(fed, place / "two")
    assert verify_backup(place / "two")["ok"]
    assert not verify_backup(place / "one")["ok"]


def test_what_was_answered_after_the_backup_is_taken_in_again_by_a_replay(
    warehouse_dsn: str, empty: Context, tmp_path: Path
) -> None:
    """The way back of an upgrade: the old warehouse, beside the bucket as it is."""
    engine = open_engine(warehouse_dsn)
    ctx = context(tmp_path, open_bucket(f"file://{tmp_path}/bucket"), engine)
    samples = list(sample_files())
    drop_files(ctx.bucket, [samples[0][1]], union_id=samples[0][0])
    take_all(ctx)
    back_up(ctx, tmp_path / "backup")
    drop_files(ctx.bucket, [samples[1][1]], union_id=samples[1][0])
    (since,) = take_all(ctx)["receipts"]
    engine.dispose()
    there = replace(empty, bucket=ctx.bucket)
    restore(there, tmp_path / "backup")
    assert replay(there, ReplayScope())["missing"] == []
    assert reconcile(there)["ok"]
    with there.engine.connect() as connection:
        numbers = connection.execute(text("select receipt_no from receipt")).scalars().all()
    assert since["receipt_no"] in numbers


def _append(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"x")


@pytest.mark.parametrize("damage", [_append, lambda path: path.unlink()], ids=["other-bytes", "gone"])
@pytest.mark.parametrize("where", ["warehouse.dump", "objects", "settings"])
def test_a_damaged_file_is_named(fed: Context, tmp_path: Path, where: str, damage: Any) -> None:
    folder = tmp_path / "second" / "one"
    back_up(fed, folder)
    place = folder / where
    target = place if place.is_file() else next(path for path in sorted(place.rglob("*")) if path.is_file())
    damage(target)
    document = verify_backup(folder)
    assert not document["ok"]
    (problem,) = document["problems"]
    assert problem.startswith(f"{target.relative_to(folder)}: ")
    with pytest.raises(BackupDamaged, match=target.name):
        require_verified(folder)


def test_a_dump_that_no_program_can_read_is_damaged_although_its_hash_is_right(fed: Context, tmp_path: Path) -> None:
    folder = tmp_path / "second" / "one"
    manifest = back_up(fed, folder)
    (folder / "warehouse.dump").write_bytes(b"not a dump")
    manifest["dump_sha256"] = sha256_of_file(folder / "warehouse.dump")
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    (problem,) = verify_backup(folder)["problems"]
    assert problem.startswith("warehouse.dump: pg_restore failed")


def test_a_folder_without_a_manifest_is_no_backup_to_verify(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no backup"):
        verify_backup(tmp_path)
