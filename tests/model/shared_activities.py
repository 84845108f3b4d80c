"""One activity reported by two unions (contract §2, One activity, two unions)."""

from __future__ import annotations

from collections.abc import Iterable

from tests.model.sameness import Said


def is_counted_by_another(said: Said, counting: Iterable[Said]) -> bool:
    """Another union's row of the same activity counts, and this sender is not the organiser.

    The organiser's own row always counts; the row it takes over from stays in its file and waits.
    """
    return said.sender != said.organiser and any(
        other.sender != said.sender and other.identity == said.identity for other in counting
    )
