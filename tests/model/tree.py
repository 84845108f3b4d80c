"""Who belongs to whom, by the tree of a week (contract §2, One activity, two unions)."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.model.drops import TreeChange

REFERENCE = Path(__file__).parents[2] / "include" / "reference"
PROVINCE = "620000"


@cache
def read_reference(name: str) -> tuple[dict[str, str], ...]:
    """The rows of one code list in include/reference/."""
    with (REFERENCE / name).open(encoding="utf-8-sig", newline="") as lines:
        return tuple(csv.DictReader(lines))


@cache
def read_parents() -> dict[str, str]:
    return {line["union_id"]: line["parent_id"] for line in read_reference("unions.csv")}


@dataclass(frozen=True)
class Tree:
    """The tree as it stands in one week."""

    week: str
    changes: tuple[TreeChange, ...] = ()

    def list_begun(self, union: str) -> list[TreeChange]:
        return [change for change in self.changes if change.union == union and change.from_week <= self.week]

    def parent(self, union: str) -> str | None:
        """By the change that began last, of equals the one said last; else by unions.csv."""
        moves = [(change.from_week, change.at, change.parent) for change in self.list_begun(union) if change.parent]
        return max(moves)[-1] if moves else read_parents().get(union) or None

    def line(self, union: str) -> tuple[str, ...]:
        """The union itself, what it belongs to, and so on up to the province."""
        above = self.parent(union)
        return (union, *self.line(above)) if above else (union,)

    def has_ended(self, union: str) -> bool:
        return any(change.ended for change in self.list_begun(union))

    def find_home(self, place: str) -> str:
        """For whom a place counts: who lives there, of one that has ended the heir (of its first end, of two for one week
        the one said first), else what stands above."""
        heir: str | None = place
        while heir and self.has_ended(heir):
            heir = min((end.from_week, end.at, end.successor or "") for end in self.list_begun(heir) if end.ended)[-1]
        return heir or self.find_home(read_parents()[place])

    def may_write_for(self, sender: str, union: str) -> bool:
        """Whether a union lies in the sender's own tree: itself and what is below it (contract §2, columns)."""
        return sender in self.line(union)
