"""The board's pages as HTML, from what the ledger knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nuanliu.findings import Severity
from nuanliu.operations.ledger import WEEKS_SHOWN
from nuanliu.operations.releasing import overtaken_by, release_command
from nuanliu.reporting.labels import FILE_STATUS, SEVERITY, UNIT_STATE
from nuanliu.reporting.receipt_text import rows_line, totals_lines, verdict
from nuanliu.reporting.templates import render
from nuanliu.reporting_week import ReportingWeek
from nuanliu.settings import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nuanliu.operations.ledger import Ledger, SubmissionView

_MOST_FINDINGS = 200


def ledger_page(ledger: Ledger, *, root: str) -> str:
    """The matrix unions × weeks; each filled cell leads to its receipt."""
    first, last = ledger.weeks[0], ledger.weeks[-1]
    return render(
        "board/ledger.html.j2",
        root=root,
        ledger=ledger,
        earlier=str(first.shift(-1)),
        later=str(last.shift(WEEKS_SHOWN)),
        cell=_cell,
        states=UNIT_STATE,
    )


def _cell(cell: Mapping[str, Any], *, expected: bool) -> dict[str, Any]:
    """What a cell shows: a class for its colour, words, and the receipt it leads to."""
    state = cell["state"]
    if state == "missing" and not expected:
        return {"kind": "none", "words": "", "receipt_no": None, "title": "不要求每周报送"}
    version = f" v{cell['version']}" if cell["version"] and cell["version"] > 1 else ""
    late = "(迟)" if cell["late"] else ""
    return {
        "kind": "late" if cell["late"] and state == "reported" else state,
        "words": f"{UNIT_STATE[state]}{late}{version}",
        "receipt_no": cell["receipt_no"],
        "title": cell["receipt_no"] or UNIT_STATE[state],
    }


def receipt_page(view: SubmissionView, *, root: str) -> str:
    """One submission: its receipt, its findings, and the other drops of the same union and week."""
    receipt = view.stored.receipt
    is_last_word = overtaken_by(view.stored, view.siblings) is None
    groups = [
        (severity, SEVERITY[severity], [finding for finding in receipt.findings if finding.severity == severity])
        for severity in Severity
    ]
    return render(
        "board/receipt.html.j2",
        root=root,
        view=view,
        r=receipt,
        status=FILE_STATUS[receipt.status],
        statuses=FILE_STATUS,
        verdict=verdict(receipt),
        week=ReportingWeek.parse(view.stored.filed_week),
        received=receipt.received_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"),
        rows=rows_line(receipt),
        groups=[group for group in groups if group[2]],
        most=_MOST_FINDINGS,
        command=lambda finding: release_command(receipt, finding) if is_last_word else None,
        totals=list(totals_lines(receipt)),
    )
