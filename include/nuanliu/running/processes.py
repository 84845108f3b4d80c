"""The processes of the Procfile as the starter of a stack holds them: started, listened to, ended."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

_END_SECONDS = 20.0


class HeldLines:
    """Lines of a pipe, read as they come and held back until they may be shown."""

    def __init__(self, pipe: IO[bytes], show: Callable[[str], None]) -> None:
        self._pipe = pipe
        self._show = show
        self._lock = threading.Lock()
        self._held: list[str] | None = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def release(self) -> None:
        """Show what was held, and from now on each line at once."""
        with self._lock:
            for line in self._held or ():
                self._show(line)
            self._held = None

    def close(self, patience: float = 2.0) -> None:
        """Read what is left, once the pipe's writers are gone; what was not released is not shown."""
        self._reader.join(patience)

    def _read(self) -> None:
        for line in iter(self._pipe.readline, b""):
            text = line.decode("utf-8", "replace").rstrip("\n")
            with self._lock:
                if self._held is None:
                    self._show(text)
                else:
                    self._held.append(text)


class Processes:
    """All of them, in a session of their own, so that Ctrl-C reaches the starter first and it ends them in order.

    ``show``: takes their warnings and errors, after ``release`` was called; None: they are in the log files only.
    """

    def __init__(
        self, procfile: Path, log_dir: Path, env: Mapping[str, str], folder: Path, show: Callable[[str], None] | None
    ) -> None:
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "nuanliu.running.process_logs", str(procfile), str(log_dir)],
            env=env,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if show else subprocess.DEVNULL,
            start_new_session=True,
        )
        self._lines = HeldLines(self._process.stdout, show) if show and self._process.stdout else None

    def ended(self) -> bool:
        """Whether one of them ended, and with it all."""
        return self._process.poll() is not None

    def release(self) -> None:
        """Show their warnings and errors from now on, those held so far included."""
        if self._lines:
            self._lines.release()

    def end(self) -> None:
        """Ask, wait, kill."""
        if not self.ended():
            self._process.terminate()
            try:
                self._process.wait(timeout=_END_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._lines:
            self._lines.close()
