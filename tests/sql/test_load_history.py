"""What the history says to a new file: versions, current rows, other events, series, foreign activities, usual figures."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from tests.builders import W49, activity, activity_keys, checked, load, submission

from nuanliu.domain.checked import FileStatus
from nuanliu.domain.exactness import Exactness
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.domain.submission import SubmissionType
from nuanliu.warehouse.submissions.history_reading import read_history

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from nuanliu.domain.history import History
    from nuanliu.domain.submission import Submission

FRAMES = {
    "current_rows": ["activity_key", "content_hash", "activity_name", "receipt_no", "explanation", "is_counting"],
    "current_figures": ["activity_key", "measure_id", "value_cents", "exactness"],
    "other_activities": [
        "activity_key",
        "series_key",
        "identity_key",
        "measures_hash",
        "content_hash",
        "start_on",
        "week_start",
        "receipt_no",
        "is_dated",
        "is_numbered",
        "owner_id",
    ],
    "series": [
        "series_key",
        "measure_id",
        "scope",
        "period_kind",
        "since_on",
        "as_of_on",
        "value_cents",
        "exactness",
        "explanation",
        "receipt_no",
    ],
    "later_series": [
        "series_key",
        "measure_id",
        "scope",
        "period_kind",
        "since_on",
        "as_of_on",
        "value_cents",
        "exactness",
        "explanation",
        "receipt_no",
    ],
    "current_series": [
        "series_key",
        "measure_id",
        "period_kind",
        "scope",
        "since_on",
        "as_of_on",
        "activity_name",
        "activity_no",
        "category_id",
        "item_name",
        "organizer_union_id",
        "reporting_union_id",
        "explanation",
        "receipt_no",
        "week_start",
    ],
    "foreign": [
        "organizer_union_id",
        "category_id",
        "activity_name",
        "start_on",
        "week_start",
        "reporting_union_id",
        "receipt_no",
        "identity_key",
        "period_kind",
    ],
    "typical": ["category_id", "measure_id", "weeks", "median_cents", "max_cents"],
}
SINCE = date(2024, 11, 7)


def _history(warehouse: Engine, submitted: Submission) -> History:
    with warehouse.connect() as connection:
        return read_history(
            connection,
            union_id=submitted.union_id,
            week=submitted.week,
            rows=submitted.rows,
            figures=submitted.figures,
        )


def _records(frame: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    return sorted(frame[list(columns)].itertuples(index=False, name=None))


def _series(vouchers: int | None, figures: dict[str, int] | None = None, **says: Any) -> dict[str, Any]:
    said = {"period_kind": "cumulative_since", "since_on": SINCE, "scope": "inclusive", **says}
    told = {} if vouchers is None else {"meal_vouchers": vouchers}
    return activity("爱心餐券", "meals", {**told, **(figures or {})}, **said)


def test_a_first_file_has_an_empty_history_in_the_documented_shape(warehouse: Engine) -> None:
    history = _history(warehouse, submission(activities=[activity(), _series(1)]))
    assert history.versions == ()
    assert {name: list(getattr(history, name).columns) for name in FRAMES} == FRAMES
    assert {len(getattr(history, name)) for name in FRAMES} == {0}
    assert {field.name for field in fields(history)} >= {"versions", *FRAMES}


def test_empty_and_filled_frames_have_the_same_dtypes(warehouse: Engine) -> None:
    renamed = {**_series(2), "activity_name": "爱心餐"}
    submitted = submission(activities=[activity(figures={"people_served": 1}), _series(2), renamed])
    empty = _history(warehouse, submitted)
    for week in ("2024-W48", "2024-W49", "2024-W50"):
        load(warehouse, checked(submission(week=week, activities=[activity(figures={"people_served": 1}), _series(2)])))
    load(warehouse, checked(submission("620300", activities=[activity("别的", organizer_union_id="620400")])))
    filled = _history(warehouse, submitted)
    for name in FRAMES:
        assert len(getattr(filled, name)), name
        pd.testing.assert_series_equal(getattr(filled, name).dtypes, getattr(empty, name).dtypes)


def test_answered_drops_of_the_week_are_versions_oldest_first(warehouse: Engine) -> None:
    first = submission(activities=[activity("甲")])
    load(warehouse, checked(first))
    load(warehouse, checked(submission(activities=[activity("乙")]), status=FileStatus.HELD))
    load(warehouse, checked(submission(activities=[activity("丙")]), status=FileStatus.TRIAL))
    load(warehouse, checked(submission(activities=[activity("丁")])))
    load(warehouse, checked(submission(week="2024-W48", activities=[activity("戊")])))
    load(warehouse, checked(submission("620300", activities=[activity("己")])))
    versions = _history(warehouse, first).versions
    assert [(v.receipt_no, v.version, v.is_current) for v in versions] == [
        ("620400-2024W49-001", 1, False),
        ("620400-2024W49-002", None, False),
        ("620400-2024W49-004", 2, True),
    ]
    assert versions[0].content_hash == first.content_hash
    assert versions[0].sha256 == checked(first).receipt.sha256
    assert versions[0].receipt["receipt_no"] == "620400-2024W49-001"


def test_current_rows_and_figures_are_those_of_the_current_versions_together(warehouse: Engine) -> None:
    load(warehouse, checked(submission(activities=[activity("旧", figures={"people_served": 9})])))
    kept = submission(
        activities=[activity("甲", figures={"people_served": (12, Exactness.OVER)}, start_on=date(2024, 11, 12))]
    )
    load(warehouse, checked(kept))
    added = submission(
        activities=[activity("乙", figures={"funds_total": "0.05"})], submission_type=SubmissionType.SUPPLEMENT
    )
    load(warehouse, checked(added))
    history = _history(warehouse, submission(activities=[activity("甲")]))
    keys = [*activity_keys(kept), *activity_keys(added)]
    assert _records(history.current_rows, "activity_name", "activity_key", "receipt_no") == sorted(
        [("甲", keys[0], "620400-2024W49-002"), ("乙", keys[1], "620400-2024W49-003")]
    )
    assert _records(history.current_figures, "measure_id", "activity_key", "value_cents", "exactness") == [
        ("funds_total", keys[1], 5, 0),
        ("people_served", keys[0], 1200, 1),
    ]


def test_other_activities_are_those_of_the_weeks_touched_and_the_weeks_beside_them(warehouse: Engine) -> None:
    for week in ("2024-W45", "2024-W46", "2024-W47", "2024-W48", "2024-W49"):
        monday = ReportingWeek.parse(week).monday
        rows = [activity(f"有日期{week}", start_on=monday, end_on=monday), activity(f"近日{week}"), _series(1)]
        load(warehouse, checked(submission(week=week, activities=rows)))
    touches_w46 = submission(activities=[activity("甲", start_on=date(2024, 11, 12), end_on=date(2024, 11, 12))])
    events = _history(warehouse, touches_w46).other_activities
    weeks = [date(2024, 11, 4), date(2024, 11, 11), date(2024, 11, 18)]
    kinds = (False, False, True)  # 近日, a series as of the Sunday, one with a date
    assert sorted(zip(events["week_start"].dt.date, events["is_dated"], strict=True)) == [
        (week, is_dated) for week in weeks for is_dated in kinds
    ]
    assert set(events["receipt_no"]) == {f"620400-2024W{number}-001" for number in (45, 46, 47)}


def test_a_series_shows_its_latest_figure_before_the_version_to_be_replaced(warehouse: Engine) -> None:
    for week, vouchers in (("2024-W47", 10000), ("2024-W48", 15000), ("2024-W49", 14000), ("2024-W50", 20000)):
        load(warehouse, checked(submission(week=week, activities=[_series(vouchers, explanation=week)])))
    submitted = submission(activities=[_series(16000)])
    (row,) = _history(warehouse, submitted).series.to_dict("records")
    assert (row["value_cents"], row["explanation"]) == (1_500_000, "2024-W48")
    assert (row["as_of_on"].date(), row["since_on"].date()) == (date(2024, 12, 1), SINCE)
    assert (row["scope"], row["period_kind"], row["measure_id"]) == ("inclusive", "cumulative_since", "meal_vouchers")
    assert row["series_key"] == submitted.rows["series_key"].item()


@pytest.mark.parametrize(
    ("week", "says"),
    [
        ("2023-W40", {"since_on": date(2023, 1, 1)}),
        ("2024-W02", {"period_kind": "ytd", "since_on": None}),
        ("2023-W50", {"period_kind": "stock", "since_on": None}),
    ],
)
def test_a_series_that_rested_is_found_however_long(warehouse: Engine, week: str, says: dict[str, Any]) -> None:
    load(warehouse, checked(submission(week=week, activities=[_series(7, **says)])))
    for weeks_ago in (20, 10, 1):
        load(warehouse, checked(submission(week=W49.shift(-weeks_ago), activities=[activity()])))
    series = _history(warehouse, submission(activities=[_series(8, **says)])).series
    assert _records(series, "value_cents") == [(700,)]


@pytest.mark.parametrize("rested_weeks", [30, 20, 3])
def test_each_measure_of_a_series_is_found_however_long_it_rested_while_another_was_said(
    warehouse: Engine, rested_weeks: int
) -> None:
    of_2024 = {"period_kind": "ytd", "since_on": None}
    both = _series(7, {"people_served": 5}, **of_2024)
    load(warehouse, checked(submission(week=W49.shift(-rested_weeks), activities=[both])))
    for weeks_ago in (2, 1):
        only_people = _series(None, {"people_served": 50 - weeks_ago}, **of_2024)
        load(warehouse, checked(submission(week=W49.shift(-weeks_ago), activities=[only_people])))
    series = _history(warehouse, submission(activities=[_series(8, {"people_served": 60}, **of_2024)])).series
    assert _records(series, "measure_id", "value_cents") == [("meal_vouchers", 700), ("people_served", 4900)]


def test_series_of_other_unions_and_other_activities_are_not_mixed_in(warehouse: Engine) -> None:
    load(warehouse, checked(submission("620300", "2024-W48", [_series(1)])))
    load(warehouse, checked(submission(week="2024-W48", activities=[_series(2, item_name="别的")])))
    assert len(_history(warehouse, submission(activities=[_series(3)])).series) == 0


def test_foreign_activities_are_those_other_unions_sent_for_the_organisers_of_the_file(warehouse: Engine) -> None:
    of_county = {"organizer_union_id": "620102", "start_on": date(2024, 12, 3)}
    by_prefecture = submission(
        "620100",
        activities=[
            activity("义诊", "free_clinic", **of_county),
            activity("计划", period_kind="planned", **of_county),
            activity("市级活动"),
        ],
    )
    load(warehouse, checked(by_prefecture))
    own = submission("620102", activities=[activity("义诊", "free_clinic", start_on=date(2024, 12, 3))])
    (row, planned) = _history(warehouse, own).foreign.sort_values("period_kind").to_dict("records")
    assert planned["period_kind"] == "planned"
    assert row == {
        "organizer_union_id": "620102",
        "category_id": "free_clinic",
        "activity_name": "义诊",
        "start_on": pd.Timestamp("2024-12-03"),
        "week_start": pd.Timestamp("2024-12-02"),
        "reporting_union_id": "620100",
        "receipt_no": "620100-2024W49-001",
        "identity_key": by_prefecture.rows["identity_key"][0],
        "period_kind": "event",
    }


def test_what_is_usual_is_told_by_the_unions_own_past_events(warehouse: Engine) -> None:
    for week, people in (("2024-W46", 10), ("2024-W47", 30), ("2024-W48", 20)):
        rows = [
            activity(figures={"people_served": people}),
            activity("含下级", figures={"people_served": 999}, scope="inclusive"),
            _series(500),
        ]
        load(warehouse, checked(submission(week=week, activities=rows)))
    load(warehouse, checked(submission(activities=[activity(figures={"people_served": 7000})])))
    load(warehouse, checked(submission(week="2024-W10", activities=[activity(figures={"people_served": 8000})])))
    load(warehouse, checked(submission("620300", "2024-W48", [activity(figures={"people_served": 9000})])))
    typical = _history(warehouse, submission(activities=[activity()])).typical
    assert _records(typical, *FRAMES["typical"]) == [("condolence", "people_served", 3, 2000, 3000)]


def test_a_superseded_version_is_no_history(warehouse: Engine) -> None:
    rows = [activity(figures={"people_served": 1}), _series(1)]
    load(warehouse, checked(submission(week="2024-W48", activities=rows)))
    load(
        warehouse,
        checked(submission(week="2024-W48", activities=[], submission_type=SubmissionType.ZERO)),
    )
    history = _history(warehouse, submission(activities=rows))
    assert [len(getattr(history, name)) for name in ("other_activities", "series", "typical")] == [0, 0, 0]


@pytest.mark.parametrize("union_id", ["unknown", "620400"])
def test_a_file_without_rows_can_be_asked_for(warehouse: Engine, union_id: str) -> None:
    assert _history(warehouse, submission(union_id, activities=[])).versions == ()
