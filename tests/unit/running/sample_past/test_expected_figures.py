"""What must come of sample weeks, told by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from nuanliu.domain.exactness import Exactness
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.running.sample_past.oracle import expected_figures
from nuanliu.running.sample_past.planning import PlannedActivity, PlannedFigure, PlannedFile, published_at

WEEK = ReportingWeek.parse("2024-W20")
NOON = published_at(WEEK)


def activity(people: int, exactness: Exactness = Exactness.EXACT, category: str = "legal") -> PlannedActivity:
    figures = (PlannedFigure("people_served", people, exactness),)
    return PlannedActivity("普法", category, "职工", figures, (WEEK.monday, WEEK.monday))


def file(union_id: str, *activities: PlannedActivity, week: ReportingWeek = WEEK) -> PlannedFile:
    return PlannedFile(union_id, week, published_at(week), "首报", "csv", activities)


def test_a_county_counts_in_its_prefecture_and_both_in_the_province() -> None:
    figures = expected_figures([file("620402", activity(7)), file("620400", activity(10, Exactness.OVER))], WEEK, NOON)
    of_people = {key: value for key, value in figures.items() if "/all/" in key}
    assert of_people == {
        "2024-W20/620402/all/people_served/event": (7, "exact"),
        "2024-W20/620400/all/people_served/event": (17, "over"),
        "2024-W20/620000/all/people_served/event": (17, "over"),
    }


def test_over_and_under_make_about() -> None:
    rows = (activity(10, Exactness.OVER), replace(activity(90, Exactness.UNDER), name="讲座"))
    figures = expected_figures([file("620400", *rows)], WEEK, NOON)
    assert figures["2024-W20/620400/all/people_served/event"] == (100, "approx")


def test_the_last_file_that_has_arrived_counts() -> None:
    first = file("620400", activity(10))
    later = replace(file("620400", activity(12)), arrives_at=NOON + timedelta(days=2))
    told = "2024-W20/620400/all/people_served/event"
    assert expected_figures([first, later], WEEK, NOON)[told] == (10, "exact")
    assert expected_figures([first, later], WEEK, NOON + timedelta(days=3))[told] == (12, "exact")


def test_a_figure_to_date_is_carried_within_its_year() -> None:
    to_date = PlannedActivity("帮扶", "hardship_aid", "困难职工", (PlannedFigure("funds_total", 500),), None)
    files = [file("620400", to_date)]
    later, next_year = WEEK.shift(3), ReportingWeek.parse("2025-W02")
    assert expected_figures(files, later, NOON)[f"{later}/620400/all/funds_total/ytd"] == (500, "exact")
    assert expected_figures(files, next_year, NOON) == {}
    assert expected_figures(files, WEEK.shift(-1), NOON) == {}
