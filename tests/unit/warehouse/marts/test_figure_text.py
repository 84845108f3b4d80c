"""How figures are written in documents."""

from __future__ import annotations

from decimal import Decimal

import pytest

from nuanliu.warehouse.marts.figure_text import change_pct, marked_number, plain_number, unmarked_number


@pytest.mark.parametrize(
    ("value", "text"),
    [("1425.00", "1425"), ("467000.00", "467000"), ("12.50", "12.5"), ("0.00", "0"), ("100", "100"), ("0.05", "0.05")],
)
def test_numbers_are_plain_decimals(value: str, text: str) -> None:
    assert plain_number(Decimal(value)) == text


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


@pytest.mark.parametrize("exactness", ["over", "under", "approx"])
def test_marked_numbers_are_read_back(exactness: str) -> None:
    assert unmarked_number(marked_number(Decimal("260"), exactness)) == (Decimal(260), exactness)


def test_a_plain_number_tells_no_exactness() -> None:
    assert unmarked_number("1020") == (Decimal(1020), None)
