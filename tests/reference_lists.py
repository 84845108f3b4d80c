"""The project's code lists with other lines in some of their files, for as long as a test lasts."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from nuanliu.contract import code_lists
from nuanliu.contract.reloading import forget_data
from nuanliu.settings import INCLUDE_DIR

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

HISTORY = "union_id,name,level,parent_id,division_code,expected_weekly,valid_from,valid_to,successor"


def copy_lists(folder: Path, **files: str) -> Path:
    """A copy of include/reference in a folder; ``files``: name without .csv → what it holds instead."""
    shutil.copytree(INCLUDE_DIR / "reference", folder / "reference", dirs_exist_ok=True)
    for name, text in files.items():
        (folder / "reference" / f"{name}.csv").write_text(text, "utf-8")
    return folder / "reference"


def use_lists(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, folder: Path, **files: str) -> None:
    """Let the program read the copy instead, until the test ends."""
    copy_lists(folder, **files)
    monkeypatch.setattr(code_lists, "INCLUDE_DIR", folder)
    forget_data()
    request.addfinalizer(forget_data)


def use_history(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, folder: Path, *lines: str) -> None:
    """The project's lists with these lines in union_history.csv."""
    use_lists(monkeypatch, request, folder, union_history="\n".join([HISTORY, *lines]) + "\n")
