from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from nuanliu.contract.highlight_rules import FILE, highlight_rules, read_highlight_rules
from nuanliu.errors import BrokenContract
from nuanliu.settings import INCLUDE_DIR


def written(folder: Path, **changed: Any) -> Path:
    """The project's own file with some of it otherwise."""
    data = yaml.safe_load((INCLUDE_DIR / "contracts" / FILE).read_text("utf-8"))
    path = folder / FILE
    path.write_text(yaml.safe_dump({**data, **changed}, allow_unicode=True), "utf-8")
    return path


def test_the_projects_own_rules_can_be_read() -> None:
    rules = highlight_rules()
    assert sum(rule.take for rule in rules.rules) >= rules.most > 0
    assert rules.label("largest_people") == "服务人数最多"
    assert rules.label("gone since") == ""


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ({"id": "x", "kind": "loudest", "take": 1, "label": "x"}, "write one of largest"),
        ({"id": "x", "kind": "largest", "take": 1, "label": "x"}, "write id, kind, label, measure, take"),
        ({"id": "x", "kind": "prefecture_in_turn", "take": 1, "label": "x", "weeks": 3}, "write id, kind, label, take"),
        ({"id": "x", "kind": "largest", "measure": "joy", "take": 1, "label": "x"}, "there is no measure joy"),
    ],
)
def test_a_rule_that_cannot_be_kept_is_refused_with_what_to_write(
    tmp_path: Path, entry: dict[str, Any], told: str
) -> None:
    with pytest.raises(BrokenContract, match=told):
        read_highlight_rules(written(tmp_path, rules=[entry]))


def test_an_id_that_stands_twice_is_refused(tmp_path: Path) -> None:
    rule = {"id": "x", "kind": "largest", "measure": "people_served", "take": 1, "label": "x"}
    with pytest.raises(BrokenContract, match="stands twice"):
        read_highlight_rules(written(tmp_path, rules=[rule, rule]))


def test_wording_for_a_measure_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenContract, match="there is no measure joy"):
        read_highlight_rules(written(tmp_path, measures={"joy": "{number}"}))
