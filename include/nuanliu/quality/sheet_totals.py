"""Hold 合计 and 小计 rows against the rows that the union added up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nuanliu.codes import codes
from nuanliu.findings import Finding, Severity
from nuanliu.quality.places import describe_row, text_or_none
from nuanliu.quality.written_value import highest, lowest, plain_text, rounding_allowance

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from nuanliu.rules import RuleRegistry
    from nuanliu.submission import Submission

MISMATCH = "set.total.mismatch"
ROUNDING = "set.total.rounding"
_MOST_PLACES = 5
_NOT_ADDED = "descriptive"


@dataclass(frozen=True)
class _Sum:
    """What the rows of one column add up to, in hundredths."""

    value: int
    low: int
    high: int
    step: int
    count: int


@dataclass(frozen=True)
class _Gap:
    """One figure of a total row that is not the plain sum. ``is_beyond``: more than rounding explains."""

    figure: pd.Series[Any]
    summed: int
    is_beyond: bool


def find_total_problems(submission: Submission, rules: RuleRegistry) -> list[Finding]:
    """Compare every total row with the rows of its sheet.

    A total may stand above, below or between the rows it adds, and may cover the whole sheet or the block next to it: it
    is held against whichever of these it fits best, column by column with the same rows for all columns. Every activity
    row counts, accepted or not: the union added them all. A column in which some cell could not be read is not compared.
    """
    rows = submission.rows
    totals = rows[rows["row_class"].eq("total")]
    if totals.empty or submission.figures.empty:
        return []
    unread = _unread_columns(submission)
    beyond: list[tuple[pd.Series[Any], list[_Gap]]] = []
    found: list[Finding] = []
    written = submission.figures[submission.figures["row_id"].isin(totals.index)]
    groups_by_sheet = dict(_groups_by_total(submission, totals))
    for row_id, own in written.groupby("row_id", sort=True):
        total = totals.loc[row_id]
        sheet = text_or_none(total["sheet"])
        own = own[~own["measure_id"].map(lambda m, s=sheet: (s, m) in unread or codes().measures[m].kind == _NOT_ADDED)]
        gaps = min(
            (_gaps(own, sums) for sums in groups_by_sheet[row_id]),
            key=lambda them: (sum(gap.is_beyond for gap in them), len(them)),
            default=[],
        )
        if any(gap.is_beyond for gap in gaps):
            beyond.append((total, [gap for gap in gaps if gap.is_beyond]))
        found += [_rounding(rules, gap) for gap in gaps if not gap.is_beyond]
    if beyond:
        found.append(_mismatch(rules, beyond))
    return found


def _groups_by_total(submission: Submission, totals: pd.DataFrame) -> Iterator[tuple[int, list[Mapping[str, _Sum]]]]:
    """For each total row, the sums of the groups of rows it may stand for."""
    rows = submission.rows
    activity = rows[rows["row_class"].eq("activity")]
    figures = submission.figures[submission.figures["row_id"].isin(activity.index)]
    everything = None
    for sheet, own_totals in totals.groupby("sheet", sort=False, dropna=False):
        on_sheet = activity[activity["sheet"].eq(sheet) if isinstance(sheet, str) else activity["sheet"].isna()]
        own = figures[figures["row_id"].isin(on_sheet.index)]
        whole = _sums(own)
        is_only_sheet = len(on_sheet) == len(activity)
        if not is_only_sheet and everything is None:
            everything = _sums(figures)
        edges = [-1, *sorted(own_totals.index), len(rows)]
        for position, row_id in enumerate(edges[1:-1], start=1):
            spans = {
                (edges[position - 1], row_id),  # the block above, up to the total before
                (row_id, edges[position + 1]),  # the block below, down to the next total
                (-1, row_id),
                (row_id, len(rows)),
            }
            groups = [whole] if len(on_sheet) else []
            if everything is not None:
                groups.append(everything)
            if len(edges) > 3 or on_sheet.index.max() > row_id > on_sheet.index.min():
                for first, last in sorted(spans):
                    block = own[(own["row_id"] > first) & (own["row_id"] < last)]
                    if len(block):
                        groups.append(_sums(block))
            yield int(row_id), groups


def _sums(figures: pd.DataFrame) -> dict[str, _Sum]:
    value = figures["value_cents"].to_numpy()
    exactness = figures["exactness"].to_numpy()
    table = figures.assign(low=lowest(value, exactness), high=highest(value, exactness))
    summed = table.groupby("measure_id").agg(
        value=("value_cents", "sum"),
        low=("low", "sum"),
        high=("high", "sum"),
        step=("step_cents", "max"),
        count=("value_cents", "size"),
    )
    return {str(m): _Sum(*map(int, row)) for m, row in zip(summed.index, summed.itertuples(index=False), strict=True)}


_NOTHING = _Sum(0, 0, 0, 0, 0)


def _gaps(totals: pd.DataFrame, sums: Mapping[str, _Sum]) -> list[_Gap]:
    """The figures of one total row that differ from the sums of one group of rows."""
    value, exactness = totals["value_cents"].to_numpy(), totals["exactness"].to_numpy()
    low, high = lowest(value, exactness), highest(value, exactness)
    gaps = []
    for position in range(len(totals)):
        figure = totals.iloc[position]
        summed = sums.get(str(figure["measure_id"]), _NOTHING)
        if int(value[position]) == summed.value:
            continue
        allowance = rounding_allowance((int(figure["step_cents"]), summed.step), summed.count)
        distance = max(int(low[position]) - summed.high, summed.low - int(high[position]), 0)
        gaps.append(_Gap(figure, summed.value, distance > allowance))
    return gaps


def _unread_columns(submission: Submission) -> set[tuple[str | None, str]]:
    """(sheet, measure id) of columns in which the intake could not read some activity's figure."""
    by_header = {measure.header: measure.id for measure in codes().measures}
    read = set(zip(submission.figures["row_id"], submission.figures["measure_id"], strict=True))
    return {
        (finding.sheet, by_header[finding.column])
        for finding in submission.findings
        if finding.row_id is not None
        and finding.column in by_header
        and (finding.row_id, by_header[finding.column]) not in read
    }


def _mismatch(rules: RuleRegistry, beyond: list[tuple[pd.Series[Any], list[_Gap]]]) -> Finding:
    """One finding for the file; an explained total row that is alone in it makes an info."""
    places = [
        f"{describe_row(text_or_none(total['sheet']), int(str(total['row'])))}“{measure.name}”写 {gap.figure['raw_text']},"
        f"各行相加 {plain_text(gap.summed)}{measure.unit}"
        for total, gaps in beyond
        for gap in gaps
        for measure in (codes().measures[str(gap.figure["measure_id"])],)
    ]
    shown = ";".join(places[:_MOST_PLACES])
    if len(places) > _MOST_PLACES:
        shown += f";等 {len(places)} 处"
    explained = all((text_or_none(total["explanation"]) or "").strip() for total, _ in beyond)
    return rules[MISMATCH].finding(places=shown, severity=Severity.INFO if explained else None)


def _rounding(rules: RuleRegistry, gap: _Gap) -> Finding:
    figure = gap.figure
    measure = codes().measures[str(figure["measure_id"])]
    return rules[ROUNDING].finding(
        sheet=text_or_none(figure["sheet"]),
        cell=text_or_none(figure["cell"]),
        row=int(str(figure["row"])),
        column=measure.header,
        value=str(figure["raw_text"]),
        row_id=int(str(figure["row_id"])),
        summed=plain_text(gap.summed),
        unit=measure.unit,
    )
