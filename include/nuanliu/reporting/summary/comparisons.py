"""A figure beside itself a week and a year earlier: 环比 and 同比, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass

from nuanliu.domain.documents import FigureEntry, NotesDocument, YearBeforeEntry
from nuanliu.domain.figure_id import FigureId
from nuanliu.reporting.labels import ShownFigure, show_measure

NO_BASE = "—"
"""The figure was zero then: no percentage."""


@dataclass(frozen=True)
class Comparison:
    """``earlier``: the figure then, as shown. ``change`` is None where a comparison would mislead; ``why_not`` says why."""

    earlier: ShownFigure | None
    change: str | None
    why_not: str | None


def week_before(figure: FigureEntry, notes: NotesDocument) -> Comparison:
    """环比. The document knows the value of the week before; the notes know whether it was written with 余, 近 or 约."""
    if figure["previous"] is None:
        return Comparison(None, None, "上周无此项")
    exactness = notes.get("previous_exactness", {}).get(figure["figure_id"], "exact")
    shown = show_measure(figure["measure"], figure["unit"], figure["previous"], exactness)
    return _compare(shown, figure, "不可比:两周报送单位不同")


def year_before(figure: FigureEntry, notes: NotesDocument) -> Comparison | None:
    """同比, with the week of the same number last year; None when nobody looked (no notes)."""
    if "years" not in notes:
        return None
    if notes["year_before"] is None:
        _, number, _ = FigureId.parse(figure["figure_id"]).week.monday.isocalendar()
        return Comparison(None, None, f"不可比:上年没有第{number}周")
    then = notes["years"].get(figure["figure_id"])
    if then is None:
        return Comparison(None, None, "上年无此项")
    shown = show_measure(figure["measure"], figure["unit"], then["value"], then["exactness"])
    return _compare(shown, then, "不可比:两年报送单位不同")


def _compare(shown: ShownFigure, compared: FigureEntry | YearBeforeEntry, unequal: str) -> Comparison:
    percent = compared["change_pct"]
    if not compared["comparable"]:
        return Comparison(shown, None, unequal)
    if percent is None:
        return Comparison(shown, None, NO_BASE)
    return Comparison(shown, f"{'' if percent.startswith('-') else '+'}{percent}%", None)
