"""What the intake hands on: one union's file, read. Tables are columnar so that a million rows cost seconds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from functools import cache

import pandas as pd

from nuanliu.domain.aliases import NameProposal
from nuanliu.domain.findings import Finding
from nuanliu.domain.reporting_week import ReportingWeek


class SubmissionType(StrEnum):
    """首报 replaces or begins · 补充 adds rows · 更正 replaces with changes · 零报告 says that nothing happened · 更正零报告
    withdraws what was reported: a 更正 whose content is 零报告.
    """

    FIRST = "首报"
    SUPPLEMENT = "补充"
    CORRECTION = "更正"
    ZERO = "零报告"
    WITHDRAWAL = "更正零报告"

    @property
    def is_correction(self) -> bool:
        """Whether it may take activities away."""
        return self in (SubmissionType.CORRECTION, SubmissionType.WITHDRAWAL)

    @property
    def is_zero(self) -> bool:
        """Whether it says that the week has no activity."""
        return self in (SubmissionType.ZERO, SubmissionType.WITHDRAWAL)

    @property
    def on_receipt(self) -> str:
        """As receipts say it: a withdrawal is a 更正."""
        return str(SubmissionType.CORRECTION if self.is_correction else self)


class PeriodKind(StrEnum):
    """统计口径. Only ``event`` adds up over weeks."""

    EVENT = "event"
    CAMPAIGN = "campaign"
    YTD = "ytd"
    CUMULATIVE_SINCE = "cumulative_since"
    STOCK = "stock"
    PLANNED = "planned"


CARRIED = (PeriodKind.YTD, PeriodKind.CUMULATIVE_SINCE, PeriodKind.STOCK)
"""Kinds whose latest figure holds in every later week until it is said anew."""


class Scope(StrEnum):
    """统计范围. ``inclusive`` figures stand beside the own ones, never added."""

    OWN = "own"
    INCLUSIVE = "inclusive"


ROW_COLUMNS: Mapping[str, str] = {
    # where the row stands
    "row_id": "int64",  # 0..n-1 in file order, also the index; every received row, ignored ones too
    "sheet": "str",  # None for CSV
    "row": "int64",  # 1-based sheet row; CSV: record number, the header being 1
    "row_class": "str",  # activity | total | example | header | note
    "activity_id": "int64",  # row_id of its first row (wide: row_id; long: rows of one activity share it)
    # what it says; ids from the code lists, None where empty or unreadable (then there is a finding)
    "activity_no": "str",
    "reporting_union_id": "str",
    "organizer_union_id": "str",
    "co_organizers": "str",  # names joined by ;
    "has_open_list": "bool",  # co_organizers ended in 等
    "activity_name": "str",
    "campaign_id": "str",  # of the code list, or the look-up form of its name when it is new
    "category_id": "str",
    "start_on": "datetime64[ns]",
    "end_on": "datetime64[ns]",
    "is_date_inferred": "bool",  # absent, 近日, or the year was inferred
    "place_division": "str",  # division code, county where it can be recognised
    "place_detail": "str",
    "beneficiary_groups": "str",  # group ids joined by ;
    "period_kind": "str",
    "since_on": "datetime64[ns]",
    "item_name": "str",
    "scope": "str",
    "explanation": "str",
    "remarks": "str",
    # derived by intake.rows.keys and intake.rows.contents
    "counts_week": "datetime64[ns]",  # Monday of the week it counts in
    "as_of_on": "datetime64[ns]",  # end date, else the period's Sunday
    "activity_key": "str",  # identity of the activity within its union; an event's includes counts_week
    "series_key": "str",  # the same without dates: identity of a cumulative series; 今年以来 ends with the year
    "identity_key": "str",  # what makes rows of two unions one activity: names without 填报单位/time
    "measures_hash": "str",  # of its measures, values and exactness
    "content_hash": "str",  # of what it says but its 活动编号 and the week it counts in; with equal keys: the same content
}
"""Columns of ``Submission.rows``: one row per received row of the file. dtype ``str`` is pandas 3's string dtype."""

