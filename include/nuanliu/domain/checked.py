"""One drop after all checks: what becomes of each row and of the file, and the receipt that says so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from nuanliu.domain.history import EarlierVersion, HandedOver
from nuanliu.domain.receipt import Receipt
from nuanliu.domain.submission import Submission


class RowStatus(StrEnum):
    """What became of a received row."""

    ACCEPTED = "accepted"
    RETURNED = "returned"
    HELD = "held"
    IGNORED = "ignored"


class FileStatus(StrEnum):
    """What became of a file."""

    ACCEPTED = "accepted"
    ACCEPTED_WITH_WARNINGS = "accepted_with_warnings"
    PARTIALLY_ACCEPTED = "partially_accepted"
    HELD = "held"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    UNCHANGED = "unchanged"
    TRIAL = "trial"


class LoadAction(StrEnum):
    """What the warehouse does with the accepted rows."""

    REPLACE = "replace"  # becomes the only current version of its (union, week)
    ADD = "add"  # 补充: stands beside the current version
    NOTHING = "nothing"  # held, rejected, duplicate, unchanged, trial


@dataclass(frozen=True)
class CheckedDrop:
    """A drop, decided. ``row_status`` is indexed like ``submission.rows`` and holds RowStatus values; when the file as a
    whole is held or rejected every activity row already says so. ``waiting``: ids of activities that are not
    accepted and stay in the version all the same, because another row counts in their place. ``receipt`` has no number yet.
    ``told``: activities of the union that moved to their organiser's report, as the receipt says.
    """

    submission: Submission
    row_status: pd.Series
    status: FileStatus
    action: LoadAction
    receipt: Receipt
    repeats: EarlierVersion | None = None
    waiting: frozenset[int] = frozenset()
    told: tuple[HandedOver, ...] = ()
