"""The restore drill: the newest backup comes back in an empty place of its own, reconciles, and the place goes again."""

from __future__ import annotations

import fcntl
import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from nuanliu.domain import schemas
from nuanliu.errors import Permanent, Transient
from nuanliu.operations.context import Context
from nuanliu.operations.recovery.backing_up import Progress, restore
from nuanliu.settings import Settings
from nuanliu.storage.bucket import open_bucket
from nuanliu.storage.database import open_engine
from nuanliu.storage.embedded.server import EmbeddedPostgres

RECORD = "drills.jsonl"
"""One line a drill, beside the backup that was tried."""


class DrillFailed(Permanent):
    """A backup came back, and its records do not agree."""


class DrillRunning(Transient):
    """Another drill works in this home."""


def drill(settings: Settings, given: Path | str, progress: Progress = lambda _: None) -> dict[str, Any]:
    """Restore a backup into a PostgreSQL and a folder of their own below ``var/drills``, and reconcile there.

    Nothing of the installation is touched; what was restored is deleted in the end, whatever happened. The answer is
    appended to ``drills.jsonl`` beside the backup. Returns ``nuanliu.drill/1``: ``ok``, the backup and the seconds that the
    restore with its reconcile took. Raises: UsageError, BackupDamaged, DumpFailed, DrillRunning, EmbeddedServerRefused.
    """
    folder = Path(given)
    with _empty_place(settings) as ctx:
        began = time.monotonic()
        restored = restore(ctx, folder, progress)
        seconds = round(time.monotonic() - began, 1)
    progress(f"restored and reconciled in {seconds} s")
    document = {
        "schema": schemas.DRILL,
        "ok": restored["ok"],
        "backup": str(folder),
        "taken_at": restored["taken_at"],
        "drilled_at": settings.clock().isoformat(timespec="seconds"),
        "objects": restored["objects"],
        "seconds": seconds,
        "differences": restored["differences"],
    }
    with (folder.parent / RECORD).open("a", encoding="utf-8") as record:
        record.write(json.dumps(document, ensure_ascii=False) + "\n")
    return document


def require_restorable(document: dict[str, Any]) -> dict[str, Any]:
    """Pass a ``nuanliu.drill/1`` on that went well. Raises: DrillFailed."""
    if not document["ok"]:
        raise DrillFailed(
            f"{document['backup']} 恢复后对账有 {len(document['differences'])} 处差异,明细见同处的 {RECORD}"
        )
    return document


@contextmanager
def _empty_place(settings: Settings) -> Iterator[Context]:
    """An empty warehouse and bucket, for one drill at a time. What a killed drill left, its server too, goes first."""
    drills = settings.var / "drills"
    drills.mkdir(parents=True, exist_ok=True)
    with (drills / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DrillRunning(f"another drill is running in {drills}; wait for it to end") from None
        for left in drills.iterdir():
            if left.is_dir():
                _take_away(left)
        place = Path(tempfile.mkdtemp(prefix="drill-", dir=drills))
        place.chmod(0o711)  # a server that may not run as root has an account of its own
        try:
            server = EmbeddedPostgres(place / "postgres")
            server.ensure_running()
            engine = open_engine(server.dsn("warehouse"))
            try:
                there = replace(
                    settings, home=place, bucket_url=(place / "bucket").as_uri(), warehouse_dsn=None, owner_dsn=None
                )
                yield Context(there, open_bucket(there.bucket_url), engine)
            finally:
                engine.dispose()
        finally:
            _take_away(place)


def _take_away(place: Path) -> None:
    EmbeddedPostgres(place / "postgres").stop()
    shutil.rmtree(place)
