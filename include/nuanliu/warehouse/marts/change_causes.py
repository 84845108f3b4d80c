"""Why a published figure changed: known from the drop that changed it, else searched among those that came since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from nuanliu.domain.figure_id import FigureId, parse_figure_id
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.domain.revised_figures import Reason
from nuanliu.warehouse.schema import tables
from nuanliu.warehouse.schema.sql_files import load_sql
from nuanliu.warehouse.schema.union_tree import WeekTree, read_tree


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
class LikelyCauses:
    """Reports since a week's last edition that no change is noted of, by the unions that sent them or have activities in them."""

    tree: WeekTree
    by_node: Mapping[str, set[str]]
    """Union → reasons at or below it."""

    @classmethod
    def read(cls, connection: Connection, week: ReportingWeek) -> LikelyCauses:
        """For changes that a roll-up finds in a published week without knowing their drop."""
        edition = tables.edition.c
        last = connection.execute(
            select(func.max(edition.published_at).label("at"), func.max(edition.submission_seen).label("seen")).where(
                edition.week_id == str(week)
            )
        ).one()
        tree = read_tree(connection, week)
        by_node: dict[str, set[str]] = defaultdict(set)
        parameters = {"week_start": week.monday, "since": last.at, "seen": last.seen}
        for cause in connection.execute(load_sql("marts", "revision_causes"), parameters):
            for node in tree.upwards(cause.union_id):
                by_node[node].add(cause.reason)
        return cls(tree, dict(by_node))

    def of_figure(self, figure_id: str) -> Reason:
        """The strongest reason in the figure's subtree, else of the nearest union above, which may report for it.

        A figure by place and one of a campaign may have changed through anyone.
        """
        figure = parse_figure_id(figure_id)
        nodes: Iterable[str] = (self.tree.root,)
        if isinstance(figure, FigureId) and not figure.is_by_place:
            nodes = self.tree.upwards(figure.union_id)
        reasons = next((self.by_node[node] for node in nodes if node in self.by_node), set())
        return next((reason for reason in Reason if reason in reasons), Reason.ROLLED_UP)
