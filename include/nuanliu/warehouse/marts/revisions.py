"""What became different since readers were told: published figures of a week, and of the week before it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection

from nuanliu.domain.documents import RevisionEntry
from nuanliu.domain.exactness import Exactness, exactness_word, plain_number, show_figure
from nuanliu.domain.figure_id import FigureId
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.domain.revised_figures import ToldFigure, read_revision
from nuanliu.warehouse.marts.editions import Edition, read_editions
from nuanliu.warehouse.schema import tables
from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.sql_files import load_sql
from nuanliu.warehouse.schema.union_tree import WeekTree, read_tree

REASONS = ("更正", "补充", "重报", "核实放行", "补报", "重新汇总")
"""Why a figure changed, the strongest first. 核实放行: an engineer let a held row pass. 重新汇总: no report came; the rules or the codes changed."""


@as_transient("reading a week's revisions")
def revisions(connection: Connection, week: ReportingWeek) -> list[RevisionEntry]:
    """What the next edition of a week must say became different; empty before the first edition.

    Of the week itself: its last edition against today's figures. Of the week before: what readers of either week were told
    last, against today's, so that each change appears in the first edition of the following week published after it, once.
    Returns: ``{"week", "figure_id", "old", "new", "reason"}``, by week and figure id; ``old`` is null for a figure that is
    new, ``new`` for one that is gone. Numbers are plain; where only the exactness changed, both carry their mark (260余).
    """
    revised: list[RevisionEntry] = []
    for told in _told_to_readers(connection, week):
        changed = [change for change in _changes(connection, told) if change.texts is not None]
        causes = _Causes.read(connection, told.week, told.since) if changed else None
        for change in changed:
            old, new = change.texts or (None, None)
            reason = causes.of_figure(change.figure_id) if causes else REASONS[-1]
            revised.append(
                {"week": str(told.week), "figure_id": change.figure_id, "old": old, "new": new, "reason": reason}
            )
    return revised


@dataclass(frozen=True)
class RevisionFields:
    """Of what ``revisions`` lists, by figure id, before and after: None where there is no figure."""

    values: dict[str, list[str | None]]
    marks: dict[str, list[str | None]]
    """The exactness; None, too, where none was told."""


def revision_fields(connection: Connection, week: ReportingWeek) -> RevisionFields:
    """Values and exactness of what ``revisions`` lists, for those who print them."""
    fields = RevisionFields({}, {})
    for told in _told_to_readers(connection, week):
        for change in _changes(connection, told):
            if change.texts is not None:
                sides = (change.old, change.new)
                fields.values[change.figure_id] = [plain_number(side.value) if side else None for side in sides]
                fields.marks[change.figure_id] = [side.exactness if side else None for side in sides]
    return fields


@dataclass(frozen=True)
class _ToldWeek:
    """What readers were told of a week, by figure id, and since when nothing was told."""

    week: ReportingWeek
    figures: Mapping[str, ToldFigure]
    since: datetime


@dataclass(frozen=True)
class _Change:
    """A figure as it was told, and as it is; None where there is none."""

    figure_id: str
    old: ToldFigure | None
    new: ToldFigure | None

    @property
    def texts(self) -> tuple[str | None, str | None] | None:
        """Both as the document writes them, or None when nothing changed."""
        old, new = self.old, self.new
        if old is None or new is None or old.value != new.value:
            return (plain_number(old.value) if old else None, plain_number(new.value) if new else None)
        if old.exactness is None or new.exactness is None or old.exactness == new.exactness:
            return None
        return (
            show_figure(old.value, Exactness(old.exactness)),
            show_figure(new.value, Exactness(new.exactness)),
        )


def _told_to_readers(connection: Connection, week: ReportingWeek) -> Iterable[_ToldWeek]:
    """The week before and the week itself, as far as they were published."""
    before = week.shift(-1)
    own_editions = read_editions(connection, week)
    if earlier_editions := read_editions(connection, before):
        first = earlier_editions[0]
        since = max((edition.published_at for edition in own_editions), default=first.published_at)
        yield _ToldWeek(before, _told_of_week_before(first, own_editions), max(since, first.published_at))
    if own_editions:
        last = own_editions[-1]
        yield _ToldWeek(week, _published(last), last.published_at)


def _published(edition: Edition) -> dict[str, ToldFigure]:
    figures = edition.document["figures"]
    return {figure["figure_id"]: ToldFigure(Decimal(figure["value"]), figure["exactness"]) for figure in figures}


def _told_of_week_before(first: Edition, own_editions: Iterable[Edition]) -> dict[str, ToldFigure]:
    """The first edition of the week before, with every revision of it that later editions of this week told since."""
    told = _published(first)
    week = str(first.week)
    for edition in own_editions:
        if edition.published_at < first.published_at:
            continue
        for revision in edition.document["revisions"]:
            if revision["week"] != week:
                continue
            _, new = read_revision(revision, edition.notes)
            if new is None:
                told.pop(revision["figure_id"], None)
            else:
                told[revision["figure_id"]] = new
    return told


def _changes(connection: Connection, told: _ToldWeek) -> Iterable[_Change]:
    """Every figure that was told or stands today, in order of the ids."""
    figure = tables.mart_week_figure
    rows = connection.execute(figure.select().where(figure.c.week_start == told.week.monday))
    today = {row.figure_id: ToldFigure(row.value, exactness_word(row.exactness)) for row in rows}
    for figure_id in sorted(told.figures.keys() | today.keys()):
        yield _Change(figure_id, told.figures.get(figure_id), today.get(figure_id))


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
        figure = FigureId.parse(figure_id)
        nodes = (self.tree.root,) if figure.is_by_place else self.tree.upwards(figure.union_id)
        reasons = next((self.by_node[node] for node in nodes if node in self.by_node), set())
        return next((reason for reason in REASONS if reason in reasons), REASONS[-1])
