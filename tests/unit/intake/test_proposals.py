"""Unknown texts become proposals; confirmed spellings add to the project's own and never override them."""

from __future__ import annotations

import pytest

from nuanliu.contract.label_text import fold_label
from nuanliu.contract.rules import rule_registry
from nuanliu.domain.aliases import NO_ALIASES, Aliases, AliasKind
from nuanliu.intake.proposals import propose_names
from nuanliu.intake.tables.header_labels import header_key, read_header
from nuanliu.intake.values.coded_cells import read_category, read_groups
from nuanliu.intake.values.union_names import read_union


def aliases(kind: AliasKind, text: str, target: str) -> Aliases:
    folded = header_key(text) if kind is AliasKind.HEADER else fold_label(text)
    return Aliases(((str(kind), folded, target),))


def test_a_learned_header_names_its_column_and_keeps_its_own_unit() -> None:
    known = aliases(AliasKind.HEADER, "活动花费(元)", "funds_total")
    label = read_header(("活动花费(万元)",), is_long=False, aliases=known)
    assert label is not None
    assert (label.id, label.unit, label.measure.id if label.measure else None) == ("funds_total", "万元", "funds_total")
    assert read_header(("活动花费(万元)",), is_long=False) is None


def test_what_a_list_knows_is_not_overridden() -> None:
    assert read_header(("备注",), is_long=False, aliases=aliases(AliasKind.HEADER, "备注", "place")).id == "remarks"
    assert read_category("健康体检", aliases(AliasKind.CATEGORY, "健康体检", "other")).value == "health_check"
    assert read_union("白银市总工会", "620300", aliases(AliasKind.UNION, "白银市总工会", "620300")).union_id == "620400"


def test_learned_names_are_read_in_cells() -> None:
    assert read_category("暖心月", aliases(AliasKind.CATEGORY, "暖心月", "condolence")).value == "condolence"
    assert read_union("白银职工之家", "620400", aliases(AliasKind.UNION, "白银职工之家", "620400")).union_id == "620400"
    groups = read_groups("农民工、扫街师傅", aliases(AliasKind.GROUP, "扫街师傅", "outdoor"))
    assert (groups.value or "").split(";")[1] == "outdoor"


def test_each_unknown_text_is_proposed_once_with_the_nearest_that_is_known() -> None:
    rule = rule_registry()["row.category.unknown"]
    findings = [rule.finding(row=row, value="健康体检日", nearest="", choices="") for row in (2, 3)]
    (proposal,) = propose_names(findings, NO_ALIASES)
    assert (proposal.kind, proposal.text, proposal.target) == (AliasKind.CATEGORY, "健康体检日", "health_check")


@pytest.mark.parametrize("value", ["138****1234", "长" * 40, "K列(没有表头)", ""])
def test_masked_cut_and_missing_texts_are_no_proposals(value: str) -> None:
    finding = rule_registry()["file.column.unknown"].finding(value=value, nearest="")
    assert propose_names([finding], NO_ALIASES) == ()
