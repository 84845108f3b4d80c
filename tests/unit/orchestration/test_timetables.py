"""When the weekly DAGs run: by reporting week, moved by the workday calendar, never twice and never skipped."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pendulum
import pytest
from airflow.exceptions import InvalidPartitionKeyError
from airflow.timetables.base import TimeRestriction

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.orchestration.timetables import ReportingWeekTimetable, Slot

if TYPE_CHECKING:
    from airflow.timetables.base import DagRunInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
PUBLISH = [Slot("", days=7, hour=18)]
REMIND = [Slot("friday", days=4, hour=9, moves_back=True), Slot("last-call", days=7, hour=9)]
LONG_AGO = TimeRestriction(earliest=pendulum.datetime(2020, 1, 1), latest=None, catchup=False)


def local(info: DagRunInfo | None) -> str:
    assert info is not None
    return info.run_after.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def following(timetable: ReportingWeekTimetable, last: DagRunInfo | None, now: str) -> DagRunInfo:
    with patch.object(pendulum, "now", return_value=pendulum.parse(now)):
        found = timetable.next_dagrun_info_v2(last_dagrun_info=last, restriction=LONG_AGO)
    assert found is not None
    return found


def slot_of(timetable: ReportingWeekTimetable, key: str) -> DagRunInfo:
    week = ReportingWeek.parse(key.partition("|")[0])
    return next(info for info in islice(timetable._since(week), 9) if info.partition_key == key)


@pytest.mark.parametrize(
    ("week", "due"),
    [
        ("2024-W49", "2024-12-09 18:00"),  # an ordinary Monday
        ("2024-W52", "2024-12-30 18:00"),
        ("2025-W04", "2025-01-27 18:00"),  # Monday before Spring Festival, a working day
        ("2025-W05", "2025-02-05 18:00"),  # Spring Festival until Tuesday
        ("2025-W40", "2025-10-09 18:00"),  # National Day week
        ("2024-W06", "2024-02-18 18:00"),  # 调休: Sunday after Spring Festival is worked
    ],
)
def test_publication_is_monday_or_the_first_working_day_after_it(week: str, due: str) -> None:
    assert local(slot_of(ReportingWeekTimetable(PUBLISH), week)) == due


@pytest.mark.parametrize(
    ("key", "due"),
    [
        ("2024-W49|friday", "2024-12-06 09:00"),
        ("2024-W49|last-call", "2024-12-09 09:00"),
        ("2024-W37|friday", "2024-09-13 09:00"),  # Mid-Autumn begins on Sunday
        ("2025-W01|friday", "2025-01-03 09:00"),
        ("2024-W14|friday", "2024-04-03 09:00"),  # Qingming Thursday to Saturday: back to Wednesday
        ("2024-W14|last-call", "2024-04-08 09:00"),  # the worked Sunday before it belongs to W14
        ("2024-W07|friday", "2024-02-18 09:00"),  # nobody works from Monday to Saturday
    ],
)
def test_reminders_move_back_on_friday_and_forward_on_monday(key: str, due: str) -> None:
    assert local(slot_of(ReportingWeekTimetable(REMIND), key)) == due


@pytest.mark.parametrize("slots", [PUBLISH, REMIND])
def test_slots_come_in_the_order_of_their_times_in_every_year_of_the_calendar(slots: list[Slot]) -> None:
    times = [
        info.run_after for info in islice(ReportingWeekTimetable(slots)._since(ReportingWeek.parse("2005-W01")), 2400)
    ]
    assert times == sorted(times)


def test_the_partition_is_the_week_and_its_date_the_monday() -> None:
    info = slot_of(ReportingWeekTimetable(REMIND), "2024-W49|last-call")
    assert info.partition_date == pendulum.datetime(2024, 12, 2, tz="Asia/Shanghai")
    assert info.data_interval is None


def test_a_new_deployment_begins_with_the_next_slot_to_come() -> None:
    timetable = ReportingWeekTimetable(PUBLISH)
    assert following(timetable, None, "2024-12-11T10:00+08:00").partition_key == "2024-W50"


def test_a_slot_that_has_just_begun_is_not_jumped_over() -> None:
    # The DAG is parsed again between 18:00 and the moment the scheduler makes the run.
    timetable = ReportingWeekTimetable(PUBLISH)
    assert following(timetable, None, "2024-12-09T18:00:20+08:00").partition_key == "2024-W49"


def test_after_a_run_comes_the_next_slot() -> None:
    timetable = ReportingWeekTimetable(REMIND)
    friday = slot_of(timetable, "2024-W49|friday")
    assert following(timetable, friday, "2024-12-06T09:00:05+08:00").partition_key == "2024-W49|last-call"
    monday = slot_of(timetable, "2024-W49|last-call")
    assert following(timetable, monday, "2024-12-09T09:00:05+08:00").partition_key == "2024-W50|friday"


def test_two_slots_at_one_moment_both_run() -> None:
    # After Spring Festival 2024 the last call of W06 and the Friday slot of W07 fall on the same Sunday.
    timetable = ReportingWeekTimetable(REMIND)
    first = following(timetable, slot_of(timetable, "2024-W06|friday"), "2024-02-09T09:00:05+08:00")
    second = following(timetable, first, "2024-02-18T09:00:05+08:00")
    assert [first.partition_key, second.partition_key] == ["2024-W06|last-call", "2024-W07|friday"]
    assert local(first) == local(second) == "2024-02-18 09:00"


def test_of_several_missed_slots_the_newest_runs() -> None:
    timetable = ReportingWeekTimetable(PUBLISH)
    last = slot_of(timetable, "2024-W46")
    assert following(timetable, last, "2024-12-10T08:00+08:00").partition_key == "2024-W49"


def test_a_slot_that_was_renamed_counts_as_the_last_of_its_week() -> None:
    timetable = ReportingWeekTimetable(REMIND)
    old = slot_of(timetable, "2024-W49|friday")._replace(partition_key="2024-W49|thursday")
    assert following(timetable, old, "2024-12-05T09:00+08:00").partition_key == "2024-W50|friday"


def test_a_backfill_gets_the_weeks_that_begin_in_its_window() -> None:
    infos = ReportingWeekTimetable(PUBLISH).iter_partition_dagrun_infos(
        earliest=pendulum.datetime(2024, 12, 2, tz="Asia/Shanghai"),
        latest=pendulum.datetime(2024, 12, 16, tz="Asia/Shanghai"),
    )
    assert [info.partition_key for info in infos] == ["2024-W49", "2024-W50", "2024-W51"]


def test_a_key_given_by_hand_is_read_back_and_nonsense_is_refused() -> None:
    timetable = ReportingWeekTimetable(PUBLISH)
    assert timetable.resolve_partition_date("2024-W49") == pendulum.datetime(2024, 12, 2, tz="Asia/Shanghai")
    with pytest.raises(InvalidPartitionKeyError, match="not an ISO week"):
        timetable.resolve_partition_date("W49")


def test_it_survives_the_serialized_dag() -> None:
    timetable = ReportingWeekTimetable(REMIND)
    assert ReportingWeekTimetable.deserialize(timetable.serialize()).slots == timetable.slots
    assert timetable.summary == "Fri 09:00, Mon 09:00"


def runs_until(timetable: ReportingWeekTimetable, last: str, now: str) -> list[str]:
    """The weeks that a scheduler runs which slept since the run of a week, up to the first that is still to come."""
    keys = []
    info = slot_of(timetable, last)
    while True:
        info = following(timetable, info, now)
        if info.run_after > pendulum.parse(now):
            return keys
        keys.append(str(info.partition_key))


WITH_MISSED = ReportingWeekTimetable(PUBLISH, missed_weeks=8)


@pytest.mark.parametrize(
    ("last", "now", "published"),
    [
        # 2026: 春节 from Sunday 15 to Monday 23 February; both Mondays' weeks are due on Tuesday 24.
        ("2026-W06", "2026-02-24T18:00:05+08:00", ["2026-W07", "2026-W08"]),
        ("2026-W06", "2026-02-16T18:00:05+08:00", []),
        # 2025: from 28 January to Tuesday 4 February; W04 on its Monday, W05 on Wednesday.
        ("2025-W03", "2025-01-27T18:00:05+08:00", ["2025-W04"]),
        ("2025-W04", "2025-02-05T18:00:05+08:00", ["2025-W05"]),
        # A scheduler that slept over both.
        ("2025-W02", "2025-02-06T08:00+08:00", ["2025-W03", "2025-W04", "2025-W05"]),
    ],
)
def test_every_week_is_published_though_two_fall_due_at_one_moment(last: str, now: str, published: list[str]) -> None:
    assert runs_until(WITH_MISSED, last, now) == published


def test_after_a_long_sleep_the_weeks_that_can_still_be_corrected_are_published_and_no_older_ones() -> None:
    assert runs_until(WITH_MISSED, "2024-W20", "2024-12-10T08:00+08:00") == [f"2024-W{week}" for week in range(42, 50)]


def test_a_week_without_a_missed_run_is_published_once() -> None:
    assert runs_until(WITH_MISSED, "2024-W48", "2024-12-09T18:00:05+08:00") == ["2024-W49"]


def test_what_is_missed_survives_the_serialized_dag() -> None:
    again = ReportingWeekTimetable.deserialize(WITH_MISSED.serialize())
    assert runs_until(again, "2026-W06", "2026-02-24T18:00:05+08:00") == ["2026-W07", "2026-W08"]
    assert ReportingWeekTimetable.deserialize({"slots": [list(slot) for slot in PUBLISH]}).missed_weeks == 0
