"""The worked examples of docs/contract.md, each with the outcome that the contract gives it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from tests.histories.making.saying import (
    CITY,
    COUNTY,
    OTHER_CITY,
    OTHER_COUNTY,
    W47,
    W48,
    W49,
    W50,
    answer_to,
    count_rows,
    day,
    published,
    said,
    sent,
    when,
)
from tests.model.drops import TreeChange, name_order
from tests.model.figures import build_figures, find_season
from tests.model.history import History, play
from tests.model.tree import PROVINCE, Tree
from tests.model.weeks import shift


def figure(history: History, week: str, union: str = CITY, kind: str = "event", measure: str = "people_served"):
    """The value of a union's figure of all categories, None where there is none."""
    found = build_figures(history.state, week).get(f"{week}/{union}/all/{measure}/{kind}")
    return found and int(found.value)


def statuses(history: History) -> list[str]:
    return [answer.status for answer in history.answers]


def outcomes(history: History) -> list[list[str]]:
    return [[row.outcome for row in answer.rows] for answer in history.answers]


# --- Order


def test_files_of_a_union_are_answered_in_the_order_of_arrival():
    first, second = sent(W49, said(1200)), sent(W49, said(1020), type="更正", minutes=1, name="周报-2.xlsx")
    assert figure(play([second, first]), W49) == 1020


def test_files_of_one_moment_are_taken_by_name_as_people_count():
    names = ["周报10.xlsx", "周报-2.xlsx", "周报2.xlsx", "周报(更正).xlsx", "周报.xlsx"]
    ordered = sorted(names, key=name_order)
    assert ordered[0] == "周报.xlsx"
    assert ordered.index("周报2.xlsx") < ordered.index("周报10.xlsx")
    assert ordered.index("周报-2.xlsx") < ordered.index("周报(更正).xlsx")
    first, second = sent(W49, said(1200)), sent(W49, said(1020), type="更正", name="周报-2.xlsx")
    assert figure(play([second, first]), W49) == 1020


def test_a_file_answered_after_a_younger_one_never_replaces_it():
    late = sent(W49, said(1200), answered=when(W49, 90))
    history = play([late, sent(W49, said(1020), type="更正", minutes=1)])
    assert figure(history, W49) == 1020
    assert answer_to(history, late).overtaken


def test_a_first_report_answered_after_its_supplement_goes_in_beneath():
    late = sent(W49, said(1200), answered=when(W49, 90))
    history = play([late, sent(W49, said(20, name="体检"), type="补充", minutes=1)])
    assert figure(history, W49) == 1220


def test_a_correction_answered_after_a_supplement_replaces_the_report_below_alone():
    late = sent(W49, said(1020), type="更正", minutes=1, answered=when(W49, 90))
    history = play([sent(W49, said(1200)), late, sent(W49, said(20, name="体检"), type="补充", minutes=2)])
    assert figure(history, W49) == 1040


def test_of_three_supplements_the_late_one_adds_too():
    added = [sent(W49, said(count, name=f"活动{count}"), type="补充", minutes=count) for count in (1, 20, 60)]
    late = replace(added[1], answered=when(W49, 90))
    assert figure(play([added[0], late, added[2]]), W49) == 81


def test_what_a_younger_supplement_says_too_counts_as_that_says():
    late = sent(W49, said(1200), said(5, name="体检"), answered=when(W49, 90))
    history = play([late, sent(W49, said(20, name="体检"), type="补充", minutes=1)])
    assert figure(history, W49) == 1220
    assert count_rows(answer_to(history, late))["ignored"] == 1


# --- Same bytes, same content


def test_same_bytes_again_are_a_duplicate_and_repeat_the_counts():
    history = play([sent(W49, said(10), said(None, name="")), sent(W49, said(10), said(None, name=""), minutes=5)])
    assert statuses(history) == ["partially_accepted", "duplicate"]
    assert count_rows(history.answers[0]) == count_rows(history.answers[1])


def test_same_bytes_are_a_duplicate_also_when_their_week_is_long_over():
    history = play([sent(W49, said(10)), sent(W49, said(10), minutes=60 * 24 * 365)])
    assert statuses(history) == ["accepted", "duplicate"]


def test_same_content_in_another_format_is_unchanged():
    history = play([sent(W49, said(10)), sent(W49, said(10), minutes=5, form="csv", type="更正")])
    assert statuses(history) == ["accepted", "unchanged"]


def test_only_a_current_version_is_repeated():
    drops = [sent(W49, said(number), type="更正", minutes=at) for at, number in enumerate((1200, 1020, 1200))]
    history = play(drops)
    assert statuses(history) == ["accepted"] * 3
    assert figure(history, W49) == 1200


