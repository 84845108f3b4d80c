"""The arrows of the architecture, read from the imports: dependencies point one way."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PACKAGE = PROJECT / "include" / "nuanliu"

BOTTOM = "bottom"
LOOSE = {"__init__", "__main__", "errors", "memory", "settings"}
"""The only modules that stand in no room."""
WORDS = {"domain", "contract", "ooxml"}
MIDDLE = {"intake", "quality", "warehouse", "reporting"}
LOWER = {BOTTOM, "storage", *WORDS, *MIDDLE}
ALLOWED = {
    BOTTOM: {BOTTOM},
    "domain": {BOTTOM, "domain"},
    "contract": {BOTTOM, "domain", "contract"},
    "ooxml": {BOTTOM, "ooxml"},
    "storage": {BOTTOM, "storage"},
    **{room: {BOTTOM, *WORDS, room} for room in MIDDLE},
    "operations": {"operations", *LOWER},
    "orchestration": {BOTTOM, "domain", "contract", "operations", "orchestration"},
    "board": {"operations", "board", *LOWER},
    "running": {"operations", "running", *LOWER},
    "cli": {"operations", "running", "cli", *LOWER},
    "__main__": {"cli"},
}
"""Room → rooms it may import."""
TOP = set(ALLOWED) - {BOTTOM}
MOST_MODULES = 16
"""More in one folder, beside its sub-packages, is a corridor and no room."""

LIGHT_BORDERS = {"cli", "orchestration", "__main__"}
"""Rooms that import operations inside functions only: a command and a DAG file start often and must be light."""
LATE_IMPORTS = {
    "nuanliu.storage.bucket": {"nuanliu.storage.s3_bucket"},
    "nuanliu.storage.folder_bucket": {"nuanliu.storage.folder_watch"},
    "nuanliu.quality.expectations.masks": {
        "great_expectations.execution_engine",
        "great_expectations.validator.metric_configuration",
        "great_expectations.validator.validation_graph",
    },
}
"""Module → what it imports inside functions although its room stands at no border; the reason stands beside each."""

MAY_IMPORT_AIRFLOW = {"orchestration", "board"}
SQL_START = re.compile(
    r"\s*(select\b|insert\s+into\b|update\s+\w+\s+set\b|delete\s+from\b|copy\s+\w+|truncate\b|"
    r"(create|drop|alter)\s+(table|schema|database|index|role)\b|with\s+\w+\s+as\b)",
    re.IGNORECASE,
)
PLACEHOLDER = re.compile(r"%\(?\w*\)?[sd]|\{\w*\}")


def room_of(module: str) -> str:
    """The room of ``nuanliu.intake.reader`` is intake."""
    parts = module.split(".")
    if len(parts) == 1:
        return BOTTOM
    first = parts[1]
    return first if first in TOP else BOTTOM


def module_name(path: Path) -> str:
    """The dotted name of a file of the package."""
    parts = ["nuanliu", *path.relative_to(PACKAGE).with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(tree: ast.AST) -> set[str]:
    """Every module a file imports, at its head, inside functions and for type checking."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative import"
            found.add(node.module or "")
            if node.module == "nuanliu":
                found |= {f"nuanliu.{alias.name}" for alias in node.names}
    return found


def wrong_arrows(module: str, imported: set[str]) -> list[str]:
    """What a module imports that its room may not."""
    room = room_of(module)
    ours = {name for name in imported if name.startswith("nuanliu.")}
    wrong = [f"{module} → {name}" for name in sorted(ours) if room_of(name) not in ALLOWED[room]]
    if room not in MAY_IMPORT_AIRFLOW:
        wrong += [f"{module} → {name}" for name in sorted(imported) if name.split(".")[0] == "airflow"]
    return wrong


def built_sql(tree: ast.AST) -> list[int]:
    """Lines on which a statement is put together from text: f-string, ``%``, ``format`` or ``+``."""
    return [node.lineno for node in ast.walk(tree) if isinstance(node, ast.expr) and _is_built_sql(node)]


def _is_built_sql(node: ast.expr) -> bool:
    match node:
        case ast.JoinedStr(values=[ast.Constant(value=str(head)), *rest]):
            return bool(SQL_START.match(head)) and any(isinstance(part, ast.FormattedValue) for part in rest)
        case ast.BinOp(left=ast.Constant(value=str(head)), op=ast.Mod() | ast.Add()):
            return bool(SQL_START.match(head))
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(head)), attr="format")):
            return bool(SQL_START.match(head)) and bool(PLACEHOLDER.search(head))
        case _:
            return False


