"""Workbooks written by hand, for tests that must not depend on the readers."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pandas as pd

from nuanliu.intake.formats.workbook import MergedRange, Sheet, Workbook
from nuanliu.intake.reader import understand_workbook
from nuanliu.ooxml.addresses import column_letter

if TYPE_CHECKING:
    from nuanliu.domain.submission import Submission

ARRIVAL = datetime.fromisoformat("2024-12-09T09:00+08:00")
HEADER = ["活动名称", "活动类别", "活动时间", "统计口径", "服务人数(人)"]


def make_sheet(rows, name="活动明细", merged=(), first_row=1, **marks) -> Sheet:
    width = max(map(len, rows), default=0)
    grid = pd.DataFrame(
        [[*row, *[""] * (width - len(row))] for row in rows],
        columns=[column_letter(at) for at in range(width)],
        index=pd.Index(range(first_row, first_row + len(rows)), name="row"),
        dtype="str",
    )
    return Sheet(name, grid, merged=tuple(MergedRange(*area) for area in merged), **marks)


def understand(
    *sheets, sender="620400", file_name="周报.xlsx", path_week="2024-W49", kind="xlsx", **book
) -> Submission:
    return understand_workbook(
        Workbook(kind, tuple(sheets), **book),
        file_name=file_name,
        sender_id=sender,
        path_week=path_week,
        received_at=ARRIVAL,
    )


def activity(name="走访慰问", category="送温暖", time="12月3日", kind="本次", people="20"):
    return [name, category, time, kind, people]


def found(submission: Submission, severity: str | None = None) -> list[str]:
    return [f.rule for f in submission.findings if severity is None or f.severity == severity]


def one(submission: Submission, rule: str):
    (finding,) = [f for f in submission.findings if f.rule == rule]
    return finding


def make_id_number(body: str = "62010219800101123") -> str:
    """An invented identity number: the check digit is computed, so that none stands in the sources."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(w * int(d) for w, d in zip(weights, body, strict=True)) % 11]


def make_card_number(body: str = "622200000000000012") -> str:
    """An invented card number with its Luhn digit."""
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (1 if place % 2 else 2)
        total += value - 9 if value > 9 else value
    return body + str(-total % 10)
