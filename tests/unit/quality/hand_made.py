"""Small submissions and histories made by hand, as the intake and the warehouse would hand them to the checks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd

from nuanliu.domain.checked import FileStatus
from nuanliu.domain.history import EarlierVersion, History
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.domain.submission import FIGURE_COLUMNS, ROW_COLUMNS, Submission, SubmissionType, empty_frame
from nuanliu.quality.checking import check_submission
from nuanliu.quality.verdict.gate import decide

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nuanliu.domain.checked import CheckedDrop
    from nuanliu.domain.findings import Finding

WEEK = ReportingWeek.parse("2024-W49")
ARRIVAL = datetime(2024, 12, 9, 1, 0, tzinfo=UTC)
SENDER = "620400"
SHEET = "活动明细"
EXACTNESS = {"exact": 0, "over": 1, "under": 2, "approx": 3}
_LAYOUT = [
    "activity_no",
    "reporting_union",
    "organizer_union",
    "activity_name",
    "campaign",
    "category",
    "start_date",
    "end_date",
    "place",
    "beneficiary_groups",
    "period_kind",
    "since_date",
    "item_name",
    "scope",
    "explanation",
    "remarks",
    "people_served",
    "service_visits",
    "funds_total",
    "funds_condolence",
    "goods_value",
    "insurance_value",
    "goods_items",
    "firms",
    "job_posts",
    "job_seekers",
    "hire_intents",
    "sessions",
    "insured_people",
    "exam_items",
    "hired",
]
LETTERS = {name: chr(ord("A") + i) if i < 26 else "A" + chr(ord("A") + i - 26) for i, name in enumerate(_LAYOUT)}


@dataclass(frozen=True)
class Written:
    """A figure as somebody writes it: a value in base units, its exactness, and one unit of its last printed digit."""

    value: Decimal | int | str
    exactness: str = "exact"
    step: Decimal | int | str = 1

    @property
    def raw(self) -> str:
        return f"{self.value}{'余' if self.exactness == 'over' else ''}"


@dataclass(frozen=True)
class Row:
    """One row of a file. ``figures``: measure id → int or Written. ``of``: row position its activity begins at."""

    figures: Mapping[str, int | Written] = field(default_factory=dict)
    row_class: str = "activity"
    sheet: str | None = SHEET
    of: int | None = None
    key: str | None = None
    identity: str | None = None
    content: str | None = None
    says: Mapping[str, Any] = field(default_factory=dict)


def row(name: str | None = "货车司机慰问", figures: Mapping[str, int | Written] | None = None, **says: Any) -> Row:
    """An activity row; keywords are columns of ``Submission.rows`` or fields of Row."""
    own = {key: says.pop(key) for key in ("row_class", "sheet", "of", "key", "identity", "content") if key in says}
    return Row(
        figures={"people_served": 100} if figures is None else figures, says={"activity_name": name, **says}, **own
    )


def total(figures: Mapping[str, int | Written], **says: Any) -> Row:
    """A 合计 row."""
    return row("合计", figures, row_class="total", **says)


def submission(*rows: Row, **fields: Any) -> Submission:
    """A submission of 白银市总工会 for 2024-W49, with keys and hashes derived as plainly as can be."""
    table = pd.DataFrame([_row(position, entry) for position, entry in enumerate(rows)], columns=list(ROW_COLUMNS))
    table = table.astype(dict(ROW_COLUMNS)) if len(table) else empty_frame(ROW_COLUMNS)
    figures = [figure for position, entry in enumerate(rows) for figure in _figures(position, entry)]
    figure_table = pd.DataFrame(figures, columns=list(FIGURE_COLUMNS)).astype(dict(FIGURE_COLUMNS))
    sheets = {entry.sheet for entry in rows} | {SHEET}
    given = {
        "union_id": SENDER,
        "week": WEEK,
        "is_week_certain": True,
        "submission_type": SubmissionType.FIRST,
        "layout": dict.fromkeys(sheets, LETTERS),
        "content_hash": "content-of-this-file",
    }
    return Submission(rows=table, figures=figure_table, **{**given, **fields})


def history(**frames: Any) -> History:
    """A history; every table is empty unless given as a list of dicts (or a frame)."""
    columns = {
        "current_rows": [
            "activity_key", "content_hash", "activity_name", "receipt_no", "explanation", "is_counting",
        ],
        "current_figures": ["activity_key", "measure_id", "value_cents", "exactness"],
        "other_activities": [
            "activity_key", "series_key", "identity_key", "measures_hash", "content_hash", "start_on", "week_start",
            "receipt_no", "is_dated", "is_numbered", "owner_id",
        ],
        "own_activities": [
            "activity_key", "series_key", "identity_key", "measures_hash", "content_hash", "start_on", "week_start",
            "receipt_no", "is_dated", "is_numbered", "owner_id",
        ],
        "series": [
            "series_key", "measure_id", "scope", "period_kind", "since_on", "as_of_on", "value_cents", "exactness",
            "explanation", "receipt_no",
        ],
        "later_series": [
            "series_key", "measure_id", "scope", "period_kind", "since_on", "as_of_on", "value_cents", "exactness",
            "explanation", "receipt_no",
        ],
        "current_series": [
            "series_key", "measure_id", "period_kind", "scope", "since_on", "as_of_on", "activity_name", "activity_no",
            "category_id", "item_name", "organizer_union_id", "reporting_union_id", "explanation", "receipt_no", "week_start",
        ],
        "foreign": [
            "organizer_union_id", "category_id", "activity_name", "start_on", "week_start", "reporting_union_id",
            "receipt_no", "identity_key", "period_kind",
        ],
        "typical": ["category_id", "measure_id", "weeks", "median_cents", "max_cents"],
    }  # fmt: skip
    whole = {"weeks", "median_cents", "max_cents", "value_cents", "exactness"}
    tables = {}
    for name, names in columns.items():
        frame = pd.DataFrame(frames.pop(name, []), columns=names)
        if "is_counting" in names:
            frame["is_counting"] = frame["is_counting"].ne(False)
        if name in ("other_activities", "own_activities"):
            frame = frame.assign(
                is_numbered=frame["is_numbered"].eq(other=True), owner_id=frame["owner_id"].astype("object").fillna("")
            )
        kinds = {n: "datetime64[ns]" if n.endswith("_on") or n == "week_start" else "str" for n in names}
        kinds |= {n: "int64" for n in names if n in whole} | {
            n: "bool" for n in names if n in {"is_dated", "is_counting", "is_numbered"}
        }
        tables[name] = frame.astype(kinds)
    return History(versions=tuple(frames.pop("versions", ())), **tables, **frames)


def version(receipt_no: str = "620400-2024W49-001", **fields: Any) -> EarlierVersion:
    """An answered earlier drop of the same week, current unless said otherwise."""
    receipt = {
        "receipt_no": receipt_no,
        "status": fields.pop("status", str(FileStatus.ACCEPTED)),
        "submission_type": fields.pop("submission_type", "首报"),
        "activities": 3,
        "rows": {"received": 4, "accepted": 3, "returned": 0, "held": 0, "ignored": 1},
        "totals": [
            {"measure": "people_served", "unit": "人", "period_kind": "event", "scope": "own", "value": "300",
             "exactness": "exact"}
        ],
    }  # fmt: skip
    given = {"version": 1, "sha256": "earlier", "content_hash": "earlier-content", "is_current": True}
    return EarlierVersion(receipt_no=receipt_no, receipt=receipt, **{**given, **fields})


def check(file: Submission, past: History | None = None) -> Submission:
    """The submission with all findings."""
    return check_submission(file, past)


def decided(file: Submission, past: History | None = None, **words: Any) -> CheckedDrop:
    """The drop checked and decided."""
    given = {"object_key": "intake/620400/周报.xlsx", "sha256": "now", "received_at": ARRIVAL, "is_trial": False}
    return decide(check_submission(file, past), past, **{**given, **words})


def found(file: Submission, rule: str) -> list[Finding]:
    """The findings of one rule."""
    return [finding for finding in file.findings if finding.rule == rule]


def rules_of(file: Submission) -> set[str]:
    """The rules that found something, but for the one that says there is no history."""
    return {finding.rule for finding in file.findings} - {"time.history.absent"}


def _row(position: int, entry: Row) -> dict[str, Any]:
    start, end = date(2024, 12, 3), date(2024, 12, 3)
    values: dict[str, Any] = {
        "row_id": position,
        "sheet": entry.sheet,
        "row": position + 2,
        "row_class": entry.row_class,
        "activity_id": position if entry.of is None else entry.of,
        "reporting_union_id": SENDER,
        "organizer_union_id": SENDER,
        "has_open_list": False,
        "category_id": "condolence",
        "start_on": start,
        "end_on": end,
        "is_date_inferred": False,
        "period_kind": "event",
        "scope": "own",
        **entry.says,
    }
    until = values["end_on"] or WEEK.sunday
    values["counts_week"] = values.get("counts_week") or ReportingWeek.of(until).monday
    values["as_of_on"] = until
    names = ("organizer_union_id", "category_id", "activity_name", "period_kind", "item_name", "scope")
    bare_names = "|".join(str(values.get(name)) for name in names)
    is_inclusive = values["scope"] == "inclusive"
    name_key = f"{bare_names}|{values['reporting_union_id']}" if is_inclusive else bare_names
    number = values.get("activity_no")
    series = f"{values['reporting_union_id']}|{number}|{bare_names.split('|', 3)[3]}" if number else name_key
    is_event = values["period_kind"] == "event"
    start = "" if number else values["start_on"]
    is_carried = values["period_kind"] in {"ytd", "cumulative_since", "stock"}
    values["identity_key"] = entry.identity or f"{bare_names}/{'' if is_carried else values['counts_week']}"
    values["series_key"] = series
    values["activity_key"] = entry.key or f"{series}|{start}|{values['counts_week'] if is_event else ''}"
    values["measures_hash"] = str(dict(entry.figures))
    dates = f"{values['start_on']}|{values['end_on']}"
    values["content_hash"] = entry.content or f"{name_key}|{dates}|{dict(entry.figures)}"
    if entry.row_class != "activity":
        hashes = ("activity_key", "series_key", "identity_key", "measures_hash", "content_hash")
        values |= dict.fromkeys(hashes)
    return values


def _figures(position: int, entry: Row) -> list[dict[str, Any]]:
    figures = []
    for measure_id, given in entry.figures.items():
        written = given if isinstance(given, Written) else Written(given)
        figures.append(
            {
                "row_id": position,
                "activity_id": position if entry.of is None else entry.of,
                "measure_id": measure_id,
                "value_cents": int(Decimal(written.value) * 100),
                "exactness": EXACTNESS[written.exactness],
                "precision_cents": int(Decimal(written.step) * 100),
                "raw_text": written.raw,
                "sheet": entry.sheet,
                "row": position + 2,
                "cell": f"{LETTERS.get(measure_id, 'ZZ')}{position + 2}",
            }
        )
    return figures


def rows_of(drop: CheckedDrop) -> Sequence[str]:
    """The status of every row, in file order."""
    return list(drop.row_status)
