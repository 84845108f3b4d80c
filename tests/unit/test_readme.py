"""The README names every command and every setting there is; the contract every command too."""

from __future__ import annotations

import re
from inspect import signature
from pathlib import Path

import pytest

from nuanliu.cli.app import app
from nuanliu.settings import INCLUDE_DIR

CONTRACT = (INCLUDE_DIR.parent / "docs" / "contract.md").read_text("utf-8")
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


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_stands_in_the_contract(command: str) -> None:
    assert re.search(rf"^\| .*`nuanliu {command}\b", CONTRACT, re.MULTILINE)


def test_every_command_that_answers_takes_json() -> None:
    groups = {group.name: group.typer_instance for group in app.registered_groups if group.typer_instance}
    commands = [*app.registered_commands, *(one for group in groups.values() for one in group.registered_commands)]
    without = {
        one.callback.__name__
        for one in commands
        if one.callback and "as_json" not in signature(one.callback).parameters
    }
    assert not without


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_setting_stands_in_the_readme(setting: str) -> None:
    assert f"`{setting}`" in README


def test_the_two_commands_come_first() -> None:
    first = README[:400]
    assert "make demo" in first
    assert "make test" in first
