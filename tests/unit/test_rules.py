from __future__ import annotations

import string
from typing import TYPE_CHECKING

import pytest
import yaml

from nuanliu.errors import BrokenContract
from nuanliu.findings import Severity
from nuanliu.rules import read_rules, rule_registry

if TYPE_CHECKING:
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


def test_a_text_that_needs_an_ungiven_word_is_refused(tmp_path: Path) -> None:
    rules = read_rules(folder(tmp_path, "row.yaml", {**ENTRY, "message": "{sunday}"}))
    with pytest.raises(BrokenContract, match="sunday"):
        rules["row.x"].finding()


def test_the_project_has_at_least_twenty_five_rules() -> None:
    assert len(rule_registry()) >= 25


@pytest.mark.parametrize("rule", list(rule_registry()), ids=lambda rule: rule.id)
def test_every_rule_speaks_chinese_and_says_how_to_mend(rule) -> None:  # type: ignore[no-untyped-def]
    for text in (rule.title, rule.message, rule.fix):
        assert any("\u4e00" <= character <= "\u9fff" for character in text)
        list(string.Formatter().parse(text))
