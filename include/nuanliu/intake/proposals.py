"""What the names that nobody knew may mean: from the findings of a file to the engineers' list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nuanliu.contract.code_lists import CodeList, N, codes
from nuanliu.contract.label_text import fold_label
from nuanliu.domain.aliases import Aliases, AliasKind, NameProposal
from nuanliu.domain.findings import Finding
from nuanliu.intake.tables.header_labels import header_key, nearest_headers
from nuanliu.intake.values.coded_cells import unknown_groups

MOST_PROPOSALS = 50
"""Of one file; more unknown names than that are no spelling of its own but another list."""
LONGEST_NAME = 40
"""A longer text is a sentence, or was cut short by its finding."""
NO_HEADER = "列(没有表头)"
"""Ends what a finding calls a column that has no header."""
_KINDS = {
    "org.union.unknown": AliasKind.UNION,
    "org.cover.unknown": AliasKind.UNION,
    "row.category.unknown": AliasKind.CATEGORY,
    "row.group.unknown": AliasKind.GROUP,
    "file.column.unknown": AliasKind.HEADER,
}


def propose_names(findings: Iterable[Finding], aliases: Aliases) -> tuple[NameProposal, ...]:
    """One proposal for each different text that a file's findings could not place.

    ``findings``: masked. A text that was cut short or holds a masked number is no name and is left out.
    """
    proposals: dict[tuple[AliasKind, str], NameProposal] = {}
    for finding in findings:
        kind = _KINDS.get(finding.rule)
        if kind is None or not finding.value or "*" in finding.value or len(finding.value) >= LONGEST_NAME:
            continue
        for text in _texts(kind, finding.value, aliases):
            folded = header_key(text) if kind is AliasKind.HEADER else fold_label(text)
            if folded and (kind, folded) not in proposals and len(proposals) < MOST_PROPOSALS:
                proposals[kind, folded] = NameProposal(kind, folded, text, _nearest(kind, text))
    return tuple(proposals.values())


def _texts(kind: AliasKind, value: str, aliases: Aliases) -> Iterator[str]:
    if kind is AliasKind.GROUP:
        yield from unknown_groups(value, aliases)
    elif not value.endswith(NO_HEADER):
        yield value


def _nearest(kind: AliasKind, text: str) -> str | None:
    """The id of the nearest name that is known."""
    if kind is AliasKind.HEADER:
        return next((label.id for label in nearest_headers(text)), None)
    if kind is AliasKind.UNION:
        return _nearest_id(codes().unions.list, text)
    if kind is AliasKind.CATEGORY:
        return _nearest_id(codes().categories, text)
    return _nearest_id(codes().groups, text)


def _nearest_id(entries: CodeList[N], text: str) -> str | None:
    found = (entries.find(name) for name in entries.nearest(text, most=1))
    return next((entry.id for entry in found if entry is not None), None)
