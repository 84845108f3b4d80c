"""The documents about a week, as JSON holds them: rollup, notes, edition, status and trace. Figures in them are decimals as
text, in the measure's base unit; ``exactness`` is exact, over, under or approx.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NotRequired, TypedDict

OpenState = Literal["missing", "held", "returned"]
"""What an expected union's week is while it still has to be reported."""


class CoverageEntry(TypedDict):
    """The expected unions by state: counts of those that are done, ids of those that are not; expected = all five together."""

    expected: int
    reported: int
    confirmed_zero: int
    missing: list[str]
    held: list[str]
    returned: list[str]
    late: list[str]
    """Whatever their state."""


class TermEntry(TypedDict):
    """One term of a bridge; its id is ``<figure_id>/vs/<week>/<term>``."""

    term: str
    """matched, joined, absent or moved."""
    value: str
    """What it changed; negative where it took away."""
    exactness: str
    unions: int
    """How many senders it is of."""


class MatchedEntry(TypedDict):
    """What the unions that reported in both weeks said then and now."""

    value: str
    exactness: str
    previous: str
    previous_exactness: str
    change_pct: str | None
    share: str | None
    """Their part of the larger of the two totals, 0.86; None where there is no such part."""
    unions: int


class ComparisonEntry(TypedDict):
    """A figure beside itself in another week."""

    week: str
    previous: str
    previous_exactness: str
    bridge: list[TermEntry]
    """All four terms in their order; together they are value - previous."""
    matched: MatchedEntry
    shown: Literal["plain", "matched", "none"]
    """Which percentage may be printed: the figure's own, that of the matched unions, or none."""


class ComparisonsEntry(TypedDict):
    """Each None where there is no such week, or the figure did not stand in it."""

    week_before: ComparisonEntry | None
    year_before: ComparisonEntry | None
    """The week of the same number."""
    spring_festival: ComparisonEntry | None
    """The week of the same distance to 正月初一 a year before."""


class FigureEntry(TypedDict):
    """One figure of a week."""

    figure_id: str
    union_id: str
    level: str
    """The union's."""
    basis: str
    """organizer or place."""
    category: str
    """``all`` for a total."""
    measure: str
    unit: str
    period_kind: str
    scope: str
    since: str | None
    """ISO day, for cumulative_since only."""
    value: str
    exactness: str
    activities: int
    previous: str | None
    """The value a week earlier, None where there was none."""
    change_pct: str | None
    comparable: bool
    """Whether the same unions add to it in both weeks; else ``change_pct`` is not to be shown."""
    comparisons: NotRequired[ComparisonsEntry]
    """Of own figures; older editions have none."""


class RevisionEntry(TypedDict):
    """One step of a published figure."""

    week: str
    figure_id: str
    old: str | None
    """None for a figure that came back. Plain; where only the exactness changed, both carry their mark (260余)."""
    new: str | None
    """None for a figure that is gone."""
    reason: str | None
    """更正, 核实放行, 补报, 单位变动, 规则变动, 重新汇总 or 原因不明; older editions knew other words too."""


class RevisionStep(TypedDict):
    """The same as numbers: value and exactness, each None where there is no figure or none was told."""

    old: list[str | None]
    new: list[str | None]


class CampaignEntry(TypedDict):
    """One measure of a campaign, from its start to the week."""

    figure_id: str
    campaign: str
    """Its name."""
    measure: str
    value: str
    exactness: str
    unions: int
    first_week: str
    last_week: str


class HighlightNumberEntry(TypedDict):
    """One number of an activity, as it was reported."""

    trace_id: str
    """Leads to its cell."""
    measure: str
    value: str
    exactness: str
    unit: str
    """As the cell says it where goods are counted (150双), else the measure's base unit."""
    item: str | None
    """物资名称 of its row; None where it has none, or where it may name a person."""


class HighlightEntry(TypedDict):
    """One activity of a week, chosen by a rule of contracts/highlights.yaml."""

    rule: str
    """The id of the rule."""
    union_id: str
    """Who organised it."""
    prefecture_id: str | None
    """The prefecture in which the organiser stands; None above them."""
    category: str
    name: str | None
    """None where it may name a person: then only its category is told."""
    campaign: str | None
    """By name."""
    place: str | None
    """Division code."""
    start: str | None
    """ISO day; None where none was written."""
    end: str | None
    """ISO day; None while it runs, or where none was written."""
    groups: list[str]
    partners: list[str]
    """Names of organisations that took part, in their order; others are left out."""
    is_list_open: bool
    """More took part than are named."""
    numbers: list[HighlightNumberEntry]
    """What is told of it, in the order of the wording."""


class HighlightsDocument(TypedDict):
    """The activities that are told of a week, and when each prefecture was told last."""

    activities: list[HighlightEntry]
    """In the order of the rules; empty where there was none."""
    last_told: dict[str, str]
    """Prefecture → week, this one among them: whose turn it is next goes by it."""


