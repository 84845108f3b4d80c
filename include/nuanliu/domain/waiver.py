"""Queries that an engineer has let pass (waived) after asking: which row, which rule, why, and who decided it when."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from nuanliu.domain.findings import Finding, Severity
from nuanliu.settings import SHANGHAI

ANSWERED_AGAIN = "file.release.answered_again"
"""The rule whose finding says that a receipt answers the file of an earlier one again; its value is that one's number."""
NOT_KNOWN = "(not known: rebuilt from the receipt)"
"""Who decided, when only the receipt is left: the receipt goes to the union and names no engineer."""
# Not what a later receipt quotes: there it stands in “…”.
_WORDS = re.compile(r"(?<!“)数据组于(\d{4}-\d{2}-\d{2} \d{2}:\d{2})核实放行:([^\n]*)。\Z")


@dataclass(frozen=True)
class Waiver:
    """One query let pass. ``sheet`` and ``row`` as the finding has them: both None for a query on the whole file."""

    sheet: str | None
    row: int | None
    rule: str
    reason: str
    person: str
    waived_at: datetime

    @property
    def place(self) -> tuple[str | None, int | None, str]:
        """What it lets pass."""
        return self.sheet, self.row, self.rule

    @property
    def words(self) -> str:
        """What stands in place of a 说明; told to the union and to leaders, so it names no person."""
        return f"数据组于{self.waived_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}核实放行:{self.reason}"


@dataclass(frozen=True)
class AnsweredAgain:
    """A file that is answered a second time: which receipt it had, when its bytes arrived, and what is let pass in it."""

    receipt_no: str
    arrived_at: datetime
    waivers: tuple[Waiver, ...]


def read_waivers(findings: Iterable[Finding]) -> tuple[Waiver, ...]:
    """The waivers that a receipt's findings tell of; who decided them is not known any more.

    Only for a warehouse that is rebuilt from the bucket: receipts are all that is left, and have no field for it. Nothing
    else reads what a finding says.
    """
    found = []
    for finding in findings:
        words = _WORDS.search(finding.message) if finding.severity is Severity.INFO else None
        if words is not None and finding.rule != ANSWERED_AGAIN:
            at = datetime.strptime(words[1], "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)
            found.append(Waiver(finding.sheet, finding.row, finding.rule, words[2], NOT_KNOWN, at))
    return tuple(found)