def test_an_answer_in_the_explanation_is_not_unchanged():
    twins = said(10), said(10)
    answered = said(10), said(10, explanation="两个村各一次")
    history = play([sent(W49, *twins), sent(W49, *answered, type="更正", minutes=5)])
    assert outcomes(history) == [["accepted", "held"], ["accepted", "accepted"]]
    assert figure(history, W49) == 20


# --- Content


@pytest.mark.parametrize(
    "again",
    [
        said(178),
        said(178, name="慰问 活动"),
        said(178, name="慰问活动", remarks="已核"),
        said(178, place_detail="白银路"),
        said(178, activity_no="A-1"),
    ],
)
def test_an_undated_event_repeated_in_the_next_week_is_asked_about(again):
    history = play([sent(W48, said(178)), sent(W49, again, said(None, name="义诊", sessions=3))])
    assert outcomes(history)[1] == ["held", "accepted"]
    assert figure(history, W49) is None


def test_an_undated_event_repeated_by_a_late_file_of_the_week_before_is_asked_about():
    history = play([sent(W49, said(178)), sent(W48, said(178), arrived=when(W49, 60))])
    assert outcomes(history)[1] == ["held"]


def test_increments_of_a_running_activity_add():
    running = {"start": day("11-26")}
    history = play([sent(W48, said(100, **running)), sent(W49, said(120, **running))])
    assert (figure(history, W48), figure(history, W49)) == (100, 120)


def test_a_supplement_ignores_the_old_row_and_adds_the_new_one():
    history = play([sent(W49, said(10)), sent(W49, said(10, remarks="同前"), said(5, "体检"), type="补充", minutes=5)])
    assert outcomes(history)[1] == ["ignored", "accepted"]
    assert figure(history, W49) == 15


def test_a_supplement_with_other_values_of_a_key_is_held():
    history = play([sent(W49, said(10)), sent(W49, said(12), said(5, "体检"), type="补充", minutes=5)])
    assert outcomes(history)[1] == ["held", "held"]
    assert figure(history, W49) == 10


def test_a_supplement_that_numbers_the_twins_is_asked_about():
    numbered = said(10, activity_no="1"), said(10, activity_no="2")
    history = play([sent(W49, said(10), said(10)), sent(W49, *numbered, type="补充", minutes=5)])
    assert statuses(history) == ["partially_accepted", "held"]
    assert figure(history, W49) == 10


def test_a_correction_that_numbers_the_twins_counts_both():
    numbered = said(10, activity_no="1"), said(10, activity_no="2")
    history = play([sent(W49, said(10), said(10)), sent(W49, *numbered, type="更正", minutes=5)])
    assert figure(history, W49) == 20


def test_a_twin_counts_only_with_words_of_its_own():
    """Not with those that were copied along with the row (decisions/0009)."""
    for words, outcome in (("已核实", "held"), (" 已核实", "held"), ("", "held"), ("另一个村", "accepted")):
        twins = said(10, explanation="已核实"), said(10, explanation=words)
        assert outcomes(play([sent(W49, *twins)])) == [["accepted", outcome]]


def test_a_key_that_is_there_already_is_set_aside_in_a_supplement_however_often_it_stands_there():
    known, twice = sent(W49, said(10)), sent(W49, said(10), said(10), said(3, "讲座"), type="补充", minutes=5)
    assert outcomes(play([known, twice])) == [["accepted"], ["ignored", "ignored", "accepted"]]


def test_an_explanation_answers_again_while_what_it_explained_stays():
    last_week, given = sent(W48, said(178)), sent(W49, said(178, explanation="两次"))
    again = sent(W49, said(178), said(5, "体检"), type="更正", minutes=5)
    once_more = sent(W49, said(178), type="更正", minutes=6)
    assert outcomes(play([last_week, given, again, once_more]))[2:] == [["accepted", "accepted"], ["accepted"]]
    other = sent(W49, said(177, explanation="两次"))
    assert outcomes(play([last_week, other, again]))[2] == ["held", "held"]


def test_an_explained_fall_is_not_asked_about_again_while_the_figure_stays():
    fallen = {"kind": "ytd", "end": day("12-08")}
    steps = [sent(W48, said(300, kind="ytd")), sent(W49, said(280, explanation="核减", **fallen))]
    for people, goods, outcome in ((280, None, "accepted"), (280, 5, "accepted"), (270, None, "held")):
        again = sent(W49, said(people, goods_items=goods, **fallen), said(5, "体检"), type="更正", minutes=5)
        assert outcomes(play([*steps, again]))[2][0] == outcome


