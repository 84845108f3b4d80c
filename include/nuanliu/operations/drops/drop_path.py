"""What the key of a drop says: who sends it, for which week, and whether it is a trial."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase

from nuanliu.contract.code_lists import PROVINCE, codes
from nuanliu.contract.label_text import fold_label
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.errors import InvalidWeek

INTAKE_PREFIX = "intake/"
UNKNOWN = "unknown"
_TRIAL_WORDS = ("试报", "TRIAL")
_WEEK_FOLDER = re.compile(r"(20[0-9]{2})年?[-_./]?(?:W(?:EEK)?[-_]?|第)([0-9]{1,2})周?")
_BRACKETS = re.compile(r"[()\[\]{}<>〈〉〖〗〘〙﹙﹚﹝﹞⟨⟩]")
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
    doubtful_folder: str | None = None
    """A folder whose name speaks of 试报 and says more (试报材料): loading a trial as a report is the worse error."""
    impossible_week: str | None = None
    """A folder that means to name a week and names none (2024-W60)."""

    @property
    def is_sender_known(self) -> bool:
        """Whether the path names a union that may drop files."""
        return self.union_id != UNKNOWN


def read_drop_path(key: str) -> DropPath:
    """Read an ``intake/…`` key. Deeper folders are allowed; a folder named as a week or 试报 counts wherever it stands.

    Case, width, blanks and brackets of a folder's name do not matter: ``TRIAL``, ``（试报）``.
    """
    parts = key.removeprefix(INTAKE_PREFIX).split("/")
    folders, file_name = parts[:-1], parts[-1]
    sender = folders[0] if folders else ""
    known = sender in codes().unions.list and sender != PROVINCE
    weeks = {folder: _named_week(folder) for folder in folders[1:] if _WEEK_FOLDER.fullmatch(fold_label(folder))}
    below = {folder: _BRACKETS.sub("", fold_label(folder)) for folder in folders[1:]}
    is_trial = any(folded in _TRIAL_WORDS for folded in below.values())
    doubtful = (folder for folder, folded in below.items() if any(word in folded for word in _TRIAL_WORDS))
    return DropPath(
        key=key,
        union_id=sender if known else UNKNOWN,
        week=next((week for week in weeks.values() if week), None),
        is_trial=is_trial,
        file_name=file_name,
        doubtful_folder=None if is_trial else next(doubtful, None),
        impossible_week=next((folder for folder, week in weeks.items() if not week), None),
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


def _named_week(folder: str) -> str | None:
    """2024-W49 of a folder 2024-W49, 2024w49 or 2024年第49周; None for a week that its year does not have."""
    match = _WEEK_FOLDER.fullmatch(fold_label(folder))
    try:
        return str(ReportingWeek.parse(f"{match[1]}-W{int(match[2]):02d}")) if match else None
    except InvalidWeek:
        return None
