"""Findings of one kind together: forty rows with the same fault are one line with a count and the first places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nuanliu.contract.rules import rule_registry
from nuanliu.domain.findings import Finding
from nuanliu.domain.receipt import Receipt

MOST_ALIKE = 20
"""More findings of one kind than this become one line."""
_FIRST_PLACES = 5


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """One line of a receipt. ``first``: the finding that it shows. ``count``: how many it stands for. ``places``: where the
    first of these are, empty for a single one.
    """

    first: Finding
    count: int = 1
    places: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """缺必填内容:40 处(活动明细!B2、B3…); empty for a single finding."""
        if self.count == 1:
            return ""
        rules = rule_registry().rules
        title = rules[self.first.rule].title if self.first.rule in rules else self.first.rule
        places = "、".join(self.places)
        return f"{title}:{self.count} 处({places}{'等' if self.count > len(self.places) else ''})。例如:"


def group_findings(findings: Iterable[Finding]) -> list[FindingGroup]:
    """The lines of some findings, in the order of their first ones."""
    by_kind: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        by_kind.setdefault((finding.rule, finding.severity), []).append(finding)
    groups: list[FindingGroup] = []
    for alike in by_kind.values():
        if len(alike) > MOST_ALIKE:
            groups.append(FindingGroup(alike[0], len(alike), _places(alike[:_FIRST_PLACES])))
        else:
            groups += [FindingGroup(finding) for finding in alike]
    return groups


def where_the_rest_is(receipt: Receipt) -> str:
    """Where the places are that a line does not name. There is a marked workbook where rows were read and an answer written."""
    if receipt.receipt_no is None:
        return "其余各处见命令加 --json 的输出。"
    in_json = f"JSON 回执 {receipt.receipt_no}.json"
    return f"其余各处见标注后的工作簿(全部见{in_json})。" if receipt.rows.received else f"其余各处见{in_json}。"


def _places(findings: list[Finding]) -> tuple[str, ...]:
    """Where some findings are; the sheet is named where it changes."""
    places, before = [], None
    for finding in findings:
        cell = finding.cell or (f"第{finding.row}行" if finding.row else "整份文件")
        places.append(f"{finding.sheet}!{cell}" if finding.sheet and finding.sheet != before else cell)
        before = finding.sheet
    return tuple(places)