def test_a_second_first_report_with_one_twin_less_is_held():
    twins = said(10), said(10, explanation="两个村各一次")
    history = play([sent(W49, *twins), sent(W49, said(10), minutes=5), sent(W49, said(10), said(10), minutes=6)])
    assert statuses(history) == ["accepted", "held", "unchanged"]
    assert figure(history, W49) == 20


def test_an_event_that_another_submission_counts_is_ignored_and_counts_when_that_one_loses_it():
    event = said(30, "体检", end=day("11-28"))
    history = [sent(W48, event, said(1)), sent(W49, event, said(2, "义诊"))]
    assert outcomes(play(history))[1] == ["ignored", "accepted"]
    assert figure(play(history), W48) == 31
    history.append(sent(W48, said(1), type="更正", minutes=20000))
    assert figure(play(history), W48) == 31
    assert statuses(play([*history, sent(W48, event, said(1), type="更正", minutes=20001)]))[-1] == "accepted"
    assert figure(play([*history, sent(W48, event, said(1), type="更正", minutes=20001)]), W48) == 31


def test_a_second_copy_of_an_event_that_another_submission_counts_is_a_twin():
    event = said(30, "体检", end=day("11-28"))
    steps = [
        sent(W48, event, said(1)),
        sent(W49, event, event, said(2)),
        sent(W48, said(1), type="更正", minutes=20000),
    ]
    assert outcomes(play(steps))[1] == ["ignored", "held", "accepted"]
    assert figure(play(steps), W48) == 31


def test_a_row_moved_to_the_correction_of_its_own_week_is_never_in_neither():
    event, rest = said(30, "体检", end=day("11-28")), said(2, "义诊")
    history = play(
        [
            sent(W48, said(1)),
            sent(W49, event, rest),
            sent(W48, said(1), event, type="更正", minutes=20000),
            sent(W49, rest, type="更正", minutes=20001),
        ]
    )
    assert figure(history, W48) == 31
    assert figure(history, W49) == 2


def test_an_event_with_other_values_in_another_submission_is_held():
    history = play(
        [sent(W48, said(30, "体检", end=day("11-28"))), sent(W49, said(31, "体检", end=day("11-28")), said(2))]
    )
    assert outcomes(history)[1] == ["held", "accepted"]


def test_moved_rows_of_a_corrected_week_may_be_corrected_while_a_copy_waits():
    history = play(
        [
            sent(W48, said(30, "体检", end=day("11-28"))),
            sent(W49, said(30, "体检", end=day("11-28")), said(2)),
            sent(W48, said(33, "体检", end=day("11-28")), type="更正", minutes=20000),
        ]
    )
    assert figure(history, W48) == 33


# --- Versions


def test_a_later_version_with_a_flawed_row_is_held_whole():
    history = play([sent(W49, said(10)), sent(W49, said(12), said(5, name=""), type="更正", minutes=5)])
    assert outcomes(history)[1] == ["held", "held"]
    assert figure(history, W49) == 10
    assert history.state_of(CITY, W49) == "reported"


def test_activities_vanish_only_by_correction():
    two, one = (said(10), said(5, "体检")), said(10)
    assert statuses(play([sent(W49, *two), sent(W49, one, minutes=5)]))[1] == "held"
    assert figure(play([sent(W49, *two), sent(W49, one, minutes=5, type="更正")]), W49) == 10


def test_a_zero_report_over_accepted_rows_is_held():
    history = play([sent(W49, said(10)), sent(W49, type="零报告", minutes=5)])
    assert statuses(history)[1] == "held"
    assert figure(history, W49) == 10


@pytest.mark.parametrize("way", [{"type": "更正零报告"}, {"type": "更正", "zero_line": True}])
def test_a_week_is_withdrawn_by_a_correction_that_says_zero(way):
    history = play([sent(W49, said(10)), sent(W49, minutes=5, **way)])
    assert history.state_of(CITY, W49) == "confirmed_zero"
    assert figure(history, W49) is None


def test_a_correction_without_rows_is_not_a_withdrawal():
    assert statuses(play([sent(W49, said(10)), sent(W49, type="更正", minutes=5)]))[1] == "held"


def test_a_zero_report_with_rows_is_held():
    history = play([sent(W49, said(10), type="零报告")])
    assert history.state_of(CITY, W49) == "held"


def test_a_first_file_of_nothing_but_errors_is_returned():
    history = play([sent(W49, said(10, name=""))])
    assert statuses(history) == ["rejected"]
    assert history.state_of(CITY, W49) == "returned"


def test_a_trial_is_answered_and_never_loaded():
    trial = sent(W49, said(10), trial=True)
    history = play([trial])
    assert (answer_to(history, trial).status, answer_to(history, trial).would_be) == ("trial", "accepted")
    assert history.state_of(CITY, W49) == "missing"


