"""A file against the union's own earlier weeks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from tests.unit.quality.hand_made import (
    WEEK,
    Written,
    check,
    decided,
    found,
    history,
    row,
    rows_of,
    rules_of,
    submission,
)

from nuanliu.domain.findings import Severity
from nuanliu.domain.submission import ColumnUnit, SubmissionType

if TYPE_CHECKING:
    from nuanliu.domain.history import History

CUMULATIVE = {"period_kind": "cumulative_since", "since_on": date(2022, 1, 1), "start_on": None, "end_on": None}
YTD = {"period_kind": "ytd", "start_on": None, "end_on": None}


def series_of(entry: Any, value: int, *, exactness: int = 0, as_of: date = date(2024, 12, 1)) -> History:
    """A history in which the entry's people_served stood at a value."""
    rows = submission(entry).rows.iloc[0]
    return history(
        series=[
            {
                "series_key": rows["series_key"],
                "measure_id": "people_served",
                "scope": rows["scope"],
                "period_kind": rows["period_kind"],
                "since_on": rows["since_on"],
                "as_of_on": as_of,
                "value_cents": value * 100,
                "exactness": exactness,
                "explanation": None,
                "receipt_no": "620400-2024W50-001",
            }
        ]
    )


def later_series_of(entry: Any, value: int, *, exactness: int = 0, as_of: date = date(2024, 12, 15)) -> History:
    """A history in which a later report has the entry's people_served at a value."""
    past = series_of(entry, value, exactness=exactness, as_of=as_of)
    return replace(past, series=past.later_series, later_series=past.series)


def served(value: int | Written, **says: Any) -> Any:
    return row("求职服务", figures={"people_served": value}, **says)


def typical(weeks: int, highest: int) -> History:
    return history(
        typical=[
            {
                "category_id": "condolence",
                "measure_id": "people_served",
                "weeks": weeks,
                "median_cents": highest * 50,
                "max_cents": highest * 100,
            }
        ]
    )


def test_without_a_history_one_info_says_that_earlier_weeks_were_not_looked_at() -> None:
    (finding,) = check(submission(row()), None).findings
    assert (finding.rule, finding.severity, finding.sheet) == ("time.history.absent", Severity.INFO, None)


def test_with_a_history_nothing_is_said_of_it() -> None:
    assert not check(submission(row()), history()).findings


def test_a_figure_ten_times_the_unions_highest_is_asked_about() -> None:
    file = check(submission(row(figures={"people_served": 10000})), typical(5, 1000))
    (finding,) = found(file, "time.event.jump")
    assert (finding.severity, finding.column, finding.value) == (Severity.QUERY, "服务人数(人)", "10000")
    assert "最高值 1000人 的 10 倍" in finding.message


@pytest.mark.parametrize(
    ("value", "weeks", "highest"),
    [(9999, 5, 1000), (10000, 1, 1000), (499, 5, 1), (10000, 5, 0)],
    ids=["below ten times", "too short a past", "small figure", "nothing to compare with"],
)
def test_other_figures_are_no_jump(value: int, weeks: int, highest: int) -> None:
    assert rules_of(check(submission(row(figures={"people_served": value})), typical(weeks, highest))) == set()


def test_only_events_are_held_against_the_unions_events() -> None:
    assert rules_of(check(submission(served(10000, **YTD)), typical(5, 100))) == set()


def test_an_inclusive_figure_is_not_held_against_the_unions_own() -> None:
    entry = row(figures={"people_served": 10000}, scope="inclusive")
    assert rules_of(check(submission(entry), typical(5, 1000))) == set()


def test_an_explained_jump_is_let_through() -> None:
    file = submission(row(figures={"people_served": 10000}, explanation="全市职工运动会"))
    drop = decided(file, typical(5, 1000))
    assert found(drop.submission, "time.event.jump")[0].severity is Severity.INFO
    assert drop.status == "accepted"


