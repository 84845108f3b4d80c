"""The rules of the suite evaluated by plain pandas, as one would without Great Expectations. Its answers must be the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nuanliu.quality.expectations.parts_and_total import parts_fit

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from nuanliu.quality.expectations.suites import RuleCheck


def failing_by_hand(checks: Iterable[RuleCheck], frame: pd.DataFrame) -> dict[str, Any]:
    """Index labels of the failing rows, by rule; rules without any are left out."""
    failing = {}
    for check in checks:
        says = check.expectation.configuration.kwargs
        fails = _RULES[check.expectation.expectation_type](frame, says)
        labels = frame.index.to_numpy()[np.asarray(fails, dtype=bool)]
        if len(labels):
            failing[check.rule.id] = labels
    return failing


def _pair(frame: pd.DataFrame, says: dict[str, Any]) -> Any:
    larger, smaller = frame[says["column_A"]], frame[says["column_B"]]
    fails = ~((larger >= smaller) if says.get("or_equal") else (larger > smaller))
    if says["ignore_row_if"] == "either_value_is_missing":
        return fails & larger.notna() & smaller.notna()
    return fails & (larger.notna() | smaller.notna())


def _lengths(frame: pd.DataFrame, says: dict[str, Any]) -> Any:
    lengths = frame[says["column"]].str.len()
    low, high = says.get("min_value"), says.get("max_value")
    fails = (lengths < low) if low is not None else lengths != lengths.copy()
    return (fails | (lengths > high) if high is not None else fails) & lengths.notna()


def _regex(frame: pd.DataFrame, says: dict[str, Any]) -> Any:
    column = frame[says["column"]]
    return ~column.fillna("").str.contains(says["regex"], regex=True) & column.notna()


def _forbidden(frame: pd.DataFrame, says: dict[str, Any]) -> Any:
    return frame[says["column"]].isin(says["value_set"])


def _selected(frame: pd.DataFrame, says: dict[str, Any]) -> Any:
    selector = frame[says["column_list"][1]]
    values, excepted = says.get("values"), says.get("except_values")
    chosen = selector.isin(values) if values is not None else selector.notna() | (excepted is not None)
    return chosen & ~selector.isin(excepted) if excepted is not None else chosen


def _between(frame: pd.DataFrame, says: dict[str, Any]) -> Any:
    judged = frame[says["column_list"][0]]
    low, high = says.get("min_value"), says.get("max_value")
    outside = np.zeros(len(frame), dtype=bool)
    if low is not None:
        outside = outside | (judged < low)
    if high is not None:
        outside = outside | (judged > high)
    return outside & _selected(frame, says)


def _empty(frame: pd.DataFrame, says: dict[str, Any]) -> Any:
    return frame[says["column_list"][0]].notna() & _selected(frame, says)


def _filled(frame: pd.DataFrame, says: dict[str, Any]) -> Any:
    return frame[says["column_list"][0]].isna() & _selected(frame, says)


def _any_filled(frame: pd.DataFrame, says: dict[str, Any]) -> Any:
    return frame[list(says["column_list"])].isna().all(axis=1)


def _positive(frame: pd.DataFrame, says: dict[str, Any]) -> Any:
    judged, beside = (frame[name] for name in says["column_list"])
    return (judged <= 0) & (beside > 0)


def _parts(frame: pd.DataFrame, says: dict[str, Any]) -> Any:
    return ~parts_fit(frame[list(says["column_list"])], allow_rounding=says.get("allow_rounding", True))


_RULES = {
    "expect_column_pair_values_a_to_be_greater_than_b": _pair,
    "expect_column_value_lengths_to_be_between": _lengths,
    "expect_column_values_to_match_regex": _regex,
    "expect_column_values_to_not_be_in_set": _forbidden,
    "expect_between_when": _between,
    "expect_empty_when": _empty,
    "expect_filled_when": _filled,
    "expect_any_filled": _any_filled,
    "expect_positive_beside": _positive,
    "expect_parts_within_total": _parts,
}
