"""Sample weeks follow from their seed, and hold what a real year holds."""

from __future__ import annotations

from collections import Counter

import pytest

from nuanliu.contract.due_time import report_due_at
from nuanliu.contract.spring_festival import weeks_from_festival
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.running.sample_past.planning import (
    CORRECTION,
    FIRST,
    FORMS,
    ZERO,
    PlannedFile,
    plan_past,
    plan_reports,
    published_at,
    reporting_unions,
)
from nuanliu.running.sample_past.playing import Past

LAST = ReportingWeek.parse("2024-W48")


@pytest.fixture(scope="module")
def files() -> list[PlannedFile]:
    return plan_past(LAST.shift(-59), LAST, 1)


def test_14_prefectures_86_counties_and_the_provincial_office_report() -> None:
    assert len(reporting_unions()) == 1 + 14 + 86


def test_a_week_is_the_same_in_any_span(files: list[PlannedFile]) -> None:
    week = ReportingWeek.parse("2024-W10")
    assert [file for file in files if file.week == week] == plan_past(week, week, 1)


def test_another_seed_gives_other_weeks(files: list[PlannedFile]) -> None:
    assert plan_past(LAST, LAST, 2) != [file for file in files if file.week == LAST]


def test_sixty_weeks_have_every_form_and_every_kind_of_file(files: list[PlannedFile]) -> None:
    assert {file.form for file in files} == set(FORMS)
    assert {file.submission_type for file in files} == {FIRST, CORRECTION, ZERO}
    assert any(activity.is_faulty for file in files for activity in file.activities)
    assert any(activity.days is None for file in files for activity in file.activities)
    late = [file for file in files if file.submission_type != CORRECTION and file.arrives_at > report_due_at(file.week)]
    assert late
    reports = Counter((file.union_id, file.week) for file in files if file.submission_type != CORRECTION)
    assert set(reports.values()) == {1}
    prefectures = [union_id for union_id in reporting_unions() if union_id.endswith("00")]
    assert any((union_id, LAST.shift(-back)) not in reports for back in range(60) for union_id in prefectures), "gaps"


def test_a_correction_comes_after_the_report_that_it_corrects_is_published(files: list[PlannedFile]) -> None:
    reports = {(file.union_id, file.week): file for file in files if file.submission_type == FIRST}
    corrections = [file for file in files if file.submission_type == CORRECTION]
    assert len(corrections) > 20
    for file in corrections:
        assert file.arrives_at > published_at(file.week)
        assert file.arrives_at > reports[file.union_id, file.week].arrives_at
        assert file.activities != reports[file.union_id, file.week].activities


def test_in_the_week_of_the_festival_many_confirm_that_there_was_nothing(files: list[PlannedFile]) -> None:
    (festival,) = {file.week for file in files if weeks_from_festival(file.week) == 0}
    zeros = Counter(file.week for file in files if file.submission_type == ZERO)
    assert zeros.most_common(1)[0][0] == festival


def test_nothing_arrives_after_the_last_week_is_published() -> None:
    past = Past.ending(LAST, 60)
    assert (str(past.first), len(past.weeks)) == ("2023-W41", 60)
    assert max(file.arrives_at for file in past.files()) <= published_at(LAST)


def test_a_union_sends_two_files_of_one_name_never_at_one_moment(files: list[PlannedFile]) -> None:
    moments = Counter((file.union_id, file.week, file.arrives_at) for file in files)
    assert set(moments.values()) == {1}
    assert len(list(plan_reports("620400", LAST, 1))) <= 2