@pytest.mark.parametrize("kind", [CUMULATIVE, YTD], ids=["since", "ytd"])
def test_a_cumulative_figure_that_falls_is_asked_about(kind: dict[str, Any]) -> None:
    entry = served(7999, **kind)
    drop = decided(submission(entry), series_of(entry, 8000))
    (finding,) = found(drop.submission, "time.series.fell")
    assert (finding.severity, finding.expected) == (Severity.QUERY, "不少于 8000人")
    assert "2024-12-01" in finding.message
    assert drop.status == "held"


def test_a_fall_is_told_in_the_unit_of_its_column() -> None:
    entry = served(70_000_000, **CUMULATIVE)
    units = {(entry.sheet, "people_served"): ColumnUnit("万人", Decimal(10_000))}
    drop = decided(submission(entry, units=units), series_of(entry, 80_000_000))
    (finding,) = found(drop.submission, "time.series.fell")
    assert finding.expected == "不少于 8000万人"
    assert "8000万人" in finding.message


def test_an_explained_fall_is_let_through() -> None:
    entry = served(7000, explanation="上周多报了1000人", **CUMULATIVE)
    assert decided(submission(entry), series_of(entry, 8000)).status == "accepted"


@pytest.mark.parametrize(
    ("now", "before", "exactness"),
    [
        (8000, 8000, 0),
        (8001, 8000, 0),
        (Written(8000, "over"), 8500, 0),
        (Written(8000, step=1000), 8400, 0),
        (17500, 18000, 2),
    ],
    ids=["the same", "more", "8000多 may be 8500", "8千 is rounded", "近1.8万 was a little less"],
)
def test_what_may_be_no_fall_is_none(now: int | Written, before: int, exactness: int) -> None:
    entry = served(now, **CUMULATIVE)
    assert rules_of(check(submission(entry), series_of(entry, before, exactness=exactness))) == set()


@pytest.mark.parametrize("kind", [CUMULATIVE, YTD], ids=["since", "ytd"])
def test_a_figure_above_what_was_accepted_for_a_later_day_is_asked_about(kind: dict[str, Any]) -> None:
    entry = served(280, **kind)
    drop = decided(submission(entry), later_series_of(entry, 120))
    (finding,) = found(drop.submission, "time.series.above_later")
    assert (finding.severity, finding.expected) == (Severity.QUERY, "不多于 120人")
    assert "620400-2024W50-001" in finding.fix
    assert drop.status == "held"
    explained = served(280, explanation="W50 已核减", **kind)
    assert decided(submission(explained), later_series_of(explained, 120)).status == "accepted"


@pytest.mark.parametrize(
    ("now", "later", "exactness"),
    [(120, 120, 0), (119, 120, 0), (Written(130, "under"), 121, 0), (Written(130, step=100), 120, 0), (129, 120, 1)],
    ids=["the same", "less", "近130 may be 121", "rounded", "120多 may be 129"],
)
def test_what_may_be_no_later_fall_is_none(now: int | Written, later: int, exactness: int) -> None:
    entry = served(now, **CUMULATIVE)
    assert rules_of(check(submission(entry), later_series_of(entry, later, exactness=exactness))) == set()


@pytest.mark.parametrize(
    ("now", "later", "exactness"),
    [(Written(130, "under"), 120, 0), (130, 120, 1)],
    ids=["近130 is no 120", "120多 is no 130"],
)
def test_a_round_number_away_is_a_later_fall(now: int | Written, later: int, exactness: int) -> None:
    entry = served(now, **CUMULATIVE)
    assert rules_of(check(submission(entry), later_series_of(entry, later, exactness=exactness))) == {
        "time.series.above_later"
    }


@pytest.mark.parametrize(
    ("now", "before", "exactness"),
    [(Written(120, "over"), 130, 0), (120, 130, 2)],
    ids=["120多 is no 130", "近130 is no 120"],
)
def test_a_round_number_away_is_a_fall(now: int | Written, before: int, exactness: int) -> None:
    entry = served(now, **CUMULATIVE)
    assert rules_of(check(submission(entry), series_of(entry, before, exactness=exactness))) == {"time.series.fell"}


