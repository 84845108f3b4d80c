"""The catalogue of messes, M1–M79: every entry has a test that bears its number and states what becomes of it."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
ENTRIES = {f"m{number:02}" for number in range(1, 80)}
_TEST = re.compile(r"^def test_(m[0-9]{2})_[a-z0-9_]{12,}\(", re.MULTILINE)


def _entries_with_tests() -> set[str]:
    """The entries that tests are named after, in all test files."""
    return {entry for path in TESTS.rglob("test_*.py") for entry in _TEST.findall(path.read_text("utf-8"))}


def test_every_entry_of_the_catalogue_has_a_test_named_after_it() -> None:
    tested = _entries_with_tests()
    assert sorted(ENTRIES - tested) == []
    assert sorted(tested - ENTRIES) == []
