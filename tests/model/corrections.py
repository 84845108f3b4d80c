"""What is told when a published figure changes, and why it did (contract §4, Revisions)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tests.model.drops import Drop, Step, TreeChange
from tests.model.figures import Figure
from tests.model.versions import Version


@dataclass(frozen=True)
class Change:
    """One step of one published figure; ``old`` or ``new`` is None where there is no figure."""

    week: str
    figure_id: str
    old: Figure | None
    new: Figure | None
    reason: str


@dataclass(frozen=True)
class Edition:
    """What an edition said: its figures, the states of the unions, the corrections it told."""

    week: str
    number: int
    figures: Mapping[str, Figure]
    states: Mapping[str, str]
    revisions: tuple[Change, ...]
    changes_seen: int  # how many changes of all weeks there were when it was written


def find_changes(
    week: str, old: Mapping[str, Figure], new: Mapping[str, Figure], published: Iterable[str], reason: str
) -> list[Change]:
    """Every change of a figure that some edition of its week has shown, one step at a time."""
    return [
        Change(week, figure_id, old.get(figure_id), new.get(figure_id), reason)
        for figure_id in sorted(set(published))
        if old.get(figure_id) != new.get(figure_id)
    ]


def name_reason(step: Step, replaced: Version | None) -> str:
    """What happened: a tree change, a file that says other than the one before, or one that came in addition."""
    if isinstance(step, TreeChange):
        return "单位变动"
    if isinstance(step, Drop) and replaced and replaced.rows and step.type != "补充":
        return "更正"
    return "补报"


def choose_revisions(week: str, changes: Sequence[Change], editions: Sequence[Edition]) -> tuple[Change, ...]:
    """Changes of its own week since that week's last edition, of any week since the last edition of whatever week."""
    of_week = max((edition.changes_seen for edition in editions if edition.week == week), default=0)
    of_any = max((edition.changes_seen for edition in editions), default=0)
    return tuple(
        change for place, change in enumerate(changes) if place >= of_any or (change.week == week and place >= of_week)
    )
