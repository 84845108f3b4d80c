"""A file over the size cap: known by its size and hash, never held in memory."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Oversized:
    """Stands where a file's bytes would; the reader refuses it as it refuses too many bytes."""

    sha256: str
    size: int

    def __len__(self) -> int:
        return self.size
