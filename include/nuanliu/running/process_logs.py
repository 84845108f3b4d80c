"""What the processes of a stack say: each into a file of its own, warnings and errors also to the terminal.

``python -m nuanliu.running.process_logs PROCFILE FOLDER`` runs a Procfile this way: honcho's manager with a printer of ours.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import threading
from collections import deque
from pathlib import Path
from typing import Protocol, TextIO

from honcho.environ import parse_procfile
from honcho.manager import SYSTEM_PRINTER_NAME, Manager

LARGEST_LOG = 32 * 1024 * 1024
_LAST_WORDS = 10
_SHOWN_LEVELS = {"warn", "warning", "error", "exception", "critical", "fatal"}
_LEVELS = {"notset", "debug", "info"} | _SHOWN_LEVELS
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
# Airflow's console: "2026-11-30T06:56:05.279063Z [info     ] …"; a task's lines have a blank for the T.
_CONSOLE = re.compile(r"\d{4}-\d\d-\d\d[T ]\S+ \[(\w+) *\]")
# Python's logging as uvicorn, alembic and basicConfig set it, and Airflow's log_format of old: "[time] {file:line} INFO - …".
_PLAIN = re.compile(r"(?:\[[^\]]+\] \{[^}]*\} )?([A-Z]+)(?: -|:| +\[)")
# What a library's author shall mend; who runs the stack cannot.
_FOR_AUTHORS = re.compile(r"(?:Deprecation|Future)Warning$")
# A warning of what we chose: the stack of one machine listens on 127.0.0.1 only and keeps its password file private.
_CHOSEN = re.compile(r"SimpleAuthManager is active but the deployment shape looks like production")
_CATEGORY = re.compile(r" \[py\.warnings\].* category=(\w+)")
_ENDED = re.compile(r"(\S+) stopped \(rc=(-?\d+)\)")
_ENDING = re.compile(r"SIG[A-Z]+ received|sending SIG")


def is_worth_showing(line: str) -> bool | None:
    """Whether a line begins a warning, an error or a traceback; None when it has no level and goes on with the one before."""
    line = _COLOUR.sub("", line)
    if line.startswith("Traceback (most recent call last):"):
        return True
    level, category = _of_json(line) if line.startswith("{") else _of_text(line)
    if level not in _LEVELS:
        return None
    return level in _SHOWN_LEVELS and not _FOR_AUTHORS.search(category) and not _CHOSEN.search(line)


def _of_json(line: str) -> tuple[str, str]:
    try:
        record = json.loads(line)
    except ValueError:
        return "", ""
    return str(record.get("level", "")).lower(), str(record.get("category", ""))


def _of_text(line: str) -> tuple[str, str]:
    head = _CONSOLE.match(line) or _PLAIN.match(line)
    category = _CATEGORY.search(line)
    return head[1].lower() if head else "", category[1] if category else ""


class LogFile:
    """A file that begins anew with each start and whenever it is full; the one before is kept as ``….log.1``."""

    def __init__(self, path: Path, largest: int = LARGEST_LOG) -> None:
        self.path = path
        self._largest = largest
        self._begin()

    def write(self, line: bytes) -> None:
        """Append at once: whoever is killed next, the line is there."""
        if self._size + len(line) > self._largest:
            self.close()
            self._begin()
        self._stream.write(line)
        self._size += len(line)

    def close(self) -> None:
        """Lines after this raise ValueError."""
        self._stream.close()

    def _begin(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if self.path.exists():
            self.path.replace(self.path.with_name(f"{self.path.name}.1"))
        self._stream = self.path.open("wb", buffering=0)
        self._size = 0


class Said(Protocol):
    """A line as honcho hands it over; its own have the name ``system``."""

    name: str
    data: bytes | str


class ProcessLogs:
    """Stands where honcho's printer stands."""

    def __init__(self, folder: Path, terminal: TextIO) -> None:
        self.folder = folder
        self.width = 0
        """Of the longest name; honcho sets it."""
        self._terminal: TextIO | None = terminal
        self._files: dict[str, LogFile] = {}
        self._showing: dict[str, bool] = {}
        self._hidden: dict[str, deque[str]] = {}
        self._ending = False

    def write(self, message: Said) -> None:
        """Keep a line; show it when it, or the line it goes on with, is worth it."""
        data = message.data if isinstance(message.data, bytes) else message.data.encode()
        data = data if data.endswith(b"\n") else data + b"\n"
        self._file(message.name).write(data)
        text = data.decode("utf-8", "replace").rstrip()
        if message.name == SYSTEM_PRINTER_NAME:
            self._hear_honcho(text)
        else:
            self._hear(message.name, text)

    def _hear(self, name: str, text: str) -> None:
        begins = is_worth_showing(text)
        if begins is not None:
            self._showing[name] = begins
        hidden = self._hidden.setdefault(name, deque(maxlen=_LAST_WORDS))
        if self._showing.get(name):
            hidden.clear()
            self._show(name, text)
        else:
            hidden.append(text)

    def _hear_honcho(self, text: str) -> None:
        if _ENDING.match(text):
            self._ending = True
        elif (ended := _ENDED.match(text)) and not self._ending:
            name, code = ended[1], ended[2]
            self._say(f"{name} ended by itself (exit code {code}); its log is {self._file(name).path}")
            for line in self._hidden.pop(name, ()):
                self._show(name, line)

    def _show(self, name: str, text: str) -> None:
        if not self._ending:
            self._say(f"{name:<{self.width}} | {text}".rstrip())

    def _say(self, line: str) -> None:
        if self._terminal is None:
            return
        try:
            self._terminal.write(line + "\n")
            self._terminal.flush()
        except OSError:  # the starter was killed or its terminal closed; the files go on
            self._terminal = None

    def _file(self, name: str) -> LogFile:
        if name not in self._files:
            self._files[name] = LogFile(self.folder / f"{name}.log")
        return self._files[name]


class EarlyEndedManager(Manager):  # type: ignore[misc]  # honcho has no types
    """Honcho fails when it is ended before it knows the process id of each; this one asks itself again until it does."""

    def terminate(self) -> None:
        """Called by its handler of SIGTERM and SIGINT, and when a process has ended."""
        if self._all_started():
            super().terminate()
        else:
            threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGTERM)).start()


def run_procfile(procfile: Path, folder: Path, terminal: TextIO) -> int:
    """Run its processes until one ends or SIGTERM comes, then end the others. Returns the first one's exit code."""
    manager = EarlyEndedManager(ProcessLogs(folder, terminal))
    for name, command in parse_procfile(procfile.read_text("utf-8")).processes.items():
        manager.add_process(name, command)
    manager.loop()
    return int(manager.returncode or 0)


if __name__ == "__main__":
    with open(sys.stdout.fileno(), "w", encoding="utf-8", closefd=False) as _terminal:
        sys.exit(run_procfile(Path(sys.argv[1]), Path(sys.argv[2]), _terminal))
