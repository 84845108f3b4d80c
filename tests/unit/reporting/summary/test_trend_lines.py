"""近12周 begins where something is known; inside it a week that is missing stays a gap."""

from __future__ import annotations

from typing import Any

from tests.unit.reporting.rollup_documents import week_point

from nuanliu.reporting.summary.trend_lines import week_lines

KNOWN = {"people": ("800", "exact")}


def told(*points: dict[str, Any]) -> list[str]:
    return [line.week for line in week_lines({"trend": list(points)})]  # type: ignore[typeddict-item]


def test_weeks_before_the_first_report_are_left_out_and_gaps_after_it_stay() -> None:
    empty = [week_point(f"2024-W{number}", None) for number in (44, 45, 47)]
    points = [*empty[:2], week_point("2024-W46", 14, **KNOWN), empty[2], week_point("2024-W48", 13, **KNOWN)]
    assert told(*points) == ["第46周", "第47周", "第48周"]


def test_a_week_of_zero_reports_is_one_that_says_something() -> None:
    assert told(week_point("2024-W47", 3), week_point("2024-W48", 13, **KNOWN)) == ["第47周", "第48周"]


def test_one_week_alone_shows_no_course() -> None:
    assert told(week_point("2024-W47", None), week_point("2024-W48", 13, **KNOWN)) == []
    assert told() == []
