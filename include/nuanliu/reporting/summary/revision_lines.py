"""Figures that are no longer what was published, line by line, and the few of them that a reader needs first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from nuanliu.contract.code_lists import PROVINCE, codes
from nuanliu.contract.input_contract import input_contract
from nuanliu.domain.documents import NotesDocument, RevisionEntry, RollupDocument
from nuanliu.domain.figure_id import FigureId, dated_figure_id, parse_figure_id
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.domain.revised_figures import Step, ToldFigure, read_revisions
from nuanliu.reporting.labels import (
    PERIOD_KIND,
    SCOPE,
    adds_up,
    base_unit,
    campaign_name,
    category_name,
    measure_name,
    node_name,
    show_measure,
)


@dataclass(frozen=True)
class RevisionLine:
    """One step of a figure that is no longer what was published."""

    figure_id: str
    week: str
    """Of the figure."""
    union: str
    """Whose it is; the province's, and a campaign's, is 全省."""
    what: str
    """Category, measure, and what makes it more than the week's own events."""
    old: str
    """With its unit; — where there was none."""
    new: str
    """With its unit; — where it is gone."""
    reason: str
    """更正, 补报 …; empty when none is known."""

    @property
    def week_number(self) -> str:
        """第48周."""
        return f"第{ReportingWeek.parse(self.week).monday.isocalendar()[1]}周"


def revision_lines(document: RollupDocument, notes: NotesDocument) -> tuple[RevisionLine, ...]:
    """Every step that an edition tells: those of the document, in its order, which is by week, figure and time.

    Where editions without a mail have told others since the last mail, these stand among them. The notes know the numbers and
    exactness of both.
    """
    told = zip(document["revisions"], read_revisions(document["revisions"], notes), strict=True)
    unmailed = notes.get("unmailed_revisions", [])
    earlier = zip(unmailed, read_revisions(unmailed, {"revision_steps": notes.get("unmailed_steps", [])}), strict=True)
    lines = tuple(_line(revision, step) for revision, step in (*earlier, *told))
    return tuple(sorted(lines, key=lambda line: (line.week, line.figure_id))) if unmailed else lines


def _line(revision: RevisionEntry, step: Step) -> RevisionLine:
    figure_id = dated_figure_id(revision["week"], revision["figure_id"])
    figure = parse_figure_id(figure_id)
    old, new = step
    if isinstance(figure, FigureId):
        union = node_name(figure.union_id)
        what = f"{category_name(figure.category)}·{measure_name(figure.measure)}{_qualifier(figure)}"
    else:
        union = node_name(PROVINCE)
        what = f"{campaign_name(figure.campaign_id)}·{measure_name(figure.measure)}(专项累计)"
    return RevisionLine(
        figure_id=figure_id,
        week=revision["week"],
        union=union,
        what=what,
        old=_shown(figure.measure, old),
        new=_shown(figure.measure, new),
        reason=revision["reason"] or "",
    )


def main_revisions(lines: Sequence[RevisionLine]) -> tuple[RevisionLine, ...]:
    """The lines that say what happened: the whole province's totals, then each figure where it changed, then campaigns.

    Left out, since they repeat it: figures by place, a union's total beside its categories, sums of what is listed below.
    """
    parsed = {line.figure_id: parse_figure_id(line.figure_id) for line in lines}
    listed = {figure for figure in parsed.values() if isinstance(figure, FigureId)}
    categorised = {replace(figure, category="all") for figure in listed if figure.category != "all"}

    def is_main(figure: FigureId) -> bool:
        if figure.is_by_place:
            return False
        if figure.category == "all":
            return adds_up(figure.measure) if figure.union_id == PROVINCE else figure not in categorised
        below = set(codes().unions.subtree(figure.union_id)) - {figure.union_id}
        return listed.isdisjoint(replace(figure, union_id=union_id) for union_id in below)

    def rank(line: RevisionLine) -> int:
        figure = parsed[line.figure_id]
        if not isinstance(figure, FigureId):
            return 2
        return 0 if figure.union_id == PROVINCE else 1

    def is_shown(line: RevisionLine) -> bool:
        figure = parsed[line.figure_id]
        return is_main(figure) if isinstance(figure, FigureId) else adds_up(figure.measure)

    return tuple(sorted(filter(is_shown, lines), key=rank))


def record_lines(notes: NotesDocument) -> tuple[str, ...]:
    """How first published figures fared in the weeks before, a sentence a measure; none where it does not matter."""
    return tuple(
        f"近{input_contract().limits['revision_record']['weeks']}周{measure_name(said['measure'])}首发数平均"
        f"{'上修' if not said['mean_pct'].startswith('-') else '下修'}{said['mean_pct'].removeprefix('-')}%"
        f"(发布{said['weeks']}周,上修{said['up']}周,下修{said['down']}周)"
        for said in notes.get("revision_record", ())
    )


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