def test_a_later_stock_or_a_later_years_figure_is_no_bound() -> None:
    stock = served(280, period_kind="stock", end_on=None, start_on=None)
    assert rules_of(check(submission(stock), later_series_of(stock, 120))) == set()
    entry = served(280, **YTD)
    assert rules_of(check(submission(entry), later_series_of(entry, 3, as_of=date(2025, 1, 5)))) == set()


def test_a_figure_of_the_same_day_is_neither_earlier_nor_later() -> None:
    entry = served(280, **CUMULATIVE)
    past = series_of(entry, 500, as_of=WEEK.sunday)
    assert rules_of(check(submission(entry), past)) == set()


def test_a_figure_is_held_against_the_nearest_day_not_against_one_that_was_explained_away() -> None:
    entry = served(950, **CUMULATIVE)
    old, fallen = series_of(entry, 1000, as_of=date(2024, 11, 24)), series_of(entry, 900)
    past = replace(old, series=pd.concat([old.series, fallen.series], ignore_index=True))
    assert rules_of(check(submission(entry), past)) == set()


def test_a_year_to_date_series_ends_with_the_year() -> None:
    entry = served(10, **YTD)
    assert rules_of(check(submission(entry), series_of(entry, 8000, as_of=date(2023, 12, 31)))) == set()


def test_a_stock_may_fall() -> None:
    entry = served(10, period_kind="stock", end_on=None, start_on=None)
    assert rules_of(check(submission(entry), series_of(entry, 8000))) == set()


def test_a_later_as_of_is_no_measure_for_an_earlier_one() -> None:
    entry = served(10, **{**CUMULATIVE, "end_on": date(2024, 11, 3)})
    assert rules_of(check(submission(entry), series_of(entry, 8000))) == set()


def test_a_cumulative_figure_ten_times_the_one_before_is_asked_about() -> None:
    entry = served(80000, **CUMULATIVE)
    assert rules_of(check(submission(entry), series_of(entry, 8000))) == {"time.series.jump"}
    entry = served(79999, **CUMULATIVE)
    assert rules_of(check(submission(entry), series_of(entry, 8000))) == set()


def other_event(entry: Any, **differs: Any) -> History:
    rows = submission(entry).rows.iloc[0]
    same = ("series_key", "identity_key", "measures_hash", "content_hash", "start_on")
    known = {
        "activity_key": "key of last week",
        **{name: rows[name] for name in same},
        "week_start": WEEK.shift(-1).monday,
        "receipt_no": "620400-2024W48-001",
        "is_dated": False,
        "is_numbered": pd.notna(rows["activity_no"]),
        "owner_id": rows["reporting_union_id"] if rows["scope"] == "inclusive" else "",
    }
    return history(other_activities=[{**known, **differs}])


UNDATED = row("回访", start_on=None, end_on=None)
DATED = row("回访", start_on=None)
RUNNING = row("回访", start_on=date(2024, 11, 20), end_on=None)
BEFORE, AFTER = "time.event.same_as_week_before", "time.event.same_as_week_after"


@pytest.mark.parametrize("entry", [UNDATED, RUNNING], ids=["undated", "running"])
@pytest.mark.parametrize(
    "differs",
    [{}, {"content_hash": "another place, other groups"}, {"is_dated": True}],
    ids=["same", "other words", "dated"],
)
def test_an_undated_event_with_the_key_and_measures_of_the_week_before_is_asked_about(
    entry: Any, differs: dict[str, Any]
) -> None:
    drop = decided(submission(entry), other_event(entry, **differs))
    (finding,) = found(drop.submission, BEFORE)
    assert "620400-2024W48-001" in finding.message
    assert rows_of(drop) == ["held"]


