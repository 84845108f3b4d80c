"""The README names every command and every setting there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nuanliu.cli.app import app
from nuanliu.settings import INCLUDE_DIR

README = (INCLUDE_DIR.parent / "README.md").read_text("utf-8")
COMMANDS = sorted(
    {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    | {group.name for group in app.registered_groups if group.name}
)
SETTINGS = sorted(
    {
        name
        for path in Path(INCLUDE_DIR / "nuanliu").rglob("*.py")
        for name in re.findall(r"\"(NUANLIU_(?!TEST_|STACK)[A-Z_]+)\"", path.read_text("utf-8"))
    }
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_stands_in_the_readme(command: str) -> None:
    assert re.search(rf"`[^`]*\b{command}\b", README)


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_setting_stands_in_the_readme(setting: str) -> None:
    assert f"`{setting}`" in README


def test_the_two_commands_come_first() -> None:
    first = README[:400]
    assert "make demo" in first
    assert "make test" in first
