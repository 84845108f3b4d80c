"""Names are ordered as people count them, and times before names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest

from nuanliu.domain.arrival import LAST_PLACE, RECEIVED_LENGTH, arrival_order, arrived, name_order

NOON = datetime(2024, 12, 9, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "names",
    [
        ("周报.xlsx", "周报-2.xlsx", "周报-3.xlsx", "周报-10.xlsx"),
        ("报表2.xlsx", "报表10.xlsx"),
        ("报表.xlsx", "报表2.xlsx", "报表2-2.xlsx", "报表3.xlsx", "报表10.xlsx"),
        ("报表2.xlsx", "报表 3.xlsx", "报表10.xlsx"),
        ("报表９.xlsx", "报表10.xlsx", "报表１１.xlsx"),
        ("周报.xlsx", "周报(更正).xlsx"),
        ("周报.xlsx", "周报\uff08更正\uff09.xlsx"),
        ("周报-2.xlsx", "周报(更正).xlsx"),
        ("周报-2.xlsx", "周报\uff08更正\uff09.xlsx"),
        ("周报(2).xlsx", "周报(10).xlsx"),
        ("周报.xls", "周报.xlsx", "周报-2.csv"),
        ("周报.xlsx", "周报-2.csv", "周报-10.xls"),
        ("第一稿.xlsx", "第二稿.xlsx", "第三稿.xlsx", "第十稿.xlsx", "第十二稿.xlsx", "第二十稿.xlsx"),
        ("周报①.xlsx", "周报②.xlsx"),
        ("2.xlsx", "10.xlsx", "周报.xlsx"),
        ("Report.xlsx", "report-2.xlsx", "REPORT-10.xlsx"),
        ("周报", "周报2", "周报10"),
        ("20241208.csv", "20241209.csv", "120241208.csv"),
    ],
)
def test_names_are_ordered_as_people_count(names: tuple[str, ...]) -> None:
    for first, second in pairwise(names):
        assert name_order(first) < name_order(second)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("报表２.xlsx", "报表2.xlsx"),
        ("报表02.xlsx", "报表2.xlsx"),
        ("周报\uff08更正\uff09.XLSX", "周报(更正).xlsx"),
        ("周报 \uff082\uff09.xlsx", "周报(2).xlsx"),
        ("第十二稿.xlsx", "第12稿.xlsx"),
    ],
)
def test_spelling_makes_no_order(one: str, other: str) -> None:
    assert name_order(one) == name_order(other)


def test_no_name_breaks_the_order_with_signs_that_a_database_cannot_hold() -> None:
    assert "\0" not in name_order("a\0\x01\x02b\n.xlsx")
    assert name_order("a\x7f.xlsx") == name_order("a.xlsx")


def test_time_goes_before_the_name_and_the_name_before_the_folder() -> None:
    later = NOON + timedelta(microseconds=1)
    ordered = [
        arrived(NOON, "intake/620400/2024-W49/周报.xlsx"),
        arrived(NOON, "intake/620400/周报-2.xlsx"),
        arrived(later, "intake/620400/2024-W49/周报.xlsx"),
        arrived(later, "intake/620400/2024-W50/周报.xlsx"),
    ]
    assert ordered == sorted(ordered)
    assert len(set(ordered)) == len(ordered)


def test_receipt_goes_before_arrival_and_nothing_after_the_last_place() -> None:
    early, late = arrived(NOON, "intake/620400/1.csv"), arrived(NOON + timedelta(days=1), "intake/620400/1.csv")
    assert arrival_order(NOON, late) < arrival_order(NOON + timedelta(seconds=1), early) < LAST_PLACE
    assert arrival_order(NOON, early) < arrival_order(NOON, late)
    assert arrival_order(NOON, early)[RECEIVED_LENGTH:] == early


def test_an_instant_is_the_same_in_every_zone() -> None:
    assert arrived(NOON.astimezone(timezone(timedelta(hours=8))), "a") == arrived(NOON, "a")
