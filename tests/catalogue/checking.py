"""One drop through the real check, and what its answer says: shared by the tests of the catalogue of messes (M1–M79).

``check`` is what ``nuanliu check`` does, without history. Build the file with ``workbook`` or ``text_file``, or by hand.
"""

from __future__ import annotations

import io
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import openpyxl

from nuanliu.domain.checked import RowStatus
from nuanliu.domain.exactness import EXACTNESS_CODES
from nuanliu.intake.privacy.personal_data import mask_text
from nuanliu.operations.drops.check_drop import Drop, check_drop
from nuanliu.operations.drops.drop_path import drop_key, read_drop_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nuanliu.domain.checked import CheckedDrop
    from nuanliu.domain.findings import Finding

ARRIVAL = datetime.fromisoformat("2024-12-09T09:00+08:00")
"""The Monday after week 49, in time."""
WEEK = "2024-W49"
HEADER = ("活动名称", "活动类别", "开始日期", "结束日期", "统计口径", "服务人数(人)", "投入资金(元)")
SHEET = "活动明细"


def check(
    data: bytes,
    name: str = "周报.xlsx",
    union_id: str = "620400",
    *,
    week: str | None = WEEK,
    received_at: datetime = ARRIVAL,
) -> CheckedDrop:
    """The answer to one drop of a union, in its folder of the week."""
    key = drop_key(union_id, name, week=week, is_trial=False)
    return check_drop(Drop(data, read_drop_path(key), mask_text(key), received_at), lambda _: None)


def activity(
    people: object = 120,
    funds: object = 3500,
    *,
    name: object = "货车司机健康义诊",
    category: object = "健康义诊",
    start: object = "2024-12-03",
    end: object = "2024-12-04",
    kind: object = "本次",
) -> list[object]:
    """The cells of one activity under ``HEADER``."""
    return [name, category, start, end, kind, people, funds]


def workbook(
    rows: Iterable[Sequence[object]],
    header: Sequence[object] = HEADER,
    *,
    above: Iterable[Sequence[object]] = (),
    sheet: str = SHEET,
) -> bytes:
    """An xlsx of one sheet: ``above``, the header, the rows. The header stands in row 1 when nothing is above it."""
    book = openpyxl.Workbook()
    fill(book.active, [*above, header, *rows])
    book.active.title = sheet
    return saved(book)


def fill(sheet: Any, rows: Iterable[Sequence[object]]) -> None:
    """Write rows below each other from A1 of an openpyxl sheet."""
    for at, row in enumerate(rows, start=1):
        for column, content in enumerate(row, start=1):
            if content is not None:
                sheet.cell(at, column, content)


def saved(book: Any) -> bytes:
    """An openpyxl or xlwt workbook as bytes."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text_file(
    rows: Iterable[Sequence[object]],
    header: Sequence[object] = HEADER,
    *,
    separator: str = ",",
    line_end: str = "\r\n",
    encoding: str = "utf-8",
) -> bytes:
    """A CSV of plain cells (none holds the separator)."""
    lines = [separator.join("" if cell is None else str(cell) for cell in row) for row in (header, *rows)]
    return (line_end.join(lines) + line_end).encode(encoding)


def rules(checked: CheckedDrop, *, of: str | None = None) -> list[str]:
    """The rule ids found, ``of`` one severity or of all."""
    return [finding.rule for finding in checked.receipt.findings if of is None or finding.severity == of]


def finding(checked: CheckedDrop, rule: str) -> Finding:
    """The one finding of a rule; its texts say something and are filled in."""
    (found,) = [found for found in checked.receipt.findings if found.rule == rule]
    assert found.message
    assert found.fix
    assert "{" not in found.message + found.fix
    return found


def is_clean(checked: CheckedDrop) -> bool:
    """Whether every row was accepted without so much as a warning."""
    severities = {str(found.severity) for found in checked.receipt.findings}
    return checked.receipt.status == "accepted" and severities <= {"info"}


def figures(checked: CheckedDrop) -> dict[str, tuple[str, Decimal, str]]:
    """The figures of accepted rows: cell → (measure, value in the base unit, exactness)."""
    accepted = checked.row_status.index[checked.row_status == str(RowStatus.ACCEPTED)]
    read = checked.submission.figures
    return {
        figure.cell: (
            figure.measure_id,
            Decimal(int(figure.value_cents)) / 100,
            str(EXACTNESS_CODES[figure.exactness]),
        )
        for figure in read[read["row_id"].isin(accepted)].itertuples()
    }


def exact(measure: str, value: int | str) -> tuple[str, Decimal, str]:
    """An exact figure as ``figures`` gives it."""
    return measure, Decimal(value), "exact"


def counts(checked: CheckedDrop) -> tuple[int, int, int, int]:
    """Rows accepted, returned, held, ignored."""
    rows = checked.receipt.rows
    assert rows.is_identity_kept
    return rows.accepted, rows.returned, rows.held, rows.ignored
