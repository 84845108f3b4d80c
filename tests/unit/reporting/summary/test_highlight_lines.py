"""A sentence of 本周亮点 says nothing that is not a fact of its entry or a word of highlights.yaml."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.reporting.rollup_documents import document, said_number, told_activity

from nuanliu.contract.code_lists import PROVINCE, codes
from nuanliu.contract.highlight_rules import highlight_rules
from nuanliu.reporting.summary.building import build_summary
from nuanliu.reporting.summary.highlight_lines import highlight_lines, shown_number, write_sentence
from nuanliu.reporting.templates import render

WORDING = highlight_rules().wording
FIXED = sorted(
    {
        word
        for template in (WORDING.sentence, *WORDING.parts.values(), *WORDING.measures.values(), WORDING.default_item)
        for word in re.split(r"\{\w+\}", template)
        if word
    }
    | {"、", ",", "万", "余", "近", "约"},
    key=len,
    reverse=True,
)


def told(**more: Any) -> str:
    numbers = more.pop("numbers", ())
    return write_sentence(told_activity(*numbers, **more), WORDING)  # type: ignore[arg-type]


def test_a_sentence_reads_as_an_office_would_write_it() -> None:
    assert told() == (
        "12月3日至4日,白银市总工会联合县人社局、县总医院等在白银区开展“免费体检”活动(“关爱新业态·互助健康行”专项),"
        "服务货车司机、快递员41425余人,投入资金35.9万元。"
    )


BARE = {"campaign": None, "place": None, "start": None, "end": None, "groups": [], "partners": [], "is_list_open": False,
        "numbers": [said_number("people_served", "57")]}  # fmt: skip


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({}, "白银市总工会开展“免费体检”活动,服务57人。"),
        ({"name": "招聘活动"}, "白银市总工会开展“招聘活动”,服务57人。"),
        ({"name": "“冬送温暖”慰问货车司机"}, "白银市总工会开展“冬送温暖”慰问货车司机,服务57人。"),
        ({"name": "走访慰问困难职工"}, "白银市总工会走访慰问困难职工,服务57人。"),
        ({"name": None}, "白银市总工会开展健康体检活动,服务57人。"),
        ({"name": None, "category": "culture"}, "白银市总工会开展文化活动,服务57人。"),
        ({"union_id": "620000-own"}, "甘肃省总工会开展“免费体检”活动,服务57人。"),
        ({"campaign": "免费体检"}, "白银市总工会开展“免费体检”活动,服务57人。"),
        ({"place": "620400"}, "白银市总工会开展“免费体检”活动,服务57人。"),
        ({"end": "2024-12-05"}, "12月5日,白银市总工会开展“免费体检”活动,服务57人。"),
        ({"start": "2024-12-05"}, "自12月5日起,白银市总工会开展“免费体检”活动,服务57人。"),
        ({"start": "2024-11-28", "end": "2024-12-02"}, "11月28日至12月2日,白银市总工会开展“免费体检”活动,服务57人。"),
        (
            {"start": "2024-12-30", "end": "2025-01-02"},
            "2024年12月30日至2025年1月2日,白银市总工会开展“免费体检”活动,服务57人。",
        ),
        (
            {"groups": ["truck_drivers", "couriers", "security_guards", "elderly"]},
            "白银市总工会开展“免费体检”活动,服务货车司机、快递员、保安等57人。",
        ),
    ],
)
def test_what_is_not_known_is_left_out_and_nothing_is_said_twice(more: dict[str, Any], sentence: str) -> None:
    assert told(**{**BARE, **more}) == sentence


def test_a_part_of_the_money_is_told_as_a_part() -> None:
    numbers = [said_number("funds_total", "46700", "over"), said_number("funds_condolence", "20000")]
    assert told(**{**BARE, "numbers": numbers}).endswith("投入资金4.67万余元,其中慰问金2万元。")
    assert told(**{**BARE, "numbers": numbers[1:]}).endswith("活动,慰问金2万元。")


def test_goods_are_told_by_name_in_what_they_are_counted_in() -> None:
    numbers = [
        said_number("goods_items", "150", item="手套", unit="双"),
        said_number("goods_items", "50", item="帽子", unit="顶"),
    ]
    assert told(**{**BARE, "numbers": numbers}).endswith("活动,发放手套150双、帽子50顶。")
    nameless = [said_number("goods_items", "150", unit="件")]
    assert told(**{**BARE, "numbers": nameless}).endswith("活动,发放物资150件。")


@pytest.mark.parametrize(
    ("value", "exactness", "shown"),
    [
        ("1425", "exact", "1425人"), ("1200", "over", "1200余人"), ("300", "under", "近300人"), ("50", "approx", "约50人"),
        ("18000", "under", "近1.8万人"), ("60000", "over", "6万余人"), ("18123", "exact", "18123人"),
        ("18100", "approx", "约1.81万人"), ("18150", "exact", "18150人"), ("12345.6", "exact", "12345.6人"),
    ],
)  # fmt: skip
def test_a_number_is_told_as_it_was_reported(value: str, exactness: str, shown: str) -> None:
    assert shown_number(said_number("people_served", value, exactness)) == shown  # type: ignore[arg-type]


def names(pattern: str = "白银会馆灯笼春风") -> st.SearchStrategy[str]:
    return st.text(st.sampled_from(pattern), min_size=2, max_size=8)


numbers = st.builds(
    said_number,
    st.sampled_from([measure.id for measure in codes().measures]),
    st.decimals(1, 10**9, places=2).map(lambda value: f"{value:f}") | st.integers(1, 10**8).map(str),
    st.sampled_from(["exact", "over", "under", "approx"]),
    item=st.none() | names("手套帽子"),
    unit=st.sampled_from(["人", "元", "件", "双"]),
)
days = st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 1, 1)).map(lambda day: day.isoformat())
entries = st.builds(
    lambda said, union_id, **more: told_activity(*said, union_id=union_id, **more),
    st.lists(numbers, min_size=1, max_size=4, unique_by=lambda number: (number["measure"], number["item"])),
    st.sampled_from([union.id for union in codes().unions.list]),
    category=st.sampled_from([category.id for category in codes().categories]),
    name=st.none() | names(),
    campaign=st.none() | names("专项暖冬"),
    place=st.none() | st.sampled_from([division.id for division in codes().divisions]),
    start=st.none() | days,
    end=st.none() | days,
    groups=st.lists(st.sampled_from([group.id for group in codes().groups]), unique=True, max_size=5),
    partners=st.lists(names("某局院校"), unique=True, max_size=5),
    is_list_open=st.booleans(),
)


def facts(entry: dict[str, Any]) -> list[str]:
    """Every name and number that the sentence may hold, longest first."""
    lists = codes()
    union_id = PROVINCE if entry["union_id"] == "620000-own" else entry["union_id"]
    told = [lists.unions.list[union_id].name, lists.categories[entry["category"]].name]
    told += [lists.groups[group].name for group in entry["groups"]]
    told += [lists.divisions[entry["place"]].name] if entry["place"] else []
    told += [lists.measures[number["measure"]].name for number in entry["numbers"]]
    told += [*entry["partners"], *(text for text in (entry["name"], entry["campaign"]) if text)]
    told += [text for number in entry["numbers"] for text in (number["item"], number["unit"]) if text]
    return sorted(told, key=len, reverse=True)


def values(entry: dict[str, Any]) -> set[Decimal]:
    """Every number that may stand in the sentence: what was reported, and the days."""
    found = {Decimal(number["value"]) for number in entry["numbers"]}
    for day in filter(None, (entry["start"], entry["end"])):
        found |= {Decimal(part) for part in day.split("-")}
    return found


@given(entries)
def test_every_name_and_number_of_a_sentence_stands_in_the_facts(entry: dict[str, Any]) -> None:
    sentence = write_sentence(entry, WORDING)  # type: ignore[arg-type]
    rest = sentence
    for name in facts(entry):
        rest = rest.replace(name, "|")
    for found in re.findall(r"([0-9.]+)(万?)", rest):
        assert Decimal(found[0]) * (10_000 if found[1] else 1) in values(entry), sentence
    parts = "|".join(map(re.escape, (*facts(entry), *FIXED)))
    assert re.fullmatch(f"(?:{parts}|[0-9.]+)*", sentence), f"{sentence!r} says a word of its own"


@given(entries)
def test_every_number_of_an_entry_stands_in_its_sentence_with_its_mark(entry: dict[str, Any]) -> None:
    sentence = write_sentence(entry, WORDING)  # type: ignore[arg-type]
    for number in entry["numbers"]:
        assert shown_number(number) in sentence
        mark = {"over": "余", "under": "近", "approx": "约", "exact": ""}[number["exactness"]]
        assert mark in shown_number(number)


def test_an_edition_without_highlights_has_no_heading() -> None:
    for empty in (document(), document(highlights={"activities": [], "last_told": {}})):
        summary = build_summary(empty)  # type: ignore[arg-type]
        assert highlight_lines(empty) == ()  # type: ignore[arg-type]
        for template in ("summary.html.j2", "summary.txt.j2"):
            assert "亮点" not in render(template, s=summary)


def test_a_rule_that_is_gone_leaves_its_sentence() -> None:
    (line,) = highlight_lines(document(highlights={"activities": [told_activity(rule="gone")], "last_told": {}}))  # type: ignore[arg-type]
    assert (line.why, line.sentence[:3]) == ("", "12月")
