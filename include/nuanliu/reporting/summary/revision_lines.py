"""Figures that are no longer what was published, line by line, and the few of them that a reader needs first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nuanliu.contract.code_lists import PROVINCE, codes
from nuanliu.domain.exactness import parse_shown_figure
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
    """One figure that is no longer what was published. ``old``, ``new``: with their unit; — where there is none."""

    figure_id: str
    week: str
    union: str
    what: str
    old: str
    new: str
    reason: str


def revision_line(revision: Mapping[str, Any], notes: Mapping[str, Any]) -> RevisionLine:
    """``revision``: one of the document's. The notes know the exactness of numbers that the document writes plainly."""
    figure = _Figure.parse(revision["figure_id"])
    old, new = notes.get("revision_marks", {}).get(revision["figure_id"], (None, None))
    return RevisionLine(
        figure_id=revision["figure_id"],
        week=revision.get("week") or figure.week,
        union=node_name(figure.union_id),
        what=f"{category_name(figure.category)}·{measure_name(figure.measure)}{figure.qualifier}",
        old=_shown(figure.measure, revision["old"], old),
        new=_shown(figure.measure, revision["new"], new),
        reason=revision["reason"] or "",
    )


def main_revisions(lines: Sequence[RevisionLine]) -> tuple[RevisionLine, ...]:
    """The lines that say what happened: the whole province's totals, then each figure where it changed.

    Left out, since they repeat it: figures by place, a union's total beside its categories, sums of what is listed below.
    """
    figures = {line.figure_id: _Figure.parse(line.figure_id) for line in lines}
    standing: dict[tuple[str, ...], set[str]] = {}
    for figure in figures.values():
        standing.setdefault(figure.same, set()).add(figure.union_id)
    categorised = {(figure.union_id, *figure.beside) for figure in figures.values() if figure.category != "all"}

    def is_main(figure: _Figure) -> bool:
        if "place" in figure.tail:
            return False
        if figure.category == "all":
            if figure.union_id == PROVINCE:
                return adds_up(figure.measure)
            return (figure.union_id, *figure.beside) not in categorised
        below = set(codes().unions.subtree(figure.union_id)) - {figure.union_id}
        return not below & standing[figure.same]

    main = [line for line in lines if is_main(figures[line.figure_id])]
    return tuple(sorted(main, key=lambda line: figures[line.figure_id].union_id != PROVINCE))


@dataclass(frozen=True)
class _Figure:
    """A figure id in its parts; ``tail``: period kind and what follows."""

    week: str
    union_id: str
    category: str
    measure: str
    tail: tuple[str, ...]

    @classmethod
    def parse(cls, figure_id: str) -> _Figure:
        week, union_id, category, measure, *tail = figure_id.split("/")
        return cls(week, union_id, category, measure, tuple(tail))

    @property
    def same(self) -> tuple[str, ...]:
        """What the figures of a union and of those above it have in common."""
        return (self.week, self.category, self.measure, *self.tail)

    @property
    def beside(self) -> tuple[str, ...]:
        """What a total and its categories have in common."""
        return (self.week, self.measure, *self.tail)

    @property
    def qualifier(self) -> str:
        """What makes it more than the week's own events: (今年以来,按地点)."""
        words = [PERIOD_KIND[part] for part in self.tail[:1] if part != "event"]
        words += [f"自{part.removeprefix('since=')}" for part in self.tail if part.startswith("since=")]
        words += ["按地点"] * ("place" in self.tail) + [SCOPE["inclusive"]] * ("inclusive" in self.tail)
        return f"({','.join(words)})" if words else ""


def _shown(measure: str, text: str | None, exactness: str | None) -> str:
    if text is None:
        return "—"
    value, mark = parse_shown_figure(text)
    return show_measure(measure, base_unit(measure), str(value), exactness or mark or "exact").text
