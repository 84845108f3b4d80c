"""What a checked drop brings into the warehouse: which rows of its submission, and what they name."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nuanliu.domain.checked import CheckedDrop, RowStatus
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.domain.submission import Submission
from nuanliu.warehouse.schema.storable_text import storable_text


@dataclass(frozen=True)
class KeptRows:
    """Places in the frames of a submission, which are not copied.

    ``is_accepted``: of all its rows. ``activity_places``: of the row that tells an activity that is accepted or waits behind
    another row. ``figure_places``: of the figures of such rows, in the order of their activities.
    ``figure_activities``: for each of these, which of the activities it belongs to.
    """

    submission: Submission
    is_accepted: pd.Series
    activity_places: NDArray[np.intp]
    figure_places: NDArray[np.intp]
    figure_activities: NDArray[np.intp]

    @property
    def campaigns(self) -> tuple[str, ...]:
        """The different campaigns, by id or, when new, by the look-up form of the name; sorted and as COPY will write them."""
        return tuple(sorted({storable_text(str(text)) for text in self.column("campaign_id").dropna().unique()}))

    @property
    def weeks(self) -> tuple[ReportingWeek, ...]:
        """The weeks the activities count in, ascending."""
        return tuple(sorted(ReportingWeek(day.date()) for day in self.column("counts_week").unique()))

    def names(self, column: str) -> tuple[str, ...]:
        """The different names in a column of lists joined by ``;``, sorted and as COPY will write them."""
        lists = self.column(column).dropna().unique()
        return tuple(sorted({storable_text(name) for text in lists for name in split_names(text)}))

    def column(self, name: str) -> pd.Series:
        """What the activities say in a column of ``Submission.rows``, one row each."""
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
    told = places[is_first]
    kept = np.flatnonzero(figures["row_id"].isin(rows["row_id"].iloc[places]))
    activities = pd.Index(rows["activity_id"].iloc[told]).get_indexer(pd.Index(figures["activity_id"].iloc[kept]))
    # In the order of their activities the figures' keys ascend, and the index of the facts grows only at its end.
    order = np.argsort(activities, kind="stable")
    return KeptRows(checked.submission, is_accepted, told, kept[order], activities[order])


def split_names(text: object) -> list[str]:
    """The names of a list joined by ``;``, each once."""
    return list(dict.fromkeys(name for name in str(text).split(";") if name))
