"""Files that are answered after a younger one of their week: what they are held against, and what they may still bring."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from nuanliu.contract.rules import RuleRegistry
from nuanliu.domain.findings import Finding
from nuanliu.domain.history import OVERTAKEN, History
from nuanliu.domain.submission import Submission, SubmissionType
from nuanliu.quality.expectations.frames import activity_rows
from nuanliu.quality.finding_places import NAME_COLUMNS, point_at_name, records

SAID_SINCE = "file.version.said_since"
"""The rule of a row whose activity a younger 补充 says too: that one's row stands, this one never will."""


def before_younger(history: History | None) -> History | None:
    """The history as it was before the younger versions of the file's week came: of those it knows nothing but that they are.

    A younger file that was held or rejected overtakes nobody.
    """
    if history is None:
        return None
    younger = tuple(version for version in history.versions if version.is_current and version.is_younger)
    if not younger:
        return history
    rows, figures, own = history.current_rows, history.current_figures, history.own_activities
    receipt_nos = [version.receipt_no for version in younger]
    is_younger = rows["receipt_no"].isin(receipt_nos)
    older = rows[~is_younger]
    return replace(
        history,
        versions=tuple(version for version in history.versions if version not in younger),
        current_rows=older.reset_index(drop=True),
        current_figures=figures[figures["activity_key"].isin(older["activity_key"])].reset_index(drop=True),
        own_activities=own[~own["receipt_no"].isin(receipt_nos)].reset_index(drop=True),
        younger=younger,
        younger_keys=dict(zip(rows.loc[is_younger, "activity_key"], rows.loc[is_younger, "receipt_no"], strict=True)),
    )


def is_overtaken(history: History | None) -> bool:
    """Whether the file brings nothing any more: a younger one stands that would have replaced it.

    Beneath a younger 补充 its rows stand as if it had been answered first.
    """
    return history is not None and any(
        version.receipt["submission_type"] != SubmissionType.SUPPLEMENT for version in history.younger
    )


def describe_overtaken(submission: Submission, history: History | None, rules: RuleRegistry) -> tuple[Finding, ...]:
    """What the receipt of an overtaken file says: which file overtook it, and which of its activities that one says too."""
    if history is None or not history.younger or not submission.is_readable or not submission.is_week_certain:
        return ()
    rule, receipt_no = rules[OVERTAKEN], history.younger[0].receipt_no  # the first: all others came after that one
    outcome = rule.params["replaced" if is_overtaken(history) else "beneath"]
    told = rule.finding(value=receipt_no, receipt_no=receipt_no, outcome=outcome)
    if is_overtaken(history):
        return (told,)
    return (told, *_said_since(submission, history, rules))


def _said_since(submission: Submission, history: History, rules: RuleRegistry) -> Iterator[Finding]:
    activities = activity_rows(submission)
    known = activities[activities["activity_key"].isin(list(history.younger_keys))]
    for row in records(known, (*NAME_COLUMNS, "activity_key")):
        receipt_no = history.younger_keys[row["activity_key"]]
        yield point_at_name(submission, rules[SAID_SINCE], row, receipt_no=receipt_no)
