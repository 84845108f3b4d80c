"""Fields, not sentences: what a program must know of a finding stands in its fields; nobody reads a text to find it out."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from tests.unit.quality.hand_made import check, row, submission

from nuanliu.contract.code_lists import codes
from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.rules import Rule, rule_registry
from nuanliu.domain.findings import Finding, Severity

PACKAGE = Path(__file__).resolve().parents[2] / "include" / "nuanliu"
ROOMS = ("quality", "reporting", "operations")
TOLD = {"column", "message", "fix", "expected"}
"""What a finding says to people."""
TAKEN_APART = {
    "split", "rsplit", "splitlines", "partition", "rpartition", "removeprefix", "removesuffix", "replace", "startswith",
    "endswith", "find", "index", "strip", "lstrip", "rstrip",
}  # fmt: skip
PATTERNS = {"search", "match", "fullmatch", "sub", "split", "findall", "finditer"}
ERRORS = {"error", "problem", "cause", "mail"}
"""Names of what has a message of its own and is no finding."""


def is_told(node: ast.expr) -> bool:
    """Whether an expression is a text of a finding: ``finding.message``, ``said["column"]``, ``query.column or ""``."""
    if isinstance(node, ast.BoolOp):
        return any(is_told(value) for value in node.values)
    if isinstance(node, ast.Attribute):
        return node.attr in TOLD and not (
            isinstance(node.value, ast.Name) and node.value.id in {*ERRORS, "rule", "self"}
        )
    if isinstance(node, ast.Subscript):
        return isinstance(node.slice, ast.Constant) and node.slice.value in {"column", "message", "fix"}
    return False


def is_header(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "header"


def reads_a_text(node: ast.AST) -> bool:
    """Whether a node decides something by a finding's text, or makes a way from a header back to what it is the header of."""
    if isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        asks = all(isinstance(op, (ast.Is, ast.IsNot)) for op in node.ops)
        return not asks and any(map(is_told, sides))
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        on_it = isinstance(node.func, ast.Attribute) and is_told(node.func.value)
        return (name in TAKEN_APART and on_it) or (name in {*PATTERNS, "get"} and any(map(is_told, node.args)))
    if isinstance(node, ast.DictComp):
        return is_header(node.key)
    return isinstance(node, ast.Subscript) and is_told(node.slice)


MODULES = sorted(path for room in ROOMS for path in (PACKAGE / room).rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_module_reads_what_a_finding_says(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    assert [ast.unparse(node) for node in ast.walk(tree) if reads_a_text(node)] == []


@pytest.mark.parametrize(
    "code",
    [
        "finding.column == header('end_date')",
        "said['column'] == input_contract().header('activity_name')",
        "finding.column in key_headers",
        "'暂不入库' in query.message",
        "_HELD.sub('', query.message)",
        "query.message.partition(',')",
        "measure_of.get(query.column or '')",
        "measure_of[query.column]",
        "{measure.header: measure.id for measure in measures}",
    ],
)
def test_the_guard_sees_a_text_that_is_read(code: str) -> None:
    assert any(map(reads_a_text, ast.walk(ast.parse(code))))


def test_a_finding_names_its_column_by_id_and_for_people_by_its_header() -> None:
    rule = rule_registry()["row.figure.negative"]
    for column_id in (*input_contract().columns, *codes().measures.entries):
        finding = rule.finding(column_id=column_id, value="-1")
        assert (finding.column_id, finding.column) == (column_id, input_contract().header(column_id))


def test_what_is_for_programs_stands_in_no_receipt() -> None:
    keys = {"rule", "severity", "sheet", "cell", "row", "column", "value", "expected", "message", "fix"}
    finding = Finding("row.x", Severity.QUERY, "m", "f", column="列", row_id=1, column_id="x", answered_message="a")
    assert set(finding.as_receipt()) == keys


@pytest.mark.parametrize("rule", [rule for rule in rule_registry() if rule.releasable], ids=lambda rule: rule.id)
def test_a_query_that_can_be_answered_says_that_its_row_waits_in_a_clause_of_its_own(rule: Rule) -> None:
    assert rule.held_clause
    assert "{held_clause}" in rule.message
    assert "暂不入库" not in rule.message


def test_a_query_that_points_at_a_name_asks_about_the_whole_row() -> None:
    """The summary says 整行 of these: 说明 on their row answers what ``point_at_name`` asks."""
    twice = check(submission(row("义诊"), row("义诊")))
    (repeated,) = [finding for finding in twice.findings if finding.rule == "set.key.repeated"]
    assert repeated.column_id == "activity_name"
    about_row = {rule.id for rule in rule_registry() if rule.is_about_row}
    neighbours = {"time.event.same_as_week_before", "time.event.same_as_week_after"}
    assert about_row == {repeated.rule, "set.number.missing", "set.number.changed", "time.series.renamed", *neighbours}
