"""The rounding rule for the parts of a total (contract §2)."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nuanliu.quality.written_value import OVER, lowest


def parts_fit(columns: pd.DataFrame, *, allow_rounding: bool) -> NDArray[np.bool_]:
    """Whether the parts of each row do not exceed its total.

    ``columns``: value, step and exactness of the total, then of each part; hundredths, NaN where nothing was written.
    ``allow_rounding``: up to half of the last printed digit × (parts + 1) more is fine, the coarsest digit counting, and
    a part written 近 or 约 counts with the least it may be. A total written 余 is never exceeded; without a total there is
    nothing to exceed.
    """
    table = columns.to_numpy("float64")
    value, step, exactness = (table[:, offset::3] for offset in range(3))
    is_total_missing = np.isnan(value[:, 0])
    part_count = (~np.isnan(value[:, 1:])).sum(axis=1)
    cents, steps, kinds = (np.nan_to_num(numbers).astype("int64") for numbers in (value, step, exactness))
    parts = lowest(cents[:, 1:], kinds[:, 1:].astype("int8")) if allow_rounding else cents[:, 1:]
    excess = parts.sum(axis=1) - cents[:, 0]
    allowance = steps.max(axis=1) * (part_count + 1) if allow_rounding else 0
    fits: NDArray[np.bool_] = (2 * excess <= allowance) | (kinds[:, 0] == OVER) | is_total_missing
    return fits
