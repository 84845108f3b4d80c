"""What a checked drop brings, as two staging tables, so that SQL can give it keys and load it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import Connection

from nuanliu.domain.checked import CheckedDrop, RowStatus
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.domain.submission import Submission
from nuanliu.warehouse.schema.copying import copy_frame
from nuanliu.warehouse.schema.sql_files import load_sql
from nuanliu.warehouse.schema.storable_text import storable_text

_ACTIVITY_COLUMNS: Mapping[str, str] = {
    "activity_id": "activity_id",
    "counts_week": "week_start",
    "reporting_union_id": "reporting_union_id",
    "organizer_union_id": "organizer_union_id",
    "category_id": "category_id",
    "campaign_id": "campaign_id",
    "place_division": "place_division",
    "place_detail": "place_detail",
    "start_on": "start_on",
    "end_on": "end_on",
    "is_date_inferred": "is_date_inferred",
    "period_kind": "period_kind",
    "scope": "scope",
    "since_on": "since_on",
    "as_of_on": "as_of_on",
    "activity_no": "activity_no",
    "activity_name": "activity_name",
    "item_name": "item_name",
    "has_open_list": "has_open_list",
    "co_organizers": "co_organizers",
    "beneficiary_groups": "beneficiary_groups",
    "activity_key": "natural_key",
    "series_key": "series_key",
    "measures_hash": "measures_hash",
    "content_hash": "content_hash",
    "identity_key": "identity_key",
    "explanation": "explanation",
    "remarks": "remarks",
    "sheet": "source_sheet",
    "row": "source_row",
}
"""Column of ``Submission.rows`` → column of stg_activity."""

_FIGURE_COLUMNS: Mapping[str, str] = {
    "activity_id": "activity_id",
    "measure_id": "measure_id",
    "value_cents": "value_cents",
    "exactness": "exactness",
    "raw_text": "raw_text",
    "sheet": "source_sheet",
    "row": "source_row",
    "cell": "source_cell",
}
"""Column of ``Submission.figures`` → column of stg_figure."""


_ROWS_AT_A_TIME = 100_000
"""Rows that are taken out of the submission together on their way to the server."""


@dataclass(frozen=True)
class KeptRows:
    """What a checked drop brings into the warehouse: places in the frames of its submission, which are not copied.

    ``activity_places``: of the row that tells an activity that is accepted or waits behind another row.
    ``figure_places``: of the figures of such rows, in the order of their activities.
    """

    submission: Submission
    is_accepted: pd.Series
    activity_places: NDArray[np.intp]
    figure_places: NDArray[np.intp]

    @property
    def campaigns(self) -> tuple[str, ...]:
        """The different campaigns, by id or, when new, by the look-up form of the name; sorted and as COPY will write them."""
        return tuple(sorted({storable_text(str(text)) for text in self._column("campaign_id").dropna().unique()}))

    @property
    def weeks(self) -> tuple[ReportingWeek, ...]:
        """The weeks the activities count in, ascending."""
        return tuple(sorted(ReportingWeek(day.date()) for day in self._column("counts_week").unique()))

    def names(self, column: str) -> tuple[str, ...]:
        """The different names in a column of lists joined by ``;``, sorted and as COPY will write them."""
        lists = self._column(column).dropna().unique()
        return tuple(sorted({storable_text(name) for text in lists for name in _split(text)}))

    def count_names(self, column: str) -> int:
        """How many names a column of lists holds, each once per activity."""
        counts = self._column(column).value_counts()
        return sum(len(set(_split(text))) * int(count) for text, count in counts.items())

    def activities(self) -> Iterator[pd.DataFrame]:
        """One row per activity, columns as in stg_activity. A name that a list repeats is kept once."""
        for piece in _taken(self.submission.rows, self.activity_places, _ACTIVITY_COLUMNS):
            lists = {name: _without_repeats(piece[name]) for name in ("co_organizers", "beneficiary_groups")}
            yield piece.assign(**lists, is_accepted=self.is_accepted[piece.index])

    def figures(self) -> Iterator[pd.DataFrame]:
        """One row per figure of these rows, columns as in stg_figure."""
        yield from _taken(self.submission.figures, self.figure_places, _FIGURE_COLUMNS)

    def _column(self, name: str) -> pd.Series:
        return self.submission.rows[name].iloc[self.activity_places]


def kept_rows(checked: CheckedDrop) -> KeptRows:
    """The activities and figures that a version keeps, planned ones included; none when the file as a whole is held.

    In the long shape an activity has several rows: it is told by its first one.
    """
    rows, figures = checked.submission.rows, checked.submission.figures
    is_accepted = checked.row_status == RowStatus.ACCEPTED
    is_kept = is_accepted | rows["activity_id"].isin(list(checked.waiting)) if checked.waiting else is_accepted
    places = np.flatnonzero(is_kept & (rows["row_class"] == "activity"))
    is_first = ~rows["activity_id"].iloc[places].duplicated().to_numpy()
    kept = np.flatnonzero(figures["row_id"].isin(rows["row_id"].iloc[places]))
    # In the order of their activities the figures' keys ascend, and the index of the facts grows only at its end.
    order = np.argsort(figures["activity_id"].to_numpy()[kept], kind="stable")
    return KeptRows(checked.submission, is_accepted, places[is_first], kept[order])


def stage(connection: Connection, kept: KeptRows) -> None:
    """Make the staging tables and COPY into them. They end with the transaction, or by ``clear_staging``."""
    connection.execute(load_sql("staging", "load_memory"))
    connection.execute(load_sql("staging", "stg_activity"))
    connection.execute(load_sql("staging", "stg_figure"))
    for piece in kept.activities():
        copy_frame(connection, "stg_activity", piece)
    for piece in kept.figures():
        copy_frame(connection, "stg_figure", piece)


def _taken(frame: pd.DataFrame, places: NDArray[np.intp], columns: Mapping[str, str]) -> Iterator[pd.DataFrame]:
    """Some columns of a frame's rows at these places, under their new names, some rows at a time."""
    named = frame[list(columns)].rename(columns=columns)
    for first in range(0, len(places), _ROWS_AT_A_TIME):
        yield named.iloc[places[first : first + _ROWS_AT_A_TIME]]


def clear_staging(connection: Connection) -> None:
    """Drop the staging tables, so that the same transaction may load another submission."""
    connection.execute(load_sql("staging", "drop_stg_figure"))
    connection.execute(load_sql("staging", "drop_stg_activity"))


def _without_repeats(lists: pd.Series[str]) -> pd.Series[str]:
    mended = {text: ";".join(dict.fromkeys(_split(text))) for text in lists.dropna().unique()}
    return lists.replace({text: once for text, once in mended.items() if text != once})


def _split(text: object) -> list[str]:
    return [name for name in str(text).split(";") if name]
