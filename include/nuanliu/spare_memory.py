"""Memory that Arrow's allocator keeps for later is given back after the steps of a big file; a small one needs none."""

from __future__ import annotations

_BIG = 1 << 17
"""Rows. Below it, giving back costs more than it is worth."""


def give_back(rows: int) -> None:
    """Let the system have what was freed while ``rows`` rows were read: half a gigabyte of a million."""
    if rows < _BIG:
        return
    import pyarrow as pa

    pa.default_memory_pool().release_unused()