# --- Which week


def test_without_a_period_the_last_closed_week_is_meant():
    drop = sent(W49, said(10))
    assert figure(play([type(drop)(CITY, drop.arrived, None, drop.rows)]), W49) == 10


@pytest.mark.parametrize(("week", "status"), [("2024-W50", "accepted"), ("2024-W51", "held"), ("2024-W42", "accepted")])
def test_a_period_is_at_most_the_week_of_arrival_and_eight_weeks_back(week, status):
    assert statuses(play([sent(week, said(10), arrived=when(W49))])) == [status]
    assert statuses(play([sent("2024-W41", said(10), arrived=when(W49))])) == ["held"]


def test_a_file_is_late_after_monday_noon():
    early, late = sent(W49, said(1), minutes=180), sent(W49, said(2), type="更正", minutes=181)
    assert [answer.late for answer in play([early, late]).answers] == [False, True]


def test_conflicting_periods_hold_the_file_and_the_last_closed_week():
    drop = sent(W48, said(10), path_week=W47, arrived=when(W49))
    history = play([drop])
    assert answer_to(history, drop).week is None
    assert history.state_of(CITY, W49) == "held"


def test_an_undated_year_to_date_in_the_week_of_new_year_is_asked_about():
    history = play([sent("2025-W01", said(35200, kind="ytd", explanation="去年全年"))])
    assert outcomes(history) == [["held"]]


def test_a_year_to_date_of_the_old_year_counts_in_its_last_whole_week():
    old = said(35200, kind="ytd", end=day("2024-12-31"))
    history = play([sent("2025-W01", old), sent("2025-W02", said(120, kind="ytd"))])
    assert outcomes(history)[1] == ["accepted"]
    assert figure(history, "2024-W52", kind="ytd") == 35200
    assert figure(history, "2025-W01", kind="ytd") is None
    assert figure(history, "2025-W02", kind="ytd") == 120


NEW_YEAR = "2025-W01"


@pytest.mark.parametrize("number", ["", "7"])
def test_the_old_years_figure_and_the_new_years_in_one_file_are_no_twins(number):
    ytd = {"kind": "ytd", "activity_no": number}
    old, new = said(35200, end=day("12-31"), **ytd), said(120, end=day("2025-01-04"), **ytd)
    together = play([sent(NEW_YEAR, old, new)])
    added = play([sent(NEW_YEAR, old), sent(NEW_YEAR, new, old, type="补充", minutes=5)])
    assert outcomes(together) == [["accepted", "accepted"]]
    assert outcomes(added)[1] == ["accepted", "ignored"]
    for history in (together, added):
        assert figure(history, "2024-W52", kind="ytd") == 35200
        assert figure(history, NEW_YEAR, kind="ytd") == 120


def test_two_as_ofs_of_one_year_are_twins():
    first, second = (said(10, kind="ytd", end=day(end)) for end in ("12-30", "12-31"))
    assert outcomes(play([sent(NEW_YEAR, first, second)])) == [["accepted", "held"]]


def test_a_figure_that_moves_into_the_new_year_is_another_one():
    old, new = (said(120, kind="ytd", end=day(end)) for end in ("12-31", "2025-01-04"))
    steps = [sent(NEW_YEAR, old), sent(NEW_YEAR, new, minutes=5), sent(NEW_YEAR, new, type="更正", minutes=6)]
    assert statuses(play(steps)) == ["accepted", "held", "accepted"]
    assert figure(play(steps), "2024-W52", kind="ytd") is None


def test_a_start_beside_year_to_date_must_be_new_year():
    wrong = play([sent(W49, said(10, kind="ytd", since=day("2023-01-01"), explanation="是"))])
    right = play([sent(W49, said(10, kind="ytd", since=day("2024-01-01")))])
    assert outcomes(wrong) + outcomes(right) == [["held"], ["accepted"]]


# --- Two unions


def of_county(people: int, **cells: object):
    return said(people, organiser=COUNTY, **cells)


def test_the_organisers_own_report_counts_whichever_came_first():
    own, other = sent(W49, said(350, kind="ytd"), union=COUNTY), sent(W49, of_county(400, kind="ytd"), minutes=5)
    assert figure(play([own, other]), W49, kind="ytd") == 350
    before = sent(W49, of_county(400, kind="ytd"), minutes=-5)
    assert figure(play([own, before]), W49, kind="ytd") == 350


def test_a_number_does_not_make_a_shared_activity_two():
    history = play(
        [
            sent(W49, said(350, kind="ytd", activity_no="3"), union=COUNTY),
            sent(W49, of_county(400, kind="ytd", activity_no="7"), minutes=5),
        ]
    )
    assert figure(history, W49, kind="ytd") == 350


