"""Twelve weeks of the whole province: what is unknown is no zero, and every number is the figure of its week."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.builders import activity
from tests.sql.reported import changing, figures, report, roll_up, week

from nuanliu.domain.submission import SubmissionType
from nuanliu.warehouse.comparison.week_trend import TREND_WEEKS, read_trend
from nuanliu.warehouse.marts.week_notes import week_notes

if TYPE_CHECKING:
    from sqlalchemy import Engine

W46, W47, W48, W49 = "2024-W46", "2024-W47", "2024-W48", "2024-W49"


def test_each_week_says_its_own_total_and_how_many_answered(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, "620400", W46, [activity(figures={"people_served": (100, "over"), "funds_total": 5000})])
        report(connection, "620300", W46, [activity(figures={"people_served": 20})])
        report(connection, "620400", W48, submission_type=SubmissionType.ZERO)
        report(connection, "620102", W49, [activity(figures={"people_served": 7, "sessions": 1})])
        roll_up(connection, W46, W48, W49)
        trend = read_trend(connection, week(W49))
        notes = week_notes(connection, week(W49))
        total = figures(connection, W46)["620000/all/people_served/event"]
    assert len(trend) == TREND_WEEKS
    assert [point["week"] for point in trend][-4:] == [W46, W47, W48, W49]
    said = {point["week"]: (point["figures"], point["answered"], point["expected"]) for point in trend}
    people = {"value": "120", "exactness": "over"}
    assert people == {"value": total["value"], "exactness": total["exactness"]}
    assert said[W46] == ({"people_served": people, "funds_total": {"value": "5000", "exactness": "exact"}}, 2, 14)
    assert said[W47] == ({}, None, None), "a week nobody touched is a gap"
    assert said[W48] == ({}, 1, 14), "零报告 is an answer without a number"
    assert said[W49] == ({"people_served": {"value": "7", "exactness": "exact"}}, 0, 14), (
        "a county is no expected union"
    )
    assert notes["trend"] == trend
