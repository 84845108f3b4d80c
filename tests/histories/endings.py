"""What must hold at the end of a history, and of single figures on the way: traces, replay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from functools import reduce
from random import Random

from tests.histories.comparing import Difference
from tests.histories.program import Program
from tests.model.figures import Figure, join_exactness

SAMPLED = 2
"""Figures that are traced after a moment; all of them take too long."""


def compare_traces(program: Program, moment: datetime, random: Random) -> Iterator[Difference]:
    """The cells of a figure add up to it, in value and exactness (contract §4, trace)."""
    figures = program.figures()
    for figure_id in random.sample(sorted(figures), min(SAMPLED, len(figures))):
        cells = program.trace(figure_id, moment)["cells"]
        summed = sum((Decimal(cell["value"]) for cell in cells), Decimal(0))
        exactness = reduce(join_exactness, (cell["exactness"] for cell in cells), "exact")
        figure = figures[figure_id]
        if (summed, exactness) != (figure.value, figure.exactness):
            yield Difference("trace", figure_id, f"{summed} {exactness} of {len(cells)} cells", show(figure))


def compare_replay(program: Program, moment: datetime) -> Iterator[Difference]:
    """Played again from the archive, nothing becomes different (contract §4, replay)."""
    document = program.replay(moment)
    for key in ("differences", "receipts", "missing"):
        for each in document[key]:
            yield Difference("replay", key, each, None)


def show(figure: Figure) -> str:
    return f"{figure.value} {figure.exactness} of {figure.activities}"
