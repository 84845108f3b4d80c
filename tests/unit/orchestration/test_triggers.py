"""The watcher's loop: events, heartbeat, and no error that ends it."""

from __future__ import annotations

import asyncio
import time
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.triggers.base import BaseEventTrigger

from nuanliu.errors import WarehouseUnavailable
from nuanliu.orchestration import triggers
from nuanliu.orchestration.triggers import HEARTBEAT, WATERMARK, DropTrigger, poll_seconds
from nuanliu.orchestration.watching.drop_news import DropNews


class Store:
    """The asset's state, in memory."""

    def __init__(self, *, is_broken: bool = False) -> None:
        self.values: dict[str, Any] = {}
        self.is_broken = is_broken

    async def aget(self, key: str) -> Any:
        return self.values.get(key)

    async def aset(self, key: str, value: Any) -> None:
        if self.is_broken:
            raise ConnectionError("no API server")
        self.values[key] = value


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(triggers, "poll_seconds", lambda: 0.001)
    monkeypatch.setattr(triggers, "CLAIMS_SECONDS", 0.0)
    monkeypatch.setattr(triggers, "unanswered_ids", list)


def listings(monkeypatch: pytest.MonkeyPatch, *answers: list[str] | dict[str, str] | Exception) -> None:
    """Let the bucket answer one after the other, the last one for ever."""
    left = list(answers)

    def waiting_drops(news: DropNews) -> dict[str, str]:
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, Exception):
            raise answer
        return dict.fromkeys(answer, "") if isinstance(answer, list) else answer

    monkeypatch.setattr(triggers, "waiting_drops", waiting_drops)


def first_events(trigger: DropTrigger, number: int, seconds: float = 5.0) -> list[Any]:
    async def collect() -> list[Any]:
        found: list[Any] = []
        async with asyncio.timeout(seconds):
            async for event in trigger.run():
                found.append(event.payload)
                if len(found) == number:
                    break
        return found

    return asyncio.run(collect())


def watcher(store: Store | None = None) -> DropTrigger:
    trigger = DropTrigger()
    trigger.asset_state_store = Store() if store is None else store
    return trigger


def test_it_is_an_event_trigger_that_can_be_rebuilt_from_its_name() -> None:
    path, arguments = DropTrigger().serialize()
    assert (path, arguments) == ("nuanliu.orchestration.triggers.DropTrigger", {})
    assert issubclass(DropTrigger, BaseEventTrigger)


def test_an_event_tells_how_many_wait_and_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    listings(monkeypatch, [], ["a"], ["a", "b"])
    assert first_events(watcher(), 2) == [{"waiting": 1}, {"waiting": 2}]


def test_an_event_tells_marks_of_files_that_are_whole_before_they_have_lain_still(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    listings(monkeypatch, {"a": "", "b": "5d41402abc4b2a76"})
    assert first_events(watcher(), 1) == [{"waiting": 2, "whole": ["5d41402abc4b2a76"]}]


def test_news_wake_it_long_before_the_next_poll(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [[], ["a"]]

    def waiting_drops(news: DropNews) -> dict[str, str]:
        news._hear(None, 0.0)
        return dict.fromkeys(answers.pop(0) if len(answers) > 1 else answers[0], "")

    monkeypatch.setattr(triggers, "waiting_drops", waiting_drops)
    monkeypatch.setattr(triggers, "poll_seconds", lambda: 600.0)
    assert first_events(watcher(), 1) == [{"waiting": 1}]


def test_two_events_are_a_poll_apart_however_often_the_bucket_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    files = count(1)

    def waiting_drops(news: DropNews) -> dict[str, str]:
        news._hear(None, 0.0)
        return {str(next(files)): ""}

    monkeypatch.setattr(triggers, "waiting_drops", waiting_drops)
    monkeypatch.setattr(triggers, "poll_seconds", lambda: 600.0)
    with pytest.raises(TimeoutError):
        first_events(watcher(), 2, seconds=1.0)


def test_a_claim_that_nobody_answers_is_announced_without_another_drop(monkeypatch: pytest.MonkeyPatch) -> None:
    listings(monkeypatch, [])
    monkeypatch.setattr(triggers, "unanswered_ids", lambda: [7, 8])
    minutes = count(0.0, 60.0)  # a minute goes by whenever the watcher looks at its clock
    monkeypatch.setattr(triggers, "time", SimpleNamespace(time=time.time, monotonic=lambda: next(minutes)))
    assert first_events(watcher(), 1) == [{"waiting": 2}]


def test_an_error_does_not_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    listings(monkeypatch, WarehouseUnavailable("restart"), OSError("bucket"), ["a"])
    assert first_events(watcher(), 1) == [{"waiting": 1}]


def test_an_error_shows_in_the_heartbeat_at_once_by_its_class_only(monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store()
    listings(monkeypatch, [], WarehouseUnavailable("postgresql://user:secret@host"))
    with pytest.raises(TimeoutError):
        first_events(watcher(store), 1, seconds=0.5)
    assert store.values[HEARTBEAT]["error"] == "WarehouseUnavailable"
    assert "secret" not in str(store.values)


def test_a_heartbeat_is_written_when_all_is_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store()
    listings(monkeypatch, [])
    with pytest.raises(TimeoutError):
        first_events(watcher(store), 1, seconds=0.3)
    assert store.values[HEARTBEAT]["waiting"] == 0
    assert store.values[HEARTBEAT]["error"] == ""


def test_a_state_store_that_fails_does_not_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    listings(monkeypatch, ["a"], ["a", "b"])
    assert len(first_events(watcher(Store(is_broken=True)), 2)) == 2


def test_after_a_restart_the_same_set_is_not_announced_again(monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store()
    listings(monkeypatch, ["a"])

    async def until_remembered() -> None:
        async with asyncio.timeout(5):
            events = watcher(store).run()
            await anext(events)
            follow = asyncio.ensure_future(anext(events))
            while WATERMARK not in store.values:
                await asyncio.sleep(0.01)
            follow.cancel()

    asyncio.run(until_remembered())
    with pytest.raises(TimeoutError):
        first_events(watcher(store), 1, seconds=0.3)


@pytest.mark.parametrize(("setting", "seconds"), [("", 3.0), ("7.5", 7.5), ("0", 0.5)])
def test_the_pause_is_a_setting_with_a_floor(monkeypatch: pytest.MonkeyPatch, setting: str, seconds: float) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("NUANLIU_POLL_SECONDS", setting)
    assert poll_seconds() == seconds
