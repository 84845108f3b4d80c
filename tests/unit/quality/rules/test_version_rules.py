"""A file against what is current already: which version, which union, which week."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.quality.hand_made import (
    WEEK,
    check,
    decided,
    found,
    history,
    row,
    rows_of,
    rules_of,
    submission,
    version,
)

from nuanliu.contract.rules import RuleRegistry, rule_registry
from nuanliu.domain.checked import LoadAction
from nuanliu.domain.findings import Severity
from nuanliu.domain.submission import Submission, SubmissionType, empty_frame
from nuanliu.quality.checking import check_submission
from nuanliu.warehouse.submissions.history_frames import COLUMNS

if TYPE_CHECKING:
    from nuanliu.domain.history import History

FIRST, SECOND = row("甲活动"), row("乙活动")
RECEIPT = "620400-2024W49-001"
CORRECTION = SubmissionType.CORRECTION
SUPPLEMENT = SubmissionType.SUPPLEMENT
ZERO = SubmissionType.ZERO
BAD = row("坏活动", end_on=date(2024, 12, 20))
DOUBTFUL = row("疑活动", figures={"people_served": 600000})


def after(*rows: Any, **frames: Any) -> History:
    """A history in which these rows are the accepted activities of the current version."""
    table = submission(*rows)
    key_of = table.rows.set_index("row_id")["activity_key"]
    current = [
        {**entry, "receipt_no": RECEIPT}
        for entry in table.rows[["activity_key", "content_hash", "activity_name"]].to_dict("records")
    ]
    figures = [
        {"activity_key": key_of[figure.row_id], "measure_id": figure.measure_id, "value_cents": figure.value_cents,
         "exactness": figure.exactness}
        for figure in table.figures.itertuples()
    ]  # fmt: skip
    return history(versions=[version(RECEIPT)], current_rows=current, current_figures=figures, **frames)


def typed(kind: SubmissionType, *rows: Any) -> Submission:
    return submission(*rows, submission_type=kind)


def test_a_first_version_replaces_nothing() -> None:
    drop = decided(submission(FIRST), history())
    assert (drop.status, drop.action) == ("accepted", LoadAction.REPLACE)


def test_a_file_that_keeps_all_activities_replaces_the_version_before() -> None:
    drop = decided(submission(FIRST, SECOND), after(FIRST))
    assert (drop.status, drop.action, drop.submission.submission_type) == ("accepted", LoadAction.REPLACE, "首报")
    assert rules_of(drop.submission) == {"file.version.replaces"}


def test_a_file_that_drops_an_accepted_activity_is_held_and_the_earlier_one_stays() -> None:
    drop = decided(submission(SECOND), after(FIRST, SECOND))
    (finding,) = found(drop.submission, "file.version.activity_vanished")
    assert finding.severity is Severity.QUERY
    assert "1 个活动" in finding.message
    assert "甲活动" in finding.message
    assert (drop.status, drop.action, rows_of(drop)) == ("held", LoadAction.NOTHING, ["held"])


TWINS = tuple(row("甲活动", explanation=f"第{number}场") for number in (1, 2))


def test_two_rows_of_one_key_that_both_stand_are_two_activities_when_one_is_gone() -> None:
    """The case of the issue: a 首报 without one of them was accepted and its people vanished."""
    drop = decided(submission(TWINS[0], SECOND), after(*TWINS, SECOND))
    (finding,) = found(drop.submission, "file.version.activity_vanished")
    assert "1 个活动" in finding.message
    assert "甲活动" in finding.message
    assert drop.status == "held"


@pytest.mark.parametrize(
    ("rows", "gone"), [((SECOND,), 2), (TWINS, 1), (TWINS[:1], 2), ((*TWINS, SECOND), 0), ((*TWINS, SECOND, FIRST), 0)]
)
def test_activities_that_vanish_are_counted_by_key_and_number_of_rows(rows: tuple[Any, ...], gone: int) -> None:
    found_gone = found(check(submission(*rows), after(*TWINS, SECOND)), "file.version.activity_vanished")
    assert [finding.message.count(f"{gone} 个活动") for finding in found_gone] == [1] * bool(gone)


def test_a_supplement_row_that_says_what_one_of_two_rows_of_its_key_says_is_already_there() -> None:
    standing = (replace(TWINS[0], content="c1"), replace(TWINS[1], content="c2"))
    for content, rule in (("c1", "already_there"), ("c2", "already_there"), ("c3", "key_exists")):
        file = check(typed(SUPPLEMENT, replace(FIRST, content=content)), after(*standing))
        assert rules_of(file) == {f"file.version.{rule}"}


def test_a_correction_may_drop_an_activity() -> None:
    drop = decided(typed(CORRECTION, SECOND), after(FIRST, SECOND))
    assert (drop.status, drop.action) == ("accepted_with_warnings", LoadAction.REPLACE)


def test_a_zero_report_after_a_version_with_activities_is_held() -> None:
    drop = decided(typed(ZERO), after(FIRST))
    assert rules_of(drop.submission) == {"file.version.zero_over_activities"}
    assert drop.status == "held"


def test_many_vanished_activities_are_counted_and_some_named() -> None:
    rows = [row(f"第{number}项") for number in range(8)]
    (finding,) = found(check(submission(FIRST), after(*rows)), "file.version.activity_vanished")
    assert "8 个活动" in finding.message
    assert "第4项等" in finding.message
    assert "第5项" not in finding.message


def test_a_correction_with_nothing_to_correct_is_taken_as_a_first_report() -> None:
    drop = decided(typed(CORRECTION, FIRST), history())
    assert rules_of(drop.submission) == {"file.version.nothing_to_correct"}
    assert (drop.status, drop.action) == ("accepted_with_warnings", LoadAction.REPLACE)


def test_a_supplement_with_nothing_to_add_to_is_taken_as_a_first_report() -> None:
    drop = decided(typed(SUPPLEMENT, FIRST), history())
    assert rules_of(drop.submission) == {"file.version.nothing_to_add_to"}
    assert (drop.status, drop.action) == ("accepted_with_warnings", LoadAction.REPLACE)


def test_a_supplement_adds_its_new_activities() -> None:
    drop = decided(typed(SUPPLEMENT, SECOND), after(FIRST))
    assert (drop.status, drop.action, rows_of(drop)) == ("accepted", LoadAction.ADD, ["accepted"])


def test_a_supplement_sets_aside_what_is_there_already() -> None:
    drop = decided(typed(SUPPLEMENT, FIRST, SECOND), after(FIRST))
    (finding,) = found(drop.submission, "file.version.already_there")
    assert (finding.severity, finding.row) == (Severity.INFO, 2)
    assert RECEIPT in finding.message
    assert (drop.status, rows_of(drop)) == ("accepted", ["ignored", "accepted"])
    assert drop.receipt.rows.ignored == 1


def test_a_supplement_that_would_change_a_value_is_held_whole() -> None:
    changed = row("甲活动", figures={"people_served": 999})
    drop = decided(typed(SUPPLEMENT, changed, SECOND), after(FIRST))
    assert rules_of(drop.submission) == {"file.version.key_exists", "file.version.not_clean"}
    assert (drop.status, rows_of(drop)) == ("held", ["held", "held"])


def test_an_explanation_does_not_let_a_supplement_change_a_value() -> None:
    changed = row("甲活动", figures={"people_served": 999}, explanation="数字变了")
    assert decided(typed(SUPPLEMENT, changed), after(FIRST)).status == "held"


@pytest.mark.parametrize("faulty", [BAD, DOUBTFUL], ids=["returned row", "held row"])
@pytest.mark.parametrize("kind", [SubmissionType.FIRST, CORRECTION, SUPPLEMENT])
def test_a_later_version_with_a_returned_or_held_row_is_held_whole(faulty: Any, kind: SubmissionType) -> None:
    rows = (faulty,) if kind is SUPPLEMENT else (FIRST, faulty)
    drop = decided(typed(kind, *rows), after(FIRST))
    (finding,) = found(drop.submission, "file.version.not_clean")
    assert "1 行" in finding.message
    assert RECEIPT in finding.message
    assert (drop.status, drop.action, set(rows_of(drop))) == ("held", LoadAction.NOTHING, {"held"})
    assert drop.receipt.totals == ()


@pytest.mark.parametrize("faulty", [BAD, DOUBTFUL], ids=["returned row", "held row"])
def test_a_first_version_may_be_accepted_in_part(faulty: Any) -> None:
    drop = decided(submission(FIRST, faulty), history(versions=[version(is_current=False, status="held")]))
    assert (drop.status, drop.action) == ("partially_accepted", LoadAction.REPLACE)


def other_week(entry: Any, **differs: Any) -> dict[str, Any]:
    rows = submission(entry).rows.iloc[0]
    return {
        "activity_key": rows["activity_key"],
        **{name: rows[name] for name in ("series_key", "identity_key", "measures_hash", "content_hash", "start_on")},
        "week_start": rows["counts_week"],
        "receipt_no": "620400-2024W48-001",
        "is_dated": True,
        **differs,
    }


OLD = row("旧活动", start_on=date(2024, 11, 28), end_on=date(2024, 11, 28))


def test_an_event_counted_in_another_submission_is_set_aside() -> None:
    drop = decided(submission(OLD, FIRST), history(other_activities=[other_week(OLD)]))
    assert rules_of(drop.submission) == {"file.version.counted_elsewhere", "row.end_date.own_week"}
    assert (drop.status, rows_of(drop)) == ("accepted", ["ignored", "accepted"])


def test_a_file_of_nothing_new_is_accepted_and_loads_no_rows() -> None:
    drop = decided(submission(OLD), history(other_activities=[other_week(OLD)]))
    assert (drop.status, drop.action, drop.receipt.totals) == ("accepted", LoadAction.REPLACE, ())


def test_an_event_that_says_what_one_of_two_rows_of_its_key_elsewhere_says_is_set_aside() -> None:
    past = history(other_activities=[other_week(OLD, content_hash="other"), other_week(OLD)])
    assert rules_of(check(submission(OLD), past)) == {"file.version.counted_elsewhere", "row.end_date.own_week"}


def test_an_event_with_other_values_in_another_submission_is_held() -> None:
    drop = decided(submission(OLD, FIRST), history(other_activities=[other_week(OLD, content_hash="other")]))
    (finding,) = found(drop.submission, "file.version.differs_elsewhere")
    assert "更正" in finding.fix
    assert "620400-2024W48-001" in finding.fix
    assert rows_of(drop) == ["held", "accepted"]


def test_an_explanation_does_not_let_an_event_count_twice() -> None:
    explained = row("旧活动", start_on=date(2024, 11, 28), end_on=date(2024, 11, 28), explanation="数字更准")
    past = history(other_activities=[other_week(explained, content_hash="other")])
    assert rows_of(decided(submission(explained), past)) == ["held"]


def test_an_event_of_another_week_is_another_event() -> None:
    past = history(other_activities=[other_week(OLD, week_start=WEEK.shift(-3).monday)])
    assert rules_of(check(submission(OLD), past)) == {"row.end_date.own_week"}


def test_other_period_kinds_repeat_freely() -> None:
    ytd = row("累计", period_kind="ytd", end_on=None, start_on=None)
    assert rules_of(check(submission(ytd), history(other_activities=[other_week(ytd)]))) == set()


def reported_by(union_id: str, entry: Any, **differs: Any) -> dict[str, Any]:
    rows = submission(entry).rows.iloc[0]
    return {
        "organizer_union_id": rows["organizer_union_id"],
        "category_id": rows["category_id"],
        "activity_name": rows["activity_name"],
        "start_on": rows["start_on"],
        "week_start": rows["counts_week"],
        "reporting_union_id": union_id,
        "receipt_no": f"{union_id}-2024W49-001",
        "period_kind": rows["period_kind"],
        "identity_key": "another activity" if differs else rows["identity_key"],
        **differs,
    }


COUNTYS = row("平川区慰问", organizer_union_id="620403")


def test_an_activity_its_organiser_has_reported_is_held_and_names_the_receipt() -> None:
    drop = decided(submission(COUNTYS, FIRST), history(foreign=[reported_by("620403", COUNTYS)]))
    (finding,) = found(drop.submission, "org.foreign.already_reported")
    assert finding.severity is Severity.QUERY
    assert "平川区总工会" in finding.message
    assert "620403-2024W49-001" in finding.message
    assert (drop.status, rows_of(drop), drop.waiting) == ("partially_accepted", ["held", "accepted"], {0})


def test_rows_held_for_that_reason_alone_do_not_hold_a_later_version() -> None:
    past = after(FIRST, foreign=[reported_by("620403", COUNTYS)])
    drop = decided(submission(FIRST, COUNTYS), past)
    assert (drop.status, drop.action, rows_of(drop)) == (
        "partially_accepted",
        LoadAction.REPLACE,
        ["accepted", "held"],
    )


def test_a_row_held_for_another_reason_too_does_hold_a_later_version() -> None:
    doubtful = row("平川区慰问", figures={"people_served": 600000}, organizer_union_id="620403")
    past = after(FIRST, foreign=[reported_by("620403", doubtful)])
    drop = decided(submission(FIRST, doubtful), past)
    assert (drop.status, drop.waiting) == ("held", frozenset())


def test_a_row_held_for_another_reason_too_does_not_wait_behind_the_other_report() -> None:
    doubtful = row("平川区慰问", figures={"people_served": 600000}, organizer_union_id="620403")
    drop = decided(submission(FIRST, doubtful), history(foreign=[reported_by("620403", doubtful)]))
    assert (drop.status, drop.waiting) == ("partially_accepted", frozenset())


def test_a_first_file_of_nothing_but_rows_that_wait_is_a_version() -> None:
    drop = decided(submission(COUNTYS), history(foreign=[reported_by("620403", COUNTYS)]))
    assert (drop.status, drop.action, drop.waiting) == ("held", LoadAction.REPLACE, {0})


def test_a_file_with_a_row_to_mend_beside_rows_that_wait_is_no_version() -> None:
    drop = decided(submission(COUNTYS, BAD), history(foreign=[reported_by("620403", COUNTYS)]))
    assert (drop.status, drop.action) == ("held", LoadAction.NOTHING)


def test_cumulative_figures_of_two_unions_are_compared_whatever_their_week() -> None:
    ytd = row("平川区慰问", organizer_union_id="620403", period_kind="ytd", start_on=None)
    past = history(foreign=[reported_by("620403", ytd) | {"week_start": WEEK.shift(-3).monday}])
    assert rules_of(check(submission(ytd), past)) == {"org.foreign.already_reported"}


def test_the_very_bytes_of_another_unions_file_hold_the_whole_file_naming_that_one() -> None:
    drop = decided(submission(FIRST, SECOND), history(same_bytes=(("620300", "620300-2024W49-001"),)))
    (finding,) = found(drop.submission, "org.foreign.same_file")
    assert (drop.status, rows_of(drop)) == ("held", ["held", "held"])
    assert finding.is_file_level
    assert "金昌市总工会" in finding.message
    assert "620300-2024W49-001" in finding.message


def test_a_zero_report_may_read_like_another_unions_byte_for_byte() -> None:
    drop = decided(typed(ZERO), history(same_bytes=(("620300", "620300-2024W49-001"),)))
    assert drop.status == "accepted"


def test_an_explanation_does_not_release_a_foreign_report() -> None:
    explained = row("平川区慰问", organizer_union_id="620403", explanation="我们也参加了")
    drop = decided(submission(explained), history(foreign=[reported_by("620403", explained)]))
    assert rows_of(drop) == ["held"]


def test_the_organisers_own_report_takes_the_activity_over() -> None:
    drop = decided(submission(FIRST), history(foreign=[reported_by("620403", FIRST)]))
    (finding,) = found(drop.submission, "org.foreign.takes_over")
    assert finding.severity is Severity.INFO
    assert (drop.status, rows_of(drop)) == ("accepted", ["accepted"])


@pytest.mark.parametrize(
    "differs",
    [
        {"activity_name": "另一个"},
        {"category_id": "meals"},
        {"organizer_union_id": "620402"},
        {"start_on": date(2024, 11, 27)},
    ],
)
def test_another_activity_of_the_organiser_is_no_repetition(differs: dict[str, Any]) -> None:
    past = history(foreign=[reported_by("620403", COUNTYS, **differs)])
    assert rules_of(check(submission(COUNTYS), past)) == set()


def test_undated_reports_of_one_week_are_the_same_activity() -> None:
    undated = row("平川区慰问", organizer_union_id="620403", start_on=None, end_on=None)
    past = history(foreign=[reported_by("620403", undated)])
    assert rules_of(check(submission(undated), past)) == {"org.foreign.already_reported"}


def test_a_report_two_days_apart_is_warned_of() -> None:
    past = history(foreign=[reported_by("620403", COUNTYS, start_on=date(2024, 12, 5))])
    file = check(submission(COUNTYS), past)
    assert rules_of(file) == {"org.foreign.similar"}
    assert found(file, "org.foreign.similar")[0].severity is Severity.WARNING


def test_how_near_another_unions_report_must_be_is_data_and_the_text_says_it() -> None:
    past = history(foreign=[reported_by("620403", COUNTYS, start_on=date(2024, 12, 5))])
    rule = rule_registry()["org.foreign.similar"]

    def told(most: int) -> list[str]:
        other = RuleRegistry({**rule_registry().rules, rule.id: replace(rule, params={"most_days_apart": most})})
        return [f.message for f in found(check_submission(submission(COUNTYS), past, registry=other), rule.id)]

    assert told(1) == []
    assert ["日期相差不超过 2 天" in message for message in told(2)] == [True]


@pytest.mark.parametrize("kind", [SubmissionType.FIRST, CORRECTION, ZERO])
def test_a_file_after_a_zero_report_replaces_it(kind: SubmissionType) -> None:
    nothing = {
        name: empty_frame(COLUMNS[f"history_current_{name[8:-1]}"]) for name in ("current_rows", "current_figures")
    }
    past = replace(history(versions=[version(RECEIPT)]), **nothing)
    rows = () if kind is ZERO else (FIRST,)
    assert decided(typed(kind, *rows), past).status == "accepted"


def test_versions_are_not_compared_when_the_week_is_not_certain() -> None:
    assert rules_of(check(submission(SECOND, is_week_certain=False), after(FIRST))) == set()


def test_a_zero_report_is_accepted() -> None:
    drop = decided(typed(ZERO), history())
    assert (drop.status, drop.action, drop.receipt.activities) == ("accepted", LoadAction.REPLACE, 0)
