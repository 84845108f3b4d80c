"""The watcher of the intake bucket. It runs in the triggerer for ever, so nothing may end its loop."""

from __future__ import annotations

import asyncio
import math
import os
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent
from asgiref.sync import sync_to_async

from nuanliu.orchestration.connections import open_pipeline
from nuanliu.orchestration.watching.announcements import Watermark
from nuanliu.orchestration.watching.drop_news import DropNews
from nuanliu.orchestration.watching.overdue_claims import OverdueClaims

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

DEFAULT_POLL_SECONDS = 3.0
HEARTBEAT_SECONDS = 15.0
CLAIMS_SECONDS = 30.0
"""How often the claims are looked at: an answer that is minutes late does not depend on seconds."""
_BREATH = 0.1
"""A bucket that tells of file after file is listed ten times a second at most."""
_MOST_MARKS = 500
HEARTBEAT = "heartbeat"
WATERMARK = "watermark"


class DropTrigger(BaseEventTrigger):
    """Lists the bucket every NUANLIU_POLL_SECONDS, and at once when it tells of a file; fires when complete drops wait that
    nobody has claimed, and when claims have stayed without an answer although no run works on them.

    An event carries the number of drops and the marks of those that are whole although they have not lain still: their
    names may hold personal data, and the registry, not the event, decides who takes what. Two events are at least a poll
    apart. Errors are logged and shown in the heartbeat; the next poll tries again.
    """

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """No arguments: settings are read where the trigger runs."""
        return (f"{type(self).__module__}.{type(self).__qualname__}", {})

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Yield an event whenever there is work; never returns."""
        news = DropNews()
        try:
            async for event in self._watch(news):
                yield event
        finally:
            news.close()

    async def _watch(self, news: DropNews) -> AsyncIterator[TriggerEvent]:
        watermark: Watermark | None = None
        fired_at = -math.inf
        claims, claims_at = OverdueClaims(), -CLAIMS_SECONDS
        beat_at, beat_error = 0.0, ""
        while True:
            waiting, error = 0, ""
            try:
                if watermark is None:
                    watermark = Watermark.from_json(await self._recall(WATERMARK))
                drops = await sync_to_async(waiting_drops, thread_sensitive=False)(news)
                waiting = len(drops)
                is_early = time.monotonic() - fired_at < poll_seconds()
                seen, is_news = (watermark, False) if is_early else watermark.look(list(drops), time.time())
                overdue: list[int] = []
                if time.monotonic() - claims_at >= CLAIMS_SECONDS:
                    claims_at = time.monotonic()
                    open_ids = await sync_to_async(unanswered_ids, thread_sensitive=False)()
                    claims, is_overdue = claims.look(open_ids, claims_at)
                    overdue = open_ids if is_overdue else []
                if is_news or overdue:
                    fired_at = time.monotonic()
                    marks = [mark for mark in drops.values() if mark][:_MOST_MARKS]
                    yield TriggerEvent({"waiting": waiting + len(overdue), **({"whole": marks} if marks else {})})
                if seen != watermark:
                    watermark = seen
                    await self._remember(WATERMARK, seen.as_json())
            except Exception as problem:
                # A watcher that ends is not started again, so the loop outlives every error.
                self.log.exception("Watching the intake bucket failed; trying again")
                error = type(problem).__name__
            if error != beat_error or time.monotonic() - beat_at >= HEARTBEAT_SECONDS:
                beat_at, beat_error = time.monotonic(), error
                await self._beat(waiting, error)
            await news.wait(poll_seconds())
            await asyncio.sleep(_BREATH)

    async def _beat(self, waiting: int, error: str) -> None:
        beat = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "waiting": waiting, "error": error}
        try:
            await self._remember(HEARTBEAT, beat)
        except Exception:
            # A heartbeat that does not arrive is what watch_pipeline alarms about.
            self.log.exception("Writing the watcher's heartbeat failed")

    async def _recall(self, key: str) -> Any:
        return await self.asset_state_store.aget(key) if self.asset_state_store is not None else None

    async def _remember(self, key: str, value: dict[str, Any]) -> None:
        if self.asset_state_store is not None:
            await self.asset_state_store.aset(key, value)


def waiting_drops(news: DropNews | None = None) -> dict[str, str]:
    """Key and state of every complete, unclaimed drop, with its mark where nothing but the bucket's news say that it is whole.

    A file that was overwritten while it waited is a new one.
    """
    from nuanliu.operations.drops.claiming import mark_of, waiting_objects

    with open_pipeline() as ctx:
        if news is not None:
            news.listen(ctx)
        whole = news.whole() if news is not None else ()
        found = {
            f"{item.key}\n{item.stamp}\n{item.arrived_at.isoformat()}": mark_of(item)
            for item in waiting_objects(ctx, whole)
        }
    return {state: mark if mark in whole else "" for state, mark in found.items()}


def unanswered_ids() -> list[int]:
    """Claims without an answer, and answers without files, that a further run may help."""
    from nuanliu.operations.drops.claiming import is_given_up, unanswered

    with open_pipeline() as ctx:
        return [row.object_id for row in unanswered(ctx) if not is_given_up(row)]


def poll_seconds() -> float:
    """NUANLIU_POLL_SECONDS, at least half a second; the default for what is no number: nothing may end the watcher."""
    try:
        return max(0.5, float(os.environ.get("NUANLIU_POLL_SECONDS") or DEFAULT_POLL_SECONDS))
    except ValueError:
        return DEFAULT_POLL_SECONDS
