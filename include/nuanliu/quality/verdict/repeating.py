"""Drops that say again what was answered already: the same bytes, or the same content in another file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from nuanliu.contract.rules import RuleRegistry
from nuanliu.domain.checked import FileStatus, RowStatus
from nuanliu.domain.file_content import activities_of, hash_activities
from nuanliu.domain.findings import Finding, Severity
from nuanliu.domain.history import EarlierVersion, History
from nuanliu.domain.receipt import MeasureTotal, Receipt, RowCounts
from nuanliu.domain.submission import Submission, SubmissionType


@dataclass(frozen=True)
class Repeat:
    """The earlier answer that a drop repeats. ``status``: duplicate (same bytes) or unchanged (same content)."""

    version: EarlierVersion
    status: FileStatus


def find_repeat(
    submission: Submission, sha256: str, history: History | None, row_status: pd.Series[str]
) -> Repeat | None:
    """The current version that a drop repeats, or None when the drop is to be judged.

    The same bytes repeat the file that made the current version, be it by adding to one before. The same content repeats
    what counts now; but it gives way when the file would get more rows accepted than that (a 说明 was added, an obstacle
    has gone), else a query could never be answered, since 说明 is no part of the content. What was held, returned or
    replaced is judged anew; so is a file whose sheets or folders disagree on the week, and one that is answered again.

    ``row_status``: of each row of ``submission`` by its own findings.
    """
    if history is None or history.again is not None or not submission.is_week_certain:
        return None
    every = [version for version in (*history.versions, *history.younger) if version.is_current]
    if every and every[-1].sha256 == sha256:
        return Repeat(every[-1], FileStatus.DUPLICATE)
    current = [
        version for version in every if not version.is_younger
    ]  # a younger one repeats the file, not it the younger
    if current and _says_the_same(submission, current, history) and not _gains(submission, row_status, history):
        return Repeat(current[-1], FileStatus.UNCHANGED)
    return None


def _says_the_same(submission: Submission, current: Sequence[EarlierVersion], history: History) -> bool:
    """Whether a file says, row by row, what the current version says, or what the 补充 said that was added last.

    ``content_hash`` of a version knows its open rows too. What a version and its 补充 say together is told by the rows they
    keep, where none is open; so is the content of a version that no migration could know.
    What nobody has answered for the file as a whole (合计) is news, unless the version has been let pass with it.
    """
    said, before = submission.content_hash, current[-1].content_hash
    activities = activities_of(said)
    if not said:
        return False
    adds_again = submission.submission_type == SubmissionType.SUPPLEMENT == current[-1].receipt["submission_type"]
    is_whole = len(current) == 1 or adds_again
    if not (is_whole and activities == activities_of(before)):
        rows = history.current_rows
        is_told_by_rows = not before or (len(current) > 1 and not any(_has_open_rows(version) for version in current))
        if not is_told_by_rows or rows.empty:
            return False
        if activities != hash_activities(rows["activity_key"], rows["content_hash"]):
            return False
    is_asked = any(f.is_file_level and f.severity in (Severity.ERROR, Severity.QUERY) for f in submission.findings)
    return said == before or not is_asked


def _has_open_rows(version: EarlierVersion) -> bool:
    return FileStatus(version.receipt["status"]) is FileStatus.PARTIALLY_ACCEPTED


def _gains(submission: Submission, row_status: pd.Series[str], history: History) -> bool:
    """Whether more activities of the file would count than count now; of a 补充, any."""
    accepted = submission.rows.loc[row_status.eq(str(RowStatus.ACCEPTED)), "activity_id"].nunique()
    adds = submission.submission_type is SubmissionType.SUPPLEMENT
    return accepted > (0 if adds else int(history.current_rows["is_counting"].sum()))


def describe_repeat(repeat: Repeat, rules: RuleRegistry) -> Finding:
    """What the union is told: by whether rows of the version are still open, since sending it again settles nothing.

    Raises: BrokenContract when the registry has no text for it.
    """
    earlier = repeat.version
    ending = "_partial" if _has_open_rows(earlier) else ""
    return rules[f"file.version.{repeat.status}{ending}"].finding(receipt_no=earlier.receipt_no)


def repeat_receipt(blank: Receipt, repeat: Repeat, findings: tuple[Finding, ...]) -> Receipt:
    """The receipt of a drop that repeats another: that one's version, activities, counts and totals."""
    earlier = repeat.version.receipt
    return replace(
        blank,
        status=repeat.status,
        version=repeat.version.version,
        activities=earlier["activities"],
        rows=RowCounts(**earlier["rows"]),
        totals=tuple(MeasureTotal(**total) for total in earlier["totals"]),
        findings=findings,
    )
