"""The whole intake path of one drop as a function of its bytes: read, check, decide. Stores nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import pandas as pd

from nuanliu.contract.code_lists import codes
from nuanliu.contract.rules import rule_registry
from nuanliu.domain.aliases import NO_ALIASES, Aliases
from nuanliu.domain.checked import CheckedDrop, FileStatus, LoadAction
from nuanliu.domain.findings import Finding
from nuanliu.domain.history import History
from nuanliu.domain.receipt import Receipt, RowCounts
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.domain.submission import FIGURE_COLUMNS, ROW_COLUMNS, Submission, SubmissionType, empty_frame
from nuanliu.domain.waiver import AnsweredAgain
from nuanliu.intake.formats.limits import Oversized
from nuanliu.intake.origin.file_origin import FileOrigin
from nuanliu.intake.privacy.personal_data import mask_text
from nuanliu.intake.reader import read_submission, too_heavy_submission
from nuanliu.memory import collector_at_rest, release_unused
from nuanliu.operations.drops.drop_path import DropPath, drop_key, read_drop_path
from nuanliu.operations.drops.dropped_bytes import sha256_of
from nuanliu.quality.checking import check_submission
from nuanliu.quality.verdict.gate import decide
from nuanliu.quality.verdict.overtaken import before_younger

ReadHistory = Callable[[Submission], History | None]


@dataclass(frozen=True)
class Drop:
    """One drop as received. ``object_key`` is shown to people: personal data in it is masked.

    ``again``: of a file that is answered a second time; then ``received_at`` is the time of the release.
    """

    data: bytes | Oversized
    path: DropPath
    object_key: str
    received_at: datetime
    again: AnsweredAgain | None = None

    @property
    def arrived_at(self) -> datetime:
        """When the union dropped the bytes: period, lateness and tolerances go by it."""
        return self.again.arrived_at if self.again else self.received_at

    @property
    def sha256(self) -> str:
        """The content hash of the bytes."""
        return sha256_of(self.data)


def check_drop(drop: Drop, read_history: ReadHistory, *, aliases: Aliases = NO_ALIASES) -> CheckedDrop:
    """Check one drop. ``read_history`` is asked once, after reading; None means that no warehouse is at hand.
    ``aliases``: spellings that were confirmed for the sender.

    An unknown sender is refused without being read: there is nobody to check the file for.
    """
    if not drop.path.is_sender_known:
        return _refuse_unknown_sender(drop)

    with collector_at_rest():
        submission = read_as_dropped(drop, aliases)
        try:
            return _check_submission(drop, submission, read_history)
        except MemoryError:
            # Reading it was possible, checking it is not; without its rows it is.
            return refuse_heavy(drop, read_history, aliases=aliases)


def refuse_heavy(drop: Drop, read_history: ReadHistory, *, aliases: Aliases = NO_ALIASES) -> CheckedDrop:
    """The answer to a drop of a known sender that does not fit into memory: its rows are left out."""
    return _check_submission(drop, too_heavy_submission(_origin(drop, aliases)), read_history)


def _check_submission(drop: Drop, read: Submission, read_history: ReadHistory) -> CheckedDrop:
    submission = read.with_findings(_doubts_of_path(drop.path))
    release_unused(len(submission.rows))
    history = read_history(submission)
    if history is not None and drop.again is not None:
        history = replace(history, again=drop.again)
    history = before_younger(history)
    return decide(
        check_submission(submission, history),
        history,
        object_key=drop.object_key,
        sha256=drop.sha256,
        received_at=drop.received_at,
        is_trial=drop.path.is_trial,
    )


def read_as_dropped(drop: Drop, aliases: Aliases) -> Submission:
    """What a known sender's drop says: read with the sender's confirmed spellings, for the week of its path, as of its arrival."""
    return read_submission(
        drop.data,
        object_key=drop.path.key,
        sender_id=drop.path.union_id,
        path_week=drop.path.week,
        received_at=drop.arrived_at,
        aliases=aliases,
    )


def _origin(drop: Drop, aliases: Aliases) -> FileOrigin:
    path = drop.path
    return FileOrigin(path.key.rsplit("/", 1)[-1], path.union_id, path.week, drop.arrived_at, aliases)


def _doubts_of_path(path: DropPath) -> Iterator[Finding]:
    """What holds a file for the folder it lies in."""
    rules = rule_registry()
    if path.doubtful_folder is not None:
        yield rules["file.trial.doubtful"].finding(value=mask_text(path.doubtful_folder))
    if path.impossible_week is not None:
        yield rules["file.period.no_such_week"].finding(value=path.impossible_week)


def check_file(data: bytes, file_name: str, *, union_id: str, week: str | None, received_at: datetime) -> Receipt:
    """What ``nuanliu check`` answers: the receipt this file would get, without history and without a number.

    Raises: UnknownUnion, InvalidWeek.
    """
    codes().unions.sender(union_id)
    if week is not None:
        ReportingWeek.parse(week)
    key = drop_key(union_id, file_name, week=week, is_trial=False)
    drop = Drop(data, read_drop_path(key), mask_text(key), received_at)
    return check_drop(drop, lambda _: None).receipt


def _refuse_unknown_sender(drop: Drop) -> CheckedDrop:
    finding = rule_registry()["org.sender.unknown"].finding(value=drop.object_key)
    submission = Submission(
        union_id=drop.path.union_id,
        week=ReportingWeek.last_closed_before(drop.received_at),
        is_week_certain=False,
        submission_type=SubmissionType.FIRST,
        rows=empty_frame(ROW_COLUMNS),
        figures=empty_frame(FIGURE_COLUMNS),
        findings=(finding,),
        is_readable=False,
    )
    receipt = Receipt(
        receipt_no=None,
        object_key=drop.object_key,
        sha256=drop.sha256,
        received_at=drop.received_at,
        union_id=drop.path.union_id,
        union_name="未知单位",
        week=None,
        status=FileStatus.REJECTED,
        would_be=None,
        version=None,
        submission_type=None,
        late=False,
        activities=0,
        rows=RowCounts(),
        totals=(),
        findings=(finding,),
    )
    return CheckedDrop(submission, pd.Series(dtype="str"), FileStatus.REJECTED, LoadAction.NOTHING, receipt)
