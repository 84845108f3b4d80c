"""The table that a soak prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.soak.campaign import Report

_HEADS = ("injected", "recovered", "objects lost", "double counted", "otherwise different")


def lines(report: Report) -> Iterator[str]:
    """One line a kind of fault, the sum, and what a reader must know besides."""
    if not report.rows:
        yield "nothing was injected"
        return
    width = max(len(kind) for kind in (*report.rows, "fault"))
    yield f"{'fault':<{width}}  " + "  ".join(_HEADS)
    rows = [
        (kind, (row.injected, row.recovered, row.lost, row.doubled, row.other))
        for kind, row in sorted(report.rows.items())
    ]
    total = tuple(sum(column) for column in zip(*(numbers for _, numbers in rows), strict=True))
    for kind, numbers in (*rows, ("all", total)):
        cells = (f"{number:>{len(head)}}" for number, head in zip(numbers, _HEADS, strict=True))
        yield f"{kind:<{width}}  " + "  ".join(cells)
    yield ""
    yield f"kill -9: {report.kills} times. Mails shown as uncertain, none of them sent twice: {report.uncertain_mails}."
    yield from report.notes
    yield from (f"{difference.kind}: {difference.text}" for difference in report.differences)
