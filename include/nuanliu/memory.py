"""Memory that allocators keep for later is given back after the steps of a big file; a small one needs none."""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa

_BIG = 1 << 17
"""Rows. Below it, giving back costs more than it is worth."""


def release_unused(rows: int) -> None:
    """Let the system have what was freed while ``rows`` rows were read: three quarters of a gigabyte of a million."""
    if rows < _BIG:
        return

    pa.default_memory_pool().release_unused()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it, other C libraries need it less
    if trim is not None:
        trim(0)


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Read and check a file without the search for garbage in circles.

    A file makes objects by the hundred thousand, most of which stay until it is answered, and hardly a circle among them;
    the collector would go through all of them again and again, for a quarter of the time that a file of many findings takes.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
