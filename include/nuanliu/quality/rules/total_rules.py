"""Hold 合计 and 小计 rows against the rows that the union added up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from nuanliu.contract.code_lists import codes
from nuanliu.contract.rules import RuleRegistry
from nuanliu.domain.findings import Finding, Severity
from nuanliu.domain.submission import FIGURE_COLUMNS, Submission
from nuanliu.quality.finding_places import (
    describe_row,
    in_unit,
    measure_of,
    point_at_figure,
    records,
    text_or_none,
    unit_of_figure,
)
from nuanliu.quality.written_value import highest, lowest, rounding_allowance, summable

MISMATCH = "set.total.mismatch"
ROUNDING = "set.total.rounding"
_MOST_PLACES = 5
_NOT_ADDED = "descriptive"
_ANY = "*"


@dataclass(frozen=True)
class _Sum:
    """What the rows of one column add up to, in hundredths."""

    value: int
    low: int
    high: int
    step: int
    count: int


_NOTHING = _Sum(0, 0, 0, 0, 0)


@dataclass(frozen=True)
class _Gap:
    """One figure of a total row that is not the plain sum. ``is_beyond``: more than rounding explains."""

    figure: dict[str, Any]
    summed: int
    is_beyond: bool


def find_total_problems(submission: Submission, rules: RuleRegistry) -> list[Finding]:
    """Compare every total row with the rows of its sheet.

    A total may stand above, below or between the rows it adds, and may cover the whole sheet or the block next to it: it
    is held against whichever of these it fits best, with the same rows for all columns. Every activity row counts,
    accepted or not: the union added them all. A column in which some cell could not be read is not compared.
    """
    rows = submission.rows
    totals = rows[rows["row_class"].eq("total")]
    if totals.empty or submission.figures.empty:
        return []
    unread = _unread_columns(submission)
    written: dict[int, list[dict[str, Any]]] = {}
    for figure in records(submission.figures[submission.figures["row_id"].isin(totals.index)], FIGURE_COLUMNS):
        places = {(text_or_none(figure["sheet"]), name) for name in (figure["measure_id"], _ANY)}
        if not places & unread and codes().measures[figure["measure_id"]].kind != _NOT_ADDED:
            written.setdefault(figure["row_id"], []).append(figure)
    beyond: list[tuple[dict[str, Any], list[_Gap]]] = []
    found: list[Finding] = []
    groups_of = dict(_groups_by_total(submission, totals))
    for total in records(totals[totals["row_id"].isin(list(written))], ("row_id", "sheet", "row", "explanation")):
        row_id = total["row_id"]
        gaps = min(
            (_gaps(written[row_id], sums) for sums in groups_of[row_id]),
            key=lambda them: (sum(gap.is_beyond for gap in them), len(them)),
            default=[],
        )
        if any(gap.is_beyond for gap in gaps):
            beyond.append((total, [gap for gap in gaps if gap.is_beyond]))
        found += [
            point_at_figure(rules[ROUNDING], gap.figure, unit=unit.name, summed=in_unit(gap.summed, unit))
            for gap in gaps
            if not gap.is_beyond
            for unit in (unit_of_figure(submission, gap.figure),)
        ]
    if beyond:
        found.append(_mismatch(submission, rules, beyond))
    return found


def _groups_by_total(submission: Submission, totals: pd.DataFrame) -> Iterator[tuple[int, list[dict[str, _Sum]]]]:
    """For each total row, the sums of the groups of rows it may stand for."""
    rows = submission.rows
    activity = rows[rows["row_class"].eq("activity")]
    figures = submission.figures[submission.figures["row_id"].isin(activity.index)].sort_values("row_id")
    of_file = _sums(figures) if len(activity.groupby("sheet", dropna=False)) != 1 else None
    for sheet, own_totals in totals.groupby("sheet", sort=False, dropna=False):
        own = figures[figures["sheet"].eq(sheet) if isinstance(sheet, str) else figures["sheet"].isna()]
        wide = [sums for sums in (_sums(own), of_file) if sums]
        row_ids = own["row_id"].to_numpy()
        edges = [-1, *own_totals["row_id"].tolist(), len(rows)]
        for position in range(1, len(edges) - 1):
            row_id = edges[position]
            spans = {(edges[position - 1], row_id), (row_id, edges[position + 1])}  # the blocks above and below
            if position == 1:
                spans.add((row_id, len(rows)))
            if position == len(edges) - 2:
                spans.add((-1, row_id))
            blocks = (
                own[np.searchsorted(row_ids, first, "right") : np.searchsorted(row_ids, last)] for first, last in spans
            )
            yield row_id, [*wide, *(_sums(block) for block in blocks if 0 < len(block) < len(own))]


def _sums(figures: pd.DataFrame) -> dict[str, _Sum]:
    value = figures["value_cents"].to_numpy()
    exactness = figures["exactness"].to_numpy()
    low, high = lowest(value, exactness), highest(value, exactness)
    table = figures.assign(value_cents=summable(value), low=summable(low), high=summable(high))
    summed = table.groupby("measure_id").agg(
        value=("value_cents", "sum"),
        low=("low", "sum"),
        high=("high", "sum"),
        step=("precision_cents", "max"),
        count=("value_cents", "size"),
    )
    return {
        sums.pop("measure_id"): _Sum(**sums)
        for sums in records(summed.reset_index(), ("measure_id", "value", "low", "high", "step", "count"))
    }


def _gaps(totals: list[dict[str, Any]], sums: Mapping[str, _Sum]) -> list[_Gap]:
    """The figures of one total row that differ from the sums of one group of rows."""
    gaps = []
    for figure in totals:
        summed = sums.get(figure["measure_id"], _NOTHING)
        value, exactness = np.array([figure["value_cents"]]), np.array([figure["exactness"]])
        if int(value[0]) == summed.value:
            continue
        allowance = rounding_allowance((figure["precision_cents"], summed.step), summed.count)
        distance = max(int(lowest(value, exactness)[0]) - summed.high, summed.low - int(highest(value, exactness)[0]))
        gaps.append(_Gap(figure, summed.value, distance > allowance))
    return gaps


def _unread_columns(submission: Submission) -> set[tuple[str | None, str]]:
    """(sheet, measure id) of columns in which the intake could not read some figure.

    In the long shape the column 数值 holds all measures: then nothing on the sheet can be compared.
    """
    read = set(zip(submission.figures["row_id"], submission.figures["measure_id"], strict=True))
    rows_read = set(submission.figures["row_id"])
    unread = set()
    for finding in submission.findings:
        measure_id = measure_of(finding)
        if measure_id is not None and finding.row_id is not None and (finding.row_id, measure_id) not in read:
            unread.add((finding.sheet, measure_id))
        if finding.column_id == "long_value" and finding.row_id not in rows_read:
            unread.add((finding.sheet, _ANY))
    return unread


def _mismatch(submission: Submission, rules: RuleRegistry, beyond: list[tuple[dict[str, Any], list[_Gap]]]) -> Finding:
    """One finding for the whole file; an info when every total row in it is explained."""
    places = []
    for total, gaps in beyond:
        for gap in gaps:
            measure = codes().measures[gap.figure["measure_id"]]
            place = describe_row(text_or_none(total["sheet"]), total["row"])
            unit = unit_of_figure(submission, gap.figure)
            written, summed = gap.figure["raw_text"], in_unit(gap.summed, unit)
            places.append(f"{place}“{measure.name}”写 {written},各行相加 {summed}{unit.name}")
    shown = ";".join(places[:_MOST_PLACES])
    if len(places) > _MOST_PLACES:
        shown += f";等 {len(places)} 处"
    is_explained = all((text_or_none(total["explanation"]) or "").strip() for total, _ in beyond)
    return rules[MISMATCH].finding(places=shown, severity=Severity.INFO if is_explained else None)