def test_cumulative_kinds_are_compared_whatever_their_as_of():
    history = play(
        [sent(W48, said(350, kind="ytd"), union=COUNTY), sent(W49, of_county(400, kind="ytd"), said(1, "义诊"))]
    )
    assert outcomes(history)[1] == ["held", "accepted"]


def test_another_kind_item_scope_or_week_is_never_taken_away():
    city = [
        of_county(50, kind="ytd"),
        of_county(20, item="帽子"),
        of_county(40, scope="inclusive"),
        of_county(60, end=day("11-30")),
    ]
    county = [said(5, item="手套"), said(7)]
    history = play([sent(W49, *city), sent(W49, *county, union=COUNTY, minutes=5)])
    assert figure(history, W49, kind="ytd") == 50
    assert figure(history, W49) == 20 + 5 + 7
    assert figure(history, W48) == 60


def test_an_inclusive_row_does_not_block_an_own_one():
    history = play([sent(W49, said(40, scope="inclusive"), said(10))])
    assert outcomes(history) == [["accepted", "accepted"]]
    figures = build_figures(history.state, W49)
    assert figures[f"{W49}/{CITY}/all/people_served/event/inclusive"].value == 40
    assert f"{W49}/{PROVINCE}/all/people_served/event/inclusive" not in figures


SIBLING = "620403"


def inclusive(people: int, union: str | None = None, **cells: object):
    """An inclusive row of the prefecture's, reported for one of its counties."""
    return said(people, organiser=CITY, reporting=union, scope="inclusive", **cells)


def inclusive_figures(history: History, kind: str = "event", week: str = W49) -> dict[str, int]:
    said_by = (CITY, COUNTY, SIBLING)
    found = build_figures(history.state, week)
    ids = {union: f"{week}/{union}/all/people_served/{kind}/inclusive" for union in said_by}
    return {union: int(found[figure_id].value) for union, figure_id in ids.items() if figure_id in found}


@pytest.mark.parametrize("kind", ["event", "ytd", "stock", "campaign"])
@pytest.mark.parametrize("number", ["", "7"])
def test_a_correction_of_the_reporting_union_moves_an_inclusive_figure(kind, number):
    """A series that would be renamed so is asked about, as one whose organiser changes is."""
    cells = {"kind": kind, "activity_no": number}
    wrong, right = inclusive(40, COUNTY, **cells), inclusive(40, SIBLING, **cells)
    answered = replace(right, explanation="原:慰问活动" if kind in ("ytd", "stock") else "")
    steps = [sent(W49, wrong), sent(W49, right, minutes=5), sent(W49, answered, type="更正", minutes=6)]
    again = sent(W49, right, form="csv", minutes=7)
    assert statuses(play([*steps, again])) == ["accepted", "held", "accepted", "unchanged"]
    assert inclusive_figures(play(steps), kind) == {SIBLING: 40}


def test_a_correction_of_the_reporting_union_of_an_own_figure_changes_nothing():
    rows = [said(40, organiser=CITY, reporting=union) for union in (COUNTY, SIBLING)]
    steps = [sent(W49, rows[0]), sent(W49, rows[1], type="更正", minutes=5)]
    assert statuses(play(steps)) == ["accepted", "unchanged"]


def test_inclusive_rows_of_two_counties_are_two_and_each_is_carried():
    cells = {"kind": "ytd"}
    first = sent(W48, inclusive(100, COUNTY, **cells), inclusive(70, SIBLING, **cells))
    history = play([first, sent(W49, inclusive(80, SIBLING, **cells), said(1))])
    assert outcomes(history) == [["accepted", "accepted"], ["accepted", "accepted"]]
    assert inclusive_figures(history, "ytd") == {COUNTY: 100, SIBLING: 80}


def test_a_supplement_may_add_another_countys_inclusive_row_and_ignores_the_same():
    added = sent(W49, inclusive(100, COUNTY), inclusive(70, SIBLING), type="补充", minutes=5)
    history = play([sent(W49, inclusive(100, COUNTY)), added])
    assert outcomes(history)[1] == ["ignored", "accepted"]
    assert inclusive_figures(history) == {COUNTY: 100, SIBLING: 70}


@pytest.mark.parametrize("number", ["", "7"])
def test_a_series_that_changes_its_reporting_union_next_week_is_asked_about(number):
    cells = {"kind": "ytd", "activity_no": number}
    history = play([sent(W48, inclusive(40, COUNTY, **cells)), sent(W49, inclusive(45, SIBLING, **cells))])
    assert outcomes(history)[1] == ["held"]
    answered = sent(W49, inclusive(45, SIBLING, explanation="原:慰问活动", **cells), minutes=5)
    assert inclusive_figures(play([sent(W48, inclusive(40, COUNTY, **cells)), answered]), "ytd") == {SIBLING: 45}


