"""Figures beside another week: who is compared, terms that add up and lead to their cells, 环比, 同比 and 春节对齐."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

import pytest
from tests.builders import activity
from tests.sql.generated_weeks import WEEKS, load_generated
from tests.sql.reported import changing, document, figures, report, roll_up, week

from nuanliu.contract.code_lists import CodeList, UnionTree, codes
from nuanliu.domain.exactness import Exactness
from nuanliu.domain.figure_id import TermId
from nuanliu.domain.submission import SubmissionType
from nuanliu.warehouse.comparison.term_tracing import trace_term
from nuanliu.warehouse.marts.figures import week_document
from nuanliu.warehouse.marts.week_notes import week_notes
from nuanliu.warehouse.schema.reference_data import load_reference

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine

W48, W49, YEAR_BEFORE = "2024-W48", "2024-W49", "2023-W49"
PROVINCE = "620000/all/people_served/event"


def served(value: Any, **says: Any) -> list[dict[str, Any]]:
    return [activity(figures={"people_served": value}, **says)]


def beside(connection: Connection, of_week: str, figure: str, name: str = "week_before") -> Any:
    return figures(connection, of_week)[figure]["comparisons"][name]


def terms(comparison: Any) -> dict[str, str]:
    return {term["term"]: term["value"] for term in comparison["bridge"]}


def add_up(comparison: Any) -> tuple[Decimal, int]:
    bridge = comparison["bridge"]
    total = sum((Decimal(term["value"]) for term in bridge), Decimal(0))
    return total, reduce(or_, (Exactness(term["exactness"]).code for term in bridge), 0)


def test_matched_unions_are_compared_where_others_came_and_went(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        for union_id, of_week, value in (
            ("620400", W48, 900), ("620400", W49, 1200),
            ("620500", W48, (15, "over")), ("620500", W49, 25),
            ("620100", W48, 65), ("620300", W49, 200),
        ):  # fmt: skip
            report(connection, union_id, of_week, served(value))
        roll_up(connection, W48)
        found = beside(connection, W49, PROVINCE)
        alone = beside(connection, W49, "620400/all/people_served/event")
        new = beside(connection, W49, "620300/all/people_served/event")
    assert found == {
        "week": W48,
        "previous": "980",
        "previous_exactness": "over",
        "bridge": [
            {"term": "matched", "value": "310", "exactness": "under", "unions": 2},
            {"term": "joined", "value": "200", "exactness": "exact", "unions": 1},
            {"term": "absent", "value": "-65", "exactness": "exact", "unions": 1},
            {"term": "moved", "value": "0", "exactness": "exact", "unions": 0},
        ],
        "matched": {
            "value": "1225", "exactness": "exact", "previous": "915", "previous_exactness": "over",
            "change_pct": "33.9", "share": "0.86", "unions": 2,
        },
        "shown": "matched",
    }  # fmt: skip
    assert (alone["shown"], alone["matched"]["change_pct"], alone["matched"]["share"]) == ("plain", "33.3", "1.00")
    assert new is None


def test_a_zero_report_is_a_report(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        for of_week, value in ((W48, 10), (W49, 20)):
            report(connection, "620400", of_week, served(value))
        report(connection, "620300", W48, served(30))
        report(connection, "620300", W49, submission_type=SubmissionType.ZERO)
        roll_up(connection, W48)
        found = beside(connection, W49, PROVINCE)
    assert (terms(found)["matched"], found["matched"]["unions"], found["shown"]) == ("-20", 2, "plain")


def test_too_small_a_share_is_not_shown(warehouse: Engine, set_limit: Callable[..., None]) -> None:
    with changing(warehouse) as connection:
        for union_id, of_week, value in (("620400", W48, 10), ("620400", W49, 55), ("620300", W49, 45)):
            report(connection, union_id, of_week, served(value))
        roll_up(connection, W48)
        found = beside(connection, W49, PROVINCE)
        assert (found["matched"]["share"], found["shown"]) == ("0.55", "none")
        set_limit("min_matched_share", 0.55)
        assert beside(connection, W49, PROVINCE)["shown"] == "matched"


def test_where_nobody_reported_in_both_weeks_nothing_is_compared(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, "620400", W48, served(0))
        report(connection, "620300", W49, served(0))
        roll_up(connection, W48)
        found = beside(connection, W49, PROVINCE)
    assert (found["matched"]["unions"], found["shown"]) == (0, "none")


def test_a_prefecture_that_reports_for_its_county_is_that_countys_sender(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        for of_week, value in ((W48, 10), (W49, 15)):
            report(connection, "620100", of_week, served(value, organizer_union_id="620102"))
        report(connection, "620102", W49, served(7, activity_name="区里的"))
        roll_up(connection, W48)
        found = beside(connection, W49, "620102/all/people_served/event")
    assert terms(found) == {"matched": "5", "joined": "7", "absent": "0", "moved": "0"}
    assert [term["unions"] for term in found["bridge"]] == [1, 1, 0, 0]


def test_a_county_that_changed_its_prefecture_is_told_as_moved(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        for union_id, value in (("620102", 10), ("620100", 3), ("620400", 4)):
            for of_week, more in ((W48, 0), (W49, 1)):
                report(connection, union_id, of_week, served(value + more))
        roll_up(connection, W48)
        listed = codes()
        moved = {**listed.unions.list.entries, "620102": replace(listed.unions.list["620102"], parent_id="620400")}
        unions = UnionTree(CodeList(moved, listed.unions.list.by_label))
        load_reference(connection, replace(listed, unions=unions), changes_from=week(W49).monday)
        found = {union_id: beside(connection, W49, f"{union_id}/all/people_served/event")
                 for union_id in ("620100", "620400", "620102", "620000")}  # fmt: skip
    assert terms(found["620100"]) == {"matched": "1", "joined": "0", "absent": "0", "moved": "-10"}
    assert terms(found["620400"]) == {"matched": "1", "joined": "0", "absent": "0", "moved": "11"}
    assert terms(found["620102"])["matched"] == "1"
    assert terms(found["620000"])["matched"] == "3"


def test_a_place_that_counts_for_another_union_is_told_as_moved(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        for union_id, place, value in (("620102", "620102", 10), ("620100", "620100", 3), ("620400", "620400", 4)):
            for of_week, more in ((W48, 0), (W49, 1)):
                report(connection, union_id, of_week, served(value + more, place_division=place))
        roll_up(connection, W48)
        listed = codes()
        moved = {**listed.unions.list.entries, "620102": replace(listed.unions.list["620102"], parent_id="620400")}
        unions = UnionTree(CodeList(moved, listed.unions.list.by_label))
        load_reference(connection, replace(listed, unions=unions), changes_from=week(W49).monday)
        found = {union_id: beside(connection, W49, f"{union_id}/all/people_served/event/place")
                 for union_id in ("620100", "620400", "620000")}  # fmt: skip
        traced = trace_term(connection, TermId.parse(f"{W49}/620400/all/people_served/event/place/vs/{W48}/moved"))
    assert terms(found["620100"]) == {"matched": "1", "joined": "0", "absent": "0", "moved": "-10"}
    assert terms(found["620400"]) == {"matched": "1", "joined": "0", "absent": "0", "moved": "11"}
    assert terms(found["620000"])["matched"] == "3"
    assert [(cell["union_id"], cell["value"]) for cell in traced["cells"]] == [("620102", "11")]


def test_a_year_is_compared_and_week_53_has_none(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        for of_week, value in ((YEAR_BEFORE, 100), (W49, 150), ("2020-W52", 1), ("2020-W53", 2)):
            report(connection, "620400", of_week, served(value))
        roll_up(connection, YEAR_BEFORE, "2020-W52")
        found = figures(connection, W49)[PROVINCE]["comparisons"]
        last = figures(connection, "2020-W53")[PROVINCE]["comparisons"]
    assert (found["week_before"], found["spring_festival"]) == (None, None)
    assert (found["year_before"]["week"], found["year_before"]["shown"]) == (YEAR_BEFORE, "plain")
    assert (last["week_before"]["previous"], last["year_before"]) == ("1", None)


def test_around_the_spring_festival_the_week_of_the_same_distance_is_beside_it(warehouse: Engine) -> None:
    """正月初一 lay in 2025-W05 and in 2024-W06."""
    with changing(warehouse) as connection:
        for of_week, value in (("2024-W05", 40), ("2024-W06", 10), ("2025-W05", 20)):
            report(connection, "620400", of_week, served(value))
        roll_up(connection, "2024-W05", "2024-W06")
        found = figures(connection, "2025-W05")[PROVINCE]["comparisons"]
    assert (found["year_before"]["week"], found["year_before"]["matched"]["change_pct"]) == ("2024-W05", "-50.0")
    assert (found["spring_festival"]["week"], found["spring_festival"]["matched"]["change_pct"]) == (
        "2024-W06",
        "100.0",
    )


def test_a_year_to_date_sum_of_last_year_is_nothing_to_compare_with(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, "620400", "2024-W52", served(900, period_kind="ytd"))
        report(connection, "620400", "2025-W02", served(5, period_kind="ytd"))
        roll_up(connection, "2024-W52")
        found = figures(connection, "2025-W02")["620400/all/people_served/ytd"]
    assert (found["previous"], found["comparisons"]["week_before"]) == (None, None)


def test_a_carried_figure_is_compared_over_a_week_that_nobody_touched(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, "620400", "2024-W45", served(100, period_kind="stock"))
        report(connection, "620300", "2024-W45", served(7, period_kind="stock"))
        report(connection, "620400", W49, served(130, period_kind="stock"))
        roll_up(connection, "2024-W45")
        found = beside(connection, W49, "620000/all/people_served/stock")
    # 620300 said nothing in either week: what it said before stands in both
    assert (found["previous"], terms(found)["joined"], terms(found)["matched"]) == ("107", "30", "0")


def test_a_figure_whose_facts_wait_for_their_roll_up_is_not_taken_apart(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        for of_week, value in ((W48, 10), (W49, 15)):
            report(connection, "620400", of_week, served(value))
        roll_up(connection, W48, W49)
        report(connection, "620300", W48, served(1))
        listed = {figure["figure_id"]: figure for figure in week_document(connection, week(W49))["figures"]}
        assert listed[f"{W49}/{PROVINCE}"]["comparisons"]["week_before"] is None
        assert listed[f"{W49}/620400/all/people_served/event"]["comparisons"]["week_before"] is not None
        roll_up(connection, W48)
        assert beside(connection, W49, PROVINCE)["previous"] == "11"


def test_inclusive_figures_have_no_comparisons_and_a_caller_in_a_hurry_gets_none(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, "620400", W49, [*served(5), *served(50, activity_name="含", scope="inclusive")])
        listed = document(connection, W49)["figures"]
        hurried = week_document(connection, week(W49), compares=False)["figures"]
    assert {figure["scope"] for figure in listed if "comparisons" not in figure} == {"inclusive"}
    assert not any("comparisons" in figure for figure in hurried)


@pytest.mark.parametrize("seed", range(5))
def test_every_own_figure_with_a_week_before_has_a_bridge_that_adds_up(warehouse: Engine, seed: int) -> None:
    with changing(warehouse) as connection:
        load_generated(connection, seed)
        documents = [document(connection, of_week) for of_week in WEEKS[1:]]
    compared = 0
    for figure in (figure for each in documents for figure in each["figures"] if figure["scope"] == "own"):
        found = figure["comparisons"]["week_before"]
        assert (found is None) == (figure["previous"] is None), figure["figure_id"]
        if found:
            compared += 1
            assert found["previous"] == figure["previous"]
            exactness = Exactness(figure["exactness"]).code | (-Exactness(found["previous_exactness"])).code
            assert add_up(found) == (Decimal(figure["value"]) - Decimal(figure["previous"]), exactness)
            assert found["shown"] != "plain" or figure["comparable"]
            if found["shown"] == "plain":
                assert found["matched"]["change_pct"] == figure["change_pct"]
    assert compared > 100


def test_who_changed_a_total_most_is_noted_with_its_own_explanation(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        for union_id, before, now in (
            ("620100", 10, 15), ("620200", 50, None), ("620300", None, (200, "over")), ("620400", 900, 1200), ("620500", 7, 7),
        ):  # fmt: skip
            if before is not None:
                report(connection, union_id, W48, served(before))
            if now is not None:
                small = activity("小活动", figures={"people_served": 1}, explanation="小的")
                large = served(now, explanation=f"{union_id}集中开展")
                report(connection, union_id, W49, [small, *large] if union_id == "620400" else large)
        roll_up(connection, W48, W49)
        noted = week_notes(connection, week(W49))
    assert noted["contributors"] == {
        f"{W49}/{PROVINCE}/vs/{W48}": [
            {"union_id": "620400", "term": "matched", "value": "301", "exactness": "exact",
             "explanation": "620400集中开展"},
            {"union_id": "620300", "term": "joined", "value": "200", "exactness": "over",
             "explanation": "620300集中开展"},
            {"union_id": "620200", "term": "absent", "value": "-50", "exactness": "exact", "explanation": None},
        ]
    }  # fmt: skip
    assert noted["workdays"] == {W49: 5, W48: 5, "2023-W49": 5}


def test_a_sender_that_changed_nothing_is_no_contributor_and_a_first_week_has_none(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        for of_week in (W48, W49):
            report(connection, "620400", of_week, served(5))
        roll_up(connection, W48, W49)
        assert week_notes(connection, week(W49))["contributors"] == {f"{W49}/{PROVINCE}/vs/{W48}": []}
        assert week_notes(connection, week(W48))["contributors"] == {}
