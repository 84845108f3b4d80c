"""The rules of highlights.yaml over made-up weeks: one choice, enough of each, and nobody forgotten."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from nuanliu.contract.code_lists import codes
from nuanliu.contract.highlight_rules import highlight_rules
from nuanliu.domain.exactness import Exactness
from nuanliu.domain.figure_id import ActivityNumberId, digest_key
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.warehouse.highlights.activities import Activity, SaidNumber, join_goods
from nuanliu.warehouse.highlights.choosing import Circumstances, choose

W49 = ReportingWeek.parse("2024-W49")
PREFECTURES = [union.id for union in codes().unions.list if union.level == "prefecture"]
RULES = highlight_rules()
QUIET = Circumstances(frozenset(), frozenset(), {})


def said(measure: str, value: int, item: str | None = None, unit: str = "人") -> SaidNumber:
    trace_id = ActivityNumberId(W49, "620400", digest_key(f"{measure}/{value}/{item}"), measure)
    return SaidNumber(trace_id, Decimal(value), Exactness.EXACT, unit, item)


def activity(union_id: str = "620400", people: int | None = 100, money: int | None = None, **more: Any) -> Activity:
    numbers = [said("people_served", people)] if people is not None else []
    numbers += [said("funds_total", money, unit="元")] if money is not None else []
    fields: dict[str, Any] = {
        "key": (union_id, union_id, str(more.pop("number", 0))), "union_id": union_id,
        "prefecture_id": union_id if union_id in PREFECTURES else None, "category": "condolence", "name": "慰问",
        "campaign_id": None, "campaign": None, "place": None, "start": None, "end": None, "groups": (), "partners": (),
        "is_list_open": False, "numbers": tuple(numbers),
    }  # fmt: skip
    return Activity(**{**fields, **more})


def chosen(activities: list[Activity], seen: Circumstances = QUIET) -> list[tuple[str, str, str]]:
    return [(c.rule.id, c.activity.union_id, c.activity.key[2]) for c in choose(activities, RULES, seen)]


def test_the_largest_by_people_comes_first_and_then_the_largest_by_money() -> None:
    week = [
        activity(people=900),
        activity("620300", 1200),
        activity("620500", 5, 80_000),
        activity("620600", 6, 90_000),
    ]
    assert chosen(week)[:2] == [("largest_people", "620300", "0"), ("largest_funds", "620600", "0")]


def test_what_has_no_such_measure_is_not_the_largest_by_it() -> None:
    assert [rule for rule, *_ in chosen([activity("620000-own", None, sessions=1) for _ in ()])] == []
    meals = activity("620000-own", None, numbers=(said("meal_vouchers", 3000, unit="份"),))
    assert chosen([meals]) == []


def test_each_campaign_that_begins_is_told_once_by_its_largest() -> None:
    week = [
        activity("620300", 9, number=n, campaign_id=campaign)
        if n < 2
        else activity("620500", 50 + n, number=n, campaign_id=campaign)
        for n, campaign in enumerate(("a", "b", "a", "c"))
    ]
    found = [
        entry for entry in chosen(week, replace(QUIET, first_campaigns={"a", "b"})) if entry[0] == "first_of_campaign"
    ]
    assert found == [("first_of_campaign", "620500", "2"), ("first_of_campaign", "620300", "1")]


def test_a_group_that_nobody_served_lately_is_told() -> None:
    week = [activity(people=500), activity("620300", 4, groups=("model_workers",)), activity("620300", 400, number=1)]
    found = chosen(week, replace(QUIET, unusual_groups={"model_workers"}))
    assert ("unusual_group", "620300", "0") in found


def test_who_was_told_longest_ago_comes_next_and_who_never_was_before_all() -> None:
    week = [activity(union_id, 10 + number) for number, union_id in enumerate(PREFECTURES[:6])]
    told = {union_id: f"2024-W4{number}" for number, union_id in enumerate(PREFECTURES[:5])}
    turns = [union for rule, union, _ in chosen(week, replace(QUIET, last_told=told)) if rule == "prefecture_in_turn"]
    # the sixth was the largest by people already
    assert turns == PREFECTURES[:2]
    turns = [union for rule, union, _ in chosen(week, QUIET) if rule == "prefecture_in_turn"]
    assert turns == PREFECTURES[:2]


weeks = st.lists(
    st.builds(
        activity,
        st.sampled_from([*PREFECTURES, "620000-own", "620402"]),
        st.none() | st.integers(3, 5000),
        st.none() | st.integers(1, 10**6),
        number=st.integers(0, 10**6),
        campaign_id=st.none() | st.sampled_from(["a", "b", "c"]),
        groups=st.lists(st.sampled_from(["couriers", "model_workers"]), unique=True).map(tuple),
    ),
    max_size=40,
    unique_by=lambda each: each.key,
)
SEEN = Circumstances(frozenset({"a", "b"}), frozenset({"model_workers"}), {"620400": "2024-W40", "620500": "2024-W48"})


@given(weeks, st.randoms())
def test_the_choice_does_not_depend_on_the_order_in_which_facts_are_read(week: list[Activity], random: Random) -> None:
    shuffled = list(week)
    random.shuffle(shuffled)
    assert choose(shuffled, RULES, SEEN) == choose(week, RULES, SEEN)


@given(weeks)
def test_no_more_is_told_than_the_rules_allow_and_nothing_twice(week: list[Activity]) -> None:
    choices = choose(week, RULES, SEEN)
    assert len(choices) <= RULES.most
    assert len({choice.activity.key for choice in choices}) == len(choices)
    assert all(count <= RULES.most_of_a_prefecture for count in Counter(c.activity.home for c in choices).values())
    takes = Counter(choice.rule.id for choice in choices)
    assert all(takes[rule.id] <= rule.take for rule in RULES.rules)
    assert all(choice.activity.numbers for choice in choices)


@given(weeks.filter(lambda week: any(each.prefecture_id and each.numbers for each in week)))
def test_a_week_in_which_a_prefecture_did_anything_tells_something(week: list[Activity]) -> None:
    assert choose(week, RULES, QUIET)


def test_each_prefecture_that_reports_is_told_over_time_however_large_the_others_are() -> None:
    """Reports come and go; 嘉峪关 has 3 people a week and reports every other week only."""
    random = Random(13)
    told: dict[str, str] = {}
    absent: Counter[str] = Counter()
    for number in range(60):
        week = ReportingWeek(W49.monday + timedelta(weeks=number))
        reporting = [p for p in PREFECTURES if (number % 2 if p == "620200" else random.random() < 0.9)]
        facts = [
            activity(p, 3 if p == "620200" else random.randint(100, 900), number=n) for p in reporting for n in (1, 2)
        ]
        now = {choice.activity.home for choice in choose(facts, RULES, replace(QUIET, last_told=told))}
        told |= dict.fromkeys(now & set(PREFECTURES), str(week))
        absent.update(reporting)
        for union_id in now:
            absent[union_id] = 0
        assert max(absent.values()) <= 14, "reported fourteen weeks and was never told"
    assert set(told) == set(PREFECTURES)


def row(item: str | None, *numbers: SaidNumber, number: int = 0) -> tuple[tuple[Any, ...], Activity]:
    return (("620400", "志愿服务", date(2024, 12, 5)), activity(numbers=numbers, number=number, people=None))


def test_gloves_and_hats_of_one_visit_are_one_activity() -> None:
    (joined,) = join_goods(
        [
            row("帽子", said("goods_items", 50, "帽子", "顶"), number=1),
            row("手套", said("goods_items", 150, "手套", "双")),
        ]
    )
    assert [(n.item, n.value, n.unit) for n in joined.numbers] == [("手套", 150, "双"), ("帽子", 50, "顶")]


def test_rows_that_both_say_how_many_people_stay_two_activities() -> None:
    rows = [row("手套", said("people_served", 100), number=n) for n in (0, 1)]
    assert len(join_goods(rows)) == 2
