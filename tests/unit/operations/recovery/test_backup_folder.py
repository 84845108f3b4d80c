"""A place for backups that cannot be written says so in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from nuanliu.operations.recovery.backup_folder import PlaceRefused, make_empty, take_back, write_file


def test_a_full_place_is_told_as_one() -> None:
    with pytest.raises(PlaceRefused, match=r"^/dev/full cannot be written: No space left on device\. .*room"):
        write_file(Path("/dev/full"), b"x")


def test_a_place_that_is_not_there_is_told_as_one(tmp_path: Path) -> None:
    (tmp_path / "second").write_text("a file where a folder was meant")
    with pytest.raises(PlaceRefused, match="mounted"):
        make_empty(tmp_path / "second" / "nuanliu-20261130T170000Z")


def test_what_a_backup_began_is_taken_back_whole(tmp_path: Path) -> None:
    folder = tmp_path / "one"
    write_file(folder / "objects" / "archive" / "a", b"x")
    write_file(folder / "warehouse.dump", b"x")
    take_back(folder)
    assert list(tmp_path.iterdir()) == []
    take_back(folder)
