"""A figure beside itself in another week: 环比, 同比 and 春节同期, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from nuanliu.domain.documents import ComparisonEntry, FigureEntry, NotesDocument, YearBeforeEntry
from nuanliu.domain.figure_id import FigureId
from nuanliu.reporting.labels import ShownFigure, show_measure

NO_BASE = "—"
"""The figure was zero then: no percentage."""
Kind = Literal["week_before", "year_before", "spring_festival"]
_HEADLINE: tuple[Kind, ...] = ("spring_festival", "week_before", "year_before")
"""Which comparison stands for a figure where it has several: around 春节 the week before misleads."""
_NOTHING = "无此项"


@dataclass(frozen=True)
class Words:
    """What the other week is called."""

    then: str
    """比上周, 上周没报."""
    now: str
    """The week itself beside it."""
    both: str
    """Of unions that reported in both."""
    nothing: str
    """The figure did not stand there."""
    unequal: str
    """Of older editions: others reported."""


WORDS: Mapping[Kind, Words] = {
    "week_before": Words("上周", "本周", "两周都报", f"上周{_NOTHING}", "不可比:两周报送单位不同"),
    "year_before": Words("上年同周", "今年", "两年同周都报", f"上年{_NOTHING}", "不可比:两年报送单位不同"),
    "spring_festival": Words(
        "上年春节同期", "今年", "两年春节同期都报", f"上年春节同期{_NOTHING}", "不可比:两年报送单位不同"
    ),
}


@dataclass(frozen=True)
class Comparison:
    """``earlier``: the figure then, as shown. ``change`` is None where a comparison would mislead; ``why_not`` says why."""

    earlier: ShownFigure | None
    change: str | None
    why_not: str | None


def comparison_of(figure: FigureEntry, kind: Kind) -> ComparisonEntry | None:
    """What the document says; None where it says nothing: an older edition, a figure 含下级, no such week or figure then."""
    return figure["comparisons"][kind] if "comparisons" in figure else None


def headline_comparison(figure: FigureEntry) -> tuple[Kind, ComparisonEntry] | None:
    """The one that stands for a figure: the first that may be printed; None where it stood in no other week."""
    found = [(kind, entry) for kind in _HEADLINE if (entry := comparison_of(figure, kind))]
    if not found:
        return None
    kind, entry = next((each for each in found if each[1]["shown"] != "none"), found[-1])
    if entry["shown"] == "none":  # no percentage anywhere: the week before is what people know
        kind, entry = next((each for each in found if each[0] == "week_before"), found[0])
    return kind, entry


def week_before(figure: FigureEntry, notes: NotesDocument) -> Comparison:
    """环比. Of an older edition the document knows the value of the week before; the notes know whether it was written with 余."""
    if entry := comparison_of(figure, "week_before"):
        return _told(figure, entry, "week_before")
    if figure["previous"] is None:
        return Comparison(None, None, WORDS["week_before"].nothing)
    exactness = notes.get("previous_exactness", {}).get(figure["figure_id"], "exact")
    shown = show_measure(figure["measure"], figure["unit"], figure["previous"], exactness)
    return _compare(shown, figure, WORDS["week_before"].unequal)


def year_before(figure: FigureEntry, notes: NotesDocument) -> Comparison | None:
    """同比, with the week of the same number last year; None when nobody looked (an older edition without notes)."""
    if entry := comparison_of(figure, "year_before"):
        return _told(figure, entry, "year_before")
    if "years" not in notes and "comparisons" not in figure:
        return None
    week = FigureId.parse(figure["figure_id"]).week
    if week.year_before() is None:
        return Comparison(None, None, f"不可比:上年没有第{week.monday.isocalendar()[1]}周")
    then = notes.get("years", {}).get(figure["figure_id"])
    if then is None:
        return Comparison(None, None, WORDS["year_before"].nothing)
    shown = show_measure(figure["measure"], figure["unit"], then["value"], then["exactness"])
    return _compare(shown, then, WORDS["year_before"].unequal)


def spring_before(figure: FigureEntry) -> Comparison | None:
    """With the week of the same distance to 正月初一 a year before; None where no document says anything of it."""
    if "comparisons" not in figure:
        return None
    entry = comparison_of(figure, "spring_festival")
    if entry is None:
        return Comparison(None, None, WORDS["spring_festival"].nothing)
    return _told(figure, entry, "spring_festival")


def _told(figure: FigureEntry, entry: ComparisonEntry, kind: Kind) -> Comparison:
    earlier = show_measure(figure["measure"], figure["unit"], entry["previous"], entry["previous_exactness"])
    if entry["shown"] == "none":
        return Comparison(earlier, None, why_not(entry, kind))
    percent = entry["matched"]["change_pct"]
    if percent is None:
        return Comparison(earlier, None, NO_BASE)
    return Comparison(earlier, with_sign(percent) + _of_whom(entry), None)


def comparison_words(told: Iterable[tuple[str, str, Comparison]]) -> tuple[str, str]:
    """What is said beside a figure, and of which other weeks it is not known: 环比+3.1%,上周980 and 上年无此项.

    ``told``: 环比, 上周 and the comparison, and so on. Whoever prints both says the second once for all lines that share it.
    """
    told = list(told)
    words = [
        f"{name}{each.change or each.why_not},{then}{each.earlier.text}" for name, then, each in told if each.earlier
    ]
    unknown = [each.why_not for _, _, each in told if each.earlier is None and each.why_not]
    weeks = [why.removesuffix(_NOTHING) for why in unknown if why.endswith(_NOTHING)]
    others = [why for why in unknown if not why.endswith(_NOTHING)]
    return ";".join(words), ",".join([*(["、".join(weeks) + _NOTHING] if weeks else []), *others])


def why_not(entry: ComparisonEntry, kind: Kind) -> str:
    """Why no percentage is printed."""
    matched, both = entry["matched"], WORDS[kind].both
    if not matched["unions"]:
        return f"不可比:没有{both}的单位"
    if matched["share"] is None:
        return f"不可比:{both}的单位占多少无法计算"
    return f"不可比:{both}的单位只占{share_text(matched['share'])}"


def share_text(share: str) -> str:
    """0.86 → 86%."""
    return f"{Decimal(share) * 100:.0f}%"


def with_sign(percent: str) -> str:
    """+33.9%, -3.0%."""
    return f"{'' if percent.startswith('-') else '+'}{percent}%"


def _of_whom(entry: ComparisonEntry) -> str:
    """Of whom a percentage is, unless it is of all."""
    share = entry["matched"]["share"]
    return f"(可比口径,占{share_text(share)})" if entry["shown"] == "matched" and share is not None else ""


def _compare(shown: ShownFigure, compared: FigureEntry | YearBeforeEntry, unequal: str) -> Comparison:
    percent = compared["change_pct"]
    if not compared["comparable"]:
        return Comparison(shown, None, unequal)
    if percent is None:
        return Comparison(shown, None, NO_BASE)
    return Comparison(shown, with_sign(percent), None)
