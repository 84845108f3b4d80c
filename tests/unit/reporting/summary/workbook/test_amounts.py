"""What a cell shows is what the other forms print, and what it holds is the number."""

from __future__ import annotations

from decimal import Decimal

import pytest

from nuanliu.reporting.summary.workbook.amounts import Amount, base_amount, column_amount, shown_amount

PEOPLE, MONEY = (f"2024-W49/620000/all/{measure}/event" for measure in ("people_served", "funds_total"))


@pytest.mark.parametrize(
    ("text", "value", "pattern"),
    [
        ("1425", "1425", "0"),
        ("1925余", "1925", '0"余"'),
        ("近18000", "18000", '"近"0'),
        ("约46.70", "46.70", '"约"0.00'),
        ("增310", "310", '"增"0;"减"0'),
        ("减65余", "-65", '"增"0"余";"减"0"余"'),
        ("增约1.5", "1.5", '"增""约"0.0;"减""约"0.0'),
        ("持平", "0", '0;-0;"持平"'),
    ],
)
def test_what_is_shown_is_a_number_whose_format_prints_it_again(text: str, value: str, pattern: str) -> None:
    assert shown_amount(text) == Amount(Decimal(value), pattern, text)


@pytest.mark.parametrize("text", ["46.70万元", "—", "10—12", "+33.9%", "不可比", "1234567890123456"])
def test_what_is_no_number_alone_stays_a_text(text: str) -> None:
    assert shown_amount(text) == text


def test_nothing_is_nothing() -> None:
    assert shown_amount(None) is None


@pytest.mark.parametrize(
    ("value", "exactness", "held", "shown"),
    [
        ("467000", "exact", "46.7", "46.70"),
        ("467123.45", "over", "46.712345", "46.71余"),
        ("50", "exact", "0.005", "0.01"),
        ("40", "exact", "0.004", "0.004"),
        ("0.5", "under", "0.00005", "近0.00005"),
        ("0", "exact", "0", "0.00"),
    ],
)
def test_money_stands_in_wan_with_every_digit_and_shows_two_unless_they_would_deny_it(
    value: str, exactness: str, held: str, shown: str
) -> None:
    amount = column_amount(MONEY, value, exactness)
    assert isinstance(amount, Amount)
    assert (amount.value, amount.text) == (Decimal(held), shown)


def test_other_measures_stand_in_their_own_unit() -> None:
    assert column_amount(PEOPLE, "41925", "over") == Amount(Decimal(41925), '0"余"', "41925余")
    assert base_amount("12.5", "exact") == Amount(Decimal("12.5"), "0.0", "12.5")


def test_a_number_longer_than_a_spreadsheet_keeps_is_a_text() -> None:
    assert base_amount("123456789012345", "exact") == Amount(Decimal("123456789012345"), "0", "123456789012345")
    assert base_amount("1234567890123456", "over") == "1234567890123456余"
    assert column_amount(MONEY, "12345678901234.56", "exact") == "1234567890.12"
