"""Make a failing history small."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields, replace

from tests.model.drops import Drop, Row, Step

Steps = tuple[Step, ...]
MEANT = {"rows", "kind", "type", "form"}
"""What says most about a failure: never put back to its default."""


def shrink_history(steps: Steps, fails: Callable[[Steps], bool]) -> Steps:
    """Leave out halves and quarters, then steps and rows one at a time, then cells, as long as ``fails(steps)`` holds."""
    for smaller in (*list_with_fewer_steps(steps), *list_with_fewer_rows(steps), *list_plainer(steps)):
        if fails(smaller):
            return shrink_history(smaller, fails)
    return steps


def list_with_fewer_steps(steps: Steps) -> Iterator[Steps]:
    """Without each half, each quarter … each step."""
    size = len(steps) // 2
    while size:
        yield from (steps[:at] + steps[at + size :] for at in range(0, len(steps), size))
        size //= 2


def list_with_fewer_rows(steps: Steps) -> Iterator[Steps]:
    for at, step in enumerate(steps):
        for row in range(len(step.rows)) if isinstance(step, Drop) else ():
            yield put(steps, at, replace(step, rows=step.rows[:row] + step.rows[row + 1 :]))


def list_plainer(steps: Steps) -> Iterator[Steps]:
    """With one thing that a drop says, or one cell of a row, at its default."""
    for at, step in enumerate(steps):
        if isinstance(step, Drop):
            yield from (put(steps, at, plainer) for plainer in list_defaults(step))
            for place, row in enumerate(step.rows):
                yield from (
                    put(steps, at, replace(step, rows=put(step.rows, place, plainer))) for plainer in list_defaults(row)
                )


def list_defaults(value: Drop | Row) -> Iterator[Drop | Row]:
    for field in fields(value):
        has_default = field.default is not MISSING and field.name not in MEANT
        if has_default and getattr(value, field.name) != field.default:
            yield replace(value, **{field.name: field.default})


def put(values: tuple, at: int, value: object) -> tuple:
    return (*values[:at], value, *values[at + 1 :])
