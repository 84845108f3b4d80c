from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING

import pytest
import yaml

from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.rules import read_rules, rule_registry
from nuanliu.domain.findings import Severity
from nuanliu.errors import BrokenContract

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ENTRY = {
    "id": "row.x",
    "severity": "error",
    "owner": "数据组",
    "found_by": "intake",
    "title": "某规则",
    "message": "“{value}”不对",
    "fix": "请改{cell}",
}


def folder(tmp_path: Path, name: str, *entries: dict[str, object]) -> Path:
    (tmp_path / name).write_text(yaml.safe_dump(list(entries), allow_unicode=True), "utf-8")
    return tmp_path


def test_a_new_rule_touches_data_only(tmp_path: Path) -> None:
    rules = read_rules(folder(tmp_path, "row.new.yaml", ENTRY))
    finding = rules["row.x"].finding(value="甲", cell="B2", row=2, row_id=0)
    assert (finding.message, finding.fix, finding.severity) == ("“甲”不对", "请改B2", Severity.ERROR)


def test_a_rule_in_the_wrong_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenContract, match=r"row\.x"):
        read_rules(folder(tmp_path, "set.yaml", ENTRY))


def test_a_rule_that_stands_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenContract, match="twice"):
        read_rules(folder(tmp_path, "row.yaml", ENTRY, ENTRY))


@pytest.mark.parametrize("change", [{"severity": "grave"}, {"found_by": "magic"}, {"found_by": "expectation"}])
def test_an_unknown_word_is_refused(tmp_path: Path, change: dict[str, str]) -> None:
    with pytest.raises(BrokenContract, match=r"row\.x"):
        read_rules(folder(tmp_path, "row.yaml", {**ENTRY, **change}))


def test_a_text_without_words_of_its_cell_is_one_text_in_all_findings(tmp_path: Path) -> None:
    rules = read_rules(folder(tmp_path, "row.yaml", {**ENTRY, "fix": "不超过 {most} 个", "params": {"most": 3}}))
    first, second = (rules["row.x"].finding(value=value, most_of="x") for value in ("甲", "乙"))
    assert (first.message, second.message) == ("“甲”不对", "“乙”不对")
    assert first.fix == "不超过 3 个"
    assert first.fix is second.fix


def test_a_word_that_is_given_wins_over_the_rules_own(tmp_path: Path) -> None:
    rules = read_rules(folder(tmp_path, "row.yaml", {**ENTRY, "fix": "{most:>2} 个", "params": {"most": 3}}))
    assert [rules["row.x"].finding(**words).fix for words in ({}, {"most": 5}, {})] == [" 3 个", " 5 个", " 3 个"]


def test_a_rule_knows_the_words_that_its_texts_name(tmp_path: Path) -> None:
    rules = read_rules(folder(tmp_path, "row.yaml", {**ENTRY, "expected": "{a.b}或{c[0]}", "fix": "{{d}}"}))
    assert rules["row.x"].needed_words == {"value", "a", "c"}


def test_a_text_that_needs_an_ungiven_word_is_refused(tmp_path: Path) -> None:
    rules = read_rules(folder(tmp_path, "row.yaml", {**ENTRY, "message": "{sunday}"}))
    with pytest.raises(BrokenContract, match="sunday"):
        rules["row.x"].finding()


@pytest.mark.parametrize(
    ("rule", "limit", "text"),
    [
        ("row.end_date.too_old", "weeks_back", "比报告期早了 6 周以上"),
        ("file.header.missing", "header_search_rows", "前6行里找不到活动表的表头"),
    ],
)
def test_a_text_says_the_limit_that_is_set(set_limit: Callable[..., None], rule: str, limit: str, text: str) -> None:
    set_limit(limit, 6)
    words = {"value": "2024-01-01", "oldest_day": "2024-10-07", "looked": "文件", "candidate": ""}
    assert text in rule_registry()[rule].finding(**words).message


def test_a_text_says_the_bound_of_its_own_expectation(tmp_path: Path) -> None:
    expectation = {"type": "x", "kwargs": {"column": "remarks", "max_value": 7}}
    entry = {**ENTRY, "found_by": "expectation", "expectation": expectation, "expected": "不超过 {max_value} 个字"}
    rules = read_rules(folder(tmp_path, "row.yaml", entry))
    assert rules["row.x"].finding(cell="B2").expected == "不超过 7 个字"


def test_no_text_repeats_a_number_that_is_set_elsewhere() -> None:
    limits = {str(v) for v in input_contract().limits.values() if not isinstance(v, dict) and v > 9} | {"八", "十五"}
    for rule in rule_registry():
        numbers = limits | {str(v) for v in rule.own_words.values() if type(v) is int and v > 1}
        for text in (rule.message, rule.fix, rule.expected or ""):
            said = set(re.findall(r"(\d+|[一二三四五六七八九十]+) ?(?:天|周|行|倍|个字)", text))
            assert not said & numbers, (rule.id, text)


def test_a_rule_that_is_broken_is_told_with_its_file(tmp_path: Path) -> None:
    with pytest.raises(BrokenContract, match=r"row\.new\.yaml"):
        read_rules(folder(tmp_path, "row.new.yaml", {**ENTRY, "severity": "grave"}))


def test_the_project_has_at_least_twenty_five_rules() -> None:
    assert len(rule_registry()) >= 25


@pytest.mark.parametrize("rule", list(rule_registry()), ids=lambda rule: rule.id)
def test_every_rule_speaks_chinese_and_says_how_to_mend(rule) -> None:  # type: ignore[no-untyped-def]
    for text in (rule.title, rule.message, rule.fix):
        assert any("\u4e00" <= character <= "\u9fff" for character in text)
        list(string.Formatter().parse(text))
