"""An ASGI app that is built by its first request, because plugins are loaded in every process but served in one."""

from __future__ import annotations

import importlib
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    Message = MutableMapping[str, Any]
    AsgiApp = Callable[
        [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]
    ]


class LazyApp:
    """Stands for the app that ``factory`` ("package.module:function") returns for ``arguments``."""

    def __init__(self, factory: str, *arguments: Any) -> None:
        self.factory = factory
        self.arguments = arguments
        self._app: AsgiApp | None = None
        self._lock = Lock()

    async def __call__(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        """Serve one connection."""
        await self._built()(scope, receive, send)

    def __repr__(self) -> str:
        return f"<LazyApp {self.factory}>"

    def _built(self) -> AsgiApp:
        with self._lock:
            if self._app is None:
                module, _, name = self.factory.partition(":")
                self._app = getattr(importlib.import_module(module), name)(*self.arguments)
            return self._app
