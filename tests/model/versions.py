"""What stands: the current versions, and which of their rows count (contract §2, Which version)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

from tests.model.drops import Drop, TreeChange, arrival_order
from tests.model.sameness import Said
from tests.model.tree import Tree


@dataclass(frozen=True)
class Decision:
    """The outcome of a row and what is asked about it; ``waits`` rows stay in the file and may count.

    ``said`` is None for a row that is no activity: a line 本周无活动.
    """

    outcome: str
    queries: set[str] = field(default_factory=set)
    waits: bool = False
    said: Said | None = None


@dataclass(frozen=True)
class Answer:
    """The receipt as far as the model tells it: ``accepted`` stands for accepted_with_warnings too.

    ``filed`` is the unit-week it is filed under, ``week`` is null when the period conflicts (contract §1).
    ``loads``: whether the file becomes a version or part of one.
    """

    drop: Drop
    status: str
    filed: str
    week: str | None
    rows: tuple[Decision, ...] = ()
    loads: bool = False
    overtaken: bool = False
    would_be: str | None = None
    late: bool = False


@dataclass(frozen=True)
class Version:
    """What a union says of a week: a file that replaced what was there, and the 补充 that came after it; none: nothing."""

    number: int = 0
    files: tuple[Answer, ...] = ()

    @cached_property
    def whole(self) -> list[Decision]:
        """All rows of its files, but those that were there already and those that a later file says anew."""
        said_since: set[object] = set()
        whole: list[Decision] = []
        for file in reversed(self.files):
            added = [row for row in file.rows if row.said and (row.outcome != "ignored" or row.waits)]
            whole = [*(row for row in added if row.said.key not in said_since), *whole]
            said_since |= {row.said.key for row in added}
        return whole

    @property
    def rows(self) -> list[Decision]:
        """Those that count, or would if nothing stood before them."""
        return [row for row in self.whole if row.outcome == "accepted" or row.waits]


@dataclass(frozen=True)
class State:
    """Current versions by (union, week), and the changes of the tree."""

    current: dict[tuple[str, str], Version] = field(default_factory=dict)
    tree_changes: tuple[TreeChange, ...] = ()

    def tree(self, week: str) -> Tree:
        return Tree(week, self.tree_changes)

    def put(self, key: tuple[str, str], version: Version) -> State:
        return replace(self, current={**self.current, key: version})

    def list_counting(self) -> list[Said]:
        """The rows that count. No row that a current version holds is lost: it counts when nothing stands before it.

        Of two unions' rows the organiser's own counts, else the first; of one union's events of one key and week
        those of one submission (contract §2, Content; One activity, two unions).
        """
        rows = [row for version in self.current.values() for row in version.rows]
        rows.sort(key=lambda row: (row.outcome != "accepted", row.said.order, row.said.sender, row.said.report_week))
        standing = [row.said for row in rows]
        speaker = {said.identity: said.sender for said in reversed(standing)}
        speaker |= {said.identity: said.sender for said in standing if said.sender == said.organiser}
        heard = [said for said in standing if speaker[said.identity] == said.sender]
        submission = {said.key: said.report_week for said in reversed(heard)}
        return [said for said in heard if said.row.kind != "event" or submission[said.key] == said.report_week]


def load(current: Version, answer: Answer) -> Version:
    """The next version of the key: 补充 adds to what is older, any other type replaces it; the younger ones stay on top."""
    order = arrival_order(answer.drop)
    older = [file for file in current.files if arrival_order(file.drop) < order and answer.drop.type == "补充"]
    younger = [file for file in current.files if arrival_order(file.drop) > order]
    return Version(current.number + 1, (*older, answer, *younger))
