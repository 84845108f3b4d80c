"""Many findings of one kind are one line with a count and the first places, in every form that a clerk reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.receipts import STORED

from nuanliu.contract.rules import rule_registry
from nuanliu.domain.findings import Finding
from nuanliu.domain.receipt import Receipt
from nuanliu.reporting.mail.reminder import compose_reminder
from nuanliu.reporting.receipts.finding_groups import MOST_ALIKE, group_findings
from nuanliu.reporting.receipts.receipt_page import render_receipt
from nuanliu.reporting.receipts.receipt_text import receipt_text


def ranges(count: int) -> tuple[Finding, ...]:
    rule = rule_registry()["row.figure.range"]
    return tuple(
        rule.finding(
            sheet="活动明细", cell=f"F{at + 2}", row=at + 2, column_id="people_served", value=f"30-{at + 50}", row_id=at
        )
        for at in range(count)
    )


def receipt(count: int) -> Receipt:
    return replace(STORED, status="held", findings=ranges(count))


def reminder(of: Receipt) -> str:
    union = {"union_id": "620400", "union_name": "白银市总工会", "state": "held"}
    now = datetime(2024, 12, 9, tzinfo=UTC)
    mail = compose_reminder(
        union=union,
        week="2024-W49",
        receipt=of,
        sender="a@x.example",
        recipient="b@x.example",
        message_id="<1>",
        date=now,
    )  # type: ignore[arg-type]
    return mail.get_content()


def test_as_many_as_twenty_are_listed_each() -> None:
    assert [group.count for group in group_findings(ranges(MOST_ALIKE))] == [1] * MOST_ALIKE


def test_more_are_one_line_with_a_count_and_the_first_places() -> None:
    (group,) = group_findings(ranges(MOST_ALIKE + 1))
    assert group.count == MOST_ALIKE + 1
    assert group.heading == "写的是一个范围:21 处(活动明细!F2、F3、F4、F5、F6等)。例如:"


def test_other_kinds_stay_beside_a_flood() -> None:
    vague = rule_registry()["row.figure.vague"].finding(
        cell="F9", row=9, column_id="people_served", value="几十", row_id=7
    )
    groups = group_findings((*ranges(30), vague))
    assert [(group.first.rule, group.count) for group in groups] == [("row.figure.range", 30), ("row.figure.vague", 1)]


@pytest.mark.parametrize("show", [receipt_text, render_receipt, reminder])
def test_a_flood_is_one_line_in_every_form(show: object) -> None:
    text = show(receipt(6807))  # type: ignore[operator]
    assert "6807 处" in text
    assert text.count("30-") == 1 + (text.count("填写的是:30-"))
    assert len(text) < 6000


@pytest.mark.parametrize("show", [receipt_text, render_receipt])
def test_where_the_rest_is_depends_on_whether_a_workbook_was_handed_back(show: object) -> None:
    assert "其余各处见标注后的工作簿" in show(receipt(40))  # type: ignore[operator]
    checked = show(replace(receipt(40), receipt_no=None))  # type: ignore[operator]
    assert "标注后的工作簿" not in checked
    assert "--json" in checked


def test_the_json_receipt_keeps_every_finding() -> None:
    assert len(receipt(6807).as_json()["findings"]) == 6807
