"""A disk of its own for a folder, small enough to be filled: a file with a file system in it, mounted by loop."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_BALLAST = "ballast"
_BLOCK = bytes(1 << 16)


class NotPermitted(Exception):
    """This machine lets us mount nothing."""


@contextmanager
def small_disk(folder: Path, image: Path, megabytes: int) -> Iterator[None]:
    """Mount a new disk at a folder. Raises: NotPermitted with the reason."""
    folder.mkdir(parents=True, exist_ok=True)
    with image.open("wb") as out:
        out.truncate(megabytes << 20)
    try:
        _run("mkfs.ext4", "-q", "-F", "-m", "0", "-O", "^has_journal", str(image))
        _run("mount", "-o", "loop", str(image), str(folder))
        try:
            yield
        finally:
            _run("umount", str(folder))
    finally:
        image.unlink()


@contextmanager
def filled(folder: Path, *, leave: int) -> Iterator[None]:
    """Fill the disk of a folder up to some bytes for the length of a block."""
    ballast = folder / _BALLAST
    try:
        descriptor = os.open(ballast, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            while True:
                os.write(descriptor, _BLOCK)
        except OSError:  # it is full
            os.ftruncate(descriptor, max(os.fstat(descriptor).st_size - leave, 0))
        finally:
            os.close(descriptor)
        yield
    finally:
        ballast.unlink(missing_ok=True)


def _run(*command: str) -> None:
    program = shutil.which(command[0], path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if program is None:
        raise NotPermitted(f"there is no {command[0]} here")
    done = subprocess.run([program, *command[1:]], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise NotPermitted(f"{' '.join(command[:3])}: {done.stderr.strip() or done.returncode}")
