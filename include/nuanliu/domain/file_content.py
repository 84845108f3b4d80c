"""The content of a whole file as one text: its activities in any order, and what is asked about it beside them.

Sender, week, type, format and order of the rows leave no trace, nor do 说明, 备注 and the free text of places.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

_TOTALS = "/"
_LINES_AT_A_TIME = 1 << 16


def hash_activities(activity_keys: pd.Series, contents: pd.Series, doubts: Sequence[str] = ()) -> str:
    """Hash of activities, each by key and content: two of one key and content are two. ``doubts``: of the file as a whole."""
    columns = [pa.array(column.array, from_pandas=True).cast(pa.large_string()) for column in (activity_keys, contents)]
    bar = pa.scalar("|", pa.large_string())
    lines = pc.binary_join_element_wise(*columns, bar, null_handling="replace", null_replacement="")
    lines = lines.combine_chunks() if isinstance(lines, pa.ChunkedArray) else lines
    ordered = lines.take(pc.sort_indices(lines))
    digest = hashlib.sha256()
    for first in range(0, len(ordered), _LINES_AT_A_TIME):
        digest.update("\n".join((*ordered[first : first + _LINES_AT_A_TIME].to_pylist(), "")).encode())
    digest.update("\n".join(("", *sorted(doubts))).encode())
    return digest.hexdigest()


def file_content(activities: str, totals: Iterable[str] = ()) -> str:
    """What a submission calls its content. ``activities``: their hash; ``totals``: what its 合计 rows say."""
    said = "\n".join(sorted(totals))
    return activities + (_TOTALS + hashlib.sha256(said.encode()).hexdigest() if said else "")


def activities_of(content: str) -> str:
    """The hash of the activities in a file's content."""
    return content.partition(_TOTALS)[0]
