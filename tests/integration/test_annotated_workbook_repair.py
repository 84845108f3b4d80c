"""A faulty workbook through the whole intake: marked in the bucket, repaired in that file, taken."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook
from tests.integration.played_week import context
from tests.union_workbooks import SEEDED, SHEET, faulty_workbook, repaired

from nuanliu.operations.drops.dropping import drop_files
from nuanliu.operations.take_all import take_all
from nuanliu.storage.bucket import open_bucket

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from nuanliu.operations.context import Context


def take(ctx: Context, path: Path) -> dict[str, Any]:
    drop_files(ctx.bucket, [path], union_id="620400")
    (receipt,) = take_all(ctx)["receipts"]
    answer: dict[str, Any] = receipt
    return answer


def test_the_marked_workbook_of_a_receipt_is_repaired_and_taken(tmp_path: Path, warehouse: Engine) -> None:
    ctx = context(tmp_path, open_bucket(f"file://{tmp_path}/bucket"), warehouse)
    first = tmp_path / "白银市总工会周报.xlsx"
    first.write_bytes(faulty_workbook())
    receipt = take(ctx, first)
    assert (receipt["status"], receipt["rows"]["accepted"]) == ("partially_accepted", 1)
    key = f"receipts/620400/2024-W49/{receipt['receipt_no']}.xlsx"
    marked = ctx.bucket.read(key)
    cells = load_workbook(BytesIO(marked))[SHEET].iter_rows()
    assert {cell.coordinate for row in cells for cell in row if cell.comment} == SEEDED

    again = tmp_path / f"{receipt['receipt_no']}.xlsx"
    again.write_bytes(repaired(marked))
    second = take(ctx, again)
    assert second["status"] == "accepted"
    assert (second["version"], second["rows"]["accepted"], second["week"]) == (2, 8, "2024-W49")
    answer = load_workbook(BytesIO(ctx.bucket.read(f"receipts/620400/2024-W49/{second['receipt_no']}.xlsx")))
    assert not [cell for row in answer[SHEET].iter_rows() for cell in row if cell.comment]
