"""Objects that an earlier backup of the same place holds already: linked, not written again."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from nuanliu.errors import UsageError
from nuanliu.operations.recovery.backup_folder import (
    OBJECTS,
    BackupDamaged,
    read_manifest,
    sha256_of_file,
    write_file,
)
from nuanliu.storage.objects import from_storable


class EarlierObjects:
    """What the backups beside a new one hold, by hash."""

    def __init__(self, folder: Path) -> None:
        """``folder``: the new backup's; its neighbours are looked at, the newest first."""
        self._paths: dict[str, Path] = {}
        neighbours = [each for each in folder.resolve().parent.iterdir() if each.is_dir() and each != folder.resolve()]
        found = []
        for each in neighbours:
            with suppress(UsageError):  # no backup, or one that was killed
                found.append((read_manifest(each), each))
        for manifest, each in sorted(found, key=lambda pair: str(pair[0]["taken_at"]), reverse=True):
            for item in manifest["objects"] if manifest["with_objects"] else ():
                self._paths.setdefault(item["sha256"], each / OBJECTS / from_storable(item["key"]))

    def put(self, target: Path, data: bytes, sha256: str) -> None:
        """Make ``target`` hold these bytes: by a link to a file that does, else by writing.

        The earlier file is read first: one that was damaged since must not be handed on for ever.
        """
        earlier = self._paths.get(sha256)
        if earlier is not None:
            with suppress(BackupDamaged, OSError):  # gone, unreadable, or on a file system without links
                if sha256_of_file(earlier) == sha256:
                    target.parent.mkdir(parents=True, exist_ok=True)
                    os.link(earlier, target)
                    return
        write_file(target, data)
        self._paths[sha256] = target
