"""Messages call a column as its sheet does, unit and all; the receipt's ``column`` is the template's header."""

from __future__ import annotations

import pytest
from tests.catalogue.checking import HEADER, activity, check, workbook

OWN = {"结束日期": "截止日期", "服务人数(人)": "服务职工(人)", "投入资金(元)": "投入资金(万元)"}
OWN_HEADER = tuple(OWN.get(name, name) for name in HEADER)


def finding_of(row: list[object], rule: str, header: tuple[str, ...] = OWN_HEADER):  # type: ignore[no-untyped-def]
    checked = check(workbook([row], header=header))
    return next(finding for finding in checked.receipt.findings if finding.rule == rule)


@pytest.mark.parametrize(
    ("row", "rule", "template", "own"),
    [
        (activity("30-50"), "row.figure.range", "服务人数(人)", "服务职工(人)"),
        (activity(120, 99_999), "row.measure.over_limit", "投入资金(元)", "投入资金(万元)"),
        (activity(120, "若干"), "row.figure.vague", "投入资金(元)", "投入资金(万元)"),
    ],
)
def test_a_message_names_the_column_by_the_header_above_it(
    row: list[object], rule: str, template: str, own: str
) -> None:
    finding = finding_of(row, rule)
    assert f"“{own}”" in finding.message
    assert template not in f"{finding.message}{finding.fix}{finding.expected}"
    assert finding.column == template


def test_the_advice_names_columns_so_too() -> None:
    finding = finding_of(activity(end="2024-12-20"), "row.end_date.after_period")
    assert "请把“截止日期”留空" in finding.fix


def test_a_query_that_is_answered_still_does() -> None:
    header = (*OWN_HEADER, "说明")
    finding = finding_of([*activity(900_000), "全省统一活动"], "row.measure.over_limit", header)
    assert finding.severity == "info"
    assert "“服务职工(人)”" in finding.message


def test_under_the_templates_headers_nothing_changes() -> None:
    finding = finding_of(activity("30-50"), "row.figure.range", HEADER)
    assert "“服务人数(人)”" in finding.message
