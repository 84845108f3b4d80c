"""A union's weekly workbook, written as plainly as can be, and what the intake answers to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook

from nuanliu.operations.take_all import take_all

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nuanliu.operations.context import Context

ARRIVALS = {
    "2024-W47": "2024-11-25T09:00+08:00",
    "2024-W48": "2024-12-02T09:00+08:00",
    "2024-W49": "2024-12-09T09:00+08:00",
    "2024-W50": "2024-12-16T09:00+08:00",
    "2024-W51": "2024-12-23T09:00+08:00",
    "2024-W52": "2024-12-30T09:00+08:00",
}
HEADER = (
    "活动名称",
    "活动类别",
    "开始日期",
    "结束日期",
    "统计口径",
    "累计起始",
    "服务人数(人)",
    "投入资金(元)",
    "说明",
)


def workbook(rows: Sequence[Sequence[Any]], header: Sequence[str] = HEADER, note: str = "", kind: str = "") -> bytes:
    """A sheet 活动明细 with its header in row 1; ``note`` stands on a sheet that is not read, so that bytes differ.

    ``kind``: the 报送类型 on a cover, which is left out when empty.
    """
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "活动明细"
    for row in (header, *rows):
        sheet.append(list(row))
    book.create_sheet("底稿").append([note])
    if kind:
        book.create_sheet("报送信息").append(["报送类型", kind])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def answer(
    ctx: Context,
    week: str,
    data: bytes,
    *,
    union_id: str = "620400",
    name: str = "周报.xlsx",
    arrives: datetime | None = None,
) -> dict[str, Any]:
    """Drop a workbook for a week and take it, on the Monday after the week unless told when; returns its receipt."""
    now = arrives or datetime.fromisoformat(ARRIVALS[week])
    on_monday = replace(ctx, settings=replace(ctx.settings, now=now))
    assert ctx.bucket.create(f"intake/{union_id}/{week}/{name}", data)
    settled = replace(on_monday, settings=replace(on_monday.settings, settle_seconds=0))
    (receipt,) = take_all(settled)["receipts"]
    return dict(receipt)


def found(receipt: dict[str, Any], rule: str) -> list[dict[str, Any]]:
    """The receipt's findings of one rule."""
    return [finding for finding in receipt["findings"] if finding["rule"] == rule]
