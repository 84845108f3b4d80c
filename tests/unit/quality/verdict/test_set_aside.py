"""A row that counts already is set aside and asked nothing; what no 说明 releases still holds or returns it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.quality.hand_made import decided, history, row, rows_of, submission, version

from nuanliu.domain.submission import SubmissionType

if TYPE_CHECKING:
    from nuanliu.domain.history import History

LONG_AGO = {"start_on": date(2024, 10, 1), "end_on": date(2024, 10, 1)}
OLD = row("旧活动", **LONG_AGO)
HUGE = row("大活动", {"people_served": 600_000})


def counted_in_another_week(*entries: Any) -> History:
    rows = submission(*entries).rows
    names = ("activity_key", "series_key", "identity_key", "measures_hash", "content_hash", "start_on")
    others = [
        {**{name: said[name] for name in names}, "week_start": said["counts_week"], "receipt_no": "620400-2024W40-001"}
        for said in rows.to_dict("records")
    ]
    return history(other_activities=others)


def current(*entries: Any) -> History:
    rows = [
        {
            **{name: said[name] for name in ("activity_key", "content_hash", "activity_name")},
            "receipt_no": "620400-2024W49-001",
        }
        for said in submission(*entries).rows.to_dict("records")
    ]
    return history(current_rows=rows, versions=[version()])


@pytest.mark.parametrize("entry", [OLD, HUGE], ids=["too old", "too large"])
def test_a_row_that_counts_in_another_week_is_not_asked_about_again(entry: Any) -> None:
    assert rows_of(decided(submission(entry), history())) == ["held"]
    drop = decided(submission(entry), counted_in_another_week(entry))
    assert (drop.status, rows_of(drop), sorted(drop.waiting)) == ("accepted", ["ignored"], [0])


@pytest.mark.parametrize("entry", [OLD, HUGE], ids=["too old", "too large"])
def test_a_row_of_a_supplement_that_is_there_already_does_not_hold_the_new_ones(entry: Any) -> None:
    drop = decided(submission(entry, row("新的"), submission_type=SubmissionType.SUPPLEMENT), current(entry))
    assert (drop.status, rows_of(drop)) == ("accepted", ["ignored", "accepted"])


def test_twins_that_are_there_already_do_not_hold_a_supplement() -> None:
    twin = row("两场")
    drop = decided(submission(twin, twin, submission_type=SubmissionType.SUPPLEMENT), current(twin))
    assert (drop.status, rows_of(drop)) == ("accepted", ["ignored", "ignored"])


def test_the_second_of_twins_that_count_in_another_week_is_asked_about_since_it_may_count_later() -> None:
    twin = row("两场")
    assert rows_of(decided(submission(twin, twin), counted_in_another_week(twin))) == ["ignored", "held"]


def test_what_no_explanation_releases_is_asked_of_a_row_that_counts_already_too() -> None:
    entry = row("累计", period_kind="ytd", since_on=date(2024, 3, 1))
    drop = decided(submission(entry, submission_type=SubmissionType.SUPPLEMENT), current(entry))
    assert "held" in rows_of(drop)