def test_what_a_supplement_says_again_of_the_version_that_it_adds_to_is_asked_about_in_the_week_beside() -> None:
    """The first report told of last week's event by its end date; the 补充 says it undated, in the week itself."""
    standing = other_event(UNDATED, is_dated=True)
    own = history(own_activities=standing.other_activities)
    drop = decided(submission(UNDATED, submission_type=SubmissionType.SUPPLEMENT), own)
    (finding,) = found(drop.submission, BEFORE)
    assert "620400-2024W48-001" in finding.message
    assert rows_of(drop) == ["held"]


@pytest.mark.parametrize("entry", [UNDATED, DATED], ids=["undated", "dated"])
def test_a_late_file_that_says_what_an_undated_event_of_the_week_after_says_is_asked_about(entry: Any) -> None:
    drop = decided(submission(entry), other_event(entry, week_start=WEEK.shift(1).monday))
    (finding,) = found(drop.submission, AFTER)
    assert "620400-2024W48-001" in finding.message
    assert rows_of(drop) == ["held"]


def test_the_younger_of_two_weeks_must_be_undated_or_running() -> None:
    assert rules_of(check(submission(DATED), other_event(DATED))) == set()
    after = other_event(DATED, week_start=WEEK.shift(1).monday, is_dated=True)
    assert rules_of(check(submission(DATED), after)) == set()


@pytest.mark.parametrize(
    ("now", "then"),
    [(None, "7"), ("7", None), ("7", "8"), ("7", "7")],
    ids=["gained", "lost", "changed", "kept"],
)
def test_a_number_makes_no_other_activity_of_what_the_week_before_said(now: str | None, then: str | None) -> None:
    entry, before = (row("回访", start_on=None, end_on=None, activity_no=number) for number in (now, then))
    assert BEFORE in rules_of(check(submission(entry), other_event(before)))


def test_the_same_number_is_the_same_activity_under_another_name_and_start() -> None:
    before = row("走访", start_on=date(2024, 11, 1), end_on=None, activity_no="7")
    renamed = row("回访", start_on=date(2024, 11, 20), end_on=None, activity_no="7")
    assert BEFORE in rules_of(check(submission(renamed), other_event(before)))


@pytest.mark.parametrize(
    "differs",
    [
        {"measures_hash": "other"},
        {"week_start": WEEK.shift(-2).monday},
        {"series_key": "another", "identity_key": "another/2024-11-25"},
        {"start_on": date(2024, 11, 1)},
    ],
    ids=["other values", "two weeks ago", "another activity", "another start"],
)
def test_a_running_event_with_new_figures_adds(differs: dict[str, Any]) -> None:
    past = other_event(UNDATED, **differs)
    assert rules_of(check(submission(UNDATED), past)) == set()


@pytest.mark.parametrize(("scope", "is_asked"), [("own", True), ("inclusive", False)])
@pytest.mark.parametrize("numbers", [(None, None), (None, "7"), ("7", None), ("7", "8")], ids=str)
def test_events_of_two_reporting_unions_are_two_where_their_figures_are_theirs(
    numbers: tuple[str | None, str | None], scope: str, is_asked: bool
) -> None:
    before, entry = (
        row("回访", start_on=None, end_on=None, scope=scope, reporting_union_id=union, activity_no=number)
        for union, number in zip(("620402", "620403"), numbers, strict=True)
    )
    assert (BEFORE in rules_of(check(submission(entry), other_event(before)))) == is_asked


def test_an_inclusive_event_without_a_number_is_told_by_name_and_start() -> None:
    started = [date(2024, 11, 20), date(2024, 11, 21)]
    before, entry = (row("回访", start_on=day, end_on=None, scope="inclusive") for day in started)
    assert BEFORE not in rules_of(check(submission(entry), other_event(before)))
    assert BEFORE in rules_of(check(submission(entry), other_event(entry)))


def test_an_explanation_lets_an_event_that_is_really_another_one_count() -> None:
    explained = row("回访", start_on=None, end_on=None, explanation="又去了一次")
    assert rows_of(decided(submission(explained), other_event(explained))) == ["accepted"]
