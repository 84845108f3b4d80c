"""Our own Great Expectations expectations, for what the native ones cannot say.

All are multi-column map expectations on pandas. The first column of ``column_list`` is the one that is judged.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

import pandas as pd
from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import MulticolumnMapExpectation
from great_expectations.expectations.metrics.map_metric_provider import (
    MulticolumnMapMetricProvider,
    multicolumn_condition_partial,
)

from nuanliu.quality.expectations.parts_and_total import parts_fit

_DOMAIN_KEYS = ("batch_id", "table", "column_list", "row_condition", "condition_parser", "ignore_row_if")


def _selected(frame: pd.DataFrame, values: list[str] | None, except_values: list[str] | None) -> pd.Series[bool]:
    """Rows whose second column is one of ``values`` (filled, when both lists are None) and none of ``except_values``."""
    selector = frame.iloc[:, 1]
    chosen = selector.isin(values) if values is not None else selector.notna() | (except_values is not None)
    return chosen & ~selector.isin(except_values) if except_values is not None else chosen


class FilledWhen(MulticolumnMapMetricProvider):  # type: ignore[misc]
    """Condition of ExpectFilledWhen."""

    condition_metric_name = "nuanliu.filled_when"
    condition_domain_keys = _DOMAIN_KEYS
    condition_value_keys = ("values",)

    @multicolumn_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(cls, column_list: pd.DataFrame, values: list[str] | None = None, **_: Any) -> pd.Series[bool]:
        return column_list.iloc[:, 0].notna() | ~_selected(column_list, values, None)


class ExpectFilledWhen(MulticolumnMapExpectation):  # type: ignore[misc]
    """Expect the first column to be filled wherever the second is one of ``values`` (None: is filled)."""

    values: list[str] | None = None
    ignore_row_if: str = "never"
    map_metric: ClassVar[str] = "nuanliu.filled_when"
    success_keys: ClassVar[tuple[str, ...]] = ("mostly", "values")


class EmptyWhen(MulticolumnMapMetricProvider):  # type: ignore[misc]
    """Condition of ExpectEmptyWhen."""

    condition_metric_name = "nuanliu.empty_when"
    condition_domain_keys = _DOMAIN_KEYS
    condition_value_keys = ("values",)

    @multicolumn_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(cls, column_list: pd.DataFrame, values: list[str] | None = None, **_: Any) -> pd.Series[bool]:
        return column_list.iloc[:, 0].isna() | ~_selected(column_list, values, None)


class ExpectEmptyWhen(MulticolumnMapExpectation):  # type: ignore[misc]
    """Expect the first column to be empty wherever the second is one of ``values`` (None: is filled)."""

    values: list[str] | None = None
    ignore_row_if: str = "never"
    map_metric: ClassVar[str] = "nuanliu.empty_when"
    success_keys: ClassVar[tuple[str, ...]] = ("mostly", "values")


class BetweenWhen(MulticolumnMapMetricProvider):  # type: ignore[misc]
    """Condition of ExpectBetweenWhen."""

    condition_metric_name = "nuanliu.between_when"
    condition_domain_keys = _DOMAIN_KEYS
    condition_value_keys = ("values", "except_values", "min_value", "max_value")

    @multicolumn_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(
        cls,
        column_list: pd.DataFrame,
        values: list[str] | None = None,
        except_values: list[str] | None = None,
        min_value: float | datetime | None = None,
        max_value: float | datetime | None = None,
        **_: Any,
    ) -> pd.Series[bool]:
        judged = column_list.iloc[:, 0]
        outside = pd.Series(data=False, index=judged.index)
        if min_value is not None:
            outside |= judged < min_value
        if max_value is not None:
            outside |= judged > max_value
        return ~(outside & _selected(column_list, values, except_values))


class ExpectBetweenWhen(MulticolumnMapExpectation):  # type: ignore[misc]
    """Expect the first column, where filled, to lie between two bounds (included) in the rows that the second selects.

    Selected are rows whose second column is one of ``values`` and none of ``except_values``.
    """

    values: list[str] | None = None
    except_values: list[str] | None = None
    min_value: float | datetime | None = None
    max_value: float | datetime | None = None
    ignore_row_if: str = "never"
    map_metric: ClassVar[str] = "nuanliu.between_when"
    success_keys: ClassVar[tuple[str, ...]] = ("mostly", "values", "except_values", "min_value", "max_value")


class AnyFilled(MulticolumnMapMetricProvider):  # type: ignore[misc]
    """Condition of ExpectAnyFilled."""

    condition_metric_name = "nuanliu.any_filled"
    condition_domain_keys = _DOMAIN_KEYS
    condition_value_keys = ()

    @multicolumn_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(cls, column_list: pd.DataFrame, **_: Any) -> pd.Series[bool]:
        return column_list.notna().any(axis=1)


class ExpectAnyFilled(MulticolumnMapExpectation):  # type: ignore[misc]
    """Expect at least one of the columns to be filled."""

    ignore_row_if: str = "never"
    map_metric: ClassVar[str] = "nuanliu.any_filled"


class PositiveBeside(MulticolumnMapMetricProvider):  # type: ignore[misc]
    """Condition of ExpectPositiveBeside."""

    condition_metric_name = "nuanliu.positive_beside"
    condition_domain_keys = _DOMAIN_KEYS
    condition_value_keys = ()

    @multicolumn_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(cls, column_list: pd.DataFrame, **_: Any) -> pd.Series[bool]:
        return ~((column_list.iloc[:, 0] <= 0) & (column_list.iloc[:, 1] > 0))


class ExpectPositiveBeside(MulticolumnMapExpectation):  # type: ignore[misc]
    """Expect the first column, where filled, to be positive beside a positive second one."""

    ignore_row_if: str = "never"
    map_metric: ClassVar[str] = "nuanliu.positive_beside"


class PartsWithinTotal(MulticolumnMapMetricProvider):  # type: ignore[misc]
    """Condition of ExpectPartsWithinTotal."""

    condition_metric_name = "nuanliu.parts_within_total"
    condition_domain_keys = _DOMAIN_KEYS
    condition_value_keys = ("allow_rounding",)

    @multicolumn_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(cls, column_list: pd.DataFrame, *, allow_rounding: bool = True, **_: Any) -> pd.Series[bool]:
        return pd.Series(parts_fit(column_list, allow_rounding=allow_rounding), index=column_list.index)


class ExpectPartsWithinTotal(MulticolumnMapExpectation):  # type: ignore[misc]
    """Expect the parts of a total not to exceed it, as ``parts_and_total.parts_fit`` says; columns in its order."""

    allow_rounding: bool = True
    ignore_row_if: str = "never"
    map_metric: ClassVar[str] = "nuanliu.parts_within_total"
    success_keys: ClassVar[tuple[str, ...]] = ("mostly", "allow_rounding")
