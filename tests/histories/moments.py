"""A history as the moments at which something happens: files arrive, the intake runs, weeks are published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tests.model.drops import Drop, Publish, Step, TreeChange, step_order


@dataclass(frozen=True)
class Moment:
    """One moment. ``arriving``: drops that come to lie in the bucket; ``answered``: those that the intake can read now."""

    at: datetime
    arriving: tuple[Drop, ...]
    changes: tuple[TreeChange, ...]
    answered: tuple[Drop, ...]
    publications: tuple[Publish, ...]


def list_moments(steps: Sequence[Step]) -> list[Moment]:
    """All moments of a history in their order; within one, the tree changes first and publications come last."""
    ordered = sorted(steps, key=step_order)
    drops = [step for step in ordered if isinstance(step, Drop)]
    times = {step.at for step in ordered} | {drop.arrived for drop in drops}
    return [
        Moment(
            at,
            tuple(drop for drop in drops if drop.arrived == at),
            tuple(step for step in ordered if isinstance(step, TreeChange) and step.at == at),
            tuple(drop for drop in drops if drop.at == at),
            tuple(step for step in ordered if isinstance(step, Publish) and step.at == at),
        )
        for at in sorted(times)
    ]
