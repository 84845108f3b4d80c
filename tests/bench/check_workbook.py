"""How long a clerk waits for `nuanliu check` of an ordinary workbook in a warm process."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from openpyxl import Workbook
from tests.bench.big_table import HEADER, SENDER, WEEK, make_columns
from tests.bench.measurement import Measurement, median_times

from nuanliu.operations.drops.check_drop import check_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.sizes import Sizes

ROWS = 200


def measure(_: Sizes) -> Iterator[Measurement]:
    """A 200-row xlsx of 20 columns, bytes to receipt."""
    data = _workbook()
    received_at = datetime(2024, 12, 9, 1, 0, tzinfo=UTC)

    def check() -> None:
        receipt = check_file(data, "周报.xlsx", union_id=SENDER, week=WEEK, received_at=received_at)
        if receipt.rows.received != ROWS:
            raise RuntimeError(f"the workbook was not read whole: {receipt.rows}")

    times = median_times(check, repeats=11)
    yield Measurement(
        f"check of a {ROWS}-row xlsx of {len(HEADER)} columns, warm process",
        times.wall * 1000,
        300,
        "ms",
        f"cpu {times.cpu * 1000:.0f} ms",
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
