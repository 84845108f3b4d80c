"""Which backups stay: the newest of each day, week and month that is asked for, and always the newest of all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nuanliu.errors import UsageError
from nuanliu.operations.recovery.second_place import (
    KeptBackup,
    kept_backups,
    new_folder,
    newest_backup,
    prune_backups,
    superfluous,
)
from nuanliu.settings import Keeping

NOW = datetime(2026, 11, 30, 18, 0, tzinfo=UTC)


def nightly(nights: int) -> list[KeptBackup]:
    """One whole backup a night, the last one now."""
    return [KeptBackup(Path(str(ago)), NOW - timedelta(days=ago), is_whole=True) for ago in reversed(range(nights))]


def stay(backups: list[KeptBackup], keeping: Keeping) -> list[KeptBackup]:
    gone = superfluous(backups, keeping, NOW)
    return [each for each in backups if each not in gone]


def make(place: Path, made_at: datetime, *, whole: bool = True) -> Path:
    folder = new_folder(place, made_at)
    folder.mkdir(parents=True)
    (folder / "warehouse.dump").write_text("x")
    if whole:
        (folder / "manifest.json").write_text("{}")
    return folder


def test_seven_days_four_weeks_and_twelve_months_stay_of_two_years_of_nights() -> None:
    days = [NOW - each.made_at for each in stay(nightly(730), Keeping())]
    assert {timedelta(days=ago) for ago in range(7)} <= set(days)
    assert len(days) == 7 + 2 + 10  # two of the weeks and two of the months end in nights that stay already


def test_several_backups_of_a_day_count_as_one_and_the_last_stays() -> None:
    hourly = [KeptBackup(Path(str(ago)), NOW - timedelta(hours=ago), is_whole=True) for ago in reversed(range(10))]
    assert stay(hourly, Keeping(daily=1, weekly=0, monthly=0)) == [hourly[-1]]


def test_days_without_a_backup_push_none_out() -> None:
    rare = [KeptBackup(Path(str(ago)), NOW - timedelta(days=ago), is_whole=True) for ago in (400, 300, 200)]
    assert stay(rare, Keeping(daily=7, weekly=0, monthly=0)) == rare


def test_the_newest_whole_one_stays_whatever_is_asked() -> None:
    assert stay(nightly(3), Keeping(daily=0, weekly=0, monthly=0)) == nightly(3)[-1:]


def test_what_a_killed_backup_left_goes_after_a_day_and_keeps_no_place() -> None:
    young = KeptBackup(Path("young"), NOW - timedelta(hours=23), is_whole=False)
    old = KeptBackup(Path("old"), NOW - timedelta(hours=25), is_whole=False)
    whole = KeptBackup(Path("whole"), NOW - timedelta(hours=26), is_whole=True)
    assert superfluous([whole, old, young], Keeping(daily=1), NOW) == [old]


def test_what_is_not_ours_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "nuanliu-notes").mkdir()
    (tmp_path / "nuanliu-20200101T000000Z").symlink_to(tmp_path / "photos")
    made = [make(tmp_path, NOW - timedelta(days=ago)) for ago in (1, 0)]
    assert prune_backups(tmp_path, Keeping(daily=1, weekly=0, monthly=0), NOW) == [made[0].name]
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "nuanliu-20200101T000000Z",
        made[1].name,
        "nuanliu-notes",
        "photos",
    ]


def test_the_newest_backup_is_a_whole_one(tmp_path: Path) -> None:
    whole = make(tmp_path, NOW - timedelta(days=1))
    make(tmp_path, NOW, whole=False)
    assert newest_backup(tmp_path) == whole
    assert [each.is_whole for each in kept_backups(tmp_path)] == [True, False]


def test_a_place_without_a_backup_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no backup yet"):
        newest_backup(tmp_path / "nowhere")
