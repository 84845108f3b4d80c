"""Why a figure changed: the senders that reported in both weeks, those that came and went, and who changed it most."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext

from nuanliu.domain.documents import (
    ComparisonEntry,
    ContributorEntry,
    CoverageEntry,
    FigureEntry,
    NotesDocument,
    OpenState,
    TermEntry,
)
from nuanliu.domain.exactness import Exactness, show_figure, with_mark
from nuanliu.domain.figure_id import FigureId, Term, TermId
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.reporting.labels import is_money, measure_name, short_union_name
from nuanliu.reporting.summary.comparisons import (
    WORDS,
    Kind,
    Words,
    headline_comparison,
    share_text,
    why_not,
    with_sign,
)

OPEN_STATES: tuple[tuple[OpenState, str], ...] = (("missing", "未报"), ("held", "待说明"), ("returned", "退回"))
_WAN, _CENT = Decimal(10000), Decimal("0.01")
_DIGITS = 100
"""Sums have no upper bound."""


@dataclass(frozen=True)
class TermLine:
    """One term of a bridge."""

    term_id: str
    """Leads to its cells: ``nuanliu trace``."""
    label: str
    shown: str
    """增310, 减65余, in the bridge's unit."""


@dataclass(frozen=True)
class ContributorLine:
    """A sender that changed the figure much."""

    union: str
    shown: str
    """增310, 减65余, in the bridge's unit."""
    why: str
    """What it said itself, or that it reported in one of the weeks only; empty where nobody knows."""
    is_rise: bool


@dataclass(frozen=True)
class BridgeLine:
    """One figure and the one comparison that stands for it."""

    figure_id: str
    measure: str
    """By name."""
    unit: str
    """Of every number of the line: 万元 only where none of them had to be rounded, so that they add up as printed."""
    shown: str
    """With its 余, 近 or 约."""
    then: str
    """What the other week is called: 上周."""
    other: str
    """The other week: 2024年第48周(11月25日—12月1日)."""
    earlier: str
    """The figure then."""
    earlier_id: str
    """The id of that figure."""
    change: str
    """增2320余: all terms together."""
    percent: str | None
    """+33.9%; None where a percentage would mislead."""
    basis: str
    """Of whom the percentage is, or why there is none."""
    terms: tuple[TermLine, ...]
    """Those that changed anything; they add up to ``change``."""
    contributors: tuple[ContributorLine, ...]
    workdays: str
    """That one of the weeks had fewer working days; empty where both had as many, or nobody knows."""
    direction: int
    """1 where ``percent`` says more, -1 less, 0 neither; without one, what ``change`` says."""

    @property
    def verdict(self) -> str:
        """How much, in one breath: 比上周+33.9%(可比口径,两周都报的12家,占86%)."""
        if self.percent is None:
            return f"与{self.then}{self.basis}"
        return f"比{self.then}{self.percent}{f'({self.basis})' if self.basis else ''}"

    @property
    def sentence(self) -> str:
        """The whole figure in one sentence."""
        return f"{self.measure}{self.shown}{self.unit},{self.then}{self.earlier}{self.unit},{self.verdict}。"


def bridge_lines(
    figures: Iterable[FigureEntry], notes: NotesDocument, coverage: CoverageEntry
) -> tuple[BridgeLine, ...]:
    """A line for each figure that is compared with any other week."""
    with localcontext(prec=_DIGITS):
        lines = [_headline_bridge(figure, notes, coverage) for figure in figures]
    return tuple(line for line in lines if line is not None)


def _headline_bridge(figure: FigureEntry, notes: NotesDocument, coverage: CoverageEntry) -> BridgeLine | None:
    found = headline_comparison(figure)
    return _line(figure, *found, notes, coverage) if found else None


def _line(
    figure: FigureEntry, kind: Kind, entry: ComparisonEntry, notes: NotesDocument, coverage: CoverageEntry
) -> BridgeLine:
    contributors = notes.get("contributors", {}).get(f"{figure['figure_id']}/vs/{entry['week']}", [])
    number = _Number.of(figure, entry, contributors)
    change = Decimal(figure["value"]) - Decimal(entry["previous"])
    exactness = Exactness(figure["exactness"]) + -Exactness(entry["previous_exactness"])
    percent = entry["matched"]["change_pct"]
    is_shown = entry["shown"] != "none" and percent is not None
    return BridgeLine(
        figure_id=figure["figure_id"],
        measure=measure_name(figure["measure"]),
        unit=number.unit,
        shown=number.plain(figure["value"], figure["exactness"]),
        then=WORDS[kind].then,
        other=ReportingWeek.parse(entry["week"]).label,
        earlier=number.plain(entry["previous"], entry["previous_exactness"]),
        earlier_id=str(replace(FigureId.parse(figure["figure_id"]), week=ReportingWeek.parse(entry["week"]))),
        change=number.signed(str(change), exactness),
        percent=with_sign(percent) if is_shown and percent is not None else None,
        basis=_basis(entry, kind, is_shown=is_shown),
        terms=tuple(_terms(figure, kind, entry, number)),
        contributors=tuple(_contributor(each, kind, number, coverage) for each in contributors),
        workdays=_workdays(figure, entry, kind, notes.get("workdays", {})),
        direction=int((Decimal(percent) if is_shown and percent is not None else change).compare(0)),
    )


