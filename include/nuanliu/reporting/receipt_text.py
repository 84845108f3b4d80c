"""A receipt as plain Chinese text, for the terminal and for mails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nuanliu.findings import Severity
from nuanliu.reporting.labels import FILE_STATUS, PERIOD_KIND, SCOPE, SEVERITY, measure_name, shown_unit, shown_value
from nuanliu.reporting_week import ReportingWeek

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nuanliu.findings import Finding
    from nuanliu.receipt import Receipt


def receipt_text(receipt: Receipt) -> str:
    """The whole receipt: status first, what to mend next, what was read last."""
    lines = [
        f"【{FILE_STATUS[receipt.status]}】{receipt.union_name}  {_week(receipt)}",
        verdict(receipt),
        f"文件:{receipt.object_key}" + (f"  回执号:{receipt.receipt_no}" if receipt.receipt_no else ""),
        rows_line(receipt),
    ]
    for severity in Severity:
        group = [finding for finding in receipt.findings if finding.severity == severity]
        if group:
            lines += ["", f"{SEVERITY[severity]}({len(group)})"]
            lines += [f"  {finding_line(finding)}" for finding in group]
    if receipt.totals:
        lines += ["", "已接收合计", *(f"  {line}" for line in totals_lines(receipt))]
    if receipt.changes:
        lines += ["", "与上一版相比"]
        lines += [f"  {c.activity} {c.column}:{c.old or '空'} → {c.new or '空'}" for c in receipt.changes]
    return "\n".join(lines)


def verdict(receipt: Receipt) -> str:
    """One sentence: what became of the file and what the union has to do."""
    match receipt.would_be or receipt.status:
        case "accepted":
            words = "无需处理。"
        case "accepted_with_warnings":
            words = "已全部入库,请看一下下面的提示。"
        case "partially_accepted":
            words = "请修改退回的行、在“说明”列回答待说明的行,然后重新投递整份文件。"
        case "held":
            words = "暂未入库;请按下面的提示修改,或在“说明”列写明情况,然后重新投递。"
        case "rejected":
            words = "没有入库;请按下面的提示修改后重新投递。"
        case "duplicate":
            words = "与已收到的文件完全相同,没有重复计入,无需处理。"
        case "unchanged":
            words = "内容与已收到的版本相同,没有重复计入,无需处理。"
        case _:
            words = ""
    return f"试报不入库,正式报送时会是“{FILE_STATUS[receipt.would_be]}”。{words}" if receipt.would_be else words


def rows_line(receipt: Receipt) -> str:
    """The row identity in words."""
    rows = receipt.rows
    return (
        f"共读到 {rows.received} 行:接收 {rows.accepted},退回 {rows.returned},待说明 {rows.held},"
        f"不计 {rows.ignored}(合计行、示例、备注等);活动 {receipt.activities} 项。"
    )


def totals_lines(receipt: Receipt) -> Iterable[str]:
    """What was accepted, one line a measure, period kind and scope."""
    for total in receipt.totals:
        unit = shown_unit(total.measure, total.unit)
        yield (
            f"{measure_name(total.measure)}({PERIOD_KIND[total.period_kind]},{SCOPE[total.scope]}):"
            f"{shown_value(total.measure, total.value, total.exactness)} {unit}"
        )


def finding_line(finding: Finding) -> str:
    """Place, what is wrong, how to mend it."""
    place = "".join(
        part
        for part in (
            f"{finding.sheet}!" if finding.sheet and finding.cell else finding.sheet or "",
            finding.cell or (f"第{finding.row}行" if finding.row else ""),
            f"[{finding.column}]" if finding.column else "",
        )
    )
    return f"{place + ' ' if place else ''}{finding.message} {finding.fix}".strip()


def _week(receipt: Receipt) -> str:
    return ReportingWeek.parse(receipt.week).label if receipt.week else "报告期未定"
