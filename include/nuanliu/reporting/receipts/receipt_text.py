"""A receipt as plain Chinese text, for the terminal and for mails."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.rules import rule_registry
from nuanliu.contract.visible_text import visible
from nuanliu.domain.findings import Finding, Severity
from nuanliu.domain.receipt import Receipt
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.reporting.labels import FILE_STATUS, SCOPE, SEVERITY, measure_name, show_measure
from nuanliu.reporting.receipts.finding_groups import FindingGroup, group_findings, where_the_rest_is


def receipt_text(receipt: Receipt) -> str:
    """The whole receipt: status first, what to mend next, what was read last."""
    lines = [
        f"【{status_words(receipt)}】{receipt.union_name}  {_week(receipt)}",
        verdict(receipt),
        f"文件:{visible(receipt.object_key)}" + (f"  回执号:{receipt.receipt_no}" if receipt.receipt_no else ""),
        rows_line(receipt),
    ]
    for severity in Severity:
        group = [finding for finding in receipt.findings if finding.severity == severity]
        if group:
            lines += ["", f"{SEVERITY[severity]}({len(group)})"]
            lines += [f"  {group_line(each, receipt)}" for each in group_findings(group)]
    if note := where_to_write_the_type(receipt):
        lines += ["", note]
    if receipt.totals:
        lines += ["", "接收行合计", *(f"  {line}" for line in totals_lines(receipt))]
    if receipt.changes:
        lines += ["", "与上一版相比"]
        lines += [f"  {c.activity} {c.column}:{c.old or '空'} → {c.new or '空'}" for c in receipt.changes]
    return "\n".join(lines)


_ANSWERS = {
    "accepted": "无需处理。",
    "accepted_with_warnings": "已全部入库,请看一下下面的提示。",
    "partially_accepted": "请{mend},然后重新投递整份文件。",
    "held": "暂未入库;请{mend},然后重新投递。",
    "rejected": "没有入库;请按下面的提示修改后重新投递。",
}
_FORECASTS = {
    "accepted": "没有发现问题,请按时正式报送。",
    "accepted_with_warnings": "请看一下下面的提示,然后按时正式报送。",
    "partially_accepted": "请{mend},然后正式报送整份文件。",
    "held": "请{mend},然后正式报送。",
    "rejected": "请按下面的提示修改后正式报送。",
}
"""Of a file that is not in the registry and is not meant to be: a trial, or one that was only checked."""


def verdict(receipt: Receipt) -> str:
    """What became of the file and what the union has to do. A trial or a mere check is never told that the week is done."""
    status = receipt.would_be or receipt.status
    if not _is_forecast(receipt):
        return _filled(_ANSWERS, receipt, status)
    what = "试报不入库" if receipt.would_be else "只检查了文件,没有入库,也不算报送"
    return f"{what};正式报送时会是“{FILE_STATUS[status]}”。{_filled(_FORECASTS, receipt, status)}"


def status_words(receipt: Receipt) -> str:
    """The status as the head of a receipt says it; a file that was only checked has none yet."""
    is_unstored = receipt.receipt_no is None and not receipt.would_be
    return f"检查结果:{FILE_STATUS[receipt.status]}" if is_unstored else FILE_STATUS[receipt.status]


def where_to_write_the_type(receipt: Receipt) -> str:
    """Where 报送类型 is written, for a union with a form of its own; "" where no advice speaks of it."""
    rules = rule_registry().rules
    if not any(finding.rule in rules and rules[finding.rule].names_submission_type for finding in receipt.findings):
        return ""
    return "报送类型(更正、补充、更正零报告)写在“报送信息”表里;没有这张表的,在表格上方加一行,例如“报送类型:更正”。"


def _is_forecast(receipt: Receipt) -> bool:
    return receipt.would_be is not None or receipt.receipt_no is None


def _filled(words: Mapping[str, str], receipt: Receipt, status: str) -> str:
    if status not in words:
        return _repeat_words(receipt, status)
    return words[status].format(mend=_what_to_mend(receipt, status))


def _what_to_mend(receipt: Receipt, status: str) -> str:
    rules = rule_registry().rules
    queries = [finding for finding in receipt.findings if finding.severity is Severity.QUERY]
    answerable = [f for f in queries if f.rule in rules and rules[f.rule].releasable]
    if status == "held":
        return "按下面的提示修改,或在“说明”列写明情况" if answerable else "按下面的提示处理"
    if len(answerable) == len(queries):
        held = "核对待说明的行(写错的改正,没错的在“说明”列写明情况)"
    else:
        held = "改正待说明的行或在“说明”列回答" if answerable else "改正待说明的行"
    asked = ("修改退回的行" if receipt.rows.returned else "", held if receipt.rows.held else "")
    return "、".join(filter(None, asked)) or "按下面的提示修改"


def _repeat_words(receipt: Receipt, status: str) -> str:
    """Of a file that repeats another: what its finding says, which knows what became of that one."""
    about = next((f for f in receipt.findings if f.rule.startswith(f"file.version.{status}")), None)
    return f"{about.message}{about.fix}" if about else ""


def rows_line(receipt: Receipt) -> str:
    """The row identity in words."""
    rows = receipt.rows
    return (
        f"共读到 {rows.received} 行:接收 {rows.accepted},退回 {rows.returned},待说明 {rows.held},"
        f"不计 {rows.ignored}(合计行、示例、备注等);活动 {receipt.activities} 项。"
    )


def totals_lines(receipt: Receipt) -> Iterable[str]:
    """What was accepted, one line a measure, period kind and scope, in the words of the template's drop-downs.

    An event is 本次 here and not 本周: rows of earlier weeks are among them.
    """
    kinds = input_contract().vocabulary["period_kinds"]
    for total in receipt.totals:
        shown = show_measure(total.measure, total.unit, total.value, total.exactness)
        yield (
            f"{measure_name(total.measure)}({kinds[total.period_kind][0]},{SCOPE[total.scope]}):"
            f"{shown.number} {shown.unit}"
        )


def group_line(group: FindingGroup, receipt: Receipt) -> str:
    """One line for one finding, or for many of one kind."""
    line = finding_line(group.first)
    return line if group.count == 1 else f"{group.heading}{line} {where_the_rest_is(receipt)}"


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
