"""Put something in the place of a function of ours, wherever a module holds it by name."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest


def replace_everywhere(monkeypatch: pytest.MonkeyPatch, target: str, replacement: Any) -> None:
    """``target``: ``nuanliu.module.function``. Imports stand at the head of files, so many modules may hold it."""
    module_name, _, name = target.rpartition(".")
    original = getattr(import_module(module_name), name)
    for module in [module for known, module in sys.modules.items() if known.startswith("nuanliu.")]:
        for bound_as in [bound_as for bound_as, value in vars(module).items() if value is original]:
            monkeypatch.setattr(module, bound_as, replacement)
