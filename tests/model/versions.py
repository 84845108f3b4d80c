"""What stands: the current versions, and which of their rows count (contract §2, Which version)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tests.model.drops import Drop, TreeChange, arrival_order
from tests.model.sameness import Said

Key = tuple[str, str]


@dataclass(frozen=True)
class Decision:
    """The outcome of a row and the families of the rules behind it; ``waits`` rows stay in the file and may count."""

    outcome: str
    families: tuple[str, ...] = ()
    waits: bool = False


@dataclass(frozen=True)
class Standing:
    """A row that a current version holds: accepted, or waiting behind another row that counts in its place."""

    said: Said
    accepted: bool
    order: tuple[object, ...]


@dataclass(frozen=True)
class Version:
    """What a union says of a week: the rows that stand, all rows of its files, and the last file with its answer."""

    number: int
    drop: Drop
    rows: tuple[Standing, ...]
    whole: tuple[Said, ...]
    file: tuple[Said, ...]
    answer: tuple[Decision, ...] = ()
    below: Version | None = None  # what a 补充 was added to

    @property
    def order(self) -> tuple[object, ...]:
        return arrival_order(self.drop)


@dataclass(frozen=True)
class State:
    """Current versions by (union, week), how files without a version ended, and the changes of the tree."""

    current: Mapping[Key, Version] = field(default_factory=dict)
    unanswered: Mapping[Key, str] = field(default_factory=dict)
    tree_changes: tuple[TreeChange, ...] = ()


def list_counting(versions: Iterable[Version]) -> list[Said]:
    """The rows that count. No row that a current version holds is lost: it counts when nothing stands before it.

    Of two unions' rows the organiser's own counts, else the first; of one union's events of one key and week
    those of one submission (contract §2, Content; One activity, two unions).
    """
    standing = [row for version in versions for row in version.rows]
    standing.sort(key=lambda row: (not row.accepted, row.order, row.said.sender, row.said.report_week))
    speaker: dict[object, str] = {}
    for row in standing:
        said = row.said
        if said.sender == said.organiser:
            speaker[said.identity] = said.sender
        speaker.setdefault(said.identity, said.sender)
    heard = [row.said for row in standing if speaker[row.said.identity] == row.said.sender]
    submission: dict[object, str] = {}
    for said in heard:
        submission.setdefault((said.sender, said.key), said.report_week)
    return [said for said in heard if said.row.kind != "event" or submission[said.sender, said.key] == said.report_week]
