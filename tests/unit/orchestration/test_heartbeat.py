"""When the watcher's heartbeat means trouble."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from nuanliu.orchestration.heartbeat import watcher_problems

NOW = datetime(2024, 12, 9, 1, tzinfo=UTC)


def beat(age: timedelta, error: str = "") -> dict[str, object]:
    return {"at": (NOW - age).isoformat(), "waiting": 0, "error": error}


def test_a_fresh_heartbeat_without_error_is_well() -> None:
    assert watcher_problems(beat(timedelta(seconds=20)), NOW) == []


@pytest.mark.parametrize(
    ("heartbeat", "words"),
    [
        (None, "从未"),
        (beat(timedelta(minutes=9)), "已 9 分钟"),
        (beat(timedelta(seconds=5), "WarehouseUnavailable"), "WarehouseUnavailable"),
    ],
)
def test_silence_and_errors_are_named(heartbeat: dict[str, object] | None, words: str) -> None:
    (problem,) = watcher_problems(heartbeat, NOW)
    assert words in problem
