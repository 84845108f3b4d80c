"""A receipt as one HTML page that a clerk can read on a phone: no scripts, no outside files."""

from __future__ import annotations

from nuanliu.domain.findings import Severity
from nuanliu.domain.receipt import Receipt
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.reporting.labels import SEVERITY
from nuanliu.reporting.receipts.finding_groups import group_findings, where_the_rest_is
from nuanliu.reporting.receipts.receipt_text import (
    rows_line,
    status_words,
    totals_lines,
    verdict,
    where_to_write_the_type,
)
from nuanliu.reporting.templates import render
from nuanliu.settings import SHANGHAI


def render_receipt(receipt: Receipt) -> str:
    """The page: verdict first, then findings by gravity, then what was read."""
    groups = [
        (severity, SEVERITY[severity], len(alike), group_findings(alike))
        for severity in Severity
        if (alike := [finding for finding in receipt.findings if finding.severity == severity])
    ]
    return render(
        "receipt.html.j2",
        r=receipt,
        status=status_words(receipt),
        verdict=verdict(receipt),
        week=ReportingWeek.parse(receipt.week).label if receipt.week else "报告期未定",
        received=receipt.received_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"),
        rows=rows_line(receipt),
        groups=groups,
        note=where_to_write_the_type(receipt),
        rest=where_the_rest_is(receipt),
        totals=list(totals_lines(receipt)),
    )
