"""What a receipt keeps of its findings: what is true once the rows' fate is known, and of each kind no more than helps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.rules import RuleRegistry
from nuanliu.domain.findings import Finding, Severity

_OF_OTHERS = frozenset({"set", "time"})
"""Rules found so hold a row against other rows or weeks: of a row that goes back they say nothing that is of use."""


def without_second_reasons(
    findings: Iterable[Finding], returned: Collection[int], rules: RuleRegistry
) -> tuple[Finding, ...]:
    """The findings without those that hold a returned row against others. ``returned``: ids of the rows that go back.

    What is wrong with the row's own cells stays: all of it can be mended at once.
    """
    return tuple(
        finding
        for finding in findings
        if finding.row_id not in returned
        or finding.severity is Severity.ERROR
        or rules[finding.rule].found_by not in _OF_OTHERS
    )


def bound_findings(findings: Iterable[Finding], rules: RuleRegistry) -> tuple[Finding, ...]:
    """The first ``max_findings_of_a_kind`` of each kind, and for each kind that has more a line that says how many."""
    most = int(input_contract().limits["max_findings_of_a_kind"])
    counts: Counter[str] = Counter()
    kept = []
    for finding in findings:
        counts[finding.rule] += 1
        if counts[finding.rule] <= most:
            kept.append(finding)
    more = rules["file.findings.more"]
    kept += [
        more.finding(kind=rules[rule_id].title, total=total, listed=most)
        for rule_id, total in counts.items()
        if total > most
    ]
    return tuple(kept)
