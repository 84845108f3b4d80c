"""Keys and passwords of a running stack: on no command line, in no log, no XCom and no rendered template."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, make_url
from tests.e2e.driven_stack import finished, start
from tests.planted_numbers import database_texts

from nuanliu.settings import Settings
from nuanliu.storage.database import airflow_dsn

if TYPE_CHECKING:
    from nuanliu.running.stack import Stack

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

KEEPERS = {"secrets.json", "stack.json", "airflow/passwords.json", "postgres/password", "postgres/server.json"}
"""The private files (0600) in which they stand."""


class CommandLines(threading.Thread):
    """Reads, until told to stop, the command line of every process of this machine, as any account may."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.seen: set[str] = set()
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.stopped.wait(0.05):
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    self.seen.add(path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
                except OSError:
                    continue


@pytest.fixture(scope="module")
def known(stack: Stack) -> dict[str, str]:
    """Name → secret."""
    drawn: dict[str, str] = json.loads((stack.home / "var" / "secrets.json").read_text())
    password = make_url(airflow_dsn(Settings.from_env(stack.env))).password
    return {**drawn, "postgres": str(password)}


@pytest.fixture(scope="module")
def command_lines(stack: Stack, known: dict[str, str]) -> set[str]:
    """What processes were called with while a DAG ran from its start to its end."""
    reading = CommandLines()
    reading.start()
    finished(stack, start(stack, "watch_pipeline"))
    reading.stopped.set()
    reading.join()
    return reading.seen


def shown(known: dict[str, str], text: str) -> list[str]:
    return [name for name, secret in known.items() if secret in text]


def test_the_search_knows_every_secret_and_finds_one_that_is_there(known: dict[str, str]) -> None:
    assert {"fernet_key", "jwt_secret", "api_secret", "admin_password", "postgres"} <= set(known)
    assert shown(known, f"--password={known['postgres']}") == ["postgres"]


def test_no_secret_is_on_a_command_line(known: dict[str, str], command_lines: set[str]) -> None:
    assert any("airflow" in line for line in command_lines)
    assert {line[:80]: shown(known, line) for line in command_lines if shown(known, line)} == {}


def test_no_secret_is_in_airflows_database(stack: Stack, known: dict[str, str], command_lines: set[str]) -> None:
    engine = create_engine(airflow_dsn(Settings.from_env(stack.env)).replace("postgresql://", "postgresql+psycopg://"))
    try:
        texts = dict(database_texts(engine))
    finally:
        engine.dispose()
    assert {"xcom.value", "rendered_task_instance_fields.rendered_fields", "log.extra"} <= texts.keys()
    assert {place: shown(known, text) for place, text in texts.items() if shown(known, text)} == {}


def test_no_secret_is_in_a_log_and_those_that_keep_them_are_private(
    stack: Stack, known: dict[str, str], command_lines: set[str]
) -> None:
    var = stack.home / "var"
    found, searched = {}, 0
    for path in sorted(var.rglob("*")):
        name = path.relative_to(var).as_posix()
        if not path.is_file() or name.startswith("postgres/data/"):
            continue
        if name in KEEPERS:
            assert path.stat().st_mode & 0o077 == 0, name
            continue
        searched += 1
        if told := shown(known, path.read_bytes().decode("utf-8", "replace")):
            found[name] = told
    assert searched > 10
    assert found == {}
