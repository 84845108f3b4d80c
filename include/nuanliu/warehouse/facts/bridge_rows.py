"""Lists of names as rows of the bridges: one per activity and name."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nuanliu.warehouse.facts import binary_fields as fields
from nuanliu.warehouse.facts.dimension_keys import MISSING, refuse_lost
from nuanliu.warehouse.facts.kept_rows import KeptRows, split_names
from nuanliu.warehouse.schema.storable_text import storable_text

GROUP_COLUMNS = ("week_start", "activity_key", "group_key", "submission_key")
PARTNER_COLUMNS = ("week_start", "activity_key", "partner_key", "submission_key", "role")
_ROLE = b"joint"


@dataclass(frozen=True)
class Bridged:
    """The names of a column of lists. ``activities``: for each of them, which kept activity named it; ``keys``: its key."""

    weeks: NDArray[np.int64]
    activities: NDArray[np.int64]
    keys: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.keys)


def bridge(
    kept: KeptRows, column: str, activity_keys: NDArray[np.int64], known: dict[str, int], *, table: str
) -> Bridged:
    """Raises: LoadIncomplete when a name is not known; ``table`` would lose it."""
    codes, distinct = pd.factorize(kept.column(column))
    lists = [[known.get(storable_text(name), MISSING) for name in split_names(text)] for text in distinct]
    lengths = np.array([*map(len, lists), 0], dtype="int64")
    flat = np.array([key for keys in lists for key in keys], dtype="int64")
    counts = lengths[codes]
    begins = np.concatenate([[0], np.cumsum(lengths[:-1])])[codes]
    place_in_list = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    keys = flat[np.repeat(begins, counts) + place_in_list]
    refuse_lost(table, len(keys), int((keys == MISSING).sum()))
    monday, _ = fields.day_numbers(kept.column("counts_week").to_numpy())
    return Bridged(np.repeat(monday, counts), np.repeat(activity_keys, counts), keys)


def group_rows(bridged: Bridged, submission_key: int) -> memoryview:
    """The rows of bridge_activity_group, columns as ``GROUP_COLUMNS``."""
    columns: list[fields.NumberField] = [
        (bridged.weeks, ">i4"),
        (bridged.activities, ">i8"),
        (bridged.keys, ">i2"),
        (submission_key, ">i4"),
    ]
    return fields.rows(len(GROUP_COLUMNS), [fields.numbers(columns)])


def partner_rows(bridged: Bridged, submission_key: int) -> memoryview:
    """The rows of bridge_activity_partner, columns as ``PARTNER_COLUMNS``."""
    columns: list[fields.NumberField] = [
        (bridged.weeks, ">i4"),
        (bridged.activities, ">i8"),
        (bridged.keys, ">i4"),
        (submission_key, ">i4"),
    ]
    return fields.rows(len(PARTNER_COLUMNS), [fields.numbers(columns), fields.constant(_ROLE)])
