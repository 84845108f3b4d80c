"""Decide a checked drop: what becomes of each row, of the file, and what the receipt says. No row is ever lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import pandas as pd

from nuanliu.contract.code_lists import codes
from nuanliu.contract.due_time import report_due_at, year_of_guessed_due
from nuanliu.contract.rules import RuleRegistry, rule_registry
from nuanliu.domain.checked import CheckedDrop, FileStatus, LoadAction, RowStatus
from nuanliu.domain.findings import Finding, Severity
from nuanliu.domain.history import History
from nuanliu.domain.receipt import Receipt, RowCounts
from nuanliu.domain.submission import Submission, SubmissionType
from nuanliu.domain.waiver import ANSWERED_AGAIN
from nuanliu.errors import Permanent
from nuanliu.quality.rules.version_rules import current_versions, describe_superseded
from nuanliu.quality.verdict.bounded_findings import bound_findings, without_second_reasons
from nuanliu.quality.verdict.changes import find_changes
from nuanliu.quality.verdict.overtaken import SAID_SINCE, describe_overtaken, is_overtaken
from nuanliu.quality.verdict.repeating import Repeat, describe_repeat, find_repeat, repeat_receipt
from nuanliu.quality.verdict.resending import advise_resending
from nuanliu.quality.verdict.set_aside import ignored_activities
from nuanliu.quality.verdict.totals import sum_totals

_LOADED = {FileStatus.ACCEPTED, FileStatus.ACCEPTED_WITH_WARNINGS, FileStatus.PARTIALLY_ACCEPTED}


class IdentityBroken(Permanent):
    """received is not accepted + returned + held + ignored: a row would be lost."""

    def __init__(self, object_key: str, counts: RowCounts) -> None:
        super().__init__(f"{object_key}: rows are not all accounted for: {counts}")
        self.object_key = object_key
        self.counts = counts

    def __reduce__(self) -> tuple[type[IdentityBroken], tuple[str, RowCounts]]:
        return (IdentityBroken, (self.object_key, self.counts))


@dataclass(frozen=True)
class _Judgement:
    """The file's status on its own merits, and that of its rows."""

    submission: Submission
    row_status: pd.Series[str]
    status: FileStatus
    action: LoadAction
    waiting: frozenset[int] = frozenset()
    """Ids of the activities that are kept behind another row."""


def decide(
    submission: Submission,
    history: History | None,
    *,
    object_key: str,
    sha256: str,
    received_at: datetime,
    is_trial: bool,
) -> CheckedDrop:
    """Decide what becomes of a checked submission and write its receipt, yet without a number.

    Raises: IdentityBroken when the rows do not add up; UnknownUnion for a sender that no code list knows.
    """
    rules = rule_registry()
    arrived_at = history.again.arrived_at if history and history.again else received_at
    receipt = replace(
        _blank_receipt(submission, object_key=object_key, sha256=sha256, received_at=received_at),
        late=submission.is_week_certain and arrived_at > report_due_at(submission.week),
    )
    beside = _told_beside(history, rules)
    guessed = year_of_guessed_due(submission.week) if receipt.late else None
    if guessed is not None:  # a holiday can only move the time back: what is punctual now stays so
        beside = (*beside, rules["file.late.calendar_unknown"].finding(year=guessed))
    told = history.handed_over if history and not is_trial else ()
    submission = submission.with_findings(beside)
    repeat = find_repeat(submission, sha256, history, decide_rows(submission, rules))
    if repeat is not None:
        return replace(_repeated(submission, receipt, repeat, rules, beside, is_trial=is_trial), told=told)
    if not is_trial:
        submission = submission.with_findings(describe_overtaken(submission, history, rules))
    judged = _judge(submission, history, rules)
    checked = _describe(judged, history, receipt, is_trial=is_trial)
    if not is_trial:
        return replace(checked, told=told)
    trial = replace(checked.receipt, status=FileStatus.TRIAL, would_be=judged.status)
    return CheckedDrop(judged.submission, judged.row_status, FileStatus.TRIAL, LoadAction.NOTHING, trial)


def decide_rows(submission: Submission, rules: RuleRegistry) -> pd.Series[str]:
    """The status of every received row by its own findings, indexed like ``Submission.rows``.

    An error returns a row, a query holds it, a finding whose rule says ``ignores_row`` sets it aside; the worst wins. All
    rows of an activity share its fate. Rows that are no activity are ignored.
    """
    rows = submission.rows
    status = pd.Series(np.where(rows["row_class"].eq("activity"), "accepted", "ignored"), index=rows.index, dtype="str")
    activity_of = rows["activity_id"]
    is_activity = rows["row_class"].eq("activity")
    grades = (
        (RowStatus.IGNORED, ignored_activities(submission.findings, rules)),
        (RowStatus.HELD, _row_ids(submission.findings, Severity.QUERY)),
        (RowStatus.RETURNED, _row_ids(submission.findings, Severity.ERROR)),
    )
    for row_status, row_ids in grades:
        if not row_ids:
            continue
        activities = activity_of[rows["row_id"].isin(list(row_ids)) & is_activity]
        status[is_activity & activity_of.isin(activities)] = str(row_status)
    return status


