"""Drops that say again what was answered already: the same bytes, or the same content in another file."""

from __future__ import annotations

from dataclasses import dataclass, replace

from nuanliu.contract.rules import RuleRegistry
from nuanliu.domain.checked import FileStatus
from nuanliu.domain.findings import Finding
from nuanliu.domain.history import EarlierVersion, History
from nuanliu.domain.receipt import MeasureTotal, Receipt, RowCounts
from nuanliu.domain.submission import Submission

_REPEATS = {FileStatus.DUPLICATE, FileStatus.UNCHANGED}


@dataclass(frozen=True)
class Repeat:
    """The earlier answer that a drop repeats. ``status``: duplicate (same bytes) or unchanged (same content)."""

    version: EarlierVersion
    status: FileStatus


def find_repeat(submission: Submission, sha256: str, history: History | None) -> Repeat | None:
    """The answer a drop repeats, or None when it says something new.

    Only a version that is current is repeated. A held or returned file may fare better today, in another folder or after
    an engineer has confirmed a name, and one that was replaced may be meant to come back. A file that is answered again
    repeats nothing: it says the same, and fares better.
    """
    if history is None or history.again is not None:
        return None
    every = (*history.versions, *history.younger)
    current = [v for v in every if v.is_current and v.receipt["status"] not in _REPEATS]
    for version in reversed(current):
        if version.sha256 == sha256:
            return Repeat(version, FileStatus.DUPLICATE)
    for version in reversed(current):
        if version.is_younger:
            continue  # it repeats what the file says, not the other way round
        if submission.content_hash and version.content_hash == submission.content_hash:
            return Repeat(version, FileStatus.UNCHANGED)
    return None


def describe_repeat(repeat: Repeat, rules: RuleRegistry) -> Finding:
    """What the union is told: by what became of the file it repeats, since its open rows are not settled by sending it again.

    Raises: BrokenContract when the registry has no text for it.
    """
    earlier = repeat.version
    ending = "_partial" if earlier.receipt["status"] == FileStatus.PARTIALLY_ACCEPTED else ""
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
