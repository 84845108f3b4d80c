"""A figure beside an earlier week: by how much it changed, and whether that may be said, the same unions having reported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Row

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.domain.submission import CARRIED
from nuanliu.warehouse.schema.sql_files import load_sql
from nuanliu.warehouse.schema.union_tree import WeekTree, read_places, read_tree

_TENTH = Decimal("0.1")
_DIGITS = 100
"""Sums have no upper bound; beyond its digits a decimal cannot be rounded to a tenth."""


def change_pct(value: Decimal, previous: Decimal | None) -> str | None:
    """By how many percent a figure changed, one decimal, half up; None when there is no base or it is zero."""
    if previous is None or not previous:
        return None
    with localcontext(prec=_DIGITS):
        return str(((value - previous) / previous * 100).quantize(_TENTH, rounding=ROUND_HALF_UP))


@dataclass(frozen=True)
class Comparability:
    """Who has a current version (零报告 included) of a week and of an earlier one, and the tree of each."""

    tree: WeekTree
    now: frozenset[str]
    before: frozenset[str]
    tree_before: WeekTree | None = None
    """None: as ``tree``. A county that moved meanwhile stood in another union's figures then."""
    other_sums: frozenset[str] = frozenset()
    """Unions to whose carried figures another adds no more, or only now: it moved or ended, whoever reported."""
    has_ends: bool = False
    """Whether series ended with their unions meanwhile."""
    other_grounds: frozenset[str] = frozenset()
    """Unions for which other places count now than then."""

    def allows(self, figure: Row[Any]) -> bool:
        """Whether a row of mart_week_figure may be compared: the same unions add to it in both weeks."""
        if figure.period_kind in CARRIED and self._is_other_sum(figure):
            return False
        if figure.basis == "place":
            return self.of_place() and figure.union_id not in self.other_grounds
        if figure.scope == "inclusive" or figure.period_kind == "campaign":
            return self.of_union_alone(figure.union_id)
        return self.of_union(figure.union_id)

    def _is_other_sum(self, figure: Row[Any]) -> bool:
        return self.has_ends if figure.basis == "place" else figure.union_id in self.other_sums

    def of_union(self, union_id: str) -> bool:
        """Whether the same unions of a subtree reported in both weeks, and any did.

        A union whose whole subtree sent nothing in either week has its figures from the nearest union above it that
        reports for it; then that one decides.
        """
        now, before = self._below_now.get(union_id, set()), self._below_before.get(union_id, set())
        if now or before:
            return now == before
        return self._reported_from_above(union_id)

    def of_union_alone(self, union_id: str) -> bool:
        """The same for a figure that no union below adds to: inclusive, 专项期间."""
        if union_id in self.now or union_id in self.before:
            return union_id in self.now and union_id in self.before
        return self._reported_from_above(union_id)

    def of_place(self) -> bool:
        """The same for a figure by place, to which any union may add: all must be the same."""
        return bool(self.now) and self.now == self.before

    def _reported_from_above(self, union_id: str) -> bool:
        senders = self.now | self.before
        above = next((node for node in self.tree.upwards(union_id) if node in senders), None)
        return above is not None and above in self.now and above in self.before

    @cached_property
    def _below_now(self) -> Mapping[str, set[str]]:
        return self._below(self.now, self.tree)

    @cached_property
    def _below_before(self) -> Mapping[str, set[str]]:
        return self._below(self.before, self.tree_before or self.tree)

    @staticmethod
    def _below(senders: frozenset[str], tree: WeekTree) -> Mapping[str, set[str]]:
        """Union → those of its subtree that are among the senders."""
        below: dict[str, set[str]] = defaultdict(set)
        for sender in senders:
            for node in tree.upwards(sender):
                below[node].add(sender)
        return below


def read_comparability(connection: Connection, week: ReportingWeek, earlier: ReportingWeek) -> Comparability:
    """Who reported in a week and in an earlier one, and the trees they stood in."""
    senders: dict[str, set[str]] = {str(week): set(), str(earlier): set()}
    for row in connection.execute(load_sql("marts", "week_senders"), {"week_ids": list(senders)}):
        senders[row.week_id].add(row.union_id)
    tree, tree_before = read_tree(connection, week), read_tree(connection, earlier)
    mondays = {"week_start": week.monday, "earlier_start": earlier.monday}
    carrying = connection.execute(load_sql("marts", "carrying_unions"), mondays).all()
    other_sums: set[str] = set()
    for row in carrying:
        now = () if row.is_over else tree.upwards(row.union_id)
        other_sums.update(set(now) ^ set(tree_before.upwards(row.union_id)))
    other_grounds: set[str] = set()
    places_before = read_places(connection, earlier)
    for code, union_id in read_places(connection, week).items():
        other_grounds.update(set(tree.upwards(union_id)) ^ set(tree_before.upwards(places_before[code])))
    return Comparability(
        tree,
        frozenset(senders[str(week)]),
        frozenset(senders[str(earlier)]),
        tree_before,
        frozenset(other_sums),
        any(row.is_over for row in carrying),
        frozenset(other_grounds),
    )
