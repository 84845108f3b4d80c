"""What a union is reminded of: the state of its week, and what it still has to mend."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.receipts import STORED

from nuanliu.domain.findings import Finding, Severity
from nuanliu.domain.receipt import Receipt, RowCounts
from nuanliu.reporting.mail.reminder import compose_reminder


def receipt(*severities: Severity) -> Receipt:
    findings = tuple(
        Finding(
            "row.end_date.after_period", severity, f"第 {number} 处。", "请修改。", "活动明细", f"F{number}", number
        )
        for number, severity in enumerate(severities, start=7)
    )
    return replace(STORED, status="held", version=None, rows=RowCounts(1, 0, 0, 1, 0), findings=findings)


def reminder(answered: Receipt | None) -> str:
    mail = compose_reminder(
        union={"union_id": "620400", "union_name": "白银市总工会", "state": "held" if answered else "missing"},
        week="2024-W49",
        receipt=answered,
        sender="nuanliu@x.example",
        recipient="baiyin@x.example",
        message_id="<1@x.example>",
        date=datetime(2024, 12, 9, 1, tzinfo=UTC),
    )
    return str(mail.get_content())


def test_open_findings_stand_under_the_receipt_that_has_them() -> None:
    text = reminder(receipt(Severity.WARNING, Severity.ERROR, Severity.QUERY))
    assert f"回执 {STORED.receipt_no} 中还需处理:" in text
    assert [f"F{number}" in text for number in (7, 8, 9)] == [False, True, True]


@pytest.mark.parametrize("answered", [None, receipt(), receipt(Severity.WARNING, Severity.INFO)])
def test_without_anything_to_mend_there_is_no_heading_for_it(answered: Receipt | None) -> None:
    assert "还需处理" not in reminder(answered)


def test_many_findings_are_cut_and_counted() -> None:
    assert "25 处(活动明细!F7、F8、" in reminder(receipt(*[Severity.QUERY] * 25))
