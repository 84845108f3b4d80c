"""Rows that count already are set aside, and asked nothing that 说明 could answer.

Its words would be set aside with the row, and what they answer was settled when the row came to count.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from nuanliu.contract.rules import RuleRegistry
from nuanliu.domain.findings import Finding, Severity
from nuanliu.domain.submission import Submission


def ignored_activities(findings: Iterable[Finding], rules: RuleRegistry) -> set[int]:
    """Activities that a finding sets aside without harm."""
    return {finding.row_id for finding in _setting_aside(findings, rules) if finding.row_id is not None}


def without_settled_questions(submission: Submission, rules: RuleRegistry) -> Submission:
    """The submission without the questions that were settled when its rows came to count.

    A row that waits for another submission to lose its copy is still asked about as the second of its key: it would count as
    well then. Errors, names and periods stay.
    """
    waits_of = {f.row_id: bool(rules[f.rule].params.get("waits")) for f in _setting_aside(submission.findings, rules)}
    if not waits_of:
        return submission
    rows = submission.rows[submission.rows["activity_id"].isin(list(waits_of))]
    activity_of = dict(zip(rows["row_id"], rows["activity_id"], strict=True))

    def is_settled(finding: Finding) -> bool:
        activity = activity_of.get(finding.row_id) if finding.row_id is not None else None
        if activity is None or finding.severity is not Severity.QUERY or not rules[finding.rule].releasable:
            return False
        return not (waits_of[activity] and rules[finding.rule].needs_own_explanation)

    return replace(submission, findings=tuple(f for f in submission.findings if not is_settled(f)))


def _setting_aside(findings: Iterable[Finding], rules: RuleRegistry) -> list[Finding]:
    return [
        finding
        for finding in findings
        if finding.row_id is not None
        and finding.severity is Severity.INFO
        and rules[finding.rule].params.get("ignores_row")
    ]
