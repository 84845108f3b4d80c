"""Accounts from the command line: what is refused before Airflow is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from nuanliu.cli.app import app
from nuanliu.errors import InvalidSetting, UsageError
from nuanliu.running.logins import FAB, add_login

if TYPE_CHECKING:
    from pathlib import Path


def test_an_airflow_without_accounts_is_told_so() -> None:
    with pytest.raises(InvalidSetting, match="AIRFLOW__CORE__AUTH_MANAGER"):
        add_login("li", "viewer", "long enough it is", source={})


@pytest.mark.parametrize(
    ("role", "password", "words"), [("boss", "long enough it is", "no role"), ("viewer", "Top5ecret", "too short")]
)
def test_a_role_that_is_none_and_a_short_password_are_refused(role: str, password: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        add_login("li", role, password, source={"AIRFLOW__CORE__AUTH_MANAGER": FAB})
    assert password not in caught.value.message


def test_there_is_no_option_for_the_password_itself() -> None:
    shown = CliRunner().invoke(app, ["logins", "add", "--help"], terminal_width=200).output
    assert "--password-file" in shown
    assert "--password " not in shown


def test_where_nobody_can_be_asked_a_file_is_wanted() -> None:
    outcome = CliRunner().invoke(app, ["logins", "add", "li", "--role", "viewer"])
    assert isinstance(outcome.exception, UsageError)
    assert "--password-file" in outcome.exception.message


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    file = str(tmp_path / "none")
    outcome = CliRunner().invoke(app, ["logins", "add", "li", "--role", "viewer", "--password-file", file])
    assert isinstance(outcome.exception, InvalidSetting)
    assert file in outcome.exception.message
