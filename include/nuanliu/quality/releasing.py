"""说明 answers a query: where the union has explained a row, its releasable queries become infos."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nuanliu.findings import Severity

if TYPE_CHECKING:
    from nuanliu.rules import RuleRegistry
    from nuanliu.submission import Submission


def release_explained(submission: Submission, rules: RuleRegistry) -> Submission:
    """Turn releasable queries into infos on activities whose 说明 is filled.

    Never an unreadable figure, a name or a period: their rules are not releasable. An error stays an error.
    """
    open_queries = [f for f in submission.findings if f.severity is Severity.QUERY and f.row_id is not None]
    if not any(rules[finding.rule].releasable for finding in open_queries):
        return submission
    rows = submission.rows
    filled = rows["explanation"].str.strip().fillna("").ne("")
    explained = set(rows.loc[filled, "activity_id"])
    activity_of = dict(zip(rows["row_id"], rows["activity_id"], strict=True))
    return replace(
        submission,
        findings=tuple(
            finding.with_severity(Severity.INFO)
            if finding.severity is Severity.QUERY
            and finding.row_id is not None
            and rules[finding.rule].releasable
            and activity_of[finding.row_id] in explained
            else finding
            for finding in submission.findings
        ),
    )
