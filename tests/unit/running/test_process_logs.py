"""Everything a process says is in its file; the terminal sees its warnings and errors."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from honcho.printer import Message

from nuanliu.running.process_logs import LogFile, ProcessLogs, is_worth_showing

DEPRECATION = (
    "2026-11-30T06:56:02.789581Z [warning  ] x is deprecated. [py.warnings] category={} filename=/a.py lineno=1"
)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("2026-11-30T06:56:05.279063Z [info     ] Starting the triggerer [a.b] loc=x.py:263", False),
        ("2026-11-30T06:56:05.279063Z [debug    ] said [error    ] somewhere", False),
        ("2026-11-30T06:56:08.738669Z [warning  ] the watcher is slow [a.b] loc=x.py:1", True),
        (
            "2026-11-30T06:56:08.738669Z [warning  ] SimpleAuthManager is active but the deployment shape looks like"
            " production (non-sqlite backend, …) [a.b] loc=x.py:1",
            False,
        ),
        ("2026-11-30 06:56:31.601091+00:00 [error    ] Task failed with exception [task]", True),
        ("2026-11-30T06:56:08.738669Z [critical ] no database", True),
        ("\x1b[2m2026-11-30T06:56:08.7Z\x1b[0m [\x1b[31m\x1b[1merror    \x1b[0m] \x1b[1mfailed\x1b[0m", True),
        ("\x1b[2m2026-11-30T06:56:08.7Z\x1b[0m [\x1b[32m\x1b[1minfo     \x1b[0m] \x1b[1mstarted\x1b[0m", False),
        ('{"timestamp":"2026-11-30T06:56:08Z","level":"info","event":"level: error"}', False),
        ('{"timestamp":"2026-11-30T06:56:08Z","level":"error","event":"failed","error_detail":[{"frames":[]}]}', True),
        ('{"timestamp":"t","level":"warning","event":"old","logger":"py.warnings","category":"FutureWarning"}', False),
        ("[2026-11-30T06:56:08.738+0800] {scheduler_job.py:12} WARNING - slow", True),
        ("[2026-11-30T06:56:08.738+0800] {scheduler_job.py:12} INFO - ERROR - no", False),
        ("INFO:     Started server process [1]", False),
        ("ERROR:mail.log:refused", True),
        ("INFO  [alembic.runtime.migration] Will assume transactional DDL.", False),
        ("Traceback (most recent call last):", True),
        (DEPRECATION.format("DeprecationWarning"), False),
        (DEPRECATION.format("StarletteDeprecationWarning"), False),
        (DEPRECATION.format("FutureWarning"), False),
        (DEPRECATION.format("ResourceWarning"), True),
    ],
)
def test_a_line_is_shown_by_its_level_whatever_the_format(line: str, shown: bool) -> None:
    assert is_worth_showing(line) is shown


@pytest.mark.parametrize(
    "line", ["", "  File 'a.py', line 1", "ValueError: no", "{not json", '["level"]', '{"a": 1}', "INFORMATION: none"]
)
def test_a_line_without_a_level_belongs_to_the_one_before(line: str) -> None:
    assert is_worth_showing(line) is None


class Screen:
    """A printer with a terminal in memory, told what honcho would tell it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.terminal = io.StringIO()
        self.logs = ProcessLogs(folder, self.terminal)
        self.logs.width = 9

    def hear(self, name: str, *lines: str | bytes) -> None:
        for line in lines:
            data = line if isinstance(line, bytes) else f"{line}\n".encode()
            self.logs.write(Message(type="line", data=data, time=None, name=name, colour=None))

    def hear_honcho(self, line: str) -> None:
        self.logs.write(Message(type="line", data=f"{line}\n", time=None, name="system", colour=None))

    @property
    def shown(self) -> list[str]:
        return self.terminal.getvalue().splitlines()

    def kept(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()


@pytest.fixture
def screen(tmp_path: Path) -> Screen:
    return Screen(tmp_path / "logs")


INFO = "2026-11-30T06:56:05Z [info     ] as usual"
ERROR = "2026-11-30T06:56:05Z [error    ] Task failed"
TRACEBACK = ["Traceback (most recent call last):", '  File "a.py", line 1, in b', "", "ValueError: 没有"]


def test_the_traceback_below_an_error_is_shown_whole_and_what_other_processes_say_meanwhile_is_not(
    screen: Screen,
) -> None:
    screen.hear("scheduler", "a banner", INFO, ERROR, *TRACEBACK[:2])
    screen.hear("mail", INFO, "a line of its own")
    screen.hear("scheduler", *TRACEBACK[2:], INFO, "a line below it")
    assert screen.shown == [f"scheduler | {line}".rstrip() for line in [ERROR, *TRACEBACK]]


def test_no_line_is_lost(screen: Screen) -> None:
    said = ["a banner", INFO, ERROR, *TRACEBACK, INFO]
    screen.hear("scheduler", *said, b"\xff not UTF-8\n", b"no newline at its end")
    whole = (screen.folder / "scheduler.log").read_bytes()
    assert whole == "".join(f"{line}\n" for line in said).encode() + b"\xff not UTF-8\nno newline at its end\n"


def test_a_process_that_ends_by_itself_is_named_with_its_last_words(screen: Screen) -> None:
    screen.hear("mail", *(f"line {number}" for number in range(50)), "sh: 1: airflow: not found")
    screen.hear_honcho("mail stopped (rc=127)")
    screen.hear_honcho("sending SIGTERM to scheduler (pid 7)")
    screen.hear_honcho("scheduler stopped (rc=-15)")
    head, *words = screen.shown
    assert head == f"mail ended by itself (exit code 127); its log is {screen.folder / 'mail.log'}"
    assert (words[0], words[-1], len(words)) == ("mail      | line 41", "mail      | sh: 1: airflow: not found", 10)
    assert "scheduler stopped (rc=-15)" in screen.kept("system")


def test_words_that_were_shown_are_not_said_again_at_the_end(screen: Screen) -> None:
    screen.hear("scheduler", INFO, ERROR, *TRACEBACK)
    screen.hear_honcho("scheduler stopped (rc=1)")
    assert sum("ValueError" in line for line in screen.shown) == 1


def test_an_end_that_was_asked_for_is_silent_on_the_terminal(screen: Screen) -> None:
    screen.hear_honcho("SIGTERM received")
    screen.hear("scheduler", ERROR)
    screen.hear_honcho("scheduler stopped (rc=0)")
    assert screen.shown == []
    assert ERROR in screen.kept("scheduler")


def test_a_terminal_that_is_gone_does_not_keep_lines_from_the_file(screen: Screen) -> None:
    screen.terminal.write = _broken  # type: ignore[method-assign]
    screen.hear("scheduler", ERROR, INFO)
    assert screen.kept("scheduler") == f"{ERROR}\n{INFO}\n"


def _broken(text: str) -> int:
    raise BrokenPipeError


def test_a_start_keeps_the_log_of_the_start_before_and_no_more(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "scheduler.log"
    for number in range(3):
        log = LogFile(path)
        log.write(f"start {number}\n".encode())
        log.close()
    assert {each.name: each.read_text() for each in path.parent.iterdir()} == {
        "scheduler.log": "start 2\n",
        "scheduler.log.1": "start 1\n",
    }


def test_a_long_run_does_not_grow_its_log_for_ever(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "scheduler.log", largest=100)
    for number in range(1000):
        log.write(f"line {number}\n".encode())
    log.close()
    assert sum(each.stat().st_size for each in tmp_path.iterdir()) <= 200
    assert (tmp_path / "scheduler.log").read_text().endswith("line 999\n")
