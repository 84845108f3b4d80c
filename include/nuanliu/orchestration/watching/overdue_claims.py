"""When claims without an answer are worth an event: once no run seems to work on them, and ever more seldom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

FIRST_PAUSE_SECONDS = 300.0
"""Longer than a task's own retries (10 + 20 + 40 s) and nearly every file. A run that is announced while another still
works waits for it, then finds only what that one left.
"""
LONGEST_PAUSE_SECONDS = 3600.0


@dataclass(frozen=True)
class OverdueClaims:
    """The claims seen last. ``since``: when they last changed or were announced, in seconds of any clock; ``pause``: how
    long they must have stayed the same to be announced. Kept in memory: after a restart the clock begins anew.
    """

    object_ids: frozenset[int] = frozenset()
    since: float = 0.0
    pause: float = FIRST_PAUSE_SECONDS

    def look(self, object_ids: Collection[int], now: float) -> tuple[OverdueClaims, bool]:
        """What is known after seeing which claims are open, and whether a run must be started for them.

        A claim that is new was made by a run that takes the older ones too, and one that is gone was answered by a run
        that is at work: both begin the pause anew. Nothing happening, a run is asked for after 5, 10, 20 … 60 minutes.
        """
        ids = frozenset(object_ids)
        if not ids <= self.object_ids:
            return OverdueClaims(ids, now), False
        if ids < self.object_ids:
            return replace(self, object_ids=ids, since=now), False
        if ids and now - self.since >= self.pause:
            return OverdueClaims(ids, now, min(self.pause * 2, LONGEST_PAUSE_SECONDS)), True
        return self, False
