"""What a backup's folder holds, and how its files are written and read."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from nuanliu.domain import schemas
from nuanliu.errors import Permanent, UsageError

MANIFEST = "manifest.json"
"""Written last: a folder without one is no backup."""
DUMP = "warehouse.dump"
OBJECTS = "objects"
SETTINGS = "settings"


class BackupDamaged(Permanent):
    """A file of a backup is missing, or its bytes are not those that were saved."""


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
    """A folder for its owner only. Raises: UsageError when it holds something."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise UsageError(f"{folder} holds something already: a backup needs a new or empty folder")
    folder.chmod(0o700)


def write_file(path: Path, data: bytes) -> None:
    """Write a file that only its owner can read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(data)


def sha256_of_file(path: Path) -> str:
    """Raises: BackupDamaged for a file that is not there or cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise BackupDamaged(f"{path.name} is missing in the backup") from error
