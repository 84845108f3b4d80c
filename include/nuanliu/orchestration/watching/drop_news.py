"""The watcher's ear: what the intake folder tells wakes its loop."""

from __future__ import annotations

import asyncio
import math
import time
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection

    from nuanliu.operations.context import Context


class Closing(Protocol):
    """What is closed when nobody listens any more."""

    def close(self) -> None:
        """End it."""


_AGAIN_SECONDS = 60.0
"""A bucket that cannot tell may be able to later: a folder is made, a watch is given back."""
_REMEMBERED = 5
"""Settling times after which a file is whole by its age, whoever told of it."""


class DropNews:
    """What a bucket that tells has told of its files. Belongs to the loop in which it was made."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._bell = asyncio.Event()
        self._whole_from: dict[str, float] = {}
        self._watch: Closing | None = None
        self._settle_seconds = 0.0
        self._asks_again_at = -math.inf

    def listen(self, ctx: Context) -> None:
        """Let the bucket tell, unless it does; one that cannot is asked again a minute later."""
        from nuanliu.operations.drops.bucket_news import listen

        if self._watch is None and time.monotonic() >= self._asks_again_at:
            self._asks_again_at = time.monotonic() + _AGAIN_SECONDS
            self._settle_seconds = ctx.settings.settle_seconds
            self._watch = listen(ctx, self._hear)

    def close(self) -> None:
        """Listen no more."""
        if self._watch is not None:
            self._watch.close()

    def whole(self) -> Collection[str]:
        """Marks (``mark_of``) of files that are whole now; one that changed since has another mark."""
        now, longest = time.monotonic(), _REMEMBERED * self._settle_seconds
        return {mark for mark, at in list(self._whole_from.items()) if at <= now < at + longest}

    async def wait(self, seconds: float) -> None:
        """Until the bucket tells of something, a file that was closed is whole, or the time is over."""
        now, longest = time.monotonic(), _REMEMBERED * self._settle_seconds
        self._whole_from = {mark: at for mark, at in self._whole_from.items() if now < at + longest}
        due = [at - now for at in self._whole_from.values() if at > now]
        try:
            async with asyncio.timeout(min([seconds, *due])):
                await self._bell.wait()
        except TimeoutError:
            return
        finally:
            self._bell.clear()

    def _hear(self, mark: str | None, seconds: float) -> None:
        """In a thread of the bucket's."""
        self._loop.call_soon_threadsafe(self._note, mark, time.monotonic() + seconds)

    def _note(self, mark: str | None, whole_from: float) -> None:
        if mark is not None:
            self._whole_from.setdefault(mark, whole_from)
        self._bell.set()
