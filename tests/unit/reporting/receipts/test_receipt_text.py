"""What a union reads first: what became of its file, and what it still has to do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.receipts import STORED

from nuanliu.board.pages import receipt_page
from nuanliu.contract.rules import rule_registry
from nuanliu.domain.checked import FileStatus
from nuanliu.domain.findings import Finding, Severity
from nuanliu.domain.receipt import MeasureTotal, Receipt, RowCounts
from nuanliu.operations.weeks.ledger import SubmissionView
from nuanliu.reporting.console import intake_lines
from nuanliu.reporting.receipts.receipt_page import render_receipt
from nuanliu.reporting.receipts.receipt_text import receipt_text, totals_lines, verdict
from nuanliu.warehouse.submissions.receipts_store import StoredReceipt

if TYPE_CHECKING:
    from collections.abc import Sequence

ORDINARY = ("accepted", "accepted_with_warnings", "partially_accepted", "held", "rejected")


def trial(would_be: str) -> Receipt:
    return replace(STORED, status="trial", would_be=would_be)


def only_checked(status: str) -> Receipt:
    return replace(STORED, receipt_no=None, status=status)


def repeating(rule: str) -> Receipt:
    about = rule_registry()[rule].finding(receipt_no="620400-2024W49-007")
    return replace(STORED, status=rule.rpartition(".")[2].partition("_")[0], findings=(about,))


def total(measure: str, value: str, period_kind: str = "event", unit: str = "元") -> MeasureTotal:
    return MeasureTotal(measure, unit, period_kind, "own", value, "exact")


def lines(*totals: MeasureTotal) -> Sequence[str]:
    return list(totals_lines(replace(STORED, totals=totals)))


@pytest.mark.parametrize("status", ORDINARY)
def test_a_trial_says_that_it_is_not_stored_and_that_the_report_is_still_due(status: str) -> None:
    words = verdict(trial(status))
    assert words.startswith("试报不入库;正式报送时会是“")
    assert words.rstrip("。").endswith(("正式报送", "正式报送整份文件"))


@pytest.mark.parametrize("status", ORDINARY)
def test_a_file_that_was_only_checked_is_not_called_received(status: str) -> None:
    first, words, *_ = receipt_text(only_checked(status)).splitlines()
    assert first.startswith("【检查结果:")
    assert words.startswith("只检查了文件,没有入库,也不算报送;正式报送时会是“")


@pytest.mark.parametrize("status", ORDINARY)
def test_what_is_not_stored_is_never_told_that_nothing_is_to_be_done_or_that_all_is_loaded(status: str) -> None:
    for receipt in (trial(status), only_checked(status)):
        for denied in ("无需处理", "不用处理", "已全部入库", "重新投递"):
            assert denied not in verdict(receipt)


def test_a_stored_file_is_told_as_before() -> None:
    assert verdict(STORED) == "无需处理。"
    assert verdict(replace(STORED, status="accepted_with_warnings")) == "已全部入库,请看一下下面的提示。"


@pytest.mark.parametrize(
    ("rule", "state"),
    [
        ("file.version.duplicate_partial", "有的行仍然没有入库"),
        ("file.version.unchanged_partial", "有的行仍然没有入库"),
    ],
)
def test_a_repetition_of_what_is_open_says_so_names_that_receipt_and_what_to_do(rule: str, state: str) -> None:
    receipt = repeating(rule)
    for text in (
        verdict(receipt),
        render_receipt(receipt),
        intake_lines({"receipts": [receipt.as_json()], "failures": []}),
    ):
        assert state in text
        assert "请按回执 620400-2024W49-007" in text
        assert "无需处理" not in text
        assert "不用处理" not in text


def test_a_repetition_of_what_is_loaded_needs_nothing() -> None:
    assert "不用处理" in verdict(repeating("file.version.duplicate"))
    assert "不用处理" in verdict(repeating("file.version.unchanged"))


def test_a_trial_of_a_file_with_open_rows_names_the_receipt_to_go_by() -> None:
    receipt = replace(repeating("file.version.duplicate_partial"), status="trial", would_be="duplicate")
    words = verdict(receipt)
    assert words.startswith("试报不入库;正式报送时会是“重复文件”。")
    assert "请按回执 620400-2024W49-007" in words


@pytest.mark.parametrize(
    ("returned", "held", "words"),
    [
        (1, 0, "请修改退回的行,"),
        (0, 1, "请核对待说明的行(写错的改正,没错的在“说明”列写明情况),"),
        (1, 1, "请修改退回的行、核对待说明的行(写错的改正,没错的在“说明”列写明情况),"),
    ],
)
def test_a_partial_answer_asks_only_for_what_is_open(returned: int, held: int, words: str) -> None:
    rows = RowCounts(3, 3 - returned - held, returned, held, 0)
    assert verdict(replace(STORED, status="partially_accepted", rows=rows)).startswith(words)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("row.measure.over_limit",), "请核对待说明的行(写错的改正,没错的在“说明”列写明情况),"),
        (("row.figure.range",), "请改正待说明的行,"),
        (("row.figure.range", "row.measure.over_limit"), "请改正待说明的行或在“说明”列回答,"),
    ],
)
def test_a_partial_answer_offers_the_column_for_explanations_only_where_one_is_taken(
    asked: tuple[str, ...], words: str
) -> None:
    queries = tuple(Finding(rule, Severity.QUERY, "疑。", "请核对。", row_id=1) for rule in asked)
    receipt = replace(STORED, status="partially_accepted", rows=RowCounts(3, 2, 0, 1, 0), findings=queries)
    assert verdict(receipt).startswith(words)


@pytest.mark.parametrize(("rule", "offered"), [("row.end_date.too_old", True), ("file.period.too_old", False)])
def test_a_held_file_is_offered_the_column_for_explanations_only_where_one_is_taken(rule: str, offered: bool) -> None:
    query = Finding(rule, Severity.QUERY, "太早。", "请核对。")
    assert ("“说明”列" in verdict(replace(STORED, status="held", findings=(query,)))) == offered


def test_every_status_has_words() -> None:
    for status in FileStatus:
        if status not in (FileStatus.DUPLICATE, FileStatus.UNCHANGED, FileStatus.TRIAL):
            assert verdict(replace(STORED, status=str(status)))


@pytest.mark.parametrize(
    ("value", "shown"), [("40", "40 元"), ("49.99", "49.99 元"), ("50", "0.01 万元"), ("467000", "46.70 万元")]
)
def test_little_money_has_one_unit_in_the_receipt(value: str, shown: str) -> None:
    assert lines(total("funds_total", value)) == [f"投入资金(本次,本级):{shown}"]
    assert f":{shown}<" in render_receipt(replace(STORED, totals=(total("funds_total", value),)))


@pytest.mark.parametrize(
    ("kind", "word"),
    [("event", "本次"), ("ytd", "今年以来"), ("cumulative_since", "累计"), ("stock", "现有"), ("campaign", "专项期间")],
)
def test_totals_use_the_words_of_the_templates_list(kind: str, word: str) -> None:
    """An event is 本次: rows of earlier weeks are among them."""
    assert lines(total("people_served", "5", kind, "人")) == [f"服务人数({word},本级):5 人"]


def test_a_page_that_lists_not_all_counts_them_and_names_the_marked_workbook() -> None:
    findings = tuple(Finding("row.x", Severity.ERROR, "日期不对", "请改", row=n, row_id=n) for n in range(2, 510))
    page = render_receipt(replace(STORED, findings=findings))
    assert "508 处(第2行、第3行、第4行、第5行、第6行等)" in page
    assert "其余各处见标注后的工作簿(全部见JSON 回执 620400-2024W49-001.json)" in page


def test_a_page_promises_no_workbook_where_no_row_was_read() -> None:
    findings = tuple(Finding("row.x", Severity.ERROR, "日期不对", "请改", row=n, row_id=n) for n in range(2, 40))
    page = render_receipt(replace(STORED, findings=findings, rows=RowCounts()))
    assert "其余各处见JSON 回执 620400-2024W49-001.json" in page
    assert "工作簿" not in page


def test_the_boards_page_that_lists_not_all_leads_to_the_json_receipt() -> None:
    findings = tuple(
        Finding("row.date.no_day", Severity.ERROR, "日期不对", "请改", row=n, row_id=n) for n in range(2, 210)
    )
    stored = StoredReceipt(1, replace(STORED, status="rejected", findings=findings), "2024-W49", ("2024-W49",), None)
    page = receipt_page(SubmissionView(stored, (stored,), ("json", "html")), root="/nuanliu")
    assert "另有 8 处没有列出,全部见上面“下载”里的 JSON" in page
    assert "工作簿" not in page


def test_a_receipt_that_asks_for_a_correction_says_where_its_type_is_written() -> None:
    about = rule_registry()["file.period_kind.absent"].finding()
    asked = replace(STORED, findings=(about,))
    where = "在表格上方加一行,例如“报送类型:更正”"
    assert where in receipt_text(asked)
    assert where in render_receipt(asked)
    assert where not in receipt_text(replace(STORED, findings=()))
    assert where not in render_receipt(replace(STORED, findings=()))
