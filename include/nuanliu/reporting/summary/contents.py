"""What the weekly summary says, in the order it is said. Every line keeps its figure id; ``building`` makes it."""

from __future__ import annotations

from dataclasses import dataclass

from nuanliu.domain.documents import CoverageEntry
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.reporting.summary.revision_lines import RevisionLine


@dataclass(frozen=True)
class FigureLine:
    """One figure ready to print. ``change`` is None where a comparison would mislead; ``why_not`` says why.

    ``shown`` is in ``unit``, and so is every other figure of the line unless it says its own: little money stays in 元.
    ``in_column``: for a column whose head names the measure's usual unit.
    ``year_…``: the same for the week of the same number last year; all None when nobody looked. ``own_sum``: beside an
    inclusive figure, what the union and those below it reported as their own; ``is_below``: it cannot contain that.
    """

    figure_id: str
    union: str
    category: str
    measure: str
    unit: str
    period: str
    scope: str
    shown: str
    in_column: str
    value: str
    exactness: str
    activities: int
    previous: str | None
    change: str | None
    why_not: str | None
    year_ago: str | None = None
    year_change: str | None = None
    year_why_not: str | None = None
    own_sum: str | None = None
    is_below: bool = False


@dataclass(frozen=True)
class UnionLine:
    """One row of the table by prefecture; ``cells`` follow ``Summary.table_measures``."""

    union_id: str
    name: str
    state: str
    cells: tuple[FigureLine | None, ...]


@dataclass(frozen=True)
class CampaignLine:
    """One campaign since it began."""

    figure_id: str
    campaign: str
    measure: str
    shown: str
    unit: str
    unions: int
    weeks: str


@dataclass(frozen=True)
class RestatementLine:
    """One cumulative figure that is less than it was said to be before, and what the union said of it."""

    figure_id: str
    union: str
    activity: str
    measure: str
    old: str
    new: str
    unit: str
    explanation: str


@dataclass(frozen=True)
class ExplanationLine:
    """One figure that a rule asked about, and what the union said of it."""

    union: str
    activity: str
    what: str
    value: str
    explanation: str


@dataclass(frozen=True)
class Summary:
    """Everything the summary says, in the order it is said."""

    week: ReportingWeek
    edition: int | None
    headline: str
    banner: str
    is_complete: bool
    coverage: CoverageEntry
    missing: tuple[str, ...]
    held: tuple[str, ...]
    returned: tuple[str, ...]
    late: tuple[str, ...]
    revisions: tuple[RevisionLine, ...]
    main_revisions: tuple[RevisionLine, ...]
    compares_years: bool
    totals: tuple[FigureLine, ...]
    by_category: tuple[FigureLine, ...]
    table_measures: tuple[str, ...]
    by_union: tuple[UnionLine, ...]
    to_date: tuple[FigureLine, ...]
    inclusive: tuple[FigureLine, ...]
    campaigns: tuple[CampaignLine, ...]
    figures: tuple[FigureLine, ...]
    restatements: tuple[RestatementLine, ...]
    explanations: tuple[ExplanationLine, ...]

    @property
    def title(self) -> str:
        """The subject line and title."""
        number = f"(第{self.edition}版)" if self.edition and self.edition > 1 else ""
        return f"全省工会服务职工周报 {self.week.label}{number}{'' if self.is_complete else ' 不完整'}"
