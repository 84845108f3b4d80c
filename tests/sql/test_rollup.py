"""What a week's figures are: the seed bulletin's oracle, the tree, places, what stands beside."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from tests.builders import activity
from tests.sql.reported import changing, document, figures, report, roll_up, shown, week
from tests.sql.seed_week import HEALTH_CAMPAIGN, WEEKS, load_seed

from nuanliu.storage.database import open_engine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine


ORACLE = {
    "2024-W46/620000/all/people_served/event": ("260", "over"),
    "2024-W46/620500/health_check/people_served/event": ("260", "over"),
    "2024-W48/620000/all/people_served/event": ("102", "exact"),
    "2024-W49/620000/all/people_served/event": ("2682", "over"),
    "2024-W49/620000-own/all/people_served/event": ("700", "over"),
    "2024-W49/620400/health_check/people_served/event": ("1425", "exact"),
    "2024-W49/620300/all/people_served/event": ("500", "over"),
    "2024-W49/620300/all/job_seekers/event": ("500", "over"),
    "2024-W49/620102/all/people_served/event": ("57", "exact"),
    "2024-W49/620100/all/people_served/event": ("57", "exact"),
    "2024-W48/622900/meals/meal_vouchers/event": ("3000", "exact"),
    "2024-W49/622900/meals/meal_vouchers/cumulative_since/since=2024-11-07/inclusive": ("15000", "exact"),
    "2024-W49/620102/hardship_aid/funds_total/ytd": ("467000", "exact"),
    "2024-W49/620100/hardship_aid/funds_total/ytd": ("467000", "exact"),
    "2024-W49/620000/all/funds_total/ytd": ("467000", "exact"),
    "2024-W49/620500/mutual_aid/insured_people/ytd": ("350", "exact"),
    "2024-W49/620500/mutual_aid/insurance_value/ytd": ("9000", "over"),
    "2024-W48/621100/all/people_served/event": ("102", "exact"),
    "2024-W48/621122/all/people_served/event": ("102", "exact"),
    "2024-W48/621122/all/people_served/event/place": ("102", "exact"),
    "2024-W49/621122/all/people_served/event/place": ("700", "over"),
    "2024-W49/621122/free_clinic/people_served/event/place": ("700", "over"),
    "2024-W49/621100/all/people_served/event/place": ("700", "over"),
    "2024-W49/620000/all/people_served/event/place": ("2682", "over"),
    "2024-W49/620000-own/free_clinic/goods_value/event": ("100000", "exact"),
    "2024-W49/620622/volunteering/goods_items/event": ("200", "exact"),
    "2024-W49/620300/employment/sessions/cumulative_since/since=2022-01-01/inclusive": ("45", "exact"),
    "2024-W49/620300/skills/sessions/cumulative_since/since=2022-01-01/inclusive": ("145", "exact"),
    "2024-W49/620300/all/sessions/cumulative_since/since=2022-01-01/inclusive": ("190", "exact"),
    "2024-W49/620300/employment/job_posts/cumulative_since/since=2022-01-01/inclusive": ("8000", "over"),
    "2024-W49/620300/employment/leaflets/cumulative_since/since=2022-01-01/inclusive": ("60000", "over"),
    "2024-W49/620300/employment/hire_intents/cumulative_since/since=2022-01-01/inclusive": ("2600", "over"),
    "2024-W49/620300/employment/hired/cumulative_since/since=2022-01-01/inclusive": ("1800", "over"),
    "2024-W49/620300/skills/trainees/cumulative_since/since=2022-01-01/inclusive": ("1500", "exact"),
}
"""Issue 3; figure id → value and exactness."""


def test_the_oracle_of_the_seed_bulletin(seeded: Engine) -> None:
    with seeded.connect() as connection:
        listed = {
            figure["figure_id"]: figure for of_week in WEEKS for figure in document(connection, of_week)["figures"]
        }
    assert {figure_id: shown(listed[figure_id]) for figure_id in ORACLE if figure_id in listed} == ORACLE


def test_numbers_that_add_what_must_not_be_added_appear_nowhere(seeded: Engine) -> None:
    with seeded.connect() as connection:
        values = {
            figure["value"]
            for of_week in WEEKS
            for listed in (document(connection, of_week),)
            for figure in (*listed["figures"], *listed["campaigns"])
        }
    assert not values & {"18000", "934000", "3044"}
    assert "15000" in values


def test_who_organised_nothing_that_week_has_no_figure(seeded: Engine) -> None:
    with seeded.connect() as connection:
        listed = figures(connection, "2024-W49")
    assert not [name for name in listed if name.startswith("621100/") and "/place" not in name]
    assert "621122/all/people_served/event" not in listed


def test_a_campaign_sums_its_events_from_the_start_to_the_week(seeded: Engine) -> None:
    figure_id = f"2024-W49/campaign/{HEALTH_CAMPAIGN}/people_served/event"
    with seeded.connect() as connection:
        to_w49 = {entry["figure_id"]: entry for entry in document(connection, "2024-W49")["campaigns"]}
        to_w48 = {entry["figure_id"]: entry for entry in document(connection, "2024-W48")["campaigns"]}
    assert to_w49[figure_id] == {
        "figure_id": figure_id,
        "campaign": "关爱新业态·互助健康行",
        "measure": "people_served",
        "value": "1685",
        "exactness": "over",
        "unions": 2,
        "first_week": "2024-W46",
        "last_week": "2024-W49",
    }
    earlier = to_w48[figure_id.replace("W49", "W48")]
    assert (earlier["value"], earlier["unions"]) == ("260", 1)


def test_a_figure_says_everything_the_contract_lists(seeded: Engine) -> None:
    with seeded.connect() as connection:
        figure = figures(connection, "2024-W49")["620102/hardship_aid/funds_total/ytd"]
    assert figure == {
        "figure_id": "2024-W49/620102/hardship_aid/funds_total/ytd",
        "union_id": "620102",
        "level": "county",
        "basis": "organizer",
        "category": "hardship_aid",
        "measure": "funds_total",
        "unit": "元",
        "period_kind": "ytd",
        "scope": "own",
        "since": None,
        "value": "467000",
        "exactness": "exact",
        "activities": 2,
        "previous": None,
        "change_pct": None,
        "comparable": False,
        "comparisons": {"week_before": None, "year_before": None, "spring_festival": None},
    }


def test_a_week_nobody_touched_has_no_figures(seeded: Engine) -> None:
    with seeded.connect() as connection:
        assert document(connection, "2024-W50")["figures"] == []
        assert document(connection, "2024-W45")["figures"] == []


def test_a_rebuild_of_a_rebuilt_week_changes_nothing(seeded: Engine) -> None:
    with seeded.connect() as connection:
        first = document(connection, "2024-W49")
        assert document(connection, "2024-W49") == first


def test_a_prefecture_holds_its_own_and_its_counties_figures(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, "620100", "2024-W49", [activity(figures={"people_served": 10})])
        report(connection, "620102", "2024-W49", [activity(figures={"people_served": 5})])
        report(connection, "620171", "2024-W49", [activity(figures={"people_served": 3})])
        report(connection, "62Q001", "2024-W49", [activity(figures={"people_served": 2})])
        report(connection, "620000-own", "2024-W49", [activity(figures={"people_served": 1})])
        listed = figures(connection, "2024-W49")
    values = {
        name.split("/")[0]: (f["value"], f["level"])
        for name, f in listed.items()
        if name.endswith("all/people_served/event")
    }
    assert values == {
        "620000": ("21", "province"),
        "620000-own": ("1", "province_own"),
        "620100": ("15", "prefecture"),
        "620102": ("5", "county"),
        "620171": ("3", "special"),
        "62Q001": ("2", "industry"),
    }


def test_a_figure_counts_in_the_union_that_organised_it_not_in_the_one_that_sent_it(warehouse: Engine) -> None:
    row = activity(figures={"people_served": 8}, reporting_union_id="620102", organizer_union_id="620102")
    with changing(warehouse) as connection:
        report(connection, "620100", "2024-W49", [row])
        listed = figures(connection, "2024-W49")
    assert shown(listed["620102/all/people_served/event"]) == ("8", "exact")
    assert shown(listed["620100/all/people_served/event"]) == ("8", "exact")


def test_inclusive_figures_stay_with_their_union_and_are_not_added_to_own_ones(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(
            connection,
            "620102",
            "2024-W49",
            [
                activity("甲", figures={"people_served": 5}),
                activity("乙", figures={"people_served": 100}, scope="inclusive", place_division="620102"),
            ],
        )
        listed = figures(connection, "2024-W49")
    inclusive = {name for name in listed if name.endswith("/inclusive")}
    assert inclusive == {"620102/condolence/people_served/event/inclusive", "620102/all/people_served/event/inclusive"}
    assert shown(listed["620102/all/people_served/event"]) == ("5", "exact")
    assert shown(listed["620000/all/people_served/event/place"]) == ("5", "exact")


def test_campaign_period_figures_stay_with_their_union_beside_its_events(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(
            connection,
            "620102",
            "2024-W49",
            [
                activity("甲", figures={"people_served": 5}),
                activity("乙", figures={"people_served": 100}, period_kind="campaign", place_division="620102"),
            ],
        )
        listed = figures(connection, "2024-W49")
    of_kind = {name for name in listed if "/campaign" in name}
    assert of_kind == {"620102/condolence/people_served/campaign", "620102/all/people_served/campaign"}
    assert shown(listed["620102/all/people_served/event"]) == ("5", "exact")


def test_a_campaign_period_figure_said_again_in_the_week_holds_as_said_last(warehouse: Engine) -> None:
    def so_far(value: int, day: int) -> dict[str, object]:
        return activity(
            "两节送温暖",
            figures={"people_served": value},
            period_kind="campaign",
            start_on=date(2024, 11, 1),
            end_on=date(2024, 12, day),
            activity_key="the same activity",
        )

    with changing(warehouse) as connection:
        report(connection, "620102", "2024-W49", [so_far(100, 4)])
        report(connection, "620102", "2024-W50", [so_far(130, 7)])
        listed = figures(connection, "2024-W49")
    assert shown(listed["620102/all/people_served/campaign"]) == ("130", "exact")
    assert listed["620102/all/people_served/campaign"]["activities"] == 1


def test_planned_rows_are_never_figures(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, "620400", "2024-W49", [activity(figures={"people_served": 5}, period_kind="planned")])
        assert figures(connection, "2024-W49") == {}


def test_zero_is_a_figure_only_where_it_was_written(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(connection, "620400", "2024-W49", [activity(figures={"people_served": 0})])
        report(connection, "620300", "2024-W49", [activity(figures={})])
        listed = figures(connection, "2024-W49")
    assert shown(listed["620400/all/people_served/event"]) == ("0", "exact")
    assert not [name for name in listed if name.startswith("620300/")]


def test_activities_counts_those_that_have_the_measure(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        report(
            connection,
            "620400",
            "2024-W49",
            [
                activity("甲", figures={"people_served": 5, "sessions": 1}),
                activity("乙", "meals", figures={"people_served": 6}),
                activity("丙", figures={"sessions": 2}),
            ],
        )
        listed = figures(connection, "2024-W49")
    assert listed["620400/all/people_served/event"]["activities"] == 2
    assert listed["620400/meals/people_served/event"]["activities"] == 1
    assert listed["620000/all/sessions/event"]["activities"] == 2


@pytest.mark.parametrize(
    ("kinds", "sum_is"),
    [
        (["exact", "exact"], "exact"),
        (["exact", "over"], "over"),
        (["over", "over"], "over"),
        (["exact", "under"], "under"),
        (["under", "under", "exact"], "under"),
        (["over", "under"], "approx"),
        (["over", "exact", "under"], "approx"),
        (["approx", "exact"], "approx"),
        (["approx", "over"], "approx"),
    ],
)
def test_sums_carry_exactness(warehouse: Engine, kinds: list[str], sum_is: str) -> None:
    rows = [activity(f"活动{n}", figures={"people_served": (10, kind)}) for n, kind in enumerate(kinds)]
    with changing(warehouse) as connection:
        report(connection, "620400", "2024-W49", rows)
        listed = figures(connection, "2024-W49")
    assert shown(listed["620000/all/people_served/event"]) == (str(10 * len(kinds)), sum_is)


@pytest.mark.parametrize(
    ("division", "unions"),
    [
        ("621122", {"621122", "621100", "620000"}),  # a county: its union, its prefecture, the province
        ("621100", {"621100", "620000"}),  # known to the prefecture: starts there
        ("620200", {"620200", "620000"}),  # 嘉峪关 has no counties
        ("620171", {"620171", "620000"}),  # 兰州新区 reports to the province
        ("620000", {"620000"}),
        (None, {"620000"}),
    ],
)
def test_a_place_counts_for_its_county_its_prefecture_and_the_province(
    warehouse: Engine, division: str | None, unions: set[str]
) -> None:
    with changing(warehouse) as connection:
        report(connection, "62Q001", "2024-W49", [activity(figures={"people_served": 7}, place_division=division)])
        listed = figures(connection, "2024-W49")
    by_place = {name: figure for name, figure in listed.items() if name.endswith("all/people_served/event/place")}
    assert {name.split("/")[0] for name in by_place} == unions
    assert {figure["value"] for figure in by_place.values()} == {"7"}
    assert {figure["basis"] for figure in by_place.values()} == {"place"}


def test_a_correction_takes_the_place_of_what_it_corrects(seeded: Engine) -> None:
    with seeded.connect() as connection:
        loaded = report(
            connection,
            "620400",
            "2024-W49",
            [activity("免费体检", "health_check", {"people_served": 1020}, end_on=date(2024, 11, 30))],
        )
        assert loaded.weeks == ("2024-W48", "2024-W49")
        roll_up(connection, *loaded.weeks)
        assert "620400/all/people_served/event" not in figures(connection, "2024-W49")
        assert shown(figures(connection, "2024-W48")["620400/all/people_served/event"]) == ("1020", "exact")


def test_a_reorganised_union_counts_where_it_stood_in_the_week(warehouse: Engine) -> None:
    from dataclasses import replace

    from nuanliu.contract.code_lists import CodeList, UnionTree, codes
    from nuanliu.warehouse.schema.reference_data import load_reference

    listed = codes()
    moved = {
        **listed.unions.list.entries,
        "620171": replace(listed.unions.list["620171"], parent_id="620100", level="county"),
    }
    unions = UnionTree(CodeList(moved, listed.unions.list.by_label))
    with changing(warehouse) as connection:
        for of_week in ("2024-W48", "2024-W49"):
            report(connection, "620171", of_week, [activity(figures={"people_served": 4})])
        load_reference(connection, replace(listed, unions=unions), changes_from=week("2024-W49").monday)
        assert "620100/all/people_served/event" not in figures(connection, "2024-W48")
        after = figures(connection, "2024-W49")
    assert shown(after["620100/all/people_served/event"]) == ("4", "exact")
    assert after["620171/all/people_served/event"]["level"] == "county"


def test_previous_and_change_are_of_the_week_before_only(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        for of_week, value in (("2024-W46", 700), ("2024-W48", 980), ("2024-W49", 1425)):
            report(connection, "620400", of_week, [activity(figures={"people_served": value})])
        roll_up(connection, "2024-W46", "2024-W48")
        name = "620400/all/people_served/event"
        w49, w48 = figures(connection, "2024-W49")[name], figures(connection, "2024-W48")[name]
    assert (w49["previous"], w49["change_pct"], w49["comparable"]) == ("980", "45.4", True)
    assert (w48["previous"], w48["change_pct"], w48["comparable"]) == (None, None, False)


def test_change_on_a_base_of_zero_is_null(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        for of_week, value in (("2024-W48", 0), ("2024-W49", 1425)):
            report(connection, "620400", of_week, [activity(figures={"people_served": value})])
        roll_up(connection, "2024-W48")
        figure = figures(connection, "2024-W49")["620400/all/people_served/event"]
    assert (figure["previous"], figure["change_pct"]) == ("0", None)


def test_only_a_subtree_in_which_the_same_unions_reported_is_comparable(warehouse: Engine) -> None:
    with changing(warehouse) as connection:
        for of_week, senders in (
            ("2024-W48", ("620400", "620300", "620302")),
            ("2024-W49", ("620400", "620300", "620500")),
        ):
            for sender in senders:
                report(connection, sender, of_week, [activity(figures={"people_served": 1})])
        roll_up(connection, "2024-W48")
        listed = figures(connection, "2024-W49")
    comparable = {name.split("/")[0] for name, figure in listed.items() if figure["comparable"]}
    assert comparable == {"620400"}  # 金昌 lacks its 金川区, 天水 is new, the province has both


def test_a_county_reported_by_its_prefecture_is_comparable_when_the_prefecture_is(warehouse: Engine) -> None:
    row = activity(figures={"people_served": 1}, reporting_union_id="620302", organizer_union_id="620302")
    with changing(warehouse) as connection:
        for of_week in ("2024-W48", "2024-W49"):
            report(connection, "620300", of_week, [row])
        roll_up(connection, "2024-W48")
        assert figures(connection, "2024-W49")["620302/all/people_served/event"]["comparable"]


@pytest.fixture(scope="module")
def seeded(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """The seed week; whoever changes it rolls back."""
    engine = open_engine(request.getfixturevalue("module_warehouse_dsn"))
    with changing(engine) as connection:
        load_seed(connection)
    yield engine
    engine.dispose()
