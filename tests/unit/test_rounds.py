"""What ``make test`` plays in fewer rounds is played to the full by ``make soak``."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def soak_recipe() -> str:
    (recipe,) = re.findall(r"^soak:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    return str(recipe)


def test_every_file_with_fewer_rounds_is_named_by_the_soak() -> None:
    asking = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tests").rglob("test_*.py")
        if re.search(r"^from tests\.rounds import", path.read_text("utf-8"), re.MULTILINE)
    }
    assert asking
    played = {
        name for line in soak_recipe().splitlines() if "NUANLIU_TEST_ALL_ROUNDS=1" in line for name in line.split()
    }
    assert asking - played == set()


def test_the_soak_plays_every_property_with_its_full_examples() -> None:
    assert re.search(r"NUANLIU_TEST_ALL_ROUNDS=1 .* -m hypothesis", soak_recipe())
