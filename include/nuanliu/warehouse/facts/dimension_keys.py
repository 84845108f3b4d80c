"""The keys of what rows name, known before a row is written: no join, and no row that is lost on the way unseen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import Column, Connection, select

from nuanliu.errors import LoadIncomplete
from nuanliu.warehouse.schema import tables
from nuanliu.warehouse.schema.storable_text import storable_text

MISSING = 0
"""No key of a dimension, as identities begin with 1: a row that names nothing."""


@dataclass(frozen=True)
class Named:
    """The key that each row names; ``is_missing``: rows that name nothing."""

    keys: NDArray[np.int64]
    is_missing: NDArray[np.bool_]


def read_keys(connection: Connection, key: Column[int], name: Column[str], names: Iterable[str]) -> dict[str, int]:
    """Name → key, of some names of a dimension; a name that it lacks is left out."""
    rows = connection.execute(select(name, key).where(name.in_(sorted(set(names)))))
    return {str(row[0]): int(row[1]) for row in rows}


def name_rows(column: pd.Series, keys: Callable[[list[str]], Mapping[str, int]], *, table: str) -> Named:
    """The keys that a column of names comes to. Raises: LoadIncomplete when the dimension lacks one; ``table`` would lose it."""
    codes, distinct = pd.factorize(column)
    names = [storable_text(str(name)) for name in distinct]
    known = keys(names) if names else {}
    of_distinct = np.array([*(known.get(name, MISSING) for name in names), MISSING], dtype="int64")
    found = of_distinct[codes]
    is_missing = codes < 0
    refuse_lost(table, len(found), int(((found == MISSING) & ~is_missing).sum()))
    return Named(found, is_missing)


def organizer_keys(connection: Connection, unions: pd.Series, weeks: pd.Series, *, table: str) -> NDArray[np.int64]:
    """The row of dim_union that each row's organiser had in its week. Raises: LoadIncomplete when there is none."""
    codes, distinct = pd.factorize(unions)
    week_codes, mondays = pd.factorize(weeks)
    lives = _lives(connection, [str(union) for union in distinct])
    of_pair = np.full((len(distinct) + 1, max(1, len(mondays))), MISSING, dtype="int64")
    for at, union in enumerate(distinct):
        for week, monday in enumerate(mondays):
            of_pair[at, week] = _key_on(lives.get(str(union), []), monday.date())
    found = of_pair[codes, week_codes]
    refuse_lost(table, len(found), int((found == MISSING).sum()))
    return found


def refuse_lost(table: str, count: int, lost: int) -> None:
    """Raises: LoadIncomplete when any of ``count`` rows would be lost on the way into a table."""
    if lost:
        raise LoadIncomplete(table, count, count - lost)


def _lives(connection: Connection, unions: list[str]) -> dict[str, list[tuple[date, date, int]]]:
    """Union → from when to when which key."""
    union = tables.dim_union.c
    lives: dict[str, list[tuple[date, date, int]]] = {}
    wanted = select(union.union_id, union.valid_from, union.valid_to, union.union_key)
    for row in connection.execute(wanted.where(union.union_id.in_(unions))):
        lives.setdefault(row.union_id, []).append((row.valid_from, row.valid_to, row.union_key))
    return lives


def _key_on(life: list[tuple[date, date, Any]], monday: date) -> int:
    return next((int(key) for since, until, key in life if since <= monday < until), MISSING)
