"""Whether what was measured now is much worse than what is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.results.rows import Row

WORSE = 1.5
"""Loose: another machine, or one that others use too, moves a ratio of processor seconds by a tenth or two."""


def worse_than_recorded(now: Row, recorded: Row) -> Iterator[str]:
    """A sentence for each figure that is half as large again as the recorded one, or more."""
    for name, was in recorded.figures.items():
        value = now.figures[name].value
        if was.value is not None and value is not None and value >= was.value * WORSE:
            yield f"{was.says}: {value:.2f} {was.unit}, recorded are {was.value:.2f}"
