"""What a planned report becomes, the intake reads back as it was planned."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from nuanliu.domain.exactness import Exactness
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.operations.drops.check_drop import check_file
from nuanliu.running.sample_past.forms import file_name, write_file
from nuanliu.running.sample_past.oracle import expected_figures
from nuanliu.running.sample_past.planning import (
    CORRECTION,
    FORMS,
    ZERO,
    PlannedActivity,
    PlannedFigure,
    PlannedFile,
    published_at,
)

WEEK = ReportingWeek.parse("2024-W20")
HELD = (
    PlannedActivity(
        "“夏送清凉”慰问",
        "summer_relief",
        "农民工、户外劳动者",
        (
            PlannedFigure("people_served", 1200, Exactness.OVER),
            PlannedFigure("funds_total", 71900),
            PlannedFigure("goods_items", 480),
        ),
        (WEEK.monday, WEEK.sunday),
    ),
    PlannedActivity(
        "就业援助专场招聘",
        "employment",
        "求职者",
        (PlannedFigure("people_served", 90, Exactness.UNDER), PlannedFigure("firms", 7)),
        (WEEK.monday, WEEK.monday),
        "春风行动",
    ),
    PlannedActivity("困难职工帮扶资金", "hardship_aid", "困难职工", (PlannedFigure("funds_total", 1234500),), None),
)


def planned(form: str, *activities: PlannedActivity, submission_type: str = "首报") -> PlannedFile:
    return PlannedFile("620100", WEEK, published_at(WEEK), submission_type, form, activities)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_read_as_it_was_planned(form: str) -> None:
    file = planned(form, *HELD)
    receipt = check_file(
        write_file(file), file_name(file), union_id=file.union_id, week=None, received_at=file.arrives_at
    )
    assert receipt.status in {"accepted", "accepted_with_warnings"}
    assert (str(receipt.week), receipt.activities) == ("2024-W20", 3)
    said = {
        (total["measure"], total["period_kind"]): (Decimal(total["value"]), total["exactness"])
        for total in receipt.as_json()["totals"]
    }
    expected = expected_figures([file], WEEK, published_at(WEEK))
    assert said == {
        (figure_id.split("/")[3], figure_id.split("/")[4]): (Decimal(value), exactness)
        for figure_id, (value, exactness) in expected.items()
        if figure_id.startswith("2024-W20/620100/all/")
    }


@pytest.mark.parametrize("form", FORMS)
def test_a_row_that_ends_after_the_week_comes_back_and_counts_for_nothing(form: str) -> None:
    late = replace(HELD[1], name="送岗(下周)", days=(WEEK.sunday, WEEK.shift(1).monday), is_faulty=True)
    file = planned(form, HELD[0], late)
    receipt = check_file(
        write_file(file), file_name(file), union_id=file.union_id, week=None, received_at=file.arrives_at
    )
    assert receipt.status == "partially_accepted"
    assert {total["measure"] for total in receipt.as_json()["totals"]} == {f.measure for f in HELD[0].figures}
    assert "firms" not in str(expected_figures([file], WEEK, published_at(WEEK)))


def test_a_report_of_nothing_and_a_correction_say_what_they_are() -> None:
    for file in (
        planned("cover", submission_type=ZERO),
        *(planned(form, HELD[0], submission_type=CORRECTION) for form in ("template", "cover", "csv", "semicolon")),
    ):
        receipt = check_file(
            write_file(file), file_name(file), union_id=file.union_id, week=None, received_at=file.arrives_at
        )
        assert receipt.submission_type == file.submission_type
        assert receipt.status in {"accepted", "accepted_with_warnings"}
