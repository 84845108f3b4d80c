"""What a receipt keeps of its findings: what is true once the rows' fate is known, and of each kind no more than helps."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import numpy as np

from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.rules import RuleRegistry
from nuanliu.domain.findings import Finding, Severity

_OF_OTHERS = frozenset({"set", "time"})
"""Rules found so hold a row against other rows or weeks: of a row that goes back they say nothing that is of use."""
_RANKS = {severity: severity.rank for severity in Severity}
OwnHeaders = Mapping[str | None, Mapping[str, str]]
NO_OWN_HEADERS: OwnHeaders = {}
_ROWS = 1 << 40
"""More rows than any file has."""


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


def bound_findings(
    findings: Iterable[Finding], rules: RuleRegistry, own_headers: OwnHeaders = NO_OWN_HEADERS
) -> tuple[Finding, ...]:
    """The first ``max_findings_of_a_kind`` of each kind with their texts, and for each kind that has more a line that says
    how many. The gravest come first, then what concerns the whole file, then as the cells stand in the file.

    ``own_headers``: ``Submission.own_headers``, so that texts call each column as its sheet does.
    """
    most = int(input_contract().limits["max_findings_of_a_kind"])
    kinds: dict[str, list[Finding]] = {}
    for finding in findings:
        kinds.setdefault(finding.rule, []).append(finding)
    listed = sorted((finding for some in kinds.values() for finding in _first(some, most)), key=_place)
    more = rules["file.findings.more"]
    counts = {rule_id: len(kinds[rule_id]) for rule_id in dict.fromkeys(finding.rule for finding in listed)}
    return (
        *(finding.told(own_headers.get(finding.sheet, {})) for finding in listed),
        *(
            more.finding(kind=rules[rule_id].title, total=total, listed=most)
            for rule_id, total in counts.items()
            if total > most
        ),
    )


def _first(findings: list[Finding], most: int) -> list[Finding]:
    """The first of one kind, in whatever order they are; only those that can be among them are sorted."""
    if len(findings) <= most:
        return findings
    rows = np.array([_RANKS[f.severity] * _ROWS + (-1 if f.row_id is None else f.row_id) for f in findings])
    last = np.partition(rows, most - 1)[most - 1]
    return sorted((findings[at] for at in np.flatnonzero(rows <= last)), key=_place)[:most]


def _place(finding: Finding) -> tuple[int, int, str, str]:
    row_id = -1 if finding.row_id is None else finding.row_id
    return _RANKS[finding.severity], row_id, finding.cell or "", finding.rule
