from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from nuanliu.contract.code_lists import codes
from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.reloading import forget_data
from nuanliu.contract.rules import rule_registry

PACKAGE = Path(__file__).resolve().parents[3] / "include" / "nuanliu"
KNOW_NO_DATA = {
    "board/app.py:_reading_engine",
    "board/pages.py:_look",
    "contract/rules.py:_needed",
    "domain/submission.py:_made_once",
    "intake/formats/cell_formats.py:format_kind",
    "intake/formats/cell_formats.py:plausible_date",
    "intake/values/figure_cell.py:_problem",
    "ooxml/addresses.py:column_index",
    "ooxml/addresses.py:column_letter",
    "quality/expectations/masks.py:_batch_definition",
    "quality/expectations/masks.py:gx_context",
    "reporting/templates.py:environment",
    "storage/embedded/binaries.py:list_server_binaries",
    "warehouse/recovery/replay_tables.py:_shadow",
    "warehouse/schema/sql_files.py:load_sql",
    "warehouse/schema/sql_files.py:read_sql",
}
"""Pure functions, engines, and what belongs to the code: an edit in include/contracts or include/reference changes none."""


def caches(tree: ast.AST) -> Iterator[tuple[str, bool]]:
    """Every function with a cache, and whether it is emptied with the data."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names = [_name(decorator) for decorator in node.decorator_list]
            if {"cache", "lru_cache"} & set(names):
                yield node.name, "reloads_with_data" in names


def _name(decorator: ast.expr) -> str:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return ast.unparse(called).rpartition(".")[2]


def test_every_cache_is_emptied_with_the_data_or_knows_none_of_it():
    kept = {
        f"{path.relative_to(PACKAGE).as_posix()}:{name}"
        for path in PACKAGE.rglob("*.py")
        for name, reloads in caches(ast.parse(path.read_text("utf-8")))
        if not reloads
    }
    assert kept == KNOW_NO_DATA


@pytest.mark.parametrize("decorator", ["cache", "functools.cache", "lru_cache(maxsize=4)", "functools.lru_cache"])
def test_a_cache_is_seen_however_it_is_written(decorator: str):
    assert list(caches(ast.parse(f"@{decorator}\ndef f(): ..."))) == [("f", False)]
    assert list(caches(ast.parse(f"@reloads_with_data\n@{decorator}\ndef f(): ..."))) == [("f", True)]


def test_what_the_data_say_is_read_anew():
    before = codes(), input_contract(), rule_registry()
    forget_data()
    after = codes(), input_contract(), rule_registry()
    assert all(old is not new for old, new in zip(before, after, strict=True))
