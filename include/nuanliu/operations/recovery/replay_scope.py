"""Which answered drops a replay is about, in which order they are played, and which must be taken over together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from nuanliu.contract.code_lists import codes
from nuanliu.contract.rules import rule_registry
from nuanliu.domain.reporting_week import ReportingWeek, parse_weeks
from nuanliu.errors import UsageError
from nuanliu.warehouse.recovery.replay_tables import Outcome

T = TypeVar("T")


@dataclass(frozen=True)
class ReplayScope:
    """The drops whose outcome may change; without any limit, all. ``weeks``: filed under or counting in one of them."""

    union_id: str | None = None
    first: ReportingWeek | None = None
    last: ReportingWeek | None = None
    rule: str | None = None

    @property
    def is_everything(self) -> bool:
        """Whether nothing limits the replay."""
        return self == ReplayScope()

    def holds(self, *sides: Outcome | None) -> bool:
        """Whether a drop belongs to it, by what became of it then and by what becomes of it today."""
        known = [side for side in sides if side is not None]
        return (
            any(self.union_id in (None, side.union_id) for side in known)
            and any(self.holds_week(week) for side in known for week in side.weeks)
            and (self.rule is None or any(self.rule in side.rules for side in known))
        )

    def holds_week(self, week: str) -> bool:
        """Whether a week lies in it."""
        wanted = ReportingWeek.parse(week)
        return (self.first is None or self.first <= wanted) and (self.last is None or wanted <= self.last)


def parse_replay_scope(union_id: str | None, weeks: str | None, rule: str | None) -> ReplayScope:
    """``weeks``: ``2024-W46..2024-W49``, or one week. Raises: UnknownUnion, InvalidWeek, UsageError."""
    if union_id is not None:
        codes().unions.sender(union_id)
    if rule is not None and rule not in {known.id for known in rule_registry()}:
        raise UsageError(f"unknown rule {rule!r} (ids stand in docs/rules.md)")
    if weeks is None:
        return ReplayScope(union_id, rule=rule)
    return ReplayScope(union_id, *parse_weeks(weeks), rule)


def in_order_of_answers(items: Sequence[T], *, group: Callable[[T], object], ordinal: Callable[[T], int]) -> list[T]:
    """Items as given, but those of one group change places among themselves so that their ordinals ascend.

    The items come in order of arrival. Files may have been answered the other way round (tasks run side by side, or one
    could not be read for an hour); the versions must come out as they did then. Where the order of all answers is lost, the
    receipts' numbers still tell that of one union and week.
    """
    members: dict[object, list[T]] = defaultdict(list)
    for item in items:
        members[group(item)].append(item)
    turns = {key: iter(sorted(those, key=ordinal)) for key, those in members.items()}
    return [next(turns[group(item)]) for item in items]


def receipt_ordinal(receipt_no: str) -> int:
    """The 7 of 620400-2024W49-007."""
    return int(receipt_no.rpartition("-")[2])


def bound_together(
    before: Mapping[int, Outcome], after: Mapping[int, Outcome], moved: Iterable[tuple[int, int]]
) -> list[frozenset[int]]:
    """Object ids in groups that only change together.

    All versions of a (union, week) are one group, as it was and as it is; so are two drops between which an activity moved.
    """
    parents: dict[object, object] = {}
    for side in (before, after):
        for object_id, outcome in side.items():
            for week in (outcome.filed_week, outcome.week_id or outcome.filed_week):
                _join(parents, object_id, (outcome.union_id, week))
    for old, new in moved:
        _join(parents, old, new)
    groups: dict[object, set[int]] = defaultdict(set)
    for object_id in before.keys() | after.keys():
        groups[_root(parents, object_id)].add(object_id)
    return [frozenset(group) for group in groups.values()]


def _join(parents: dict[object, object], one: object, other: object) -> None:
    parents[_root(parents, one)] = _root(parents, other)


def _root(parents: dict[object, object], member: object) -> object:
    """The member that stands for a whole group; the way there is shortened for the next who asks."""
    while (above := parents.setdefault(member, member)) != member:
        parents[member] = parents.setdefault(above, above)
        member = above
    return member