FILES = sorted(PACKAGE.rglob("*.py"))
WIRING = sorted([*(PROJECT / "dags").glob("*.py"), *(PROJECT / "plugins").glob("*.py")])


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


@pytest.mark.parametrize("path", FILES, ids=module_name)
def test_imports_follow_the_arrows(path: Path) -> None:
    assert wrong_arrows(module_name(path), imports_of(parse(path))) == []


@pytest.mark.parametrize("path", FILES, ids=module_name)
def test_no_statement_is_built_from_text(path: Path) -> None:
    assert built_sql(parse(path)) == []


@pytest.mark.parametrize("path", WIRING, ids=lambda path: path.name)
def test_wiring_imports_orchestration_at_its_head_and_operations_only_inside_tasks(path: Path) -> None:
    head = imports_of(ast.Module([node for node in parse(path).body if not isinstance(node, ast.FunctionDef)], []))
    assert {room_of(name) for name in head if name.startswith("nuanliu")} <= {"orchestration"}
    everywhere = {room_of(name) for name in imports_of(parse(path)) if name.startswith("nuanliu")}
    assert everywhere <= {"orchestration", "operations"}


def late_imports(tree: ast.Module) -> set[str]:
    """What a file imports anywhere but at its head: inside functions, or for type checking."""
    head = imports_of(ast.Module([node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)], []))
    return imports_of(tree) - head


@pytest.mark.parametrize("path", FILES, ids=module_name)
def test_imports_stand_at_the_head_of_a_file_save_at_the_light_borders(path: Path) -> None:
    module = module_name(path)
    if room_of(module) not in LIGHT_BORDERS:
        assert late_imports(parse(path)) <= LATE_IMPORTS.get(module, set())


def test_every_room_is_drawn() -> None:
    rooms = {room_of(module_name(path)) for path in FILES}
    assert rooms == set(ALLOWED)


def test_no_module_stands_loose_but_what_all_rooms_share() -> None:
    assert {path.stem for path in PACKAGE.glob("*.py")} == LOOSE


def test_a_page_of_the_board_loads_no_checks() -> None:
    """The first page is asked for in a browser: Great Expectations would cost it seconds, and the web server memory."""
    code = (
        "import sys, nuanliu.board.pages, nuanliu.operations.weeks.ledger, nuanliu.storage.bucket;"
        "print(sorted({'great_expectations', 'openpyxl', 's3fs'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent)
    assert ran.stdout.strip() == "[]"


FOLDERS = sorted({path.parent for path in FILES})


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.relative_to(PACKAGE.parent).as_posix())
def test_no_folder_is_a_corridor(folder: Path) -> None:
    assert len([path for path in folder.glob("*.py") if path.stem != "__init__"]) <= MOST_MODULES


UNIT = PROJECT / "tests" / "unit"
MIRRORED = sorted({path.parent.relative_to(UNIT).as_posix() for path in UNIT.rglob("test_*.py")} - {"."})


@pytest.mark.parametrize("room", MIRRORED)
def test_the_unit_tests_mirror_the_rooms(room: str) -> None:
    assert (PACKAGE / room / "__init__.py").is_file()


def test_no_two_test_modules_share_a_name_because_pytest_imports_them_by_it() -> None:
    names = Counter(path.name for path in (PROJECT / "tests").rglob("test_*.py"))
    assert [name for name, times in names.items() if times > 1] == []


@pytest.mark.parametrize(
    ("module", "imported"),
    [
        ("nuanliu.intake.reader", {"nuanliu.quality.verdict.gate"}),
        ("nuanliu.storage.bucket", {"nuanliu.operations.context"}),
        ("nuanliu.errors", {"nuanliu.storage.mail"}),
        ("nuanliu.operations.context", {"airflow.sdk"}),
        ("nuanliu.operations.context", {"nuanliu.orchestration.drops"}),
    ],
)
def test_a_wrong_arrow_is_seen(module: str, imported: set[str]) -> None:
    assert len(wrong_arrows(module, imported)) == 1


@pytest.mark.parametrize(
    "code",
    [
        'f"select * from {table}"',
        'f"  DELETE from {table} where id = 1"',
        '"select %s from t" % name',
        '"insert into " + table',
        '"select {} from t".format(name)',
        'f"update {table} set a = 1"'.replace("{table} set", "fact set a = {value},"),
    ],
)
def test_a_built_statement_is_seen(code: str) -> None:
    assert built_sql(ast.parse(code)) == [1]


@pytest.mark.parametrize("code", ['"select a from t where b = :b"', 'f"selected {count} rows"', 'f"第 {n} 行"'])
def test_plain_statements_and_sentences_are_left_alone(code: str) -> None:
    assert built_sql(ast.parse(code)) == []