def _basis(entry: ComparisonEntry, kind: Kind, *, is_shown: bool) -> str:
    if entry["shown"] == "none":
        return why_not(entry, kind)
    if not is_shown:
        return f"不可比:{WORDS[kind].then}为0"
    matched = entry["matched"]
    if entry["shown"] == "plain" or matched["share"] is None:
        return ""
    return f"可比口径,{WORDS[kind].both}的{matched['unions']}家,占{share_text(matched['share'])}"


def _terms(figure: FigureEntry, kind: Kind, entry: ComparisonEntry, number: _Number) -> Iterator[TermLine]:
    figure_id, other = FigureId.parse(figure["figure_id"]), ReportingWeek.parse(entry["week"])
    for term in entry["bridge"]:
        if Decimal(term["value"]) or term["exactness"] != Exactness.EXACT:
            label = _term_label(term, WORDS[kind])
            term_id = str(TermId(figure_id, other, Term(term["term"])))
            yield TermLine(term_id, label, number.signed(term["value"], Exactness(term["exactness"])))


def _term_label(term: TermEntry, words: Words) -> str:
    count = term["unions"]
    match Term(term["term"]):
        case Term.MATCHED:
            return f"{words.both}的{count}家" if count else f"{words.now}、{words.then}都没报,由其他周的报表补计"
        case Term.JOINED:
            return f"{words.now}报、{words.then}没报的{count}家"
        case Term.ABSENT:
            return f"{words.then}报、{words.now}没报的{count}家"
        case Term.MOVED:
            return "单位隶属变动"


def _contributor(said: ContributorEntry, kind: Kind, number: _Number, coverage: CoverageEntry) -> ContributorLine:
    return ContributorLine(
        union=short_union_name(said["union_id"]),
        shown=number.signed(said["value"], Exactness(said["exactness"])),
        why=_why(said, WORDS[kind], coverage),
        is_rise=Decimal(said["value"]) > 0,
    )


def _why(said: ContributorEntry, words: Words, coverage: CoverageEntry) -> str:
    if said["explanation"]:
        return f"说明:{said['explanation']}"
    match Term(said["term"]):
        case Term.ABSENT:
            states = (label for key, label in OPEN_STATES if said["union_id"] in coverage[key])
            return f"{words.now}{next(states, '没报')}"
        case Term.JOINED:
            return f"{words.then}没报"
        case Term.MOVED:
            return "隶属变动"
        case Term.MATCHED:
            return ""


def _workdays(figure: FigureEntry, entry: ComparisonEntry, kind: Kind, known: Mapping[str, int]) -> str:
    now, then = known.get(str(FigureId.parse(figure["figure_id"]).week)), known.get(entry["week"])
    if now is None or then is None or now == then:
        return ""
    return f"工作日:本周{now}天,{WORDS[kind].then}{then}天。"


@dataclass(frozen=True)
class _Number:
    """How the numbers of one bridge are written: all in one unit, none of them rounded."""

    unit: str
    is_wan: bool

    @classmethod
    def of(cls, figure: FigureEntry, entry: ComparisonEntry, contributors: Iterable[ContributorEntry]) -> _Number:
        values = [figure["value"], entry["previous"], *(term["value"] for term in entry["bridge"])]
        values += [each["value"] for each in contributors]
        is_wan = is_money(figure["measure"]) and not any((Decimal(value) / _WAN) % _CENT for value in values)
        return cls("万元" if is_wan else figure["unit"], is_wan)

    def plain(self, value: str, exactness: str) -> str:
        """46.70余."""
        number = Decimal(value)
        if self.is_wan:
            return with_mark(f"{number / _WAN:.2f}", Exactness(exactness))
        return show_figure(number, Exactness(exactness))

    def signed(self, value: str, exactness: Exactness) -> str:
        """增46.70余; what is at most -65 is a fall of 65余: 减65余."""
        number = Decimal(value)
        if not number:
            return "持平" if exactness is Exactness.EXACT else "约持平"
        if number < 0:
            return f"减{self.plain(str(-number), -exactness)}"
        return f"增{self.plain(value, exactness)}"
