"""A small Procfile, run as the stack runs its own: what is shown when, and that all of it ends."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from nuanliu.running.processes import Processes
from nuanliu.settings import INCLUDE_DIR

INFO = "2026-11-30T06:56:05Z [info     ] as usual"
ERROR = "2026-11-30T06:56:05Z [error    ] 坏了"
STAYS = "exec sleep 60"


def run(folder: Path, procfile: dict[str, str], show: Callable[[str], None] | None) -> Processes:
    path = folder / "Procfile"
    path.write_text("".join(f"{name}: {command}\n" for name, command in procfile.items()), "utf-8")
    env = {**os.environ, "PYTHONPATH": str(INCLUDE_DIR), "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    return Processes(path, folder / "logs", env, folder, show)


def until(look: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not look():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_errors_wait_until_the_login_was_shown_and_everything_is_in_the_files(tmp_path: Path) -> None:
    shown: list[str] = []
    (tmp_path / "said").write_text(f"{INFO}\n{ERROR}\n", "utf-8")
    processes = run(tmp_path, {"talker": f"cat said; sleep 2; cat said; {STAYS}", "mute": STAYS}, shown.append)
    try:
        log = tmp_path / "logs" / "talker.log"
        until(lambda: log.exists() and log.read_text("utf-8").count("\n") == 2)
        time.sleep(0.3)
        assert shown == []
        processes.release()
        assert shown == [f"talker | {ERROR}"]
        until(lambda: len(shown) == 2)
        assert not processes.ended()
    finally:
        processes.end()
    assert processes.ended()
    assert shown == [f"talker | {ERROR}"] * 2
    assert log.read_text("utf-8") == f"{INFO}\n{ERROR}\n" * 2


def test_the_last_words_of_a_process_that_fails_are_shown(tmp_path: Path) -> None:
    shown: list[str] = []
    processes = run(tmp_path, {"failing": "echo no such thing; exit 3", "other": STAYS}, shown.append)
    until(processes.ended)
    processes.release()
    processes.end()
    log = tmp_path / "logs" / "failing.log"
    assert shown == [f"failing ended by itself (exit code 3); its log is {log}", "failing | no such thing"]


def test_what_was_held_back_is_not_shown_when_the_start_was_broken_off(tmp_path: Path) -> None:
    shown: list[str] = []
    (tmp_path / "said").write_text(f"{ERROR}\n", "utf-8")
    processes = run(tmp_path, {"talker": f"cat said; {STAYS}"}, shown.append)
    until((tmp_path / "logs" / "talker.log").exists)
    processes.end()
    assert shown == []


@pytest.mark.parametrize("listened_to", [True, False])
def test_processes_end_when_asked(tmp_path: Path, listened_to: bool) -> None:
    pid_file = tmp_path / "pid"
    processes = run(tmp_path, {"sleeper": f"echo $$ > {pid_file}; {STAYS}"}, print if listened_to else None)
    until(lambda: pid_file.exists() and pid_file.read_text())
    processes.end()
    assert not Path(f"/proc/{pid_file.read_text().strip()}").exists()


def test_an_end_asked_for_at_once_is_not_waited_for(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "system.log"
    for _ in range(5):
        log.unlink(missing_ok=True)
        processes = run(tmp_path, {f"sleeper{number}": STAYS for number in range(6)}, None)
        until(log.exists)  # the first of them is known, the others are not yet
        began = time.monotonic()
        processes.end()
        assert time.monotonic() - began < 10
