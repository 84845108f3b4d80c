"""The registry: an object is claimed once, finished once, and never forgotten."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from tests.builders import activity, checked, load, submission

from nuanliu.errors import UnknownObject
from nuanliu.warehouse.schema.tables import fact_submission
from nuanliu.warehouse.submissions.registry import claim, count_attempt, finish_object, open_claims, read_claim

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

ARRIVED = datetime(2024, 12, 9, 1, 12, 33, tzinfo=UTC)


def _claim(connection: Connection, source_key: str = "intake/620400/周报.xlsx", **fields: Any) -> int | None:
    said = {
        "object_key": source_key,
        "union_id": "620400",
        "path_week": None,
        "is_trial": False,
        "sha256": "ab",
        "size_bytes": 10,
        "received_at": ARRIVED,
    }
    return claim(connection, source_key=source_key, **{**said, **fields})


def test_a_claim_is_read_back_as_written(warehouse: Engine) -> None:
    shanghai = timezone(timedelta(hours=8))
    with warehouse.begin() as connection:
        object_id = _claim(connection, path_week="2024-W49", received_at=ARRIVED.astimezone(shanghai))
        assert object_id is not None
        row = read_claim(connection, object_id)
    assert (row.state, row.stored_key, row.path_week, row.attempt_count) == ("claimed", None, "2024-W49", 0)
    assert row.received_at == ARRIVED
    assert row.received_at.utcoffset() == timedelta(0)


def test_the_second_claim_of_a_key_gets_nothing(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        assert _claim(connection) is not None
    with warehouse.begin() as connection:
        assert _claim(connection) is None


def test_of_many_claimers_at_once_one_gets_the_object(warehouse: Engine) -> None:
    def take(_: int) -> int | None:
        with warehouse.begin() as connection:
            return _claim(connection)

    with ThreadPoolExecutor(4) as pool:
        taken = [object_id for object_id in pool.map(take, range(8)) if object_id is not None]
    assert len(taken) == 1


def test_a_finished_key_can_be_claimed_again(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        first = _claim(connection)
        assert first is not None
        finish_object(connection, first, state="archived", stored_key="archive/x", finished_at=ARRIVED)
        second = _claim(connection)
    assert second is not None
    assert second != first


def test_open_claims_come_in_order_of_arrival(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        late = _claim(connection, "intake/620400/b.xlsx", received_at=ARRIVED + timedelta(minutes=1))
        early = _claim(connection, "intake/620400/a.xlsx")
        done = _claim(connection, "intake/620400/c.xlsx")
        assert done is not None
        finish_object(connection, done, state="quarantined", stored_key="quarantine/x", finished_at=ARRIVED)
        assert [row.object_id for row in open_claims(connection)] == [early, late]


def test_finishing_twice_keeps_the_first_answer(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        object_id = _claim(connection)
        assert object_id is not None
        finish_object(connection, object_id, state="archived", stored_key="archive/x", finished_at=ARRIVED)
        later = ARRIVED + timedelta(days=1)
        finish_object(connection, object_id, state="archived", stored_key="archive/y", finished_at=later)
        row = read_claim(connection, object_id)
    assert (row.stored_key, row.finished_at) == ("archive/x", ARRIVED)


def test_finishing_notes_when_the_drop_was_answered(warehouse: Engine) -> None:
    loaded = load(warehouse, checked(submission(activities=[activity()])), source_key="intake/620400/a.xlsx")
    with warehouse.begin() as connection:
        (row,) = open_claims(connection)
        finish_object(connection, row.object_id, state="archived", stored_key="archive/x", finished_at=ARRIVED)
        assert connection.execute(fact_submission.select()).one().answered_at == ARRIVED
    assert loaded.receipt.receipt_no == "620400-2024W49-001"


def test_attempts_are_counted(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        object_id = _claim(connection)
        assert object_id is not None
        assert [count_attempt(connection, object_id) for _ in range(2)] == [1, 2]


def test_an_object_nobody_claimed_is_unknown(warehouse: Engine) -> None:
    with warehouse.connect() as connection, pytest.raises(UnknownObject, match="4711"):
        read_claim(connection, 4711)


def test_receipt_follows_arrival_within_a_union_and_within_it_only(warehouse: Engine) -> None:
    noon = datetime(2024, 12, 9, 4, tzinfo=UTC)

    def taken(name: str, arrived: int, received: int, union_id: str = "620400") -> int:
        with warehouse.begin() as connection:
            object_id = claim(
                connection, object_key=name, source_key=f"{union_id}/{name}", union_id=union_id, path_week=None,
                is_trial=False, sha256="", size_bytes=1, received_at=noon + timedelta(minutes=received),
                arrived_at=noon + timedelta(minutes=arrived),
            )  # fmt: skip
            assert object_id is not None
            return int((read_claim(connection, object_id).received_at - noon).total_seconds() // 60)

    assert taken("2.csv", 1, 10) == 10
    assert taken("3.csv", 2, 12) == 12
    assert taken("0.csv", 0, 60) == 10  # older than both
    assert taken("2-2.csv", 1, 60) == 12  # of one moment with the first, whose name comes before
    assert taken("4.csv", 3, 61) == 61
    assert taken("0.csv", 0, 62, union_id="620500") == 62
    with warehouse.connect() as connection:
        names = [row.object_key for row in open_claims(connection) if row.union_id == "620400"]
    assert names == ["0.csv", "2.csv", "2-2.csv", "3.csv", "4.csv"]
