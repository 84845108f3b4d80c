"""Schema names stand in one place."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nuanliu
from nuanliu.domain import schemas

PACKAGE = Path(nuanliu.__file__).parent
NAMES = {name: value for name, value in vars(schemas).items() if name.isupper()}


def test_each_schema_is_called_after_its_document() -> None:
    assert {name: re.sub(r"nuanliu\.(\w+)/[0-9]+", r"\1", value).upper() for name, value in NAMES.items()} == {
        name: name for name in NAMES
    }


def test_no_other_module_writes_a_schema_name() -> None:
    written = [
        (str(path.relative_to(PACKAGE)), node.value)
        for path in PACKAGE.rglob("*.py")
        if path.stem != "schemas"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and re.fullmatch(r"nuanliu\.\w+/[0-9]+", str(node.value))
    ]
    assert written == []


def test_every_schema_is_some_documents() -> None:
    code = "\n".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    assert [name for name in NAMES if f"schemas.{name}" not in code] == []
