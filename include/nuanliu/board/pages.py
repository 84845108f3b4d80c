"""The board's pages as HTML, from what the ledger knows."""

from __future__ import annotations

from functools import cache

from nuanliu.domain.findings import Severity
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.operations.decisions.open_queries import overtaken_by, waiver_command
from nuanliu.operations.weeks.ledger import WEEKS_SHOWN, Ledger, SubmissionView
from nuanliu.reporting.labels import FILE_STATUS, SEVERITY, UNIT_STATE
from nuanliu.reporting.receipts.receipt_text import rows_line, totals_lines, verdict
from nuanliu.reporting.templates import render
from nuanliu.settings import SHANGHAI
from nuanliu.warehouse.marts.coverage import UnitWeek

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


def _cell(unit: UnitWeek | None, *, expected: bool) -> tuple[str, str, str]:
    """What a cell shows: the class of its colour, words, and what it says when pointed at (empty: its receipt's number)."""
    if unit is None:
        return _look("missing", is_late=False, version=None, is_expected=expected)
    return _look(unit.state, is_late=unit.is_late, version=unit.version, is_expected=expected)


@cache
def _look(state: str, *, is_late: bool, version: int | None, is_expected: bool) -> tuple[str, str, str]:
    if state == "missing" and not is_expected:
        return "none", "", "不要求每周报送"
    kind = "late" if is_late and state == "reported" else state
    revision = f" v{version}" if version and version > 1 else ""
    late = "(迟)" if is_late else ""
    return kind, f"{UNIT_STATE[state]}{late}{revision}", "" if state != "missing" else UNIT_STATE[state]


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
        command=lambda finding: waiver_command(receipt, finding) if is_last_word else None,
        totals=list(totals_lines(receipt)),
    )
