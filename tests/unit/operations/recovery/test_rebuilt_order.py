"""The order of files whose registry rows are lost is that of their answers, but for those that were overtaken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from nuanliu.operations.recovery.rebuilt_order import IssuedReceipt, find_places
from nuanliu.warehouse.recovery.replay_tables import AnsweredObject
from nuanliu.warehouse.submissions.registry import RegistryRow

NOON = datetime(2024, 12, 9, 4, 0, tzinfo=UTC)


def number(ordinal: int) -> str:
    return f"620400-2024W49-{ordinal:03d}"


def receipt(ordinal: int, *, name: str = "周报.csv", seconds: int = 0, **more: Any) -> IssuedReceipt:
    received = NOON + timedelta(seconds=seconds)
    return IssuedReceipt(number(ordinal), "2024-W49", "620400", f"intake/620400/{name}", "…", received, **more)


def known(ordinal: int, arrival_order: str) -> AnsweredObject:
    row = RegistryRow(
        ordinal, "", "", "620400", None, False, "archived", "", "", 1, NOON, NOON, 1, NOON, arrival_order
    )  # fmt: skip
    return AnsweredObject(row, number(ordinal), "2024-W49")


def order_of(*receipts: IssuedReceipt, beside: tuple[AnsweredObject, ...] = ()) -> list[int]:
    """The ordinals in order of arrival; all receipts came to lie in the bucket at one moment, as in a copy of it."""
    places = find_places(receipts, beside, {each.receipt_no: NOON for each in receipts})
    every = {**{str(each.receipt_no): each.row.arrival_order for each in beside}, **places}
    return [int(each[-3:]) for each in sorted(every, key=lambda each: (every[each], each))]


def test_files_of_one_second_came_as_they_were_answered_whatever_their_names() -> None:
    assert order_of(receipt(1, name="b.csv"), receipt(2, name="a.csv"), receipt(3, name="0.csv")) == [1, 2, 3]


def test_an_overtaken_file_came_before_the_one_that_it_names_and_after_older_ones() -> None:
    receipts = (
        receipt(1),
        receipt(2, name="b.csv", seconds=1),
        receipt(3, name="c.csv", seconds=1, overtaken_by=number(2)),
        receipt(4, name="a.csv", seconds=1),
    )
    assert order_of(*receipts) == [1, 3, 2, 4]
    same_second = (receipt(1), receipt(2), receipt(3, overtaken_by=number(2)), receipt(4))
    assert order_of(*same_second) == [1, 3, 2, 4]


def test_a_file_that_is_answered_again_keeps_its_place() -> None:
    receipts = (receipt(1), receipt(2), receipt(3, seconds=600, again=number(1)))
    assert order_of(*receipts) == [1, 3, 2]


def test_a_lost_receipt_takes_its_place_between_those_that_are_known() -> None:
    beside = (
        known(1, "2024-12-09T04:00:00.300000Z 2024-12-09T03:59:00.000000Z a"),
        known(3, "2024-12-09T04:00:00.900000Z 2024-12-09T03:59:30.000000Z a"),
    )
    assert order_of(receipt(2), receipt(4), beside=beside) == [1, 2, 3, 4]