def test_a_number_is_its_reporting_unions_own():
    """A prefecture that puts its counties' lists together repeats their numbers."""
    listed = [
        said(count, f"活动{count}", reporting=union, activity_no="1") for count, union in ((5, COUNTY), (6, SIBLING))
    ]
    assert outcomes(play([sent(W49, *listed)])) == [["accepted", "accepted"]]
    own = [said(40, organiser=CITY, reporting=union, activity_no="1", kind="ytd") for union in (COUNTY, SIBLING)]
    assert outcomes(play([sent(W48, own[0]), sent(W49, own[1])])) == [["accepted"], ["held"]]
    assert outcomes(play([sent(W49, own[0]), sent(W49, own[1], type="补充", minutes=5)]))[1] == ["held"]


def test_an_activity_handed_over_and_given_back_counts_again():
    steps = [
        sent(W49, of_county(30), said(1, "义诊")),
        sent(W49, said(35), said(2, "体检"), union=COUNTY, minutes=5),
        sent(W49, said(2, "体检"), union=COUNTY, minutes=10, type="更正"),
    ]
    assert [figure(play(steps[:many]), W49) for many in (1, 2, 3)] == [31, 38, 33]


def test_a_row_held_for_the_organisers_report_counts_when_that_goes():
    steps = [
        sent(W49, said(35), union=COUNTY),
        sent(W49, of_county(30), minutes=5),
        sent(W49, union=COUNTY, type="更正零报告", minutes=10),
    ]
    assert outcomes(play(steps))[1] == ["held"]
    assert [figure(play(steps[:many]), W49) for many in (2, 3)] == [35, 30]


def test_rows_held_for_the_organisers_report_do_not_hold_a_later_version():
    history = play(
        [
            sent(W49, said(35), union=COUNTY),
            sent(W49, said(1, "义诊"), minutes=5),
            sent(W49, said(2, "义诊"), of_county(30), type="更正", minutes=10),
        ]
    )
    assert statuses(history)[2] == "partially_accepted"
    assert figure(history, W49) == 37


def test_a_union_outside_the_own_tree_is_asked_about():
    assert outcomes(play([sent(W49, said(5, organiser=OTHER_CITY, explanation="联合"))])) == [["held"]]
    assert statuses(play([sent(W49, said(5, reporting=OTHER_CITY))])) == ["held"]


def test_who_belongs_to_whom_is_judged_by_the_tree_of_the_rows_week():
    moved = TreeChange(when(W47), COUNTY, W49, OTHER_CITY)
    history = play([moved, sent(W48, of_county(5)), sent(W49, of_county(6))])
    assert outcomes(history) == [["accepted"], ["held"]]
    assert Tree(W49, (moved,)).line(COUNTY) == (COUNTY, OTHER_CITY, PROVINCE)
    later = play([moved, sent(W48, said(5), union=COUNTY), sent(W49, said(6), union=COUNTY)])
    assert (figure(later, W48), figure(later, W49, OTHER_CITY)) == (5, 6)


# --- Cumulative series


def test_a_cumulative_figure_that_falls_is_asked_about_and_explained():
    fallen = {"kind": "cumulative_since", "since": day("2022-01-01")}
    first = sent(W48, said(300, **fallen))
    assert outcomes(play([first, sent(W49, said(280, **fallen))]))[1] == ["held"]
    assert outcomes(play([first, sent(W49, said(280, explanation="核减", **fallen))]))[1] == ["accepted"]


def test_a_late_figure_above_a_later_one_is_asked_about():
    history = play([sent(W49, said(120, kind="ytd")), sent(W48, said(280, kind="ytd"), arrived=when(W49, 60))])
    assert outcomes(history)[1] == ["held"]
    assert figure(history, W49, kind="ytd") == 120


def test_carried_figures_sum_the_latest_as_of_of_each_union():
    history = play(
        [
            sent(W48, said(300, kind="ytd")),
            sent(W49, said(320, kind="ytd")),
            sent(W48, said(50, kind="ytd"), union=COUNTY),
        ]
    )
    assert (figure(history, W48, kind="ytd"), figure(history, W49, kind="ytd")) == (350, 370)
    assert figure(history, W50, kind="ytd") is None  # a week nobody touched


