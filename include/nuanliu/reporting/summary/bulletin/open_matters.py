"""存在问题 and 下一步: who has not reported, whose report waits or went back, and what their receipts still ask for; nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nuanliu.contract.bulletin import BulletinWords
from nuanliu.reporting.summary.contents import Summary


def problem_lines(summary: Summary, words: BulletinWords) -> Iterator[str]:
    """A sentence a state in which any expected union is; one that says that there is none."""
    found = [(state, names) for state, names in (*_open(summary), ("late", summary.late)) if names]
    yield from (words.problems[state].format(count=len(names), names="、".join(names)) for state, names in found)
    if not found:
        yield words.problems["none"]


def next_step_lines(summary: Summary, words: BulletinWords) -> Iterator[str]:
    """What each of them is asked for: of a state, then of the findings of each receipt."""
    steps = words.next_steps
    found = [(state, names) for state, names in _open(summary) if names]
    yield from (steps[state].format(count=len(names), names="、".join(names)) for state, names in found)
    for matter in summary.open_matters:
        asks = "、".join(steps["finding"].format(title=title, number=number) for title, number in matter.asks)
        yield steps["findings"].format(union=matter.union, findings=asks)
    if not found and not summary.open_matters:
        yield steps["none"]


def _open(summary: Summary) -> Sequence[tuple[str, tuple[str, ...]]]:
    return (("missing", summary.missing), ("held", summary.held), ("returned", summary.returned))
