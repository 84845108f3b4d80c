"""How long a clerk waits for `nuanliu check` of an ordinary workbook in a warm process."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from openpyxl import Workbook
from tests.bench.big_table import HEADER, SENDER, WEEK, make_columns
from tests.bench.measuring.meter import median_of_calls
from tests.bench.results.rows import By, Figure, Row, Way

from nuanliu.operations.drops.check_drop import check_file

if TYPE_CHECKING:
    from tests.bench.sizes import Bench

ROWS = 200
_REPEATS = 21


def measure(_: Bench) -> Row:
    """A 200-row xlsx of 20 columns, bytes to receipt."""
    data = _workbook()
    received_at = datetime(2024, 12, 9, 1, 0, tzinfo=UTC)

    def check() -> None:
        receipt = check_file(data, "周报.xlsx", union_id=SENDER, week=WEEK, received_at=received_at)
        if receipt.rows.received != ROWS:
            raise RuntimeError(f"the workbook was not read whole: {receipt.rows}")

    cost = median_of_calls(check, _REPEATS)
    return Row(
        title=f"check of a {ROWS}-row xlsx of {len(HEADER)} columns in a warm process",
        ways={"check": Way("bytes to receipt", cost, _REPEATS)},
        figures={
            "clock": Figure("what a clerk waits for", cost.wall, "s", By.CLOCK, 0.12),
            "processor": Figure("processor seconds", cost.client, "s", By.PROCESSOR, 0.12),
        },
    )


def _workbook() -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.append(HEADER)
    columns = make_columns(ROWS)
    for cells in zip(*(columns[name].to_pylist() for name in HEADER), strict=True):
        sheet.append([int(cell) if cell.isdigit() else cell or None for cell in cells])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
