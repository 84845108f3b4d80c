"""Old logs go, and nothing else in the folder does."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from nuanliu.operations.upkeep.task_logs import prune_logs

if TYPE_CHECKING:
    from pathlib import Path

BEFORE = datetime(2026, 6, 1, tzinfo=UTC)


def write(path: Path, day: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("log", "utf-8")
    stamp = BEFORE.timestamp() + day * 86400
    os.utime(path, (stamp, stamp))
    return path


def test_logs_written_last_before_the_instant_go_with_the_folders_they_leave_empty(tmp_path: Path) -> None:
    old = write(tmp_path / "dag_id=a" / "run_id=1" / "task_id=t" / "attempt=1.log", -1)
    young = write(tmp_path / "dag_id=a" / "run_id=2" / "task_id=t" / "attempt=1.log", 1)
    parsed = write(tmp_path / "dag_processor" / "2026-05-01" / "dags" / "x.py.log", -30)
    assert prune_logs(tmp_path, BEFORE) == {"files": 2, "bytes": 6}
    assert (old.parent.parent.exists(), parsed.parent.exists(), young.exists()) == (False, False, True)


def test_other_folders_and_links_stay(tmp_path: Path) -> None:
    other = write(tmp_path / "scheduler" / "old.log", -30)
    (tmp_path / "dag_id=b").mkdir()
    (tmp_path / "dag_id=b" / "link.log").symlink_to(other)
    (tmp_path / "dag_id=c").symlink_to(other.parent)
    assert prune_logs(tmp_path, BEFORE) == {"files": 0, "bytes": 0}
    assert other.exists()
    assert (tmp_path / "dag_id=b" / "link.log").is_symlink()


def test_a_folder_that_is_not_there_holds_no_logs(tmp_path: Path) -> None:
    assert prune_logs(tmp_path / "nowhere", BEFORE) == {"files": 0, "bytes": 0}
