"""Back the warehouse and the bucket up as they were at one instant, and restore them into an empty place."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nuanliu.domain import schemas
from nuanliu.errors import ObjectMissing, UsageError
from nuanliu.operations.context import Context
from nuanliu.operations.drops.drop_path import INTAKE_PREFIX, is_temporary
from nuanliu.operations.drops.source_keys import is_waived, registered_key, waiting_key
from nuanliu.operations.recovery.backup_folder import (
    DUMP,
    MANIFEST,
    OBJECTS,
    SETTINGS,
    BackupDamaged,
    make_empty,
    read_manifest,
    sha256_of_file,
    take_back,
    write_file,
)
from nuanliu.operations.recovery.earlier_objects import EarlierObjects
from nuanliu.operations.recovery.saved_settings import settings_files
from nuanliu.operations.recovery.second_place import folder_for
from nuanliu.operations.upkeep.initialising import initialise
from nuanliu.operations.weeks.reconciling import reconcile
from nuanliu.storage.embedded.dump import dump_database, restore_database
from nuanliu.storage.folder_bucket import FolderBucket
from nuanliu.storage.objects import from_storable, storable
from nuanliu.warehouse.recovery.replay_tables import SHADOW
from nuanliu.warehouse.recovery.snapshot import Snapshot, has_content, open_snapshot, server_major

Progress = Callable[[str], None]
_STORED = ("archive/", "quarantine/")


@dataclass(frozen=True)
class _Saved:
    """One object of the bucket. ``key``: as it must lie there again; ``place``: where it lay when it was read."""

    key: str
    place: str


def back_up(
    ctx: Context, folder: Path, *, with_objects: bool | None = None, progress: Progress = lambda _: None
) -> dict[str, Any]:
    """Write the database, a listing of the bucket with sha256 and, ``with_objects``, the objects into a new folder.

    ``with_objects`` None: yes for a bucket that is a folder, and for any where a second place is set; else an object store
    has its own copies. Objects that a backup beside it holds already are linked to it. Intake and publication go on
    meanwhile: what they change after the snapshot is not in the backup. The manifest is written last, so that a folder
    without one is no backup. It holds personal data as archive/ does, the settings without their secrets, and is readable
    by its owner only.
    What fails leaves nothing behind. Returns ``nuanliu.backup/1``, the manifest. Raises: UsageError when the folder holds
    something, PlaceRefused, DumpFailed, ObjectMissing when an object of the registry is nowhere.
    """
    has_place = ctx.settings.backups is not None
    copies = isinstance(ctx.bucket, FolderBucket) or has_place if with_objects is None else with_objects
    make_empty(folder)
    try:
        return _fill(ctx, folder, copies=copies, progress=progress)
    except BaseException:
        take_back(folder)
        raise


def _fill(ctx: Context, folder: Path, *, copies: bool, progress: Progress) -> dict[str, Any]:
    earlier = EarlierObjects(folder)
    waiting = [item.key for item in ctx.bucket.list(INTAKE_PREFIX) if not is_temporary(item.key)]
    with open_snapshot(ctx.engine) as snapshot:
        progress("dumping the warehouse")
        dump_database(
            ctx.engine.url,
            folder / DUMP,
            server_major=snapshot.server_major,
            snapshot=snapshot.name,
            without_schema=SHADOW,
        )
        wanted = _objects_of(ctx, snapshot, waiting)
    (folder / DUMP).chmod(0o600)
    listing = []
    for count, saved in enumerate(wanted, start=1):
        data = _read(ctx, saved)
        if data is None:
            continue
        sha256 = hashlib.sha256(data).hexdigest()
        listing.append({"key": storable(saved.key), "size": len(data), "sha256": sha256})
        if copies:
            earlier.put(folder / OBJECTS / saved.key, data, sha256)
        if count % 100 == 0:
            progress(f"[{count}/{len(wanted)}] objects")
    kept = [_save_file(folder, f"{SETTINGS}/{name}", data) for name, data in settings_files(ctx)]
    manifest = {
        "schema": schemas.BACKUP,
        "taken_at": ctx.settings.clock().isoformat(timespec="seconds"),
        "bucket": ctx.settings.bucket_url,
        "server_major": snapshot.server_major,
        "dump_sha256": sha256_of_file(folder / DUMP),
        "with_objects": copies,
        "objects": listing,
        "settings": kept,
    }
    write_file(folder / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1).encode())
    return manifest


def back_up_to_second_place(ctx: Context) -> str:
    """Save into a new folder of the second place; returns the folder. Raises: UsageError where none is set."""
    folder = folder_for(ctx.settings)
    back_up(ctx, folder)
    return str(folder)


def restore(ctx: Context, folder: Path, progress: Progress = lambda _: None) -> dict[str, Any]:
    """Put a backup back: objects first, then the database in one transaction, then reconcile.

    Killed in between, the warehouse is still empty and a second call goes on. Objects that lie there with the same bytes are
    left; nothing is written over.
    Returns ``nuanliu.restore/1`` with reconcile's answer. Raises: UsageError when the warehouse holds anything or the
    bucket other bytes, BackupDamaged, DumpFailed.
    """
    manifest = read_manifest(folder)
    if sha256_of_file(folder / DUMP) != manifest["dump_sha256"]:
        raise BackupDamaged(f"{DUMP} in the backup is not what was saved")
    with ctx.engine.connect() as connection:
        if has_content(connection):
            raise UsageError("the warehouse is not empty: a backup is restored into an empty one only")
        major = server_major(connection)
    written = _restore_objects(ctx, folder, manifest, progress)
    progress("restoring the warehouse")
    restore_database(ctx.engine.url, folder / DUMP, server_major=major)
    initialise(ctx)  # a backup of an earlier version is upgraded and settled as the warehouse itself would have been
    reconciled = reconcile(ctx)
    return {
        "schema": schemas.RESTORE,
        "taken_at": manifest["taken_at"],
        "objects": len(manifest["objects"]),
        "written": written,
        "ok": reconciled["ok"],
        "differences": reconciled["differences"],
    }


def _save_file(folder: Path, name: str, data: bytes) -> dict[str, str]:
    write_file(folder / name, data)
    return {"file": name, "sha256": hashlib.sha256(data).hexdigest()}


def _objects_of(ctx: Context, snapshot: Snapshot, waiting: Iterable[str]) -> list[_Saved]:
    """What the bucket held at the snapshot: stored objects, receipts, reports, and what waited or was claimed."""
    stored = [item.key for prefix in _STORED for item in ctx.bucket.list(prefix)]
    named = {row.stored_key for row in snapshot.objects if row.stored_key} - snapshot.deleted
    saved = [_Saved(from_storable(key), from_storable(key)) for key in sorted(named)]
    saved += [
        _Saved(item.key, item.key)
        for item in ctx.bucket.list("receipts/")
        if item.key.rpartition(".")[0] in snapshot.receipt_stems
    ]
    saved += [_Saved(key, key) for key in sorted(snapshot.report_keys)]
    claimed = {
        row.source_key: row.sha256
        for row in snapshot.objects
        if row.state == "claimed" and not is_waived(row.source_key)  # its bytes are stored as another object's
    }
    for source, sha256 in sorted(claimed.items()):
        # It may have been archived since the snapshot; restored, it is a claimed object again.
        moved = next((key for key in stored if sha256 in key), None)
        waits = waiting_key(ctx.bucket, source)
        saved.append(_Saved(waits, moved or waits))
    saved += [_Saved(key, key) for key in waiting if registered_key(key) not in claimed]
    return saved


def _read(ctx: Context, saved: _Saved) -> bytes | None:
    """The bytes; None for a drop that waited and has been taken since. Raises: ObjectMissing for anything else."""
    try:
        return ctx.bucket.read(saved.place)
    except ObjectMissing:
        if saved.key == saved.place and saved.key.startswith(INTAKE_PREFIX):
            return None
        raise


def _restore_objects(ctx: Context, folder: Path, manifest: dict[str, Any], progress: Progress) -> int:
    """Write what is not there. Everything is looked at before anything is written. Returns how many were written."""
    absent = []
    for item in manifest["objects"]:
        key = from_storable(item["key"])
        if ctx.bucket.stat(key) is None:
            absent.append((key, item["sha256"]))
        elif hashlib.sha256(ctx.bucket.read(key)).hexdigest() != item["sha256"]:
            raise UsageError(f"the bucket holds other bytes under {item['key']}: restore into an empty one")
    if absent and not manifest["with_objects"]:
        raise BackupDamaged(
            f"the bucket lacks {len(absent)} objects, the first is {storable(absent[0][0])}, and this backup holds the "
            "listing only: bring the bucket back first"
        )
    for key, sha256 in absent:
        if sha256_of_file(folder / OBJECTS / key) != sha256:
            raise BackupDamaged(f"{storable(key)} in the backup is not what was saved")
    for count, (key, _) in enumerate(absent, start=1):
        # A drop put there by ``create`` is complete at once; a written one would have to settle first.
        put = ctx.bucket.create if key.startswith(INTAKE_PREFIX) else ctx.bucket.write
        put(key, (folder / OBJECTS / key).read_bytes())
        if count % 100 == 0:
            progress(f"[{count}/{len(absent)}] objects")
    return len(absent)
