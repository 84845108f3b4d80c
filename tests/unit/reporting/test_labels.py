from __future__ import annotations

import pytest

from nuanliu.reporting.export_cells import export_text
from nuanliu.reporting.labels import ShownFigure, column_unit, show_measure


@pytest.mark.parametrize(
    ("measure", "value", "exactness", "number", "unit"),
    [
        ("people_served", "3044", "over", "3044余", "人"),
        ("funds_total", "467000", "exact", "46.70", "万元"),
        ("funds_total", "9000", "over", "0.90余", "万元"),
        ("funds_total", "18000", "under", "近1.80", "万元"),
        ("funds_total", "0", "exact", "0.00", "万元"),
        ("funds_total", "12.5", "exact", "12.5", "元"),
        ("funds_total", "40", "under", "近40", "元"),
        ("funds_total", "50", "exact", "0.01", "万元"),
        ("funds_total", "125450000", "approx", "约12545.00", "万元"),
    ],
)
def test_money_is_shown_in_wan_rounded_once_and_small_money_is_not_denied(
    measure: str, value: str, exactness: str, number: str, unit: str
) -> None:
    base = "人" if measure == "people_served" else "元"
    assert show_measure(measure, base, value, exactness) == ShownFigure(number, unit)


def test_a_number_says_its_own_unit_where_the_column_says_another() -> None:
    assert ShownFigure("40", "元").under("万元") == "40元"
    assert ShownFigure("46.70", "万元").under("万元") == "46.70"
    assert (column_unit("funds_total", "元"), column_unit("people_served", "人")) == ("万元", "人")


@pytest.mark.parametrize("text", ["=1+1", "+86", "-5", "@x", "\tx", "\rx", "=cmd|'/c calc'!A1"])
def test_text_that_begins_like_a_formula_is_exported_as_text(text: str) -> None:
    assert export_text(text) == "'" + text


@pytest.mark.parametrize("text", ["活动", "a=b", "1-5", ""])
def test_other_text_is_exported_as_it_is(text: str) -> None:
    assert export_text(text) == text


def test_characters_that_no_workbook_can_hold_are_dropped() -> None:
    assert export_text("a\x00b\x0bc") == "abc"