class RollupDocument(TypedDict):
    """``nuanliu.rollup/1``: a week's figures."""

    schema: str
    week: str
    edition: int | None
    """None while it is not published."""
    coverage: CoverageEntry
    figures: list[FigureEntry]
    """In the order of their ids."""
    revisions: list[RevisionEntry]
    campaigns: list[CampaignEntry]
    highlights: NotRequired[HighlightsDocument]
    """本周亮点. Older editions have none."""


class YearBeforeEntry(TypedDict):
    """A figure in the week of the same number last year."""

    value: str
    exactness: str
    change_pct: str | None
    comparable: bool


class RestatementEntry(TypedDict):
    """A cumulative figure that is less than it was said to be before."""

    figure_id: str
    union_id: str
    """The union that reported it."""
    activity: str
    measure: str
    old: str
    old_exactness: str | None
    """None when it was said and replaced within the week."""
    new: str
    new_exactness: str
    explanation: str | None


class ExplanationEntry(TypedDict):
    """What a union said of something that a rule asked about."""

    union_id: str
    activity: str
    rule: str
    column: str | None
    """The template's header; None when the whole row was asked about."""
    value: str | None
    """As written."""
    explanation: str


class ContributorEntry(TypedDict):
    """A sender that changed a figure much."""

    union_id: str
    term: str
    value: str
    """What it changed; negative where it took away."""
    exactness: str
    explanation: str | None
    """What it said itself, in 说明, of an activity that the figure holds now."""


class SummaryRecordEntry(TypedDict):
    """How first published figures of a measure of the province fared in the weeks before, where that is worth a line."""

    measure: str
    weeks: int
    """Of how many it was published."""
    up: int
    down: int
    mean_pct: str


class AmountEntry(TypedDict):
    """A value in the measure's base unit."""

    value: str
    exactness: str


class OpenFindingEntry(TypedDict):
    """What a union's receipt of the week still asks for, of one rule."""

    union_id: str
    rule: str
    findings: int
    """In how many places."""


class WeekPointEntry(TypedDict):
    """The whole province in one week."""

    week: str
    figures: dict[str, AmountEntry]
    """Measure → the total of its own events; none of a measure that nobody reported."""
    answered: int | None
    """How many expected unions reported or confirmed that there was nothing; None where nothing is known of the week."""
    expected: int | None


class NotesDocument(TypedDict, total=False):
    """What readers of a week are told beside ``nuanliu.rollup/1``; empty where nobody looked."""

    year_before: str | None
    """The week of the same number last year; None where there is none."""
    years: dict[str, YearBeforeEntry]
    """Figure id → the same figure then."""
    previous_exactness: dict[str, str]
    """Figure id → exactness a week earlier."""
    revision_steps: list[RevisionStep]
    """One for each of the document's ``revisions``, in their order. Absent in older editions."""
    revision_marks: dict[str, list[str | None]]
    """Of older editions only: figure id → exactness before and after, each None where there is no figure or none was told."""
    revision_values: dict[str, list[str | None]]
    """Of older editions only: figure id → value before and after, plain, each None where there is no figure."""
    unmailed_revisions: list[RevisionEntry]
    """What editions that no mail told have said since the last mail, for the leaders' next one. Absent where none did."""
    unmailed_steps: list[RevisionStep]
    """One for each of ``unmailed_revisions``."""
    zero_reports: list[str]
    """Ids of the unions that confirmed that there was nothing."""
    restatements: list[RestatementEntry]
    explanations: list[ExplanationEntry]
    contributors: dict[str, list[ContributorEntry]]
    """``<figure_id>/vs/<week>`` of the province's totals → the senders that changed them most. Absent in older editions."""
    trend: list[WeekPointEntry]
    """The last twelve weeks, oldest first, the edition's own the last. Absent in older editions."""
    workdays: dict[str, int]
    """The week and those it is compared with → on how many days people worked, where somebody knows. Absent in older editions."""
    revision_record: list[SummaryRecordEntry]
    """Absent in older editions."""
    open_findings: list[OpenFindingEntry]
    """Of errors and queries of the receipt that each union's state comes from, in the order of the unions. Absent in older editions."""


class PublishedValueEntry(TypedDict):
    """One value of a figure, as an edition told it first."""

    edition: str
    """2024-W49/2."""
    published_at: str
    value: str | None
    """None: it said that there is none any more."""
    exactness: str | None
    """None too where readers were told the number only."""
    reason: str | None
    """What happened to the figure; None for the first."""


class RecordedFigureEntry(TypedDict):
    """What became of a published figure; ``published`` is in the order of publication, the first and the latest at its ends."""

    week: str
    figure_id: str
    difference: str
    """Latest less first; of one that is gone all of it."""
    revision_pct: str | None
    """None: the first was zero."""
    published: list[PublishedValueEntry]


