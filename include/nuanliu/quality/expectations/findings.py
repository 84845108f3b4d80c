"""Turn the rows that fail an expectation into findings that name the cell, what was expected and how to mend it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property, partial
from math import isnan
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nuanliu.contract.code_lists import codes
from nuanliu.contract.input_contract import input_contract
from nuanliu.domain.findings import Finding, Severity
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.domain.submission import Submission
from nuanliu.quality.expectations.masks import Failing
from nuanliu.quality.expectations.measure_limits import measure_limits
from nuanliu.quality.expectations.suites import RuleCheck, period_values
from nuanliu.quality.finding_places import (
    FIGURE_PLACE,
    column_place,
    figure_finding,
    in_unit,
    records,
    text_or_none,
    unit_of,
)
from nuanliu.quality.written_value import cents_text

FRAME_COLUMNS = {
    "start_date": "start_on",
    "end_date": "end_on",
    "since_date": "since_on",
    "reporting_union": "reporting_union_id",
    "organizer_union": "organizer_union_id",
    "campaign": "campaign_id",
    "category": "category_id",
    "place": "place_detail",
}
"""Canonical columns that have another name in ``Submission.rows``."""


def describe_failures(
    submission: Submission,
    checks: Sequence[RuleCheck],
    frame: pd.DataFrame,
    figures: pd.DataFrame,
    failing: Failing,
) -> list[Finding]:
    """The findings of one frame's checks.

    ``params.unless`` names rules that say more about the same row: where one of them fails, this one is silent.
    ``params.quiet_when_held``: silent on rows that are held or returned for what the intake found. No finding is added
    for a cell that the intake could not read.
    """
    blocked = _Blocked(submission)
    found: list[Finding] = []
    for check in checks:
        labels = failing.get(check.rule.id)
        if labels is None:
            continue
        for stronger in check.rule.params.get("unless", ()):
            labels = np.setdiff1d(labels, failing.get(stronger, ()))
        describe = _figure_findings if check.frame == "figures" else _activity_findings
        found.extend(
            finding for finding in describe(submission, check, frame, figures, labels) if blocked.allows(check, finding)
        )
    return found


class _Blocked:
    """What the intake has already held or returned."""

    def __init__(self, submission: Submission) -> None:
        self._submission = submission

    @cached_property
    def _grave(self) -> list[Finding]:
        return [
            finding
            for finding in self._submission.findings
            if finding.severity in (Severity.ERROR, Severity.QUERY) and finding.row_id is not None
        ]

    @cached_property
    def _cells(self) -> set[tuple[str | None, str]]:
        return {(finding.sheet, finding.cell) for finding in self._grave if finding.cell}

    @cached_property
    def _activities(self) -> set[int]:
        rows = self._submission.rows
        return set(rows.loc[rows["row_id"].isin([finding.row_id for finding in self._grave]), "activity_id"])

    def allows(self, check: RuleCheck, finding: Finding) -> bool:
        if finding.cell and (finding.sheet, finding.cell) in self._cells:
            return False
        return not (check.rule.params.get("quiet_when_held") and finding.row_id in self._activities)


def _activity_findings(
    submission: Submission,
    check: RuleCheck,
    frame: pd.DataFrame,
    figures: pd.DataFrame,
    labels: NDArray[np.int64],
) -> Iterator[Finding]:
    rule, column = check.rule, check.rule.column
    shown_column = FRAME_COLUMNS.get(column, column) if column else ""
    wanted = [name for name in check.columns if name in rule.needed_words]
    names = [name for name in dict.fromkeys((*wanted, shown_column)) if name in frame.columns]
    asked = dict.fromkeys(("sheet", "row", *names, *check.columns))  # a frame has many more, and 100,000 rows may fail
    rows = frame[[name for name in asked if name in frame.columns]].loc[labels]
    written = _written(figures, column, rows.index) if column and column in codes().measures else {}
    values = {name: [_shown(name, value) for value in rows[name]] for name in names}
    dates = _period_words(submission)
    sums = _sums_of_parts(rows, check.columns)
    unit_in = cache(lambda sheet: unit_of(submission, sheet, str(column)))

    def words_of(position: int, sheet: str | None, value: str | None) -> dict[str, Any]:
        words: dict[str, Any] = {**dates, **{name: values[name][position] for name in names}}
        if sums is not None:
            unit = unit_in(sheet)
            words |= {"parts_sum": in_unit(sums[position], unit), "unit": unit.name}
        return {**words, "length": len(value or "")}

    places = zip(rows.index.tolist(), rows["sheet"].tolist(), rows["row"].tolist(), strict=True)
    for position, (row_id, sheet_cell, row) in enumerate(places):
        sheet = text_or_none(sheet_cell)
        value = cell = column_id = None
        row_number, finding_row_id = int(row), int(row_id)
        if column is not None:
            value = values[shown_column][position] if shown_column in values else None
            if row_id in written:
                value, cell, row_number, finding_row_id = written[row_id]
                column_id = column
            else:
                cell, column_id = column_place(submission, sheet, row_number, column)
        yield rule.late_finding(
            sheet=sheet,
            cell=cell,
            row=row_number,
            column_id=column_id,
            value=value,
            row_id=finding_row_id,
            words=partial(words_of, position, sheet, value),
        )


def _figure_findings(
    submission: Submission,
    check: RuleCheck,
    frame: pd.DataFrame,
    figures: pd.DataFrame,  # one signature for both frames
    labels: NDArray[np.int64],
) -> Iterator[Finding]:
    limits, measures, dates = measure_limits(), codes().measures, _period_words(submission)

    def words_of(figure: dict[str, Any]) -> dict[str, Any]:
        measure = measures[figure["measure_id"]]
        unit = unit_of(submission, text_or_none(figure["sheet"]), measure.id)
        ratio = limits.ratio_limit.get(measure.id)
        words: dict[str, Any] = {
            **dates,
            "measure": measure.name,
            "unit": unit.name,
            "shown": in_unit(figure["value_cents"], unit),
            "limit": in_unit(100 * limits.row_limit.get(measure.id, 0), unit),
            "impossible": in_unit(100 * limits.impossible[measure.id], unit),
        }
        if ratio is not None and not isnan(figure["per_cents"]):
            per = measures[ratio.per]
            words |= {"per_name": per.name, "per_unit": per.unit, "most": in_unit(100 * ratio.most, unit)}
            words["per_shown"] = cents_text(figure["per_cents"])
        return words

    for figure in records(frame.loc[labels], (*FIGURE_PLACE, "value_cents", "per_cents")):
        yield figure_finding(check.rule, figure, partial(words_of, figure))


def _written(
    figures: pd.DataFrame, measure_id: str, activity_ids: pd.Index[int]
) -> Mapping[int, tuple[str, str, int, int]]:
    """Where a measure's figures stand: activity_id → (raw text, cell, row, row_id)."""
    own = figures[figures["measure_id"].eq(measure_id) & figures["activity_id"].isin(activity_ids)]
    places = zip(own["raw_text"], own["cell"], own["row"].map(int), own["row_id"].map(int), strict=True)
    return dict(zip(own["activity_id"], places, strict=True))


def _sums_of_parts(rows: pd.DataFrame, columns: Sequence[str]) -> list[int] | None:
    """The sum of the parts that a parts-and-total check looks at; its columns come in threes, the total first."""
    if not any(column.endswith(".step") for column in columns):
        return None
    return [int(total) for total in rows[list(columns[3::3])].sum(axis=1)]


def _period_words(submission: Submission) -> dict[str, str]:
    days = {name: day.isoformat() for name, day in period_values(submission.week).items()}
    return days | {"week": submission.week.label}


def _shown(column: str, value: Any) -> str | None:
    """A value of the activity frame as a person would write it; None when it is missing."""
    if isinstance(value, str):
        return input_contract().vocabulary["period_kinds"][value][0] if column == "period_kind" else value
    if value != value or value is None:
        return None
    if hasattr(value, "date"):
        if column == "counts_week":
            return ReportingWeek(value.date()).label
        return str(value.date().isoformat())
    return cents_text(value) if column in codes().measures else f"{value:g}"
