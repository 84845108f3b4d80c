"""The reference model is a second reading of the rules: short enough to be read beside the contract, and its own."""

import ast
import tokenize
from pathlib import Path

MODEL = sorted(path for path in Path(__file__).parent.glob("*.py") if not path.name.startswith("test_"))
MOST_LINES = 600
NO_CODE = {
    *(tokenize.COMMENT, tokenize.ENCODING, tokenize.ENDMARKER),
    *(tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT),
}
MAY_IMPORT = {"collections", "csv", "dataclasses", "datetime", "decimal", "functools", "pathlib", "re"}


def code_lines(path: Path) -> set[int]:
    """The lines of a module with more on them than a comment or a docstring."""
    with path.open("rb") as lines:
        tokens = [token for token in tokenize.tokenize(lines.readline) if token.type not in NO_CODE]
    code = {line for token in tokens for line in range(token.start[0], token.end[0] + 1)}
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            code -= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return code


def imported_by(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or ".")
    return found


def test_the_model_has_at_most_600_lines_of_code():
    counted = {path.name: len(code_lines(path)) for path in MODEL}
    assert sum(counted.values()) <= MOST_LINES, counted


def test_the_model_takes_nothing_from_the_program_or_any_package():
    imported = {module for path in MODEL for module in imported_by(path)} - {"__future__"}
    outside = {module for module in imported if not module.startswith("tests.model.")}
    assert {module.partition(".")[0] for module in outside} <= MAY_IMPORT
