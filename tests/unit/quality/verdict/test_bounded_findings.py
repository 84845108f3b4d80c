"""What a receipt keeps: no second reason for a row that goes back, and of each kind no more than helps."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from tests.corpus.odd_sheets import Table, as_xlsx
from tests.unit.quality.hand_made import SENDER, decided, row, submission

from nuanliu.contract.rules import Rule, Words, rule_registry
from nuanliu.domain.findings import Finding, Severity, Texts
from nuanliu.operations.drops.check_drop import check_file
from nuanliu.quality.verdict.bounded_findings import bound_findings

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

LATE = {"start_on": date(2024, 12, 3), "end_on": date(2024, 12, 20)}
MISSING = rule_registry()["file.column.missing"].finding(columns="活动名称", sheets="“活动明细”", renamed="")


def kept(drop: object) -> set[str]:
    return {finding.rule for finding in drop.receipt.findings} - {"time.history.absent"}  # type: ignore[attr-defined]


def test_a_returned_row_is_not_held_against_others_too() -> None:
    assert kept(decided(submission(row(**LATE), row(**LATE)))) == {"row.end_date.after_period"}


def test_a_returned_row_keeps_what_is_wrong_with_its_own_cells() -> None:
    read = rule_registry()["row.figure.range"].finding(row_id=0, row=2, column_id="people_served", value="30-50")
    drop = decided(submission(row(figures={}, **LATE), findings=(read,)))
    assert {"row.end_date.after_period", "row.figure.range"} <= kept(drop)


def test_the_rows_of_a_rejected_file_have_no_second_reason() -> None:
    drop = decided(submission(row(), row(), findings=(MISSING,)))
    assert kept(drop) == {"file.column.missing"}
    assert drop.receipt.rows.returned == 2


def test_a_held_row_keeps_all_its_reasons() -> None:
    huge = {"people_served": 600_000}
    drop = decided(submission(row(figures=huge), row(figures=huge)))
    assert "set.key.repeated" in kept(drop)
    assert "row.people_served.large" in kept(drop) or len(kept(drop)) >= 2


def test_of_each_kind_so_many_are_kept_and_the_rest_is_counted(set_limit: Callable[..., None]) -> None:
    set_limit("max_findings_of_a_kind", 3)
    rules = rule_registry()
    ranges = [
        rules["row.figure.range"].finding(row_id=at, row=at + 2, column_id="people_served", value="3-5")
        for at in range(7)
    ]
    few = [
        rules["row.figure.vague"].finding(row_id=at, row=at + 2, column_id="people_served", value="几")
        for at in range(7, 10)
    ]
    found = bound_findings([*few, *reversed(ranges)], rules)
    assert list(found[:-1]) == [*ranges[:3], *few]
    assert (found[-1].rule, found[-1].severity, found[-1].is_file_level) == ("file.findings.more", Severity.INFO, True)
    assert "“写的是一个范围”共有 7 处,回执里只列出了前 3 处" in found[-1].message


def test_what_is_not_listed_still_decides_its_row(set_limit: Callable[..., None]) -> None:
    set_limit("max_findings_of_a_kind", 2)
    drop = decided(submission(*(row(f"活动{at}", **LATE) for at in range(5)), row("好")))
    assert (drop.receipt.rows.returned, drop.receipt.rows.accepted) == (5, 1)
    assert drop.receipt.union_id == SENDER
    assert sum(finding.rule == "row.end_date.after_period" for finding in drop.receipt.findings) == 2


def test_of_those_that_are_too_many_the_gravest_are_kept_and_then_the_first_in_the_file(
    set_limit: Callable[..., None],
) -> None:
    set_limit("max_findings_of_a_kind", 4)
    rule = rule_registry()["row.figure.range"]
    places = [
        (at % 7, f"{letter}{at % 7 + 2}", severity) for at in range(7) for letter in "FE" for severity in Severity
    ]
    found = [
        rule.finding(
            row_id=row_id, row=row_id + 2, cell=cell, column_id="people_served", value="3-5", severity=severity
        )
        for row_id, cell, severity in places[::-1]
    ]
    kept = bound_findings(found, rule_registry())[:-1]
    assert [(one.severity, one.cell) for one in kept] == [(Severity.ERROR, cell) for cell in ("E2", "F2", "E3", "F3")]


def test_of_a_flood_only_what_is_listed_is_put_into_words(
    set_limit: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of 100,000 wrong rows costs a text for each kind and not for each cell."""
    set_limit("max_findings_of_a_kind", 3)
    told: Counter[str] = Counter()
    tell = Rule._tell

    def count(rule: Rule, about: Finding, words: Words) -> Texts:
        told[rule.id] += 1
        return tell(rule, about, words)

    monkeypatch.setattr(Rule, "_tell", count)
    header = ("活动名称", "活动类别", "结束日期", "服务人数(人)", "投入资金(元)")
    rows = [
        ("义诊" if at % 2 else f"义诊{at}", "不知道的类别", "2024-12-03", f"{at}-{at + 9}", 13912340000 + at)
        for at in range(200)
    ]
    table = Table({(y, x): text for y, row in enumerate((header, *rows), 1) for x, text in enumerate(row, 1)})
    at = datetime(2024, 12, 9, tzinfo=UTC)
    receipt = check_file(as_xlsx(table), "周报.xlsx", union_id="620400", week="2024-W49", received_at=at)
    assert receipt.rows.held == 200
    kinds = Counter(finding.rule for finding in receipt.findings)
    assert {"row.category.unknown", "row.figure.range"} <= kinds.keys()
    assert told == kinds
