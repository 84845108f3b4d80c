"""The legend of the marked workbook offers 说明 only where it releases something."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import openpyxl
import pytest
from tests.unit.intake.formats.reading_files import HEADER, saved

from nuanliu.contract.rules import rule_registry
from nuanliu.domain.findings import Finding
from nuanliu.operations.drops.check_drop import check_file
from nuanliu.reporting.marking.annotated_workbook import RESULT_SHEET, annotate_workbook


def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "活动明细"
    for row in (HEADER, ("走访", "走访慰问", "2024-12-03", 10)):
        sheet.append(row)
    return saved(book)


DATA = workbook()


def query(rule_id: str) -> Finding:
    finding = Finding(rule_id, rule_registry()[rule_id].severity, "问题", "办法")
    return replace(finding, sheet="活动明细", cell="D2", row=2)


def legend(*rule_ids: str) -> str:
    at = datetime(2024, 12, 9, 2, tzinfo=UTC)
    receipt = check_file(DATA, "周报.xlsx", union_id="620400", week="2024-W49", received_at=at)
    marked = annotate_workbook(DATA, replace(receipt, findings=tuple(map(query, rule_ids))), mask=str)
    assert marked is not None
    book = openpyxl.load_workbook(io.BytesIO(marked))
    texts = [str(cell.value) for row in book[RESULT_SHEET].iter_rows(max_row=6) for cell in row if cell.value]
    return next(text for text in texts if text.startswith("红色"))


@pytest.mark.parametrize(
    ("rule_ids", "offered"),
    [
        ((), "黄色须改;"),
        (("row.figure.unreadable",), "黄色须改;"),
        (("row.measure.over_limit",), "黄色须改,数字没错的可在“说明”一格写明情况;"),
        (
            ("row.figure.unreadable", "row.measure.over_limit"),
            "黄色须改,只有“怎么改”一栏叫写“说明”的,才可以改为写明情况;",
        ),
    ],
)
def test_an_explanation_is_offered_where_it_releases(rule_ids: tuple[str, ...], offered: str) -> None:
    assert offered in legend(*rule_ids)