class RevisionRecordEntry(TypedDict):
    """One measure over some weeks."""

    measure: str
    unit: str
    weeks: int
    """Of how many it was published."""
    up: int
    down: int
    compared: int
    """Of how many there is a percentage; the three that follow are of these, each week alike."""
    mean_pct: str | None
    low_pct: str | None
    """The 90 % range: of at most a twentieth of the weeks it is less than this, of as many more than the next."""
    high_pct: str | None
    figures: list[RecordedFigureEntry]


class RevisionsDocument(TypedDict):
    """``nuanliu.revisions/1``: how first published totals of a union fared."""

    schema: str
    union_id: str
    first_week: str
    last_week: str
    measures: list[RevisionRecordEntry]


class ProofNumberEntry(TypedDict):
    """One number of an edited copy."""

    paragraph: int
    """Counted over the paragraphs that say something, those of tables too."""
    place: str
    """For people: 第5段, 表2第3行."""
    text: str
    verdict: Literal["equal", "rounded", "differs", "unknown"]
    figure_id: str | None
    """None where it is of no figure, or of an edition that did not mark its numbers."""
    expected: str | None
    """As the edition prints it; None for an unknown one."""


class ProofNameEntry(TypedDict):
    """A name, or the head of a column with its unit, that took the place of another."""

    paragraph: int
    place: str
    text: str
    verdict: Literal["differs"]
    expected: str


class ProofDocument(TypedDict):
    """``nuanliu.proof/1``: an edited copy of an edition's bulletin beside the edition."""

    schema: str
    week: str
    edition: int
    numbers: list[ProofNumberEntry]
    """All of them, in the copy's order."""
    names: list[ProofNameEntry]
    """Those that differ."""


class EditionDocument(TypedDict):
    """``nuanliu.edition/1``: what became of publishing a week."""

    schema: str
    week: str
    edition: int | None
    """The new one, else the last; None while there is none."""
    published: bool
    held: bool
    """The gate closed."""
    reason: str
    files: list[str]
    mails: NotRequired[Mapping[str, Any]]
    """The delivery's counts, where mails were sent."""
    trial: NotRequired[Mapping[str, Any]]
    """``to`` and ``state``: the mail to oneself, and what became of it."""


class RowsEntry(TypedDict):
    """How many rows of a file became what; received = all others together."""

    received: int
    accepted: int
    returned: int
    held: int
    ignored: int


class UnionEntry(TypedDict):
    """One union's report of a week."""

    union_id: str
    union_name: str
    expected: bool
    state: str
    """reported, confirmed_zero, missing, returned or held."""
    late: bool
    version: int | None
    receipt_no: str | None
    rows: RowsEntry | None
    """Counts of the receipt that is named; None when there is none."""


class StatusDocument(TypedDict):
    """``nuanliu.status/1``: the ledger of a week. ``notes``: what a person should know of it, in Chinese; mostly empty."""

    schema: str
    week: str
    coverage: CoverageEntry
    unions: list[UnionEntry]
    notes: list[str]


class CellEntry(TypedDict):
    """One cell that a figure was added from."""

    union_id: str
    """The union that sent the file."""
    object_key: str
    sha256: str
    sheet: str | None
    """None in a CSV file."""
    cell: str
    raw_text: str
    value: str
    exactness: str
    week: NotRequired[str]
    """Of a term's cells only: the week they count in; those of the earlier one are taken away."""


class TraceDocument(TypedDict):
    """``nuanliu.trace/1``: a figure and every cell in it, whose sum with exactness it is.

    ``notes``: what a person should know of the files, in Chinese; mostly empty.
    """

    schema: str
    figure_id: str
    value: str
    exactness: str
    cells: list[CellEntry]
    notes: list[str]


class DifferenceEntry(TypedDict):
    """What breaks an identity."""

    identity: str
    check: str
    subject: str
    expected: str
    found: str


class ReconcileDocument(TypedDict):
    """``nuanliu.reconcile/1``."""

    schema: str
    ok: bool
    differences: list[DifferenceEntry]
    """In the order of the identities."""
    unclaimed: NotRequired[list[str]]
    """Drops that wait and temporary names; no difference. With ``complete`` where the bucket was looked at."""
    complete: NotRequired[int]
    """How many of the waiting drops could be taken."""


class SourceEntry(TypedDict):
    """One cell that figures of a week were added from; or many cells of one long file that belong to the same figures, as one."""

    union_id: str
    """The union that sent the file."""
    file: str
    """Its name as it was dropped; empty where that may name a person."""
    sha256: str
    sheet: str | None
    """None in a CSV file; empty where its name may name a person."""
    cell: str
    """K2; of many cells the rows: 2—3001."""
    cells: int
    """How many they are."""
    raw_text: str | None
    """As in the cell; None of many cells."""
    value: str
    """Of many cells their sum."""
    exactness: str
    figure_ids: list[str]
    """Every figure of the week that it is part of, that of its own union and category first."""
    number_id: str | None
    """What 本周亮点 calls the number: ``<week>/activity/…``; None of many cells, and of cumulative figures."""
