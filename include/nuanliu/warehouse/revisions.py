"""What became different since readers were told: published figures of a week, and of the week before it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from nuanliu.warehouse import tables
from nuanliu.warehouse.editions import Edition, read_editions
from nuanliu.warehouse.figure_text import exactness_word, marked_number, plain_number, unmarked_number
from nuanliu.warehouse.outages import passing_outages
from nuanliu.warehouse.sql_files import load_sql
from nuanliu.warehouse.union_tree import WeekTree, read_tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from nuanliu.reporting_week import ReportingWeek

REASONS = ("更正", "补充", "重报", "补报", "重新汇总")
"""Why a figure changed, the strongest first. 重新汇总: no report came; the rules or the codes changed."""


@dataclass(frozen=True)
class _Told:
    """A figure as readers know it. ``exactness`` is None where they were told the number only."""

    value: Decimal
    exactness: str | None


@passing_outages("reading a week's revisions")
def revisions(connection: Connection, week: ReportingWeek) -> list[dict[str, Any]]:
    """What the next edition of a week must say became different; empty before the first edition.

    Of the week itself: its last edition against today's figures. Of the week before: what readers of either week were told
    last, against today's, so that each change appears in the first edition of the following week published after it, once.
    Returns: ``{"week", "figure_id", "old", "new", "reason"}``, by week and figure id; ``old`` is null for a figure that is
    new, ``new`` for one that is gone. Numbers are plain; where only the exactness changed, both carry their mark (260余).
    """
    before = week.shift(-1)
    own_editions = read_editions(connection, week)
    changes = []
    if earlier_editions := read_editions(connection, before):
        first = earlier_editions[0]
        since = max((edition.published_at for edition in own_editions), default=first.published_at)
        changes += _changes(
            connection, before, _told_of_week_before(first, own_editions), max(since, first.published_at)
        )
    if own_editions:
        last = own_editions[-1]
        changes += _changes(connection, week, _published(last), last.published_at)
    return changes


def _published(edition: Edition) -> dict[str, _Told]:
    figures = edition.document["figures"]
    return {figure["figure_id"]: _Told(Decimal(figure["value"]), figure["exactness"]) for figure in figures}


def _told_of_week_before(first: Edition, own_editions: Iterable[Edition]) -> dict[str, _Told]:
    """The first edition of the week before, with every revision of it that later editions of this week told since."""
    told = _published(first)
    week = str(first.week)
    for edition in own_editions:
        if edition.published_at < first.published_at:
            continue
        for revision in edition.document["revisions"]:
            if revision["week"] != week:
                continue
            if revision["new"] is None:
                told.pop(revision["figure_id"], None)
            else:
                told[revision["figure_id"]] = _Told(*unmarked_number(revision["new"]))
    return told


def _changes(
    connection: Connection, week: ReportingWeek, told: Mapping[str, _Told], since: datetime
) -> list[dict[str, Any]]:
    figure = tables.mart_week_figure
    rows = {row.figure_id: row for row in connection.execute(figure.select().where(figure.c.week_start == week.monday))}
    changed = []
    for figure_id in sorted(told.keys() | rows.keys()):
        row = rows.get(figure_id)
        today = _Told(row.value, exactness_word(row.exactness)) if row is not None else None
        texts = _old_and_new(told.get(figure_id), today)
        if texts is not None:
            changed.append((figure_id, *texts))
    if not changed:
        return []
    causes = _Causes.read(connection, week, since)
    return [
        {"week": str(week), "figure_id": figure_id, "old": old, "new": new, "reason": causes.of_figure(figure_id)}
        for figure_id, old, new in changed
    ]


def _old_and_new(old: _Told | None, new: _Told | None) -> tuple[str | None, str | None] | None:
    """The two texts, or None when nothing changed."""
    if old is None or new is None or old.value != new.value:
        return (plain_number(old.value) if old else None, plain_number(new.value) if new else None)
    if old.exactness is None or new.exactness is None or old.exactness == new.exactness:
        return None
    return (marked_number(old.value, old.exactness), marked_number(new.value, new.exactness))


@dataclass(frozen=True)
class _Causes:
    """Reports that came since an edition, by the unions that sent them or have activities in them."""

    tree: WeekTree
    by_node: Mapping[str, set[str]]
    """Union → reasons at or below it."""

    @classmethod
    def read(cls, connection: Connection, week: ReportingWeek, since: datetime) -> _Causes:
        tree = read_tree(connection, week)
        by_node: dict[str, set[str]] = defaultdict(set)
        causes = connection.execute(
            load_sql("marts", "revision_causes"), {"week_start": week.monday, "since": since}
        ).all()
        for cause in causes:
            for node in tree.upwards(cause.union_id):
                by_node[node].add(cause.reason)
        return cls(tree, dict(by_node))

    def of_figure(self, figure_id: str) -> str:
        """The strongest reason in the figure's subtree, else of the nearest union above, which may report for it.

        A figure by place may have changed through anyone.
        """
        _, union_id, *rest = figure_id.split("/")
        nodes = (self.tree.root,) if "place" in rest else self.tree.upwards(union_id)
        reasons = next((self.by_node[node] for node in nodes if node in self.by_node), set())
        return next((reason for reason in REASONS if reason in reasons), REASONS[-1])
