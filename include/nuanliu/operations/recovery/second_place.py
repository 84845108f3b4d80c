"""The folder in which each backup gets its own: how they are named, which is the newest, which may go."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nuanliu.errors import UsageError
from nuanliu.operations.recovery.backup_folder import MANIFEST
from nuanliu.settings import SHANGHAI, Keeping, Settings

_FORM = "nuanliu-%Y%m%dT%H%M%SZ"
_NAME = re.compile(r"nuanliu-\d{8}T\d{6}Z")
HALF_FOR = timedelta(days=1)
"""A folder without a manifest may be a backup that is being written; older, nobody writes it any more."""


@dataclass(frozen=True)
class KeptBackup:
    """One folder of the second place. ``is_whole``: it has its manifest, so its backup came to its end."""

    folder: Path
    made_at: datetime
    is_whole: bool


def describe_no_backups(settings: Settings) -> str | None:
    """That a server has no second place, as a sentence for its engineers; None where it has one, or is no server."""
    if not settings.is_server or settings.backups is not None:
        return None
    return "数据存放在服务器上,但没有设置 NUANLIU_BACKUPS,不会自动备份;办法见 docs/engineers/operations.md。"


def folder_for(settings: Settings) -> Path:
    """Where a backup goes that begins now; by the real clock, also where the arrival time is pinned.

    Raises: UsageError when no second place is set.
    """
    if settings.backups is None:
        raise UsageError("where to? give -o FOLDER, or set NUANLIU_BACKUPS to a folder in a second place")
    return new_folder(settings.backups, datetime.now(UTC))


def backup_to_try(settings: Settings, folder: Path | None = None) -> Path:
    """The backup that is named, else the newest of the second place. Raises: UsageError when there is none."""
    if folder is not None:
        return folder.resolve()
    if settings.backups is None:
        raise UsageError("which backup? name its folder, or set NUANLIU_BACKUPS to where they lie")
    return newest_backup(settings.backups)


def new_folder(place: Path, now: datetime) -> Path:
    """The folder of a backup that begins now."""
    return place / now.astimezone(UTC).strftime(_FORM)


def kept_backups(place: Path) -> list[KeptBackup]:
    """Our folders of the second place, oldest first. What is named otherwise is somebody else's."""
    if not place.is_dir():
        return []
    return [
        KeptBackup(each, datetime.strptime(each.name, _FORM).replace(tzinfo=UTC), (each / MANIFEST).is_file())
        for each in sorted(place.iterdir())
        if _NAME.fullmatch(each.name) and each.is_dir() and not each.is_symlink()
    ]


def newest_backup(place: Path) -> Path:
    """The newest whole backup. Raises: UsageError when there is none."""
    whole = [each for each in kept_backups(place) if each.is_whole]
    if not whole:
        raise UsageError(f"{place} holds no backup yet")
    return whole[-1].folder


def prune_backups(place: Path, keeping: Keeping, now: datetime) -> list[str]:
    """Delete backups that no day, week or month keeps, and what killed ones left; returns the names of the folders.

    The newest whole one always stays.
    """
    gone = [each.folder for each in superfluous(kept_backups(place), keeping, now)]
    for folder in gone:
        # The manifest first: a deletion that is killed leaves no folder that looks whole.
        (folder / MANIFEST).unlink(missing_ok=True)
        shutil.rmtree(folder)
    return [folder.name for folder in gone]


def prune_second_place(settings: Settings) -> list[str]:
    """Prune as the settings say, by the real clock. Nothing where no second place is set."""
    if settings.backups is None:
        return []
    return prune_backups(settings.backups, settings.keeping, datetime.now(UTC))


def superfluous(backups: Iterable[KeptBackup], keeping: Keeping, now: datetime) -> list[KeptBackup]:
    """Those that may go: of each of the last ``daily`` days, ``weekly`` weeks and ``monthly`` months that have a whole
    backup the newest stays. Days are those of Shanghai.
    """
    known = sorted(backups, key=lambda each: each.made_at)
    whole = [each for each in known if each.is_whole]
    periods: list[tuple[Callable[[datetime], object], int]] = [
        (lambda at: at.date(), keeping.daily),
        (lambda at: at.isocalendar()[:2], keeping.weekly),
        (lambda at: (at.year, at.month), keeping.monthly),
    ]
    stay = set(whole[-1:])
    for period, count in periods:
        newest = {period(each.made_at.astimezone(SHANGHAI)): each for each in whole}
        stay.update(list(newest.values())[len(newest) - min(count, len(newest)) :])
    return [each for each in known if each not in stay and (each.is_whole or now - each.made_at > HALF_FOR)]
