"""Caches of what the data files say: all are emptied together when a file was edited, so that no restart is needed."""

from __future__ import annotations

from functools import _lru_cache_wrapper
from typing import Any, TypeVar

C = TypeVar("C", bound="_lru_cache_wrapper[Any]")
_CACHES: list[_lru_cache_wrapper[Any]] = []


def reloads_with_data(cached: C) -> C:
    """Stands above ``@cache`` wherever a result depends on include/contracts or include/reference, however far away."""
    _CACHES.append(cached)
    return cached


def forget_data() -> None:
    """Empty every registered cache."""
    for cached in _CACHES:
        cached.cache_clear()