FIGURE_COLUMNS: Mapping[str, str] = {
    "row_id": "int64",
    "activity_id": "int64",
    "measure_id": "str",
    "value_cents": "int64",  # hundredths of the measure's base unit (元 → 分, 人 → 1/100 人)
    "exactness": "int8",  # nuanliu.domain.exactness.EXACTNESS_CODES
    "precision_cents": "int64",  # one unit of the last printed digit, in hundredths: 35.9万元 → 100000
    "raw_text": "str",  # as written in the cell, personal data masked
    "sheet": "str",
    "row": "int64",
    "cell": "str",  # F7
}
"""Columns of ``Submission.figures``: one row per figure that was read, 合计 rows (row_class total) included."""


@dataclass(frozen=True)
class Cover:
    """What sheet 报送信息, the title row or CSV columns say about the file. Contacts stay here and go no further."""

    union_text: str | None = None
    period_text: str | None = None
    submission_type: SubmissionType | None = None
    template_version: str | None = None
    contact_cells: tuple[tuple[str | None, str], ...] = ()
    """(sheet, cell) of 填报人 and 联系电话 values, to be blanked in the annotated workbook."""


@dataclass(frozen=True)
class ColumnUnit:
    """A unit as a header names it, worth ``scale`` base units."""

    name: str
    scale: Decimal


@dataclass(frozen=True)
class Submission:
    """One file, read and normalised, with everything the intake found on the way.

    ``week`` is the report period it is filed under; ``is_week_certain`` is False when periods conflict or are
    unreadable (then there is a file-level finding that holds the file). ``layout`` maps sheet → canonical column or measure id →
    column letter, for findings that later checks add; ``header_rows`` maps sheet → last row of its header. ``quarantine``: person-level data was found.
    ``proposals``: names and headers that nobody knew, with what they may mean.
    """

    union_id: str
    week: ReportingWeek
    is_week_certain: bool
    submission_type: SubmissionType
    rows: pd.DataFrame
    figures: pd.DataFrame
    findings: tuple[Finding, ...] = ()
    cover: Cover = field(default_factory=Cover)
    layout: Mapping[str | None, Mapping[str, str]] = field(default_factory=dict)
    header_rows: Mapping[str | None, int] = field(default_factory=dict)
    content_hash: str = ""
    proposals: tuple[NameProposal, ...] = ()
    is_readable: bool = True
    quarantine: bool = False
    units: Mapping[tuple[str | None, str], ColumnUnit] = field(default_factory=dict)
    """(sheet, measure id) → the unit that the column's header names, where it is not the base unit: 万元."""
    own_headers: Mapping[str | None, Mapping[str, str]] = field(default_factory=dict)
    """Sheet → the template's header of a column → its header in the sheet, where that is another: 投入资金(万元)."""

    def with_findings(self, more: Iterable[Finding]) -> Submission:
        """The same submission with more findings; one per cell and rule is kept."""
        added = {(f.rule, f.sheet, f.cell, f.row_id): f for f in more}
        if not added:
            return self
        rules = {rule for rule, *_ in added}
        if not any(finding.rule in rules for finding in self.findings):
            return replace(self, findings=(*self.findings, *added.values()))
        seen = {(f.rule, f.sheet, f.cell, f.row_id): f for f in self.findings}
        return replace(self, findings=tuple((seen | added).values()))

    def cell(self, sheet: str | None, row: int, column: str) -> str | None:
        """The address of a canonical column or measure in a row, as a spreadsheet shows it; None when absent."""
        letter = self.layout.get(sheet, {}).get(column)
        return f"{letter}{row}" if letter else None


def empty_frame(columns: Mapping[str, str]) -> pd.DataFrame:
    """A frame of no rows with the given columns and dtypes, the caller's to change."""
    return _made_once(tuple(columns.items())).copy(deep=False)


@cache
def _made_once(columns: tuple[tuple[str, str], ...]) -> pd.DataFrame:
    """A series for each column costs milliseconds, and a drop asks for some ten such frames."""
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in columns})
