"""What a backup's folder holds, and how its files are written and read."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from nuanliu.domain import schemas
from nuanliu.errors import Permanent, Transient, UsageError

MANIFEST = "manifest.json"
"""Written last: a folder without one is no backup."""
DUMP = "warehouse.dump"
OBJECTS = "objects"
SETTINGS = "settings"


class BackupDamaged(Permanent):
    """A file of a backup is missing, or its bytes are not those that were saved."""


class PlaceRefused(Transient):
    """The place for backups is full, away, or not writable by whoever makes them."""


def read_manifest(folder: Path) -> dict[str, Any]:
    """The ``nuanliu.backup/1`` of a folder. Raises: UsageError for one that is no backup."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{folder} is no backup: it has no readable {MANIFEST}") from error
    if manifest.get("schema") != schemas.BACKUP:
        raise UsageError(f"{folder} is a backup of another kind: {manifest.get('schema')}")
    return manifest


def make_empty(folder: Path) -> None:
    """A folder for its owner only. Raises: UsageError when it holds something, PlaceRefused."""
    with _place_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise UsageError(f"{folder} holds something already: a backup needs a new or empty folder")
        folder.chmod(0o700)


def write_file(path: Path, data: bytes) -> None:
    """Write a file that only its owner can read. Raises: PlaceRefused."""
    with _place_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(data)


def take_back(folder: Path) -> None:
    """Delete what a backup wrote that did not come to its end: the next one may need the room.

    What cannot be deleted stays, so that its error does not stand in the place of the one that ended the backup.
    """
    with suppress(OSError):
        for each in folder.iterdir():
            if each.is_dir():
                shutil.rmtree(each, ignore_errors=True)
            else:
                each.unlink(missing_ok=True)
        folder.rmdir()


def sha256_of_file(path: Path) -> str:
    """Raises: BackupDamaged for a file that is not there or cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise BackupDamaged(f"{path.name} is missing in the backup") from error


@contextmanager
def _place_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise PlaceRefused(
            f"{path} cannot be written: {error.strerror}. Is the place for backups mounted, does it belong to whoever makes "
            "them, has it room?"
        ) from error
