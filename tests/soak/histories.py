"""Random histories beside the reference model, as one more line of a soak's table."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from tests.histories.campaign import Plan, play_histories
from tests.soak.verdict import OTHER, Difference

if TYPE_CHECKING:
    from tests.soak.campaign import Report

ROW = "steps of random histories"


def play_beside_model(report: Report, seed: int, steps: int, workers: int = 2) -> None:
    """So many steps. A history that differs stands among the differences with its seed and a script that plays it again."""
    for played in play_histories(count(seed * 1_000_000), steps, workers, Plan()):
        row = report.rows[ROW]
        row.injected += played.steps
        row.recovered += 0 if played.found else played.steps
        row.other += len(played.found)
        for found in played.found[:1]:
            report.differences.append(Difference(OTHER, f"history {played.seed}: {found}\n{played.script}"))
