"""Figures that are no longer what was published, line by line, and the few of them that a reader needs first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from nuanliu.contract.code_lists import PROVINCE, codes
from nuanliu.domain.documents import NotesDocument, RevisionEntry
from nuanliu.domain.figure_id import FigureId
from nuanliu.domain.revised_figures import ToldFigure, read_revision
from nuanliu.reporting.labels import (
    PERIOD_KIND,
    SCOPE,
    adds_up,
    base_unit,
    category_name,
    measure_name,
    node_name,
    show_measure,
)


@dataclass(frozen=True)
class RevisionLine:
    """One figure that is no longer what was published."""

    figure_id: str
    week: str
    """Of the figure."""
    union: str
    """Whose it is; the province's is 全省."""
    what: str
    """Category, measure, and what makes it more than the week's own events."""
    old: str
    """With its unit; — where there was none."""
    new: str
    """With its unit; — where it is gone."""
    reason: str
    """更正, 补报 …; empty when none is known."""


def revision_line(revision: RevisionEntry, notes: NotesDocument) -> RevisionLine:
    """``revision``: one of the document's. The notes know its numbers and their exactness."""
    figure = FigureId.parse(revision["figure_id"])
    old, new = read_revision(revision, notes)
    return RevisionLine(
        figure_id=revision["figure_id"],
        week=revision.get("week") or str(figure.week),
        union=node_name(figure.union_id),
        what=f"{category_name(figure.category)}·{measure_name(figure.measure)}{_qualifier(figure)}",
        old=_shown(figure.measure, old),
        new=_shown(figure.measure, new),
        reason=revision["reason"] or "",
    )


def main_revisions(lines: Sequence[RevisionLine]) -> tuple[RevisionLine, ...]:
    """The lines that say what happened: the whole province's totals, then each figure where it changed.

    Left out, since they repeat it: figures by place, a union's total beside its categories, sums of what is listed below.
    """
    figures = {line.figure_id: FigureId.parse(line.figure_id) for line in lines}
    listed = set(figures.values())
    categorised = {replace(figure, category="all") for figure in listed if figure.category != "all"}

    def is_main(figure: FigureId) -> bool:
        if figure.is_by_place:
            return False
        if figure.category == "all":
            return adds_up(figure.measure) if figure.union_id == PROVINCE else figure not in categorised
        below = set(codes().unions.subtree(figure.union_id)) - {figure.union_id}
        return listed.isdisjoint(replace(figure, union_id=union_id) for union_id in below)

    main = [line for line in lines if is_main(figures[line.figure_id])]
    return tuple(sorted(main, key=lambda line: figures[line.figure_id].union_id != PROVINCE))


def _qualifier(figure: FigureId) -> str:
    """What makes it more than the week's own events: (今年以来,按地点)."""
    words = [PERIOD_KIND[figure.period_kind]] if figure.period_kind != "event" else []
    words += [f"自{figure.since}"] if figure.since else []
    words += ["按地点"] * figure.is_by_place + [SCOPE["inclusive"]] * figure.is_inclusive
    return f"({','.join(words)})" if words else ""


def _shown(measure: str, told: ToldFigure | None) -> str:
    if told is None:
        return "—"
    return show_measure(measure, base_unit(measure), str(told.value), told.exactness or "exact").text
