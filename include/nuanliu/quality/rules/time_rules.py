"""Rules against the union's own earlier weeks: jumps, cumulative figures that fall, last week's report sent again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.rules import Rule, RuleRegistry
from nuanliu.domain.findings import Finding
from nuanliu.domain.history import History
from nuanliu.domain.submission import PeriodKind, Scope, Submission
from nuanliu.quality.finding_places import (
    FIGURE_PLACE,
    NAME_COLUMNS,
    in_unit,
    point_at_figure,
    point_at_name,
    records,
    text_or_none,
    unit_of_figure,
)
from nuanliu.quality.rules.renamed_series import find_renamed
from nuanliu.quality.written_value import highest, lowest

_GROWING = (PeriodKind.YTD, PeriodKind.CUMULATIVE_SINCE)
"""Kinds that can only grow; a stock may fall as it likes."""
_BEFORE = ("before_cents", "before_as_of")
_FigureRule = Callable[[Submission, pd.DataFrame, pd.DataFrame, Rule], Iterator[Finding]]
"""The file, figures with what their activities say of them, the past they are held against, the rule."""


def find_time_problems(
    submission: Submission, activities: pd.DataFrame, figures: pd.DataFrame, history: History, rules: RuleRegistry
) -> list[Finding]:
    """All findings of ``time.*`` rules. ``activities``: those that are not set aside already."""
    if activities.empty:
        return []
    found: list[Finding] = []
    if rules_of_figures := _rules_with_a_past(history, rules):
        labels = activities[["period_kind", "scope", "category_id", "series_key", "since_on", "as_of_on"]]
        labelled = figures.merge(labels, left_on="activity_id", right_index=True)
        for find, past, rule in rules_of_figures:
            found += find(submission, labelled, past, rule)
    found += find_renamed(submission, activities, figures, history.current_series, rules["time.series.renamed"])
    if staying := [frame for frame in (history.other_activities, history.own_activities) if len(frame)]:
        found += _neighbouring_events(submission, activities, pd.concat(staying, ignore_index=True), rules)
    return found


def _rules_with_a_past(history: History, rules: RuleRegistry) -> list[tuple[_FigureRule, pd.DataFrame, Rule]]:
    """The rules on figures, each with the frame that it reads; one whose frame is empty has nothing to hold them against."""
    every: tuple[tuple[_FigureRule, pd.DataFrame, str], ...] = (
        (_event_jumps, history.typical, "time.event.jump"),
        (_series_falls, history.series, "time.series.fell"),
        (_series_jumps, history.series, "time.series.jump"),
        (_above_later, history.later_series, "time.series.above_later"),
    )
    return [(find, past, rules[rule_id]) for find, past, rule_id in every if not past.empty]


def _event_jumps(submission: Submission, figures: pd.DataFrame, typical: pd.DataFrame, rule: Rule) -> Iterator[Finding]:
    """An event figure many times the union's own highest; a short past or a small figure says nothing.

    Own figures only, on both sides: what is 含下级 covers all counties, so it is large and is no slip.
    """
    factor, least_cents = _jump_factor(), int(rule.params["least_units"]) * 100
    past = typical[typical["weeks"].ge(int(rule.params["least_weeks"]))]
    is_own_event = figures["period_kind"].eq(PeriodKind.EVENT) & figures["scope"].eq("own")
    events = figures[is_own_event & figures["value_cents"].ge(least_cents)]
    table = events.merge(past[["category_id", "measure_id", "max_cents"]], on=["category_id", "measure_id"])
    for figure in records(
        table[table["max_cents"].gt(0) & table["value_cents"].ge(table["max_cents"] * factor)],
        (*FIGURE_PLACE, "max_cents"),
    ):
        most, unit = int(figure["max_cents"]), unit_of_figure(submission, figure)
        yield point_at_figure(
            rule,
            figure,
            unit=unit.name,
            highest=in_unit(most, unit),
            factor=factor,
            most=in_unit(most * factor, unit),
        )


def _series_falls(submission: Submission, figures: pd.DataFrame, series: pd.DataFrame, rule: Rule) -> Iterator[Finding]:
    """A cumulative figure below the one before it, beyond what 余, 近, 约 and rounding leave open."""
    table = _with_nearest(figures, series, is_later=False)
    rounded_up = table["value_cents"] + _rounding(table)
    now_high = rounded_up.clip(lower=highest(table["value_cents"].to_numpy(), table["exactness"].to_numpy()))
    before_low = lowest(table["before_cents"].to_numpy(), table["before_exactness"].to_numpy())
    fell = table["value_cents"].lt(table["before_cents"]) & now_high.lt(before_low)
    for figure in records(table[fell], (*FIGURE_PLACE, *_BEFORE)):
        unit = unit_of_figure(submission, figure)
        before = in_unit(figure["before_cents"], unit)
        yield point_at_figure(rule, figure, unit=unit.name, before=before, as_of=_day(figure))


def _above_later(submission: Submission, figures: pd.DataFrame, series: pd.DataFrame, rule: Rule) -> Iterator[Finding]:
    """A cumulative figure above the one after it, which was accepted first: the later one falls by it."""
    table = _with_nearest(figures, series, is_later=True)
    rounded_down = table["value_cents"] - _rounding(table)
    now_low = rounded_down.clip(upper=lowest(table["value_cents"].to_numpy(), table["exactness"].to_numpy()))
    later_high = highest(table["before_cents"].to_numpy(), table["before_exactness"].to_numpy())
    above = table["value_cents"].gt(table["before_cents"]) & now_low.gt(later_high)
    for figure in records(table[above], (*FIGURE_PLACE, *_BEFORE, "receipt_no")):
        unit = unit_of_figure(submission, figure)
        yield point_at_figure(
            rule,
            figure,
            unit=unit.name,
            later=in_unit(figure["before_cents"], unit),
            as_of=_day(figure),
            receipt_no=text_or_none(figure["receipt_no"]) or "",
        )


def _rounding(table: pd.DataFrame) -> pd.Series:
    """What the last printed digit of the new figure leaves open against one that is finer: 8千 may be 8400, 130 is not 129余."""
    is_finer = table["before_cents"].mod(table["precision_cents"].clip(lower=1)).ne(0)
    return (table["precision_cents"] // 2).where(is_finer, 0)


def _series_jumps(submission: Submission, figures: pd.DataFrame, series: pd.DataFrame, rule: Rule) -> Iterator[Finding]:
    """A cumulative figure many times the one before it."""
    factor = _jump_factor()
    table = _with_nearest(figures, series, is_later=False)
    before = table["before_cents"]
    jumped = before.ge(int(rule.params["least_units"]) * 100) & table["value_cents"].ge(before * factor)
    for figure in records(table[jumped], (*FIGURE_PLACE, *_BEFORE)):
        before_cents, unit = int(figure["before_cents"]), unit_of_figure(submission, figure)
        yield point_at_figure(
            rule,
            figure,
            unit=unit.name,
            before=in_unit(before_cents, unit),
            as_of=_day(figure),
            factor=factor,
            most=in_unit(before_cents * factor, unit),
        )


def _jump_factor() -> int:
    return int(input_contract().limits["jump_factor"])


def _day(figure: dict[str, Any]) -> str:
    return str(figure["before_as_of"].date().isoformat())


def _with_nearest(figures: pd.DataFrame, series: pd.DataFrame, *, is_later: bool) -> pd.DataFrame:
    """Cumulative figures beside what their series says at the nearest as-of before or after; ytd ends with its year."""
    before = series.rename(
        columns={"value_cents": "before_cents", "exactness": "before_exactness", "as_of_on": "before_as_of"}
    )
    same = ["series_key", "measure_id", "scope", "period_kind"]
    columns = [*same, "before_cents", "before_exactness", "before_as_of", "receipt_no"]
    growing = figures[figures["period_kind"].isin([str(kind) for kind in _GROWING])]
    table = growing.merge(before[columns], on=same)
    apart = (table["before_as_of"] - table["as_of_on"]).dt.days
    is_new_year = table["period_kind"].eq(PeriodKind.YTD) & table["as_of_on"].dt.year.ne(table["before_as_of"].dt.year)
    beside = table[~is_new_year & (apart.gt(0) if is_later else apart.lt(0))]
    order = beside.sort_values("before_as_of", ascending=is_later, kind="stable")
    nearest: pd.DataFrame = order.drop_duplicates(["row_id", "measure_id"]).sort_values(["row_id", "measure_id"])
    return nearest


def _neighbouring_events(
    submission: Submission, activities: pd.DataFrame, staying: pd.DataFrame, rules: RuleRegistry
) -> Iterator[Finding]:
    """An undated or running event with the key and the measures of the week before; a late file is the week before itself.

    ``staying``: what the union's other files, and the version that a 补充 adds to, hold.
    """
    events = activities[activities["period_kind"].eq(PeriodKind.EVENT)]
    week = np.timedelta64(7, "D")
    for rule_id, own, others, apart in (
        ("time.event.same_as_week_before", events[events["end_on"].isna()], staying, -week),
        ("time.event.same_as_week_after", events, staying[~staying["is_dated"]], week),
    ):
        for row in records(_same_events(own, others, apart), (*NAME_COLUMNS, "receipt_no")):
            yield point_at_name(submission, rules[rule_id], row, receipt_no=row["receipt_no"])


def _same_events(events: pd.DataFrame, others: pd.DataFrame, apart: np.timedelta64) -> pd.DataFrame:
    """Events beside those of another week, ``apart`` from theirs, with their number, or name and start, and their measures."""
    is_inclusive = events["scope"].eq(Scope.INCLUSIVE)
    owner_id = events["reporting_union_id"].where(is_inclusive, "")
    wanted = _named(events.assign(week_start=events["counts_week"] + apart, owner_id=owner_id))
    named = ["names", "owner_id", "start_on", "measures_hash", "week_start"]
    known = _named(others)[[*named, "series_key", "is_numbered", "receipt_no"]]
    same = ["series_key", "measures_hash", "week_start"]
    numbered = known[known["is_numbered"]].drop_duplicates(same)
    by_number = wanted.merge(numbered, on=same, suffixes=("", "_other"))
    by_name = wanted.merge(known.drop_duplicates(named), on=named, suffixes=("", "_other"))
    found: pd.DataFrame = pd.concat([by_number, by_name]).drop_duplicates("row_id").sort_values("row_id")
    return found


def _named(events: pd.DataFrame) -> pd.DataFrame:
    """With what an event is called, whatever its number: its identity but the week."""
    return events.assign(names=events["identity_key"].str.replace("/.*", "", regex=True))
