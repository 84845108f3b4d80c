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
    return {
        finding.row_id
        for finding in findings
        if finding.row_id is not None
        and finding.severity is Severity.INFO
        and rules[finding.rule].params.get("ignores_row")
    }


def without_settled_questions(submission: Submission, rules: RuleRegistry) -> Submission:
    """The submission without the questions that were settled when its rows came to count.

    Whether the second row of a key is another event stays a question: nobody has answered it. Errors, names and periods stay.
    """
    set_aside = ignored_activities(submission.findings, rules)
    if not set_aside:
        return submission
    rows = submission.rows
    settled = set(rows.loc[rows["activity_id"].isin(list(set_aside)), "row_id"])

    def is_settled(finding: Finding) -> bool:
        rule = rules[finding.rule]
        is_question = finding.severity is Severity.QUERY and rule.releasable and not rule.needs_own_explanation
        return is_question and finding.row_id in settled

    return replace(submission, findings=tuple(f for f in submission.findings if not is_settled(f)))
