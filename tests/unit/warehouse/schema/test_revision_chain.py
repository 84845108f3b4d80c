"""Migrations are one chain, told without a server: two of one number, each green by itself, leave no warehouse that can be made."""

from __future__ import annotations

from pathlib import Path

from nuanliu.settings import INCLUDE_DIR

VERSIONS = sorted((INCLUDE_DIR / "migrations" / "versions").glob("[0-9]*.py"))


def said(path: Path, name: str) -> str | None:
    (line,) = [line for line in path.read_text("utf-8").splitlines() if line.startswith(f"{name} = ")]
    value = line.partition(" = ")[2]
    return None if value == "None" else value.strip('"')


def test_every_revision_comes_after_the_one_before_it_and_its_file_says_its_number() -> None:
    before: str | None = None
    for path in VERSIONS:
        revision = said(path, "revision")
        assert (revision, said(path, "down_revision")) == (path.name.partition("_")[0], before), path.name
        before = revision
    assert before is not None
