"""Running out of memory is an answer, wherever it happens, and so is a file too long to be searched twice."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest
from tests.corpus.odd_sheets import as_xlsx, usual_table

from nuanliu.domain.checked import FileStatus
from nuanliu.intake import reader
from nuanliu.intake.formats import open_workbook
from nuanliu.operations.drops import check_drop


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (open_workbook, "_read"),
        (reader, "scan_workbook"),
        (reader, "Assembly"),
        (check_drop, "check_submission"),
        (check_drop, "decide"),
    ],
)
def test_no_memory_is_a_receipt(module: object, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = getattr(module, name)
    failed = []

    def fail_once(*arguments: object, **words: object) -> object:
        if not failed:
            failed.append(name)
            raise MemoryError
        return real(*arguments, **words)

    monkeypatch.setattr(module, name, fail_once)
    data = as_xlsx(usual_table(Random(3)))
    at = datetime(2024, 12, 9, tzinfo=UTC)
    receipt = check_drop.check_file(data, "周报.xlsx", union_id="620400", week="2024-W49", received_at=at)
    assert receipt.status is FileStatus.REJECTED
    assert [finding.rule for finding in receipt.findings if finding.rule.startswith("file.")] == ["file.too_heavy"]
    assert receipt.rows.accepted == 0
    assert not receipt.totals
