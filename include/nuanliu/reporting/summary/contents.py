"""What the weekly summary says, in the order it is said. Every line keeps its figure id; ``building`` makes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nuanliu.domain.documents import CoverageEntry
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.reporting.summary.bridge_lines import BridgeLine
from nuanliu.reporting.summary.first_screen import KeyFigureLine
from nuanliu.reporting.summary.highlight_lines import HighlightLine
from nuanliu.reporting.summary.revision_lines import RevisionLine


@dataclass(frozen=True)
class FigureLine:
    """One figure ready to print."""

    figure_id: str
    """Leads to its cells: ``nuanliu trace``."""
    union: str
    """Whose it is; the province's is 全省."""
    category: str
    """By name; 合计 for a total."""
    measure: str
    """By name."""
    unit: str
    """What ``shown`` is in, and every other figure of the line unless it says its own: little money stays in 元."""
    period: str
    """今年以来, 累计(自2024-03-01) …"""
    scope: str
    """本级 or 含下级, and ·按地点."""
    shown: str
    """With its 余, 近 or 约."""
    in_column: str
    """For a column whose head names the measure's usual unit."""
    value: str
    """A decimal in the base unit."""
    exactness: str
    """exact, over, under or approx."""
    activities: int
    """How many were added."""
    previous: str | None
    """The figure a week earlier; None where there was none."""
    change: str | None
    """环比; None where a comparison would mislead."""
    why_not: str | None
    """Why there is no ``change``."""
    year_ago: str | None = None
    """The same for the week of the same number last year; all three None when nobody looked."""
    year_change: str | None = None
    """同比."""
    year_why_not: str | None = None
    """Why there is none."""
    spring_ago: str | None = None
    """The same for the week of the same distance to 正月初一 last year; all three None far from it."""
    spring_change: str | None = None
    """春节同期."""
    spring_why_not: str | None = None
    """Why there is none."""
    compared: str = ""
    """All of these in one line: 环比+3.1%,上周980人;同比…; empty where it stood in no other week."""
    unknown_then: str = ""
    """In which other weeks it did not stand: 上周、上年无此项. Many lines share it: said once for all of them."""
    own_sum: str | None = None
    """Beside an inclusive figure, what the union and those below it reported as their own."""
    is_below: bool = False
    """Whether the inclusive figure cannot contain ``own_sum``."""


@dataclass(frozen=True)
class UnionLine:
    """One row of the table by prefecture; ``cells`` follow ``Summary.table_measures``."""

    union_id: str
    name: str
    state: str
    cells: tuple[FigureLine | None, ...]

    @property
    def has_figures(self) -> bool:
        """Whether it has anything to show but its state."""
        return any(self.cells)


@dataclass(frozen=True)
class Bar:
    """One bar of a chart, with the number beside it."""

    figure_id: str
    shown: str
    """With its 余, 近 or 约, in the unit of its column."""
    value: str
    """A decimal in the base unit."""
    exactness: str
    """exact, over, under or approx."""
    percent: int
    """Of the longest of its chart."""


@dataclass(frozen=True)
class WeekLine:
    """The whole province in one week; None is unknown, not zero."""

    week: str
    """第49周."""
    label: str
    """2024年第49周(12月2日—12月8日)."""
    people: Bar | None
    money: Bar | None
    """In 万元."""
    answered: int | None
    """How many expected unions reported."""
    expected: int | None

    @property
    def coverage(self) -> str:
        """12/14; — where nothing is known."""
        return "—" if self.answered is None else f"{self.answered}/{self.expected}"


@dataclass(frozen=True)
class PrefectureLine:
    """How many people a prefecture served."""

    name: str
    state: str
    """已报, 未报 …"""
    people: Bar | None


@dataclass(frozen=True)
class CampaignLine:
    """One campaign since it began."""

    figure_id: str
    campaign: str
    """By name."""
    measure: str
    """By name."""
    shown: str
    """With its 余, 近 or 约, in ``unit``."""
    unit: str
    unions: int
    """How many took part."""
    weeks: str
    """The first and the last in which anything was reported."""


@dataclass(frozen=True)
class RestatementLine:
    """One cumulative figure that is less than it was said to be before, and what the union said of it."""

    figure_id: str
    union: str
    """The one that reported it."""
    activity: str
    measure: str
    """By name."""
    old: str
    """In ``unit`` unless it says its own."""
    new: str
    """In ``unit``."""
    unit: str
    explanation: str
    """说明; — when there is none."""


@dataclass(frozen=True)
class ExplanationLine:
    """One figure that a rule asked about, and what the union said of it."""

    union: str
    activity: str
    what: str
    """The header that was asked about; 整行 for the whole row."""
    value: str
    """As written; empty for the whole row."""
    explanation: str
    """说明."""


