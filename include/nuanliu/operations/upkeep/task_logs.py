"""Old logs of Airflow's tasks and of its DAG processor are deleted, and the folders that they leave empty."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

_OURS = ("dag_id=", "dag_processor")
"""How the folders begin in which Airflow puts them; whatever else lies beside is somebody else's."""


def prune_logs(folder: Path, before: datetime) -> dict[str, Any]:
    """Delete log files last written before an instant. Returns: ``files`` and ``bytes`` that went.

    Links are neither followed nor taken away. A folder that is written into meanwhile stays.
    """
    files = size = 0
    starts = [each for each in sorted(folder.glob("*")) if each.name.startswith(_OURS) and not each.is_symlink()]
    for start in starts:
        for place, _, names in os.walk(start, topdown=False):
            for path in (Path(place) / name for name in names):
                with suppress(FileNotFoundError):  # another worker of a shared folder was faster
                    stat = path.lstat()
                    if path.is_file() and not path.is_symlink() and stat.st_mtime < before.timestamp():
                        path.unlink()
                        files, size = files + 1, size + stat.st_size
            with suppress(OSError):  # not empty
                Path(place).rmdir()
    return {"files": files, "bytes": size}
