"""催报: a short mail to a union whose week is still open."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage

from nuanliu.contract.due_time import report_due_at
from nuanliu.domain.documents import UnionEntry
from nuanliu.domain.receipt import Receipt
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.reporting.labels import UNIT_STATE
from nuanliu.reporting.mail.mail_message import new_message
from nuanliu.reporting.receipts.finding_groups import group_findings
from nuanliu.reporting.receipts.receipt_text import group_line
from nuanliu.settings import SHANGHAI

_MOST_LINES = 20


def compose_reminder(
    *,
    union: UnionEntry,
    week: str,
    receipt: Receipt | None,
    sender: str,
    recipient: str,
    message_id: str,
    date: datetime,
) -> EmailMessage:
    """One reminder. ``union``: an entry of ``nuanliu.status/1``; ``receipt``: the receipt that its state comes from."""
    period = ReportingWeek.parse(week)
    due = report_due_at(period).astimezone(SHANGHAI)
    mail = new_message(
        subject=f"【催报】{period.label} {union['union_name']}:{UNIT_STATE[union['state']]}",
        sender=sender,
        recipient=recipient,
        message_id=message_id,
        date=date,
    )
    lines = [f"{union['union_name']}:", "", f"{period.label}的周报目前状态为“{UNIT_STATE[union['state']]}”。"]
    lines.append(f"请于{due.month}月{due.day}日{due.hour}时前报送;本周没有活动的,请报“零报告”。")
    opened = [finding for finding in receipt.findings if finding.severity in {"error", "query"}] if receipt else []
    if receipt is not None and opened:
        lines += ["", f"回执 {receipt.receipt_no} 中还需处理:"]
        groups = group_findings(opened)
        lines += [f"  {group_line(group, receipt)}" for group in groups[:_MOST_LINES]]
        if len(groups) > _MOST_LINES:
            lines.append(f"  ……另有 {sum(group.count for group in groups[_MOST_LINES:])} 处,见回执。")
    mail.set_content("\n".join([*lines, ""]))
    return mail
