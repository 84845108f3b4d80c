"""How long a clerk waits for `nuanliu check` of an ordinary workbook in a warm process."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from openpyxl import Workbook
from tests.bench.measurement import Measurement, median_seconds

from nuanliu.operations.check_drop import check_file

ROWS = 200
_HEADER = [
    "活动编号",
    "活动名称",
    "活动类别",
    "开始日期",
    "结束日期",
    "服务对象",
    "服务人数(人)",
    "投入资金(元)",
    "备注",
]
_CATEGORIES = ["健康义诊", "就业服务", "送温暖慰问", "文化活动"]


def measure() -> Measurement:
    """A 200-row xlsx, bytes to receipt."""
    data = _workbook()
    received_at = datetime(2024, 12, 9, 1, 0, tzinfo=UTC)

    def check() -> None:
        receipt = check_file(data, "周报.xlsx", union_id="620400", week="2024-W49", received_at=received_at)
        if receipt.rows.received != ROWS:
            raise RuntimeError(f"the workbook was not read whole: {receipt.rows}")

    seconds = median_seconds(check, repeats=7)
    return Measurement(f"check of a {ROWS}-row xlsx, warm process", seconds * 1000, 300, "ms")


def _workbook() -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.append(_HEADER)
    for number in range(ROWS):
        day = f"2024-12-{2 + number % 7:02d}"
        category = _CATEGORIES[number % len(_CATEGORIES)]
        people, money = f"{20 + number}余", f"{1 + number / 100:.2f}万元"
        sheet.append([f"A{number:04d}", f"活动{number}", category, day, day, "一线职工", people, money, "社区"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
