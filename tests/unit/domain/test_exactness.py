from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuanliu.domain.exactness import EXACTNESS_CODES, Exactness, combine, plain_number, show_figure

KINDS = st.sampled_from(list(Exactness))


@given(KINDS, KINDS)
def test_the_order_of_a_sum_does_not_matter(a: Exactness, b: Exactness) -> None:
    assert a + b == b + a


@given(KINDS, KINDS, KINDS)
def test_the_grouping_of_a_sum_does_not_matter(a: Exactness, b: Exactness, c: Exactness) -> None:
    assert (a + b) + c == a + (b + c)


@given(KINDS)
def test_exact_changes_nothing_and_equal_kinds_stay(kind: Exactness) -> None:
    assert Exactness.EXACT + kind == kind
    assert kind + kind == kind


def test_over_and_under_make_approx() -> None:
    assert Exactness.OVER + Exactness.UNDER == Exactness.APPROX


@given(KINDS)
def test_anything_with_approx_is_approx(kind: Exactness) -> None:
    assert kind + Exactness.APPROX == Exactness.APPROX


def test_an_empty_sum_is_exact() -> None:
    assert combine([]) == Exactness.EXACT


@pytest.mark.parametrize("kind", list(Exactness))
def test_a_code_leads_back_to_its_kind(kind: Exactness) -> None:
    assert EXACTNESS_CODES[kind.code] is kind


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        ("3044", "over", "3044余"),
        ("18000", "under", "近18000"),
        ("500", "approx", "约500"),
        ("1425", "exact", "1425"),
        ("10.50", "exact", "10.5"),
        ("0", "exact", "0"),
        ("100000", "exact", "100000"),
    ],
)
def test_a_figure_is_printed_with_its_exactness(value: str, kind: str, shown: str) -> None:
    assert show_figure(Decimal(value), Exactness(kind)) == shown


@pytest.mark.parametrize(
    ("value", "text"),
    [("1425.00", "1425"), ("467000.00", "467000"), ("12.50", "12.5"), ("0.00", "0"), ("100", "100"), ("0.05", "0.05")],
)
def test_numbers_are_plain_decimals(value: str, text: str) -> None:
    assert plain_number(Decimal(value)) == text
