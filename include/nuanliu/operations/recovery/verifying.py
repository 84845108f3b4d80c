"""Read a backup anew, all of it: is everything there, as it was saved?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nuanliu.domain import schemas
from nuanliu.operations.recovery.backup_folder import DUMP, OBJECTS, BackupDamaged, read_manifest, sha256_of_file
from nuanliu.storage.embedded.dump import DumpFailed, list_dump
from nuanliu.storage.objects import from_storable, storable


def verify_backup(folder: Path) -> dict[str, Any]:
    """Hold every file of a backup against its manifest, and let pg_restore read the dump's contents.

    Returns ``nuanliu.backup_check/1``: ``problems`` names each file that is missing or damaged.
    Raises: UsageError for a folder that is no backup.
    """
    manifest = read_manifest(folder)
    problems = [*_dump_problems(folder, manifest)]
    expected = {item["file"]: item["sha256"] for item in manifest.get("settings", ())}
    if manifest["with_objects"]:
        expected |= {f"{OBJECTS}/{from_storable(item['key'])}": item["sha256"] for item in manifest["objects"]}
    for name, sha256 in expected.items():
        problem = _problem(folder / name, sha256)
        if problem:
            problems.append(f"{storable(name)}: {problem}")
    return {
        "schema": schemas.BACKUP_CHECK,
        "ok": not problems,
        "folder": str(folder),
        "taken_at": manifest["taken_at"],
        "with_objects": manifest["with_objects"],
        "objects": len(manifest["objects"]),
        "problems": problems,
    }


def require_verified(folder: Path | str) -> dict[str, Any]:
    """The same for one that must be good. Raises: BackupDamaged, naming the first file that is not."""
    document = verify_backup(Path(folder))
    if not document["ok"]:
        more = len(document["problems"]) - 1
        raise BackupDamaged(f"{folder}: {document['problems'][0]}{f' (and {more} more)' if more else ''}")
    return document


def _dump_problems(folder: Path, manifest: dict[str, Any]) -> list[str]:
    problem = _problem(folder / DUMP, manifest["dump_sha256"])
    if problem:
        return [f"{DUMP}: {problem}"]
    try:
        entries = list_dump(folder / DUMP, server_major=manifest["server_major"])
    except DumpFailed as error:
        return [f"{DUMP}: {error.message}"]
    return [] if any("TABLE DATA public registry" in entry for entry in entries) else [f"{DUMP}: holds no registry"]


def _problem(path: Path, sha256: str) -> str | None:
    try:
        return None if sha256_of_file(path) == sha256 else "its bytes are not those that were saved"
    except BackupDamaged:
        return "is missing or cannot be read"
