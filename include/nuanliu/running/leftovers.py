"""Finding and ending the processes of one stack, whoever their parent is by now."""

from __future__ import annotations

import time

import psutil

MARK = "NUANLIU_STACK"
"""Environment variable that every process of a stack inherits; its value is the home."""
_GENTLE_SECONDS = 4.0
_ROUNDS = 4


def marked_processes(home: str) -> list[psutil.Process]:
    """All processes on this machine that were started by the stack of ``home``, this one excepted."""
    return [
        process for process in psutil.process_iter() if process.pid != psutil.Process().pid and _mark(process) == home
    ]


def end_marked_processes(home: str) -> int:
    """End them: ask, wait, kill; again while a dying process still starts others. Returns how many there were."""
    seen: set[int] = set()
    for _ in range(_ROUNDS):
        processes = marked_processes(home)
        if not processes:
            break
        seen.update(process.pid for process in processes)
        for process in processes:
            _send(process, kill=False)
        _, alive = psutil.wait_procs(processes, timeout=_GENTLE_SECONDS)
        for process in alive:
            _send(process, kill=True)
        psutil.wait_procs(alive, timeout=_GENTLE_SECONDS)
        time.sleep(0.1)
    return len(seen)


def _mark(process: psutil.Process) -> str | None:
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        return process.environ().get(MARK)
    except (psutil.Error, OSError):  # gone meanwhile, or another user's
        return None


def _send(process: psutil.Process, *, kill: bool) -> None:
    try:
        if kill:
            process.kill()
        else:
            process.terminate()
    except psutil.NoSuchProcess:
        return