def count_rows(row_status: pd.Series[str]) -> RowCounts:
    """Count the received rows by what became of them."""
    counts = row_status.value_counts()
    return RowCounts(received=len(row_status), **{str(status): int(counts.get(str(status), 0)) for status in RowStatus})


def _judge(submission: Submission, history: History | None, rules: RuleRegistry) -> _Judgement:
    row_status = decide_rows(submission, rules)
    is_activity = submission.rows["row_class"].eq("activity")
    grades = {finding.severity for finding in submission.findings if finding.is_file_level}
    if not submission.is_readable or Severity.ERROR in grades:
        return _Judgement(
            submission, _all(row_status, is_activity, RowStatus.RETURNED), FileStatus.REJECTED, LoadAction.NOTHING
        )
    current = current_versions(history)
    if current and Severity.QUERY not in grades and not _adds_to_itself(submission, row_status, history):
        unclean = _rows_that_hold_a_version(submission, row_status, rules)
        if unclean:
            receipt_nos = "、".join(version.receipt_no for version in current)
            finding = rules["file.version.not_clean"].finding(count=unclean, receipt_no=receipt_nos)
            submission = submission.with_findings((finding,))
            grades.add(Severity.QUERY)
    if Severity.QUERY in grades:
        return _Judgement(
            submission, _all(row_status, is_activity, RowStatus.HELD), FileStatus.HELD, LoadAction.NOTHING
        )
    status = _file_status(submission, row_status[is_activity])
    waiting = _waiting_activities(submission, row_status, rules)
    loads = status in _LOADED or (waiting and not _rows_that_hold_a_version(submission, row_status, rules))
    if not loads or is_overtaken(history):
        return _Judgement(submission, row_status, status, LoadAction.NOTHING)
    is_added = bool(current) and submission.submission_type is SubmissionType.SUPPLEMENT
    return _Judgement(submission, row_status, status, LoadAction.ADD if is_added else LoadAction.REPLACE, waiting)


def _file_status(submission: Submission, activity_status: pd.Series[str]) -> FileStatus:
    """The status of a file with no file-level error or query."""
    found = set(activity_status.unique())
    if found & {RowStatus.RETURNED, RowStatus.HELD}:
        if RowStatus.ACCEPTED in found:
            return FileStatus.PARTIALLY_ACCEPTED
        return FileStatus.HELD if RowStatus.HELD in found else FileStatus.REJECTED
    has_warnings = any(finding.severity is not Severity.INFO for finding in submission.findings)
    return FileStatus.ACCEPTED_WITH_WARNINGS if has_warnings else FileStatus.ACCEPTED


def _waiting_activities(submission: Submission, row_status: pd.Series[str], rules: RuleRegistry) -> frozenset[int]:
    """Activities that are held, or set aside, for nothing but another row that counts in their place."""
    rows = submission.rows
    behind = {f.row_id for f in submission.findings if f.row_id is not None and _waits(f, rules)}
    if not behind:
        return frozenset()
    graver = _row_ids((f for f in submission.findings if not _waits(f, rules)), Severity.QUERY)
    activity_of = rows["activity_id"]
    waits = activity_of.isin(activity_of[rows["row_id"].isin(list(behind))])
    waits &= ~activity_of.isin(activity_of[rows["row_id"].isin(list(graver))])
    waits &= row_status.isin([str(RowStatus.HELD), str(RowStatus.IGNORED)])
    waits &= ~activity_of.isin([f.row_id for f in submission.findings if f.rule == SAID_SINCE])
    return frozenset(activity_of[waits].tolist())


def _waits(finding: Finding, rules: RuleRegistry) -> bool:
    return bool(rules[finding.rule].params.get("waits"))


def _rows_that_hold_a_version(submission: Submission, row_status: pd.Series[str], rules: RuleRegistry) -> int:
    """How many rows are returned, or held for more than another union's earlier report of the same activity."""
    activity_of = submission.rows["activity_id"]
    graver = _row_ids((f for f in submission.findings if not _waits(f, rules)), Severity.QUERY)
    held_for_more = activity_of.isin(activity_of[submission.rows["row_id"].isin(list(graver))])
    held = row_status.eq(str(RowStatus.HELD)) & held_for_more
    return int((held | row_status.eq(str(RowStatus.RETURNED))).sum())


