"""`make up` and `make down`: everything runs, nothing stays."""

from __future__ import annotations

import os
import re
import signal
import smtplib
import subprocess
import sys
import time
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as default_policy
from typing import TYPE_CHECKING, Self

import psutil
import pytest

from nuanliu.running.airflow_api import AirflowApi, failing_components
from nuanliu.running.leftovers import marked_processes
from nuanliu.running.stack import stop_stack
from nuanliu.settings import INCLUDE_DIR, Settings
from nuanliu.storage.database import embedded_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


class Terminal:
    """`make up` as a person would run it: in a session of its own, its output in a file."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.screen = home / "screen.txt"
        self.process: subprocess.Popen[bytes] | None = None

    def command(self, word: str) -> list[str]:
        return [sys.executable, "-m", "nuanliu.running.stack", word]

    def environment(self) -> dict[str, str]:
        return {**os.environ, "NUANLIU_HOME": str(self.home), "PYTHONPATH": str(INCLUDE_DIR)}

    def up(self) -> Self:
        self.screen.unlink(missing_ok=True)
        with self.screen.open("wb") as stream:
            self.process = subprocess.Popen(
                self.command("up"), env=self.environment(), stdout=stream, stderr=stream, start_new_session=True
            )
        while "login:" not in self.text():
            assert self.process.poll() is None, self.text()
            time.sleep(0.5)
        return self

    def run(self, word: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.command(word), env=self.environment(), capture_output=True, text=True, check=False)

    def text(self) -> str:
        return self.screen.read_text(errors="replace")

    def shown(self, pattern: str) -> re.Match[str]:
        match = re.search(pattern, self.text())
        assert match, self.text()
        return match

    def everything_running(self) -> list[psutil.Process]:
        """The whole tree below the starter, and the database server, which has left the tree."""
        assert self.process is not None
        tree = psutil.Process(self.process.pid).children(recursive=True)
        pid_file = self.home / "var" / "postgres" / "data" / "postmaster.pid"
        postmaster = psutil.Process(int(pid_file.read_text().split("\n", 1)[0]))
        return [*tree, postmaster, *postmaster.children()]


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path)
    yield terminal
    if terminal.process is not None and terminal.process.poll() is None:
        terminal.process.kill()
    stop_stack(tmp_path)


def still_there(processes: list[psutil.Process]) -> list[psutil.Process]:
    _, alive = psutil.wait_procs(processes, timeout=10)
    return [each for each in alive if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]


def test_up_shows_where_things_are_and_neither_its_end_nor_its_death_leaves_a_process(terminal: Terminal) -> None:
    # Everything answers, at the addresses and with the login that were shown.
    terminal.up()
    base_url = terminal.shown(r"Airflow +(http://127\.0\.0\.1:\d+)")[1]
    login = terminal.shown(r"login: (\S+) / (\S+)")
    assert failing_components(base_url) == []
    assert AirflowApi(base_url, login[1], login[2]).get("/version")["version"].startswith("3.")
    smtp_port = int(terminal.shown(r"smtp://127\.0\.0\.1:(\d+)")[1])
    send(smtp_port, "第49周")
    kept = list((terminal.home / "var" / "mail").glob("*.eml"))
    assert [message_from_bytes(each.read_bytes(), policy=default_policy)["Subject"] for each in kept] == ["第49周"]
    for private in ("secrets.json", "stack.json", "airflow/passwords.json"):
        assert (terminal.home / "var" / private).stat().st_mode & 0o077 == 0, private

    # The terminal is calm: a line a step, where things are, warnings and errors. The rest is in a file a process.
    assert len(terminal.text().partition("login:")[0].splitlines()) == 6, terminal.text()
    assert "[info" not in terminal.text()
    logs = terminal.home / "var" / "logs"
    for name in ("api-server", "dag-processor", "scheduler", "triggerer"):
        assert "[info" in (logs / f"{name}.log").read_text("utf-8"), name
    assert "第49周" in (logs / "mail.log").read_text("utf-8")

    # All of it listens on the loopback only.
    processes = terminal.everything_running()
    names = " ".join(" ".join(each.cmdline()) for each in processes)
    for expected in ("api_server", "scheduler", "dag-processor", "triggerer", "mail_sink", "postgres"):
        assert expected in names, expected
    listening = {
        connection.laddr.ip
        for each in processes
        if each.is_running()
        for connection in each.net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert listening == {"127.0.0.1"}

    # A second one in the same home is refused and told where the first is.
    second = terminal.run("up")
    assert (second.returncode, base_url in second.stderr) == (2, True), second.stderr

    # Ctrl-C.
    assert terminal.process is not None
    terminal.process.send_signal(signal.SIGINT)
    assert terminal.process.wait(timeout=90) == 130
    assert still_there(processes) == []
    assert marked_processes(str(terminal.home)) == []

    # The starter is killed without a chance to clean up; `down` does it.
    terminal.up()
    processes = terminal.everything_running()
    terminal.process.kill()
    terminal.process.wait(timeout=10)
    assert still_there(processes) != []
    down = terminal.run("down")
    assert (down.returncode, "stopped" in down.stderr) == (0, True), down.stderr
    assert still_there(processes) == []
    assert marked_processes(str(terminal.home)) == []
    settings = Settings.from_env({"NUANLIU_HOME": str(terminal.home)})
    assert not embedded_server(settings).answers()

    # And once more says so.
    assert "nothing was running" in terminal.run("down").stderr


def send(port: int, subject: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "nuanliu@localhost", "leader@nuanliu.example", subject
    message.set_content("正文")
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as server:
        server.send_message(message)