def test_a_series_under_a_new_number_is_asked_about_and_the_former_ends():
    first = sent(W48, said(300, kind="ytd", activity_no="1"))
    asked = play([first, sent(W49, said(320, kind="ytd", activity_no="2"))])
    assert outcomes(asked)[1] == ["held"]
    same = play([first, sent(W49, said(320, kind="ytd", activity_no="2", explanation="原:1"))])
    assert (figure(same, W48, kind="ytd"), figure(same, W49, kind="ytd")) == (300, 320)
    other = play([first, sent(W49, said(320, kind="ytd", activity_no="2", explanation="另一项"))])
    assert figure(other, W49, kind="ytd") == 620


def test_of_two_works_of_one_name_only_the_one_that_goes_on_ends():
    gloves, hats = said(300, kind="ytd", item="手套"), said(200, kind="ytd", item="帽子")
    numbered = said(320, kind="ytd", item="手套", activity_no="1", explanation="原:慰问活动")
    history = play([sent(W48, gloves, hats), sent(W49, numbered)])
    assert (figure(history, W48, kind="ytd"), figure(history, W49, kind="ytd")) == (500, 520)


def test_a_correction_that_forgets_the_former_name_is_asked_again():
    first = sent(W48, said(300, kind="ytd", activity_no="1"))
    renamed = sent(W49, said(320, kind="ytd", activity_no="2", explanation="原:1"))
    history = play([first, renamed, sent(W49, said(330, kind="ytd", activity_no="2"), type="更正", minutes=5)])
    assert statuses(history)[2] == "held"
    assert figure(history, W49, kind="ytd") == 320


def test_a_figure_is_held_against_the_as_of_beside_it_only():
    fallen = sent(W48, said(900, kind="ytd", explanation="核减"))
    assert (
        statuses(play([sent(W47, said(1000, kind="ytd")), fallen, sent(W49, said(950, kind="ytd"))]))[-1] == "accepted"
    )
    late = sent(W47, said(1000, kind="ytd"), minutes=60 * 24 * 30)
    assert statuses(play([fallen, sent(W49, said(950, kind="ytd")), late]))[-1] == "held"


def test_a_file_of_an_ended_union_goes_back_and_a_row_of_one_is_held():
    ended = TreeChange(when(W47), COUNTY, W49, ended=True)
    history = play([ended, sent(W48, said(1), union=COUNTY), sent(W49, said(1), union=COUNTY)])
    assert statuses(history) == ["accepted", "rejected"]
    rows = (said(1), said(1, name="义诊", organiser=COUNTY), said(1, name="讲座", organiser=COUNTY, end=day("11-27")))
    assert outcomes(play([ended, sent(W49, *rows)])) == [["accepted", "held", "accepted"]]


def test_a_series_of_a_union_that_has_ended_is_carried_no_further():
    ended = TreeChange(when(W47), COUNTY, W50, ended=True)
    history = play([ended, sent(W49, said(50, kind="stock"), union=COUNTY), sent(W50, said(1))])
    assert (figure(history, W49, kind="stock"), figure(history, W50, kind="stock")) == (50, None)


def test_a_campaign_period_figure_is_the_latest_of_its_week():
    history = play(
        [
            sent(W48, said(100, kind="campaign")),
            sent(W49, said(130, kind="campaign"), said(90, "体检", kind="campaign", end=day("12-01"))),
        ]
    )
    assert (figure(history, W48, kind="campaign"), figure(history, W49, kind="campaign")) == (190, 130)


# --- Figures


@pytest.mark.parametrize(
    ("successor", "unions"),
    [(OTHER_COUNTY, {OTHER_COUNTY, OTHER_CITY, "620000"}), (None, {CITY, "620000"})],
)
def test_a_place_whose_union_has_ended_counts_for_its_heir_else_for_what_stands_above(successor, unions):
    ended = TreeChange(when(W47), COUNTY, W49, ended=True, successor=successor)
    history = play([ended, sent(W48, said(1, place=COUNTY)), sent(W49, said(2, place=COUNTY))])
    for week, expected in ((W48, {COUNTY, CITY, "620000"}), (W49, unions)):
        placed = [name for name in build_figures(history.state, week) if name.endswith("all/people_served/event/place")]
        assert {name.split("/")[1] for name in placed} == expected


def test_sums_carry_exactness_and_place_is_apart_from_organiser():
    history = play(
        [
            sent(W49, said(700, exactness="over", place="620502", funds_total=100), said(102, "体检", place="620500")),
            sent(W49, said(50, exactness="under"), union=OTHER_COUNTY, minutes=5),
        ]
    )
    figures = build_figures(history.state, W49)
    people = {key.split("/", 1)[1]: (int(at.value), at.exactness, at.activities) for key, at in figures.items()}
    assert people["620400/all/people_served/event"] == (802, "over", 2)
    assert people["620000/all/people_served/event"] == (852, "approx", 3)
    assert people["620502/all/people_served/event/place"] == (700, "over", 1)
    assert people["620500/all/people_served/event/place"] == (802, "over", 2)
    assert people["620000/all/people_served/event/place"] == (852, "approx", 3)
    assert people["620400/condolence/funds_total/event"] == (100, "over", 1)
    assert "620400/all/people_served/event/place" not in people