@dataclass(frozen=True)
class OpenMatterLine:
    """What one union's report still asks for."""

    union: str
    asks: tuple[tuple[str, int], ...]
    """Title of a rule, and in how many places."""


@dataclass(frozen=True)
class Summary:
    """Everything the summary says, in the order it is said."""

    week: ReportingWeek
    edition: int | None
    """None while it is not published."""
    headline: str
    """The totals in one sentence."""
    lead: str
    """How much, better or worse, and who made it so: what a reader must know if he reads nothing else."""
    key_figures: tuple[KeyFigureLine, ...]
    """The first of the totals, each with its one comparison."""
    decisions: tuple[str, ...]
    """What somebody has to see to, a line each."""
    quality: tuple[str, ...]
    """How good the numbers are, a sentence each; ``revision_record`` belongs to it."""
    banner: str
    """How complete the week is, in one sentence."""
    is_complete: bool
    """Nobody is missing, held or returned."""
    coverage: CoverageEntry
    missing: tuple[str, ...]
    """Names of the unions, as the three that follow."""
    held: tuple[str, ...]
    returned: tuple[str, ...]
    late: tuple[str, ...]
    revisions: tuple[RevisionLine, ...]
    """Every published figure that is another one now."""
    main_revisions: tuple[RevisionLine, ...]
    """Those of them that say what happened."""
    first_revisions: tuple[RevisionLine, ...]
    """The few of those that stand on the first screen."""
    revision_record: tuple[str, ...]
    """How first published figures fared in the weeks before, where that matters: a sentence a measure."""
    compares_years: bool
    """Whether somebody looked at last year."""
    compares_springs: bool
    """Whether the week lies near 春节, so that last year's of the same distance to it stands in the place of 同比."""
    has_bridges: bool
    """Whether the document says who changed its figures; older editions do not."""
    bridges: tuple[BridgeLine, ...]
    """Why the first of the totals changed."""
    least_share: str
    """Below it matched unions stand for no figure: 60%."""
    totals: tuple[FigureLine, ...]
    """The whole province's events."""
    by_category: tuple[FigureLine, ...]
    """The whole province's people served."""
    table_measures: tuple[str, ...]
    """The heads of the table by union, with their units."""
    by_union: tuple[UnionLine, ...]
    """省本级, the prefectures, and others that reported something."""
    weeks: tuple[WeekLine, ...]
    """The last twelve."""
    prefectures: tuple[PrefectureLine, ...]
    """The same people as in ``by_union``, as bars."""
    highlights: tuple[HighlightLine, ...]
    """The activities themselves, one sentence each."""
    to_date: tuple[FigureLine, ...]
    """今年以来, 累计, 现有 and 专项期间, of the lowest union that has them."""
    inclusive: tuple[FigureLine, ...]
    """含下级, each beside the sum of the own figures."""
    campaigns: tuple[CampaignLine, ...]
    figures: tuple[FigureLine, ...]
    """Every figure of the week."""
    restatements: tuple[RestatementLine, ...]
    """Cumulative figures that fell."""
    explanations: tuple[ExplanationLine, ...]
    """What unions said of what a rule asked about, falls apart."""
    open_matters: tuple[OpenMatterLine, ...]
    """What receipts of the week still ask for; none in an older edition."""

    @property
    def title(self) -> str:
        """The subject line and title."""
        number = "(未发布)" if self.edition is None else f"(第{self.edition}版)" if self.edition > 1 else ""
        return f"全省工会服务职工周报 {self.week.label}{number}{'' if self.is_complete else ' 不完整'}"

    @property
    def subject(self) -> str:
        """Of the mail: a phone shows some twenty characters of it, so the main figure and the coverage come first."""
        year, number, _ = self.week.monday.isocalendar()
        answered = self.coverage["reported"] + self.coverage["confirmed_zero"]
        words = [f"{line.measure}{line.shown}{line.unit}" for line in self.totals[:1]] or ["没有活动数据"]
        words.append(f"已报{answered}/{self.coverage['expected']}家{'' if self.is_complete else '(不完整)'}")
        words += ["有更正"] * bool(self.revisions)
        edition = (
            f"第{self.edition}版" if self.edition and self.edition > 1 else "未发布" if self.edition is None else ""
        )
        return f"{year}年第{number}周:{','.join(words)} 全省工会服务职工周报{edition}"

    def unknown_then(self, lines: Sequence[FigureLine]) -> tuple[str, ...]:
        """In which other weeks lines do not stand, once for all that share it: 上周、上年无此项:餐券、场次."""
        named: dict[str, list[str]] = {}
        for line in lines:
            if line.unknown_then:
                named.setdefault(line.unknown_then, []).append(
                    line.measure if line.category == "合计" else line.category
                )
        return tuple(
            f"{why}:{'以上各项' if len(names) == len(lines) > 1 else '、'.join(names)}" for why, names in named.items()
        )
