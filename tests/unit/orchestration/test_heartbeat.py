"""When the watcher's heartbeat means trouble."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import pytest

from nuanliu.orchestration import heartbeat
from nuanliu.orchestration.heartbeat import watcher_problems

NOW = datetime(2024, 12, 9, 1, tzinfo=UTC)


def beat(age: timedelta, error: str = "") -> dict[str, object]:
    return {"at": (NOW - age).isoformat(), "waiting": 0, "error": error}


def test_a_fresh_heartbeat_without_error_is_well() -> None:
    assert watcher_problems(beat(timedelta(seconds=20)), NOW) == []


def test_once_a_day_means_a_day_in_shanghai(monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Clock:
            return cls(2024, 12, 8, 17, tzinfo=tz)  # Monday 01:00 in Shanghai

    purposes: list[str] = []
    monkeypatch.setattr(heartbeat, "datetime", Clock)
    monkeypatch.setattr(
        "nuanliu.operations.mailing.alerts.raise_alert", lambda _, *, purpose, **__: purposes.append(purpose)
    )
    store: Any = {}
    assert heartbeat.report_watcher("context", store) != []  # type: ignore[arg-type]
    assert purposes == ["watch/watcher/2024-12-09"]


@pytest.mark.parametrize(
    ("last_beat", "words"),
    [
        (None, "从未"),
        (beat(timedelta(minutes=9)), "已 9 分钟"),
        (beat(timedelta(seconds=5), "WarehouseUnavailable"), "WarehouseUnavailable"),
    ],
)
def test_silence_and_errors_are_named(last_beat: dict[str, object] | None, words: str) -> None:
    (problem,) = watcher_problems(last_beat, NOW)
    assert words in problem
