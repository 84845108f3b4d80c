"""What a tolerance covers: its rule, its measure, and values up to (or down to) its limit."""

from __future__ import annotations

from datetime import date

import pytest

from nuanliu.domain.tolerance import Tolerance


def tolerance(measure_id: str | None = None, limit_cents: int | None = None) -> Tolerance:
    return Tolerance(1, "time.event.jump", measure_id, limit_cents, "大型活动", date(2025, 3, 31))


@pytest.mark.parametrize(
    ("given", "measure_id", "value", "is_floor", "covered"),
    [
        (tolerance(), "people_served", 100, False, True),
        (tolerance(), None, None, False, True),
        (tolerance("people_served"), "funds_total", 100, False, False),
        (tolerance("people_served"), None, None, False, False),
        (tolerance("people_served", 100), "people_served", 100, False, True),
        (tolerance("people_served", 100), "people_served", 101, False, False),
        (tolerance("people_served", 100), "people_served", None, False, False),
        (tolerance("people_served", 100), "people_served", 100, True, True),
        (tolerance("people_served", 100), "people_served", 99, True, False),
    ],
)
def test_a_tolerance_covers_its_measure_up_to_its_limit(
    given: Tolerance, measure_id: str | None, value: int | None, is_floor: bool, covered: bool
) -> None:
    assert given.covers("time.event.jump", measure_id, value, is_floor=is_floor) is covered


def test_a_tolerance_answers_no_other_rule() -> None:
    assert not tolerance().covers("time.series.jump", "people_served", 1, is_floor=False)
