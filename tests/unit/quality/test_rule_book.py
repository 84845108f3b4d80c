"""docs/rules.md says what the registry says."""

from __future__ import annotations

from nuanliu.contract.rules import rule_registry
from nuanliu.quality.rule_book import RULE_BOOK, write_rule_book


def test_the_rule_book_is_what_the_registry_says() -> None:
    assert RULE_BOOK.read_text("utf-8") == write_rule_book(rule_registry()), (
        "run `python -m nuanliu.quality.rule_book` after changing include/contracts/rules"
    )


def test_every_rule_stands_in_the_book_with_its_severity_and_owner() -> None:
    book = write_rule_book(rule_registry())
    for rule in rule_registry():
        (line,) = [line for line in book.splitlines() if line.startswith(f"| `{rule.id}` |")]
        assert str(rule.severity) in line
        assert line.endswith(f"| {rule.owner} |")
        assert ("(可说明)" in line) == rule.releasable


def test_the_book_says_the_limits_that_are_set() -> None:
    book = write_rule_book(rule_registry())
    assert "比报告期早了 8 周以上" in book
    assert "放在前15行之内" in book
    assert "日期相差不超过 3 天" in book
    assert "不晚于 {sunday}" in book  # only a file can say


def test_only_limits_sets_and_time_rules_can_be_explained_away() -> None:
    # 说明 releases time.*, set.* and limit queries, never an unreadable figure, a name or a period (contract §2).
    for rule in rule_registry():
        if rule.releasable:
            assert rule.severity == "query", rule.id
            assert rule.family in {"time", "set"} or (rule.family == "row" and rule.found_by == "expectation"), rule.id
