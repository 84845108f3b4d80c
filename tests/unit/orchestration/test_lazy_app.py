"""The board's app is built by its first request, once."""

from __future__ import annotations

import asyncio
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from nuanliu.orchestration.lazy_app import LazyApp

if TYPE_CHECKING:
    import pytest


def test_the_factory_is_imported_by_the_first_request_and_called_once(monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Any] = []
    built: list[int] = []

    def create_app(number: int) -> Any:
        built.append(number)

        async def app(scope: Any, receive: Any, send: Any) -> None:
            served.append(scope)

        return app

    lazy = LazyApp("pages_of_a_test:create_app", 7)
    module = ModuleType("pages_of_a_test")
    module.create_app = create_app  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pages_of_a_test", module)
    for path in ("/a", "/b"):
        asyncio.run(lazy({"path": path}, None, None))  # type: ignore[arg-type]
    assert served == [{"path": "/a"}, {"path": "/b"}]
    assert built == [7]
