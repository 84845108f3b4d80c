"""Put files into a union's intake folder the way a union would."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nuanliu.contract.code_lists import codes
from nuanliu.domain import schemas
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.errors import UsageError
from nuanliu.operations.drops.drop_path import drop_key, is_temporary
from nuanliu.storage.bucket import Bucket

_MOST_REPEATS = 1000


def drop_files(
    bucket: Bucket, files: Sequence[Path], *, union_id: str, week: str | None = None, is_trial: bool = False
) -> dict[str, Any]:
    """Put files under ``intake/<union_id>/``, whole at once and never over a waiting one (suffix -2, -3 …).

    Returns: schema and the object keys. Raises: UnknownUnion, InvalidWeek, UsageError for a file that cannot be read.
    """
    codes().unions.sender(union_id)
    if week is not None:
        ReportingWeek.parse(week)
    for path in files:
        if is_temporary(path.name):
            raise UsageError(f"{path.name} has the name of a temporary file, which the intake leaves alone; rename it")
    contents = [(path.name, read_local_file(path)) for path in files]
    keys = [_drop(bucket, name, data, union_id, week, is_trial) for name, data in contents]
    return {"schema": schemas.DROP, "union_id": union_id, "objects": keys}


def read_local_file(path: Path) -> bytes:
    """The bytes of a file of the caller's. Raises: UsageError in one line for a missing file, a directory, no permission."""
    try:
        return path.read_bytes()
    except IsADirectoryError as error:
        raise UsageError(f"{path} is a directory; name the workbook or CSV file itself") from error
    except FileNotFoundError as error:
        raise UsageError(f"{path} does not exist") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error


def _drop(bucket: Bucket, name: str, data: bytes, union_id: str, week: str | None, is_trial: bool) -> str:
    for repeat in range(1, _MOST_REPEATS):
        key = drop_key(union_id, name, week=week, is_trial=is_trial, repeat=repeat)
        if bucket.create(key, data):
            return key
    raise UsageError(f"{_MOST_REPEATS} files called {name} wait under intake/{union_id}/; run the intake first")