def _adds_to_itself(submission: Submission, row_status: pd.Series[str], history: History | None) -> bool:
    """Whether a file that is answered again is the current version, and all that it brought before is accepted now too.

    A first version may be accepted in part; an engineer who lets one more of its rows pass makes no later version of it.
    """
    if history is None or history.again is None:
        return False
    accepted = submission.rows.loc[row_status.eq(str(RowStatus.ACCEPTED)), "activity_key"]
    is_current = history.again.receipt_no in {version.receipt_no for version in current_versions(history)}
    counting = history.current_rows[history.current_rows["is_counting"]]
    return is_current and bool(counting["activity_key"].isin(accepted).all())


def _describe(judged: _Judgement, history: History | None, blank: Receipt, *, is_trial: bool) -> CheckedDrop:
    rules = rule_registry()
    submission, rows = judged.submission, judged.submission.rows
    returned = frozenset(rows.loc[judged.row_status.eq(str(RowStatus.RETURNED)), "row_id"].tolist())
    findings = without_second_reasons(submission.findings, returned, rules)
    is_accepted = judged.row_status.eq(str(RowStatus.ACCEPTED))
    labels = rows.loc[is_accepted, ["activity_id", "period_kind", "scope"]]
    is_replacing = judged.action is LoadAction.REPLACE and bool(current_versions(history))
    receipt = replace(
        blank,
        status=judged.status,
        activities=_count_activities(submission),
        rows=count_rows(judged.row_status),
        totals=sum_totals(labels, submission.figures) if len(labels) else (),
        findings=advise_resending(
            bound_findings(findings, rules, submission.own_headers),
            rules,
            is_counting=_is_counting(judged, history, is_trial=is_trial),
        ),
        changes=find_changes(rows[is_accepted], submission.figures, history) if history and is_replacing else (),
    )
    _check_identity(receipt)
    return CheckedDrop(
        submission=submission,
        row_status=judged.row_status,
        status=judged.status,
        action=judged.action,
        receipt=receipt,
        waiting=judged.waiting,
    )


def _is_counting(judged: _Judgement, history: History | None, *, is_trial: bool) -> bool | None:
    """Whether anything of the union's week counts once the file is answered; None when it is not known what does."""
    if history is None:
        return None
    is_loaded = judged.action is not LoadAction.NOTHING and not is_trial
    return is_loaded or bool(current_versions(history)) or bool(history.younger)


def _repeated(
    submission: Submission,
    blank: Receipt,
    repeat: Repeat,
    rules: RuleRegistry,
    beside: tuple[Finding, ...],
    *,
    is_trial: bool,
) -> CheckedDrop:
    """A drop that says nothing new: it loads nothing and repeats the counts of the version it repeats."""
    receipt = repeat_receipt(blank, repeat, (describe_repeat(repeat, rules), *beside))
    if is_trial:
        receipt = replace(receipt, status=FileStatus.TRIAL, would_be=repeat.status)
    _check_identity(receipt)
    row_status = decide_rows(submission, rules).mask(lambda status: status.notna(), str(RowStatus.IGNORED))
    status = FileStatus.TRIAL if is_trial else repeat.status
    return CheckedDrop(submission, row_status, status, LoadAction.NOTHING, receipt, repeats=repeat.version)


def _blank_receipt(submission: Submission, *, object_key: str, sha256: str, received_at: datetime) -> Receipt:
    return Receipt(
        receipt_no=None,
        object_key=object_key,
        sha256=sha256,
        received_at=received_at,
        union_id=submission.union_id,
        union_name=codes().unions.get(submission.union_id).name,
        week=str(submission.week) if submission.is_week_certain else None,
        status=FileStatus.HELD,
        would_be=None,
        version=None,
        submission_type=submission.submission_type.on_receipt if submission.is_readable else None,
        late=False,
        activities=0,
        rows=RowCounts(),
        totals=(),
        findings=(),
    )


def _told_beside(history: History | None, rules: RuleRegistry) -> tuple[Finding, ...]:
    """What a receipt says that is about no cell of its file."""
    if history is None:
        return ()
    found = []
    if history.again is not None:
        again = history.again
        found.append(rules[ANSWERED_AGAIN].finding(value=again.receipt_no, count=len(again.waivers)))
    found += describe_superseded(history, rules)
    return tuple(found)


def _check_identity(receipt: Receipt) -> None:
    if not receipt.rows.is_identity_kept:
        raise IdentityBroken(receipt.object_key, receipt.rows)


def _all(row_status: pd.Series[str], is_activity: pd.Series[bool], status: RowStatus) -> pd.Series[str]:
    """The statuses when the whole file is held or rejected."""
    return row_status.mask(is_activity, str(status))


def _count_activities(submission: Submission) -> int:
    rows = submission.rows
    return int(rows.loc[rows["row_class"].eq("activity"), "activity_id"].nunique())


def _row_ids(findings: Iterable[Finding], severity: Severity) -> set[int]:
    return {f.row_id for f in findings if f.row_id is not None and f.severity is severity}
