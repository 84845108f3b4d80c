"""Why a published figure changed: known from the drop that changed it, else from those that waited for the roll-up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from nuanliu.domain.figure_id import FigureId, parse_figure_id
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.domain.revised_figures import Reason
from nuanliu.warehouse.marts.weeks_pending import BY_RULES
from nuanliu.warehouse.schema import tables
from nuanliu.warehouse.schema.sql_files import load_sql
from nuanliu.warehouse.schema.union_tree import WeekTree, read_tree

Waited = Mapping[date, Collection[int]]
"""Monday → the drops whose roll-up it waited for (BY_RULES: other rules)."""


@dataclass(frozen=True)
class Cause:
    """What every change that a roll-up finds comes from. ``object_id``: the drop, where it was one."""

    reason: Reason
    object_id: int | None = None


def cause_of_drop(connection: Connection, object_id: int) -> Cause | None:
    """What a drop did to figures, in the transaction that loads it; None when it loaded nothing."""
    reason = connection.execute(load_sql("marts", "drop_cause"), {"object_id": object_id}).scalar()
    return None if reason is None else Cause(Reason(reason), object_id)


@dataclass(frozen=True)
class PossibleCauses:
    """All that can have changed the figures of a week since their changes were noted last."""

    tree: WeekTree
    of_all: Collection[Cause]
    """Of whichever union's figures."""
    by_union: Mapping[Cause, Collection[str]]
    """A drop → the unions that sent it or have activities in it."""

    @classmethod
    def read(cls, connection: Connection, week: ReportingWeek, cause: Cause | None, waited: Waited) -> PossibleCauses:
        """``cause``: what is rolled up for, None for nothing in particular; ``waited``: what the weeks waited for before that. A
        drop of an earlier week may be carried into this one.
        """
        waiting = {each for monday, drops in waited.items() if monday <= week.monday for each in drops}
        of_all = {Cause(Reason.RULES)} if BY_RULES in waiting else set()
        drops = waiting - {BY_RULES}
        if cause and (cause.object_id is None or not of_all | drops - {cause.object_id}):
            return cls._of_drops(connection, week, of_all | {cause}, drops - {cause.object_id})
        return cls._of_drops(connection, week, of_all, drops | ({cause.object_id} if cause else set()))

    @classmethod
    def search(cls, connection: Connection, week: ReportingWeek) -> PossibleCauses:
        """For changes from before anything was noted: the files since the week's last edition of which no change is."""
        edition = tables.edition.c
        last = connection.execute(
            select(func.max(edition.published_at).label("at"), func.max(edition.submission_seen).label("seen")).where(
                edition.week_id == str(week)
            )
        ).one()
        parameters = {"week_start": week.monday, "since": last.at, "seen": last.seen}
        drops = connection.execute(load_sql("marts", "unnoted_drops"), parameters).scalars()
        return cls._of_drops(connection, week, set(), set(drops))

    @classmethod
    def _of_drops(
        cls, connection: Connection, week: ReportingWeek, of_all: set[Cause], object_ids: Collection[int | None]
    ) -> PossibleCauses:
        by_union: dict[Cause, set[str]] = defaultdict(set)
        if object_ids:
            wanted = {"object_ids": sorted(each for each in object_ids if each is not None)}
            for row in connection.execute(load_sql("marts", "revision_causes"), wanted):
                by_union[Cause(Reason(row.reason), row.object_id)].add(row.union_id)
        return cls(read_tree(connection, week), of_all, dict(by_union))

    def of_figure(self, figure_id: str) -> Cause:
        """What changed a figure, where only one thing can have: nothing is guessed, since leaders are told it.

        A drop changes the figures of its unions, of those above them and, taken away, of those below that it reported for. A
        figure by place and one of a campaign may have changed through anyone.
        """
        if not self.of_all and not self.by_union:
            return Cause(Reason.ROLLED_UP)
        figure = parse_figure_id(figure_id)
        possible = {*self.of_all, *self.by_union}
        if isinstance(figure, FigureId) and not figure.is_by_place:
            own = figure.union_id
            related = {
                cause for cause, unions in self.by_union.items() if any(self._is_in_line(own, u) for u in unions)
            }
            possible = {*self.of_all, *related}
        if len(possible) == 1:
            return possible.pop()
        reasons = {cause.reason for cause in possible}
        return Cause(reasons.pop() if len(reasons) == 1 else Reason.UNKNOWN)

    def _is_in_line(self, one: str, other: str) -> bool:
        return one in self.tree.upwards(other) or other in self.tree.upwards(one)
