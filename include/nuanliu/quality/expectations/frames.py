"""The tables that expectations look at, made from a submission: one row per activity, and one row per figure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nuanliu.contract.code_lists import Measure, codes
from nuanliu.domain.submission import Submission
from nuanliu.quality.expectations.measure_limits import MeasureLimits, measure_limits


def activity_rows(submission: Submission) -> pd.DataFrame:
    """The first row of each activity, indexed by activity_id (its row_id), in file order."""
    rows = submission.rows
    is_first = rows["row_class"].eq("activity") & rows["row_id"].eq(rows["activity_id"])
    first = rows if is_first.all() else rows[is_first]
    return first.set_index("activity_id", drop=False)


def activity_figures(submission: Submission, activities: pd.DataFrame) -> pd.DataFrame:
    """The figures of activities (合计 rows left out), one per activity and measure, in file order."""
    figures = submission.figures
    is_own = figures["activity_id"].isin(activities.index)
    own = figures if is_own.all() else figures[is_own]
    return _once_each(own).reset_index(drop=True)


def _once_each(figures: pd.DataFrame) -> pd.DataFrame:
    """The first figure of each activity and measure. In the wide shape they rise, column by column, and none repeats."""
    ids = figures["activity_id"].to_numpy()
    places = pd.factorize(figures["measure_id"])[0] * (ids.max(initial=0) + 1) + ids
    if (np.diff(places) > 0).all():
        return figures
    return figures.drop_duplicates(["activity_id", "measure_id"])


def check_frames(activities: pd.DataFrame, figures: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Both tables, by the name that rules give them."""
    grid = FigureGrid(activities, figures)
    return {"activities": activity_frame(activities, grid), "figures": figure_frame(figures, grid)}


def activity_frame(activities: pd.DataFrame, grid: FigureGrid) -> pd.DataFrame:
    """What expectations of frame ``activities`` see.

    Columns: those of ``Submission.rows``; ``run_days`` and ``since_off_new_year`` (float; days from 1 January of the as-of's
    year to 累计起始); every measure id (float64
    hundredths, NaN where nothing was reported, the column is always there); for a total with parts and for its parts
    also ``<id>.step`` and ``<id>.exactness``. Index: activity_id.
    """
    values = dict(zip(grid.measure_ids, grid.spread("value_cents"), strict=True))
    related = [measure_id for measure_id in grid.measure_ids if measure_id in related_measures()]
    for suffix, source in (("step", "precision_cents"), ("exactness", "exactness")):
        spread = zip(related, grid.spread(source, related), strict=True)
        values |= {f"{measure_id}.{suffix}": column for measure_id, column in spread}
    derived = {
        "run_days": (activities["end_on"] - activities["start_on"]).dt.days.astype("float64"),
        "since_off_new_year": (activities["since_on"] - _new_year_of(activities["as_of_on"])).dt.days.astype("float64"),
    }
    # Not copied: of a million rows the measures alone are half a gigabyte.
    return pd.concat([activities, pd.DataFrame({**derived, **values}, index=activities.index, copy=False)], axis=1)


def _new_year_of(days: pd.Series) -> pd.Series:
    first: pd.Series = days.dt.to_period("Y").dt.start_time.astype("datetime64[ns]")
    return first


def figure_frame(figures: pd.DataFrame, grid: FigureGrid, limits: MeasureLimits | None = None) -> pd.DataFrame:
    """What expectations of frame ``figures`` see: the figures and the most that each may say.

    Columns: those of ``Submission.figures``; ``impossible_cents``, ``limit_cents``, ``ratio_limit_cents`` and
    ``per_cents`` (float64 hundredths, NaN where there is no limit, or nothing to hold the figure against).
    """
    bounds = limits or measure_limits()
    values = grid.spread("value_cents")
    row_limits = np.array([bounds.row_limit.get(measure_id, np.nan) * 100.0 for measure_id in grid.measure_ids])
    impossible = np.array([bounds.impossible[measure_id] * 100.0 for measure_id in grid.measure_ids])
    rates = np.full(len(grid.measure_ids), np.nan)
    per_cents = np.full(len(figures), np.nan)
    for measure_id, ratio in bounds.ratio_limit.items():
        code = grid.measure_ids.index(measure_id)
        rates[code] = ratio.most
        chosen = grid.measure_codes == code
        per_cents[chosen] = values[grid.measure_ids.index(ratio.per)][grid.positions[chosen]]
    per_cents[per_cents <= 0] = np.nan
    return figures.assign(
        value_cents=figures["value_cents"].astype("float64"),
        impossible_cents=impossible[grid.measure_codes],
        limit_cents=row_limits[grid.measure_codes],
        per_cents=per_cents,
        ratio_limit_cents=per_cents * rates[grid.measure_codes],
    )


class FigureGrid:
    """Where each figure belongs in a table of measures × activities."""

    def __init__(self, activities: pd.DataFrame, figures: pd.DataFrame) -> None:
        self.measure_ids = [measure.id for measure in codes().measures]
        codes_here, named = pd.factorize(figures["measure_id"])
        places = np.array([self.measure_ids.index(measure_id) for measure_id in named], dtype="int64")
        self.measure_codes = places[codes_here] if len(named) else codes_here
        self.positions = activities.index.get_indexer(pd.Index(figures["activity_id"]))
        self._rows = len(activities)
        self._figures = figures

    def spread(self, column: str, measure_ids: Sequence[str] | None = None) -> NDArray[np.float64]:
        """One row per given measure (by default all of the code list, in its order), one column per activity.

        NaN where an activity has no such figure.
        """
        wanted = self.measure_ids if measure_ids is None else measure_ids
        table = np.full((len(wanted), self._rows), np.nan)
        written = self._figures[column].to_numpy("float64")
        if measure_ids is None:
            table[self.measure_codes, self.positions] = written
            return table
        row_of = np.full(len(self.measure_ids), -1)
        row_of[[self.measure_ids.index(measure_id) for measure_id in wanted]] = np.arange(len(wanted))
        rows = row_of[self.measure_codes]
        is_wanted = rows >= 0
        table[rows[is_wanted], self.positions[is_wanted]] = written[is_wanted]
        return table


def parts_of(total_id: str) -> tuple[Measure, ...]:
    """The measures that are parts of a total."""
    return tuple(measure for measure in codes().measures if measure.part_of == total_id)


def related_measures() -> frozenset[str]:
    """Totals that have parts, and these parts."""
    parts = [measure for measure in codes().measures if measure.part_of]
    return frozenset({*(m.id for m in parts), *(str(m.part_of) for m in parts)})
