"""A message about a column in 万元 speaks in 万元: what it says, typed in, must mean what it says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nuanliu.domain.findings import Finding
from nuanliu.operations.drops.check_drop import check_file


def only(rule: str, header: str, values: str) -> Finding:
    text = f"活动名称,活动类别,结束日期,服务人数(人),{header}\n走访,走访慰问,2024-12-03,10,{values}\n"
    at = datetime(2024, 12, 9, 2, tzinfo=UTC)
    receipt = check_file(text.encode(), "周报.csv", union_id="620400", week="2024-W49", received_at=at)
    (finding,) = (each for each in receipt.findings if each.rule == rule)
    return finding


@pytest.mark.parametrize(
    ("header", "values", "expected"),
    [
        ("投入资金(万元),慰问金(万元)", "3,5", "不少于各其中项之和 5 万元"),
        ("投入资金(万元),慰问金(元)", "3,50000", "不少于各其中项之和 5 万元"),
        ("投入资金(元),慰问金(万元)", "30000,5", "不少于各其中项之和 50000 元"),
        ("投入资金(万元),慰问金(元)", "3,56789", "不少于各其中项之和 5.6789 万元"),
    ],
)
def test_the_sum_of_the_parts_is_told_in_the_unit_of_the_total(header: str, values: str, expected: str) -> None:
    assert only("row.parts.above_total", header, values).expected == expected


@pytest.mark.parametrize("rule", ["row.measure.over_limit", "row.measure.over_ratio", "row.measure.impossible"])
def test_limits_are_told_in_the_unit_of_the_column(rule: str) -> None:
    value = {"row.measure.over_limit": 60000, "row.measure.over_ratio": 4000, "row.measure.impossible": 10**9}[rule]
    finding = only(rule, "投入资金(万元)", str(value))
    assert f"{value}万元" in finding.message
    assert str(finding.expected).endswith("万元")


def test_a_total_is_told_in_the_unit_of_its_column() -> None:
    text = (
        "活动名称,活动类别,结束日期,服务人数(人),投入资金(万元)\n"
        "走访,走访慰问,2024-12-03,10,3\n入户,走访慰问,2024-12-03,10,4.5\n合计,,,20,20\n"
    )
    at = datetime(2024, 12, 9, 2, tzinfo=UTC)
    receipt = check_file(text.encode(), "周报.csv", union_id="620400", week="2024-W49", received_at=at)
    (finding,) = (each for each in receipt.findings if each.rule == "set.total.mismatch")
    assert "写 20,各行相加 7.5万元" in finding.message
