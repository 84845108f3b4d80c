"""What the key of a drop says: who sends it, for which week, and whether it is a trial."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from nuanliu.contract.code_lists import PROVINCE, codes
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.errors import InvalidWeek

INTAKE_PREFIX = "intake/"
UNKNOWN = "unknown"
_TRIAL_FOLDERS = ("试报", "trial")
_TEMPORARY = (".*", "~$*", "~*.tmp", "*.tmp", "*.temp", "*.part", "*.partial", "*.filepart", "*.crdownload", "*.download",
              "*.swp", "*.nuanliu-part", "thumbs.db", "desktop.ini")  # fmt: skip


@dataclass(frozen=True)
class DropPath:
    """``intake/<union_id>/[<week>/|试报/]<file name>``; ``union_id`` is 'unknown' when the key names no sender."""

    key: str
    union_id: str
    week: str | None
    is_trial: bool
    file_name: str

    @property
    def is_sender_known(self) -> bool:
        """Whether the path names a union that may drop files."""
        return self.union_id != UNKNOWN


def read_drop_path(key: str) -> DropPath:
    """Read an ``intake/…`` key. Deeper folders are allowed; a folder named as a week or 试报 counts wherever it stands."""
    parts = key.removeprefix(INTAKE_PREFIX).split("/")
    folders, file_name = parts[:-1], parts[-1]
    sender = folders[0] if folders else ""
    known = sender in codes().unions.list and sender != PROVINCE
    return DropPath(
        key=key,
        union_id=sender if known else UNKNOWN,
        week=next((folder for folder in folders[1:] if _is_week(folder)), None),
        is_trial=any(folder in _TRIAL_FOLDERS for folder in folders[1:]),
        file_name=file_name,
    )


def is_temporary(key: str) -> bool:
    """Whether a key belongs to a program that is still writing or to a file browser, not to a union."""
    name = key.rsplit("/", 1)[-1].lower()
    return any(fnmatchcase(name, pattern) for pattern in _TEMPORARY)


def drop_key(union_id: str, file_name: str, *, week: str | None, is_trial: bool, repeat: int = 1) -> str:
    """The key under which ``nuanliu drop`` puts a file; ``repeat`` > 1 adds -2, -3 before the ending."""
    stem, dot, ending = file_name.rpartition(".")
    if not stem:
        stem, dot, ending = file_name, "", ""
    suffix = f"-{repeat}" if repeat > 1 else ""
    folders = [union_id, *(["试报"] if is_trial else []), *([week] if week else [])]
    return f"{INTAKE_PREFIX}{'/'.join(folders)}/{stem}{suffix}{dot}{ending}"


def _is_week(text: str) -> bool:
    try:
        ReportingWeek.parse(text)
    except InvalidWeek:
        return False
    return True
