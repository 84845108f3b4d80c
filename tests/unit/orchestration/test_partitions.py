"""Partition keys and the mapper that turns a union's week into the week."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nuanliu.errors import InvalidWeek
from nuanliu.orchestration.partitions import WeekOfUnionWeek, run_week


def test_a_week_maps_to_itself() -> None:
    assert WeekOfUnionWeek().to_downstream("2024-W49") == "2024-W49"


@pytest.mark.parametrize("union_id", ["620400", "620000-own", "62ZZ01", "unknown"])
def test_a_union_s_week_of_before_still_maps_to_the_week(union_id: str) -> None:
    assert WeekOfUnionWeek().to_downstream(f"2024-W49|{union_id}") == "2024-W49"


def test_the_mapper_waits_for_nobody() -> None:
    assert WeekOfUnionWeek.is_rollup is False


def test_the_mapper_survives_the_serialized_dag() -> None:
    mapper = WeekOfUnionWeek.deserialize(WeekOfUnionWeek().serialize())
    assert mapper.to_downstream("2025-W01|620100") == "2025-W01"


def test_a_week_begins_on_monday_in_shanghai() -> None:
    assert WeekOfUnionWeek().to_partition_date("2025-W01") == datetime(2024, 12, 29, 16, tzinfo=UTC)


@pytest.mark.parametrize("key", ["", "620400", "2024-W54|620400", "2024-49|620400"])
def test_a_key_without_a_week_is_refused(key: str) -> None:
    with pytest.raises(InvalidWeek):
        WeekOfUnionWeek().to_downstream(key)


@pytest.mark.parametrize(
    ("partition_key", "params", "week"),
    [
        ("2024-W49", {"week": None}, "2024-W49"),
        ("2024-W49|last-call", {}, "2024-W49"),
        (None, {"week": "2024-W50"}, "2024-W50"),
        ("2024-W49", {"week": "2024-W50"}, "2024-W49"),
    ],
)
def test_a_run_is_for_its_partition_else_for_its_parameter(
    partition_key: str | None, params: dict[str, str], week: str
) -> None:
    assert run_week(partition_key, params) == week


def test_a_run_without_a_week_is_refused() -> None:
    with pytest.raises(InvalidWeek):
        run_week(None, {"week": None})
