"""A long text dragged down any column is answered, and looked at once however many cells say it."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest
from tests.corpus.odd_sheets import HEADER, as_xlsx, usual_table
from tests.corpus.personal_numbers import invent_mobile

from nuanliu.intake.privacy import personal_scan
from nuanliu.intake.privacy.personal_data import PersonalNumber, find_personal_numbers
from nuanliu.operations.drops.check_drop import check_file

LONG = "职工 备注说明" * 60
ARRIVED = datetime(2024, 12, 9, 2, tzinfo=UTC)
ROWS = 200


def dragged(column: int, text: str) -> bytes:
    table = usual_table(Random(1), ROWS)
    for row in range(2, ROWS + 2):
        table.cells[row, column] = text
    return as_xlsx(table)


@pytest.mark.parametrize("column", range(1, len(HEADER) + 1))
def test_a_long_text_in_every_row_of_a_column_gets_a_receipt(column: int) -> None:
    receipt = check_file(dragged(column, LONG), "周报.xlsx", union_id="620400", week="2024-W49", received_at=ARRIVED)
    assert receipt.rows.received == ROWS


def test_names_that_differ_in_blanks_only_are_alike_in_a_column_of_references_too() -> None:
    table = usual_table(Random(1), ROWS)
    for row in range(2, ROWS + 2):
        table.cells[row, 1] = LONG if row % 2 else LONG.replace(" ", "\u3000")
        table.cells[row, 3], table.cells[row, 4] = "2024-12-03", 10
    receipt = check_file(as_xlsx(table), "周报.xlsx", union_id="620400", week="2024-W49", received_at=ARRIVED)
    assert {finding.rule for finding in receipt.findings} & {"set.activity.similar", "set.key.repeated"}


def test_a_text_that_many_cells_say_is_searched_for_personal_numbers_once(monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[str] = []

    def search(text: str) -> tuple[PersonalNumber, ...]:
        searched.append(text)
        return find_personal_numbers(text)

    monkeypatch.setattr(personal_scan, "find_personal_numbers", search)
    text = f"{LONG}。联系人:张三 {invent_mobile(Random(5))}"
    receipt = check_file(dragged(6, text), "周报.xlsx", union_id="620400", week="2024-W49", received_at=ARRIVED)
    assert receipt.rows.received == ROWS
    assert searched.count(text) == 1
