"""By how much a figure changed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from nuanliu.warehouse.marts.comparability import change_pct


@pytest.mark.parametrize(
    ("value", "previous", "percent"),
    [
        ("1425", "980", "45.4"),
        ("980", "980", "0.0"),
        ("0", "980", "-100.0"),
        ("10005", "10000", "0.1"),  # 0.05 goes up
        ("9995", "10000", "-0.1"),  # and away from zero
        ("5", "0", None),
        ("5", None, None),
    ],
)
def test_change_has_one_decimal_and_none_without_a_base(value: str, previous: str | None, percent: str | None) -> None:
    assert change_pct(Decimal(value), Decimal(previous) if previous else None) == percent
