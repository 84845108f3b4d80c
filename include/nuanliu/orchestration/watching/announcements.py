"""When drops that wait in the bucket are worth an event: a new set at once, the same set again only after a while."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

FIRST_REPEAT_SECONDS = 60.0
LONGEST_REPEAT_SECONDS = 900.0


@dataclass(frozen=True)
class Watermark:
    """What was announced last. ``stamps``: hash of each object announced; ``at``: epoch seconds; ``pause``: seconds
    until the same set is announced again. It survives a restart of the triggerer in the asset's state.
    """

    stamps: frozenset[str] = frozenset()
    at: float = 0.0
    pause: float = FIRST_REPEAT_SECONDS

    def look(self, waiting: Collection[str], now: float) -> tuple[Watermark, bool]:
        """The watermark after seeing what waits, and whether that must be announced.

        Anything unseen is announced at once. What still waits although it was announced is announced again after 1, 2,
        4 … 15 minutes: the DAG may have been paused, or its run may have failed. What no longer waits is forgotten, so
        that the same file dropped again is new.
        """
        stamps = frozenset(_short_hash(item) for item in waiting)
        if not stamps <= self.stamps:
            return Watermark(stamps, now), True
        if stamps and now - self.at >= self.pause:
            return Watermark(stamps, now, min(self.pause * 2, LONGEST_REPEAT_SECONDS)), True
        return replace(self, stamps=stamps), False

    def as_json(self) -> dict[str, Any]:
        """For the asset's state."""
        return {"stamps": sorted(self.stamps), "at": self.at, "pause": self.pause}

    @classmethod
    def from_json(cls, document: Mapping[str, Any] | None) -> Watermark:
        """From the asset's state; None is a watcher that never announced anything."""
        if not document:
            return cls()
        return cls(frozenset(document["stamps"]), float(document["at"]), float(document["pause"]))


def _short_hash(item: str) -> str:
    # A file name may hold personal data, so the state that Airflow shows holds hashes only.
    return hashlib.sha256(item.encode("utf-8", "surrogateescape")).hexdigest()[:16]
