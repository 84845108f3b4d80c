"""Memory that allocators keep for later is given back after the steps of a big file; a small one needs none."""

from __future__ import annotations

import ctypes

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
