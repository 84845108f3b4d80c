"""The tables that expectations look at, made from a submission: one row per activity, and one row per figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nuanliu.codes import codes
from nuanliu.quality.measure_limits import measure_limits

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from nuanliu.codes import Measure
    from nuanliu.quality.measure_limits import MeasureLimits
    from nuanliu.submission import Submission


def activity_rows(submission: Submission) -> pd.DataFrame:
    """The first row of each activity, indexed by activity_id (its row_id), in file order."""
    rows = submission.rows
    first = rows[rows["row_class"].eq("activity") & rows["row_id"].eq(rows["activity_id"])]
    return first.set_index("activity_id", drop=False)


def activity_figures(submission: Submission, activities: pd.DataFrame) -> pd.DataFrame:
    """The figures of activities (合计 rows left out), one per activity and measure, in file order."""
    figures = submission.figures
    own = figures[figures["activity_id"].isin(activities.index)]
    return own.drop_duplicates(["activity_id", "measure_id"]).reset_index(drop=True)


def activity_frame(activities: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """What expectations of frame ``activities`` see.

    Columns: those of ``Submission.rows``; ``run_days`` and ``since_year_day`` (float); every measure id (float64
    hundredths, NaN where nothing was reported, the column is always there); for a total with parts and for its parts
    also ``<id>.step`` and ``<id>.exactness``. Index: activity_id.
    """
    import pandas as pd

    measures = list(codes().measures)
    index = activities.index
    values = {
        measure.id: column for measure, column in zip(measures, pivot(index, figures, "value_cents"), strict=True)
    }
    related = related_measures()
    for suffix, source in (("step", "step_cents"), ("exactness", "exactness")):
        for measure, column in zip(measures, pivot(index, figures, source), strict=True):
            if measure.id in related:
                values[f"{measure.id}.{suffix}"] = column
    derived = {
        "run_days": (activities["end_on"] - activities["start_on"]).dt.days.astype("float64"),
        "since_year_day": activities["since_on"].dt.day_of_year.astype("float64"),
    }
    return pd.concat([activities, pd.DataFrame({**derived, **values}, index=index)], axis=1)


def figure_frame(activities: pd.DataFrame, figures: pd.DataFrame, limits: MeasureLimits | None = None) -> pd.DataFrame:
    """What expectations of frame ``figures`` see: the figures and the most that each may say.

    Columns: those of ``Submission.figures``; ``limit_cents``, ``ratio_limit_cents`` and ``per_cents`` (float64
    hundredths, NaN where there is no limit, or nothing to hold the figure against).
    """
    import pandas as pd

    bounds = limits or measure_limits()
    rate = {measure: ratio.most for measure, ratio in bounds.ratio_limit.items()}
    by_measure = {
        m.id: c for m, c in zip(codes().measures, pivot(activities.index, figures, "value_cents"), strict=True)
    }
    position = activities.index.get_indexer(pd.Index(figures["activity_id"]))
    per_cents = figures["value_cents"].astype("float64") * float("nan")
    for measure, ratio in bounds.ratio_limit.items():
        chosen = figures["measure_id"].eq(measure).to_numpy()
        per_cents[chosen] = by_measure[ratio.per][position[chosen]]
    per_cents = per_cents.where(per_cents > 0)
    return figures.assign(
        limit_cents=figures["measure_id"]
        .map({m: most * 100.0 for m, most in bounds.row_limit.items()})
        .astype("float64"),
        per_cents=per_cents,
        ratio_limit_cents=per_cents * figures["measure_id"].map(rate).astype("float64"),
        value_cents=figures["value_cents"].astype("float64"),
    )


def pivot(index: pd.Index[int], figures: pd.DataFrame, column: str) -> NDArray[np.float64]:
    """One array per measure of the code list, in its order; NaN where an activity has no such figure."""
    import numpy as np
    import pandas as pd

    measure_ids = [measure.id for measure in codes().measures]
    table = np.full((len(measure_ids), len(index)), np.nan)
    measure_code = pd.Categorical(figures["measure_id"], categories=measure_ids).codes
    table[measure_code, index.get_indexer(pd.Index(figures["activity_id"]))] = figures[column].to_numpy("float64")
    return table


def parts_of(total_id: str) -> tuple[Measure, ...]:
    """The measures that are parts of a total."""
    return tuple(measure for measure in codes().measures if measure.part_of == total_id)


def related_measures() -> frozenset[str]:
    """Totals that have parts, and these parts."""
    parts = [measure for measure in codes().measures if measure.part_of]
    return frozenset({*(m.id for m in parts), *(str(m.part_of) for m in parts)})
