"""No sign points to a page, a section, an entry or a module that is not in the repository."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PACKAGE = PROJECT / "include" / "nuanliu"
DOCS = PROJECT / "docs"

WRITTEN = {".py", ".sql", ".yaml", ".yml", ".j2", ".md", ".sh", ".toml", ".in", ".mako", ".ini"}
LOOSE = ("Makefile", "Dockerfile", "Procfile", ".ci/run", ".env.example", ".editorconfig")
ROOMS = ("include", "dags", "plugins", "tests", "scripts", "docs")
FILES = sorted(
    path
    for path in (
        *(PROJECT / name for name in LOOSE),
        *(path for path in PROJECT.iterdir() if path.suffix in WRITTEN),
        *(path for room in ROOMS for path in (PROJECT / room).rglob("*") if path.suffix in WRITTEN),
    )
    if path.is_file() and path != Path(__file__).resolve()
)
PAGES = [path for path in FILES if path.suffix == ".md"]

NUMBERED = {"contract": DOCS / "contract.md", "catalogue": DOCS / "catalogue.md"}
"""The pages whose sections are cited by number."""

_LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")
_PAGE = re.compile(r"(?<![\w*./-])((?:\.\./)*[\w-][\w./-]*\.md)(#[\w-]+)?")
_SECTION = re.compile(r"([\w-]+)(?:\.md)?`?(?:\]\([^)]*\))? ?§ ?(\d+)((?:, ?§ ?\d+|[–-]§? ?\d+)*)")
_DECISION = re.compile(r"\bdecisions?[ /](\d{4})\b")
_MESS = re.compile(r"\bM(\d{1,2})\b(?!:\w)")
_CODE = re.compile(r"`([\w/.-]*\w\.py)(?::(\w+))?`")


def name_of(path: Path) -> str:
    """A path as people write it."""
    return path.relative_to(PROJECT).as_posix()


@cache
def text_of(path: Path) -> str:
    return path.read_text("utf-8")


@cache
def anchors(page: Path) -> frozenset[str]:
    """What can follow # in a link to a page, as GitHub makes it of the headings."""
    headings = re.findall(r"^#+ (.*)$", text_of(page), re.MULTILINE)
    return frozenset(re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings)


@cache
def sections(page: Path) -> frozenset[int]:
    """The numbers of a page's sections."""
    return frozenset(int(number) for number in re.findall(r"^## (\d+)\.", text_of(page), re.MULTILINE))


@cache
def messes() -> frozenset[int]:
    """The entries of the catalogue."""
    return frozenset(
        int(number) for number in re.findall(r"^\| M(\d+) \|", text_of(NUMBERED["catalogue"]), re.MULTILINE)
    )


def dead_links(path: Path, text: str) -> Iterator[str]:
    """Links of a page to files or headings that do not exist."""
    for target in _LINK.findall(text) if path.suffix == ".md" else ():
        file, _, anchor = target.partition("#")
        page = (path.parent / file).resolve() if file else path
        if "://" not in target and not target.startswith("mailto:") and not _leads(page, anchor):
            yield target


def dead_pages(path: Path, text: str) -> Iterator[str]:
    """Names of pages that stand neither beside the file, nor in docs/, nor at the root."""
    for file, anchor in _PAGE.findall(text):
        if not any(_leads((folder / file).resolve(), anchor[1:]) for folder in (path.parent, PROJECT, DOCS)):
            yield file + anchor


def _leads(page: Path, anchor: str) -> bool:
    return page.exists() and (not anchor or page.suffix != ".md" or anchor in anchors(page))


def dead_sections(path: Path, text: str) -> Iterator[str]:
    """Sections by number (contract §2) of pages that have no numbers or not this one."""
    for name, first, others in _SECTION.findall(text):
        page = NUMBERED.get(name.lower(), path if path in NUMBERED.values() else None)
        numbers = [int(number) for number in (first, *re.findall(r"\d+", others))]
        if page is None or not set(numbers) <= sections(page):
            yield f"{name} §{first}{others}"


def dead_numbers(_: Path, text: str) -> Iterator[str]:
    """Decisions and entries of the catalogue that do not exist."""
    for number in _DECISION.findall(text):
        if not list((DOCS / "decisions").glob(f"{number}-*.md")):
            yield f"decision {number}"
    for number in _MESS.findall(text):
        if int(number) not in messes():
            yield f"M{number}"


def dead_code(path: Path, text: str) -> Iterator[str]:
    """Modules, and names in them, that a page speaks of and that are not there."""
    for file, name in _CODE.findall(text) if path.suffix == ".md" else ():
        found = next((base / file for base in (PACKAGE, PROJECT, path.parent) if (base / file).is_file()), None)
        if found is None or (name and name not in names_in(found)):
            yield f"{file}:{name}" if name else file


@cache
def names_in(module: Path) -> frozenset[str]:
    """What a module defines at its head level."""
    found: set[str] = set()
    for node in ast.parse(text_of(module)).body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                found.add(node.name)
            case ast.Assign(targets=targets):
                found |= {target.id for target in targets if isinstance(target, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name)):
                found.add(name)
    return frozenset(found)


SEEKERS = (dead_links, dead_pages, dead_sections, dead_numbers, dead_code)


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_sign_leads_somewhere(path: Path) -> None:
    assert [dead for seek in SEEKERS for dead in seek(path, text_of(path))] == []


INITS = sorted(PACKAGE.rglob("__init__.py"))


@pytest.mark.parametrize("init", INITS, ids=name_of)
def test_every_package_says_in_a_sentence_or_two_what_it_is_and_where_to_begin(init: Path) -> None:
    said = ast.get_docstring(ast.parse(text_of(init))) or ""
    assert 1 <= len(re.findall(r"\.(?=\s|$)", said)) <= 2
    entries = re.findall(r"``([a-z][a-z0-9_.]*)``", said)
    assert entries
    assert [entry for entry in entries if not is_there(init.parent, entry)] == []


def is_there(package: Path, entry: str) -> bool:
    """Whether ``module``, ``package.module`` or either with a name in it stands in a package."""
    place = package / Path(*entry.split("."))
    if place.with_suffix(".py").is_file() or (place / "__init__.py").is_file():
        return True
    module = place.parent.with_suffix(".py")
    return module.is_file() and place.name in names_in(module)


def test_the_catalogue_and_the_contract_are_whole() -> None:
    assert messes() == frozenset(range(1, 80))
    assert sections(NUMBERED["contract"]) == frozenset(range(8))


@pytest.mark.parametrize(
    "text",
    [
        "see docs/nowhere.md",
        "docs/runbook.md#no_such_dag",
        "[why](decisions/9999-nothing.md)",
        "(architecture §2)",
        "contract §2, §9",
        "decision 9998",
        "catalogue M80",
        "`intake/nowhere.py`",
        "`intake/reader.py:read_nothing`",
    ],
)
def test_a_dead_sign_is_seen(text: str) -> None:
    assert [dead for seek in SEEKERS for dead in seek(DOCS / "page.md", text)]


@pytest.mark.parametrize(
    "text",
    [
        "docs/runbook.md#roll_up_week",
        "[why](decisions/0001-package-location.md)",
        "(contract §2, §3)",
        "[contract.md](contract.md) §4",
        "catalogue §1",
        "decision 0014, M47 and M01–M05",
        "`intake/reader.py:read_submission`, `dags/roll_up_week.py`",
        "32 MB, 1M rows, *.md",
    ],
)
def test_a_living_sign_is_left_alone(text: str) -> None:
    assert not [dead for seek in SEEKERS for dead in seek(DOCS / "page.md", text)]
