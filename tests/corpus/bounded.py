"""One file after the other in a child of its own, forked from a process that has everything imported, under limits.

What a file costs beyond start-up is seen in the child: its processor time, and its memory above what the parent holds.
"""

from __future__ import annotations

import json
import os
import pickle
import resource
import signal
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from nuanliu.intake.formats import open_workbook
from nuanliu.intake.formats.limits import ReadingLimits
from nuanliu.intake.formats.workbook import Refused
from nuanliu.operations.drops.check_drop import check_file

ARRIVED = datetime(2024, 12, 9, 2, tzinfo=UTC)
MEGABYTE = 1 << 20
Made = TypeVar("Made")


@dataclass(frozen=True)
class Bounds:
    """``memory``: bytes that a child may address beyond its parent. ``seconds``: of its processor time."""

    memory: int = 2048 * MEGABYTE
    seconds: int = 60


@dataclass
class Answer:
    """What became of one file. ``trace``: the traceback, if there was one; ``differences``: from what a spreadsheet shows."""

    status: str = ""
    rules: list[str] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    seconds: float = 0.0
    peak_mb: int = 0
    """The child's most memory beyond start-up; the bytes of the file count."""
    trace: str | None = None
    differences: list[str] = field(default_factory=list)
    gave_up: list[str] = field(default_factory=list)
    """Judges that could not read the file."""


def answer(data: bytes, name: str, bounds: Bounds, judge: Callable[[bytes, Answer], None] | None = None) -> Answer:
    """Check a file in a child. ``judge`` is asked there too, after time and memory were taken."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _be_the_child(data, name, bounds, judge, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    _, status, used = os.wait4(child, 0)
    if said:
        return Answer(**json.loads(said))
    signal_name = signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else f"exit {status >> 8}"
    return Answer(
        "died", trace=f"the child ended without an answer: {signal_name}", seconds=used.ru_utime + used.ru_stime
    )


def make_apart(make: Callable[[], Made]) -> Made:
    """What a child makes: the memory that making takes must not be counted with what reading takes."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        with os.fdopen(writing, "wb") as target:
            pickle.dump(make(), target)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    made: Made = pickle.loads(said)
    return made


def _be_the_child(
    data: bytes, name: str, bounds: Bounds, judge: Callable[[bytes, Answer], None] | None, pipe: int
) -> None:
    found = Answer()
    try:
        address_space = int(_of_status("VmSize")) * 1024 + bounds.memory
        unbounded = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (address_space, unbounded[1]))
        resource.setrlimit(resource.RLIMIT_CPU, (bounds.seconds, bounds.seconds + 5))
        _check(data, name, found)
        if judge is not None:
            resource.setrlimit(resource.RLIMIT_AS, unbounded)
            judge(data, found)
    except BaseException:  # noqa: BLE001 - whatever happens in the child is what is looked for
        found.status, found.trace = "raised", traceback.format_exc()
    with os.fdopen(pipe, "wb") as target:
        target.write(json.dumps(found.__dict__).encode())
    os._exit(0)


def _check(data: bytes, name: str, found: Answer) -> None:
    begun, resident, of_files = time.process_time(), *_resident()
    receipt = check_file(data, name, union_id="620400", week="2024-W49", received_at=ARRIVED)
    found.seconds = time.process_time() - begun
    # Pages of libraries come to a forked child again when they are first used, and are no file's cost.
    beyond = int(_of_status("VmHWM")) - resident - (_resident()[1] - of_files)
    found.peak_mb = beyond // 1024 + len(data) // MEGABYTE
    found.status = str(receipt.status)
    found.rules = sorted({finding.rule for finding in receipt.findings})
    counts = receipt.rows
    found.rows = [counts.received, counts.accepted, counts.returned, counts.held, counts.ignored]
    if "file.unreadable" in found.rules:
        found.trace = _hidden_traceback(data)


def _hidden_traceback(data: bytes) -> str:
    """The traceback behind ``file.unreadable``."""
    try:
        open_workbook._read(data, ReadingLimits.from_contract())
    except Refused as refused:
        return str(refused)
    except Exception:  # noqa: BLE001 - it is printed
        return traceback.format_exc()
    return "file.unreadable, but not a second time"


def _resident() -> tuple[int, int]:
    """What is in memory now, in kB: all of it, and the part that is pages of files."""
    return int(_of_status("VmRSS")), int(_of_status("RssFile"))


def _of_status(key: str) -> Any:
    """A line of /proc/self/status, in kB."""
    with Path("/proc/self/status").open(encoding="ascii") as lines:
        return next(line.split()[1] for line in lines if line.startswith(f"{key}:"))