def test_planned_rows_are_never_figures_and_absurd_ones_stop_nobody():
    history = play([sent(W49, said(10, kind="planned", end=day("12-30")), said(1, "义诊", funds_total=10**12))])
    assert outcomes(history) == [["accepted", "returned"]]
    assert build_figures(history.state, W49) == {}
    huge = [said(None, f"活动{number}", funds_total=9 * 10**11) for number in range(12)]
    assert figure(play([sent(W49, *huge)]), W49, measure="funds_total") == 12 * 9 * 10**11


def test_a_campaign_of_every_winter_does_not_add_last_winters():
    winter = ("winter", "11-01", "03-31")
    rows = [("2023-W50", 100), ("2024-W46", 5), ("2024-W49", 7)]
    history = play([sent(week, said(people, campaign="暖冬")) for week, people in rows])
    figures = build_figures(history.state, W49, {"暖冬": winter})
    found = figures[f"{W49}/campaign/winter/people_served/event"]
    assert (found.value, found.first_week, found.last_week) == (Decimal(12), "2024-W46", W49)
    assert find_season("2025-W05", *winter[1:]) == "2024-W44"
    assert find_season("2024-W30", *winter[1:]) is None
    assert find_season(W49) == shift(W49, -26)


# --- Corrections


def told(history: History, number: int = -1) -> list[tuple[object, ...]]:
    """What an edition told about the union's people: (week, old, new, reason)."""
    return [
        (change.week, change.old and int(change.old.value), change.new and int(change.new.value), change.reason)
        for change in history.editions[number].revisions
        if change.figure_id.endswith(f"{CITY}/all/people_served/event")
    ]


def corrections(*people: int):
    return [sent(W48, said(number), type="更正", minutes=700 + at) for at, number in enumerate(people)]


def test_there_and_back_again_is_told_as_both_steps():
    history = play(
        [sent(W48, said(1200)), published(W48), *corrections(1020, 1200), sent(W49, said(7)), published(W49)]
    )
    assert told(history) == [(W48, 1200, 1020, "更正"), (W48, 1020, 1200, "更正")]


def test_a_change_is_told_by_the_next_edition_of_its_week_and_the_next_of_any_week():
    steps = [sent(W48, said(1200)), published(W48), *corrections(1020), sent(W49, said(7)), published(W49)]
    history = play([*steps, published(W48, 20000)])
    assert told(history, 1) == told(history, 2) == [(W48, 1200, 1020, "更正")]
    assert len(play([*steps, published(W48, 20000), published(W48, 20001), published(W49, 20002)]).editions) == 3


def test_a_week_corrected_after_the_following_edition_reaches_the_next():
    steps = [sent(W48, said(1200)), published(W48), sent(W49, said(7)), published(W49)]
    late = sent(W48, said(1020), type="更正", minutes=20000)
    history = play([*steps, late, sent(W50, said(9)), published(W50)])
    assert told(history) == [(W48, 1200, 1020, "更正")]


def test_a_reason_is_what_happened_to_this_figure():
    steps = [sent(W48, said(1200)), published(W48)]
    county = sent(W48, said(5, "体检"), union=COUNTY, minutes=700)
    moved = TreeChange(when(W48, 800), COUNTY, W48, OTHER_CITY)
    history = play([*steps, county, moved, published(W48, 900)])
    assert told(history) == [(W48, 1200, 1205, "补报"), (W48, 1205, 1200, "单位变动")]


def test_a_campaign_figure_of_a_later_week_is_corrected_with_the_week_it_adds():
    steps = [sent(W48, said(10, campaign="暖冬送岗")), sent(W49, said(5, "义诊")), published(W49)]
    history = play(
        [*steps, sent(W48, said(12, campaign="暖冬送岗"), type="更正", minutes=20000), published(W49, 20001)]
    )
    told_ids = [change.figure_id for change in history.editions[-1].revisions]
    assert told_ids == [f"{W49}/campaign/warm-winter-jobs/people_served/event"]


def test_an_edition_waits_until_one_union_has_reported():
    assert play([published(W49)]).editions == ()
    assert len(play([sent(W49, said(1)), published(W49), published(W49, 700)]).editions) == 1


def test_arrival_is_independent_of_how_long_reading_took():
    late = sent(W49, said(1200), answered=when(W49) + timedelta(hours=1))
    assert figure(play([late]), W49) == 1200
