"""Which activity a row is about, apart from where it stands: its week, its identity, its series.

Each key depends on its own row alone. Names, numbers and goods are compared in the look-up form of labels (``fold_label``).
The keys stand in the warehouse: whoever changes what they are made of brings a migration that makes them anew.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.domain.submission import CARRIED, PeriodKind, Scope
from nuanliu.intake.rows.hashed_columns import Rows, days_of, hash_rows, join, texts_of, where
from nuanliu.intake.values.unique_texts import fold_column


def as_of_on(rows: Rows, week: ReportingWeek) -> pd.Series:
    """The day up to which a cumulative figure counts: the end date, else the period's Sunday."""
    return rows["end_on"].astype("datetime64[ns]").fillna(pd.Timestamp(week.sunday))


def counts_week(as_of: pd.Series, period_kind: pd.Series) -> pd.Series:
    """The Monday of the week a row counts in: that of its end date; undated or still running, the report week.

    A 今年以来 of the old year in a week that ends in the new one counts in the last week that lies wholly in the old year.
    ``as_of``: what ``as_of_on`` gives.
    """
    monday: pd.Series = as_of - pd.to_timedelta(as_of.dt.day_of_week, unit="D")
    is_of_old_year = (monday + pd.Timedelta(days=6)).dt.year.ne(as_of.dt.year) & period_kind.eq(PeriodKind.YTD)
    kept: pd.Series = monday.where(~is_of_old_year, monday - pd.Timedelta(weeks=1))
    return kept


def row_keys(rows: Rows) -> dict[str, pd.Series]:
    """The columns ``name_key``, ``identity_key``, ``series_key`` and ``activity_key`` of activity rows, by name.

    ``name_key``: organiser, category, name; 统计口径, 统计范围, 累计起始 (of 累计) and 物资名称; of 含下级 the 填报单位, to which its
    figures belong. ``series_key``: the same with the 填报单位's own number, where there is one, in the place of the names;
    今年以来 ends with the year. ``identity_key``: what makes rows of two unions one activity, name without 填报单位 and time: a
    cumulative figure has none but the year of a 今年以来, every other row the week it counts in; a number and a start are a
    union's own. ``activity_key``: the series, the start date (none of a numbered or carried one), the week of an event.
    Needs ``as_of_on`` and ``counts_week``.
    """
    kind = rows["period_kind"]
    index = kind.index
    is_carried = kind.isin([str(carried) for carried in CARRIED]).to_numpy(dtype=bool)
    shared = _kinds(rows)
    names = [rows["organizer_union_id"], rows["category_id"], fold_column(rows["activity_name"])]
    bare_names = hash_rows(index, [*names, *shared])
    name_key = _with_owner(bare_names, rows)
    numbered = rows["activity_no"].notna().to_numpy(dtype=bool)
    series_key = _with_year(_numbered(rows, numbered, shared, name_key) if numbered.any() else name_key, rows)
    return {
        "name_key": name_key,
        "identity_key": _with_time(bare_names, rows, is_carried),
        "series_key": series_key,
        "activity_key": _with_dates(series_key, rows, numbered | is_carried),
    }


def _with_owner(names: pd.Series, rows: Rows) -> pd.Series:
    """含下级 figures are those of the 填报单位, whoever organised: of two of them they are two activities."""
    is_inclusive = (rows["scope"] == Scope.INCLUSIVE).to_numpy(dtype=bool)
    if not is_inclusive.any():
        return names
    texts = texts_of(names)
    return _column(where(is_inclusive, join([texts, texts_of(rows["reporting_union_id"])], "/"), texts), names.index)


def _numbered(
    rows: Rows, numbered: npt.NDArray[np.bool_], shared: list[pa.Array | pd.Series], names: pd.Series
) -> pd.Series:
    """The 填报单位's own number in the place of organiser, category and name, where there is one."""
    own = numbered.nonzero()[0]
    is_each = len(own) == len(names)
    union, number = (rows[name] if is_each else rows[name].iloc[own] for name in ("reporting_union_id", "activity_no"))
    if not is_each:
        shared = [
            column.iloc[own] if isinstance(column, pd.Series) else column.take(pa.array(own)) for column in shared
        ]
    nameless = pa.nulls(len(own), pa.large_string())
    keys = hash_rows(number.index, [union, nameless, fold_column(number), *shared])
    return (
        keys
        if is_each
        else _column(pc.replace_with_mask(texts_of(names), pa.array(numbered), texts_of(keys)), names.index)
    )


def _kinds(rows: Rows) -> list[pa.Array | pd.Series]:
    """What belongs to every identity beside name or number."""
    is_since = (rows["period_kind"] == PeriodKind.CUMULATIVE_SINCE).to_numpy(dtype=bool)
    since = where(is_since, days_of(rows["since_on"]), "")
    return [texts_of(rows["period_kind"]), texts_of(rows["scope"]), since, fold_column(rows["item_name"])]


def _with_time(names: pd.Series, rows: Rows, is_carried: npt.NDArray[np.bool_]) -> pd.Series:
    is_ytd = (rows["period_kind"] == PeriodKind.YTD).to_numpy(dtype=bool)
    times = where(is_carried, where(is_ytd, _years(rows), ""), days_of(rows["counts_week"]))
    return _column(join([texts_of(names), times], "/"), names.index)


def _with_year(identity: pd.Series, rows: Rows) -> pd.Series:
    """今年以来 of one year is another series than the next year's: nothing of it is carried or compared across the year."""
    is_ytd = (rows["period_kind"] == PeriodKind.YTD).to_numpy(dtype=bool)
    if not is_ytd.any():
        return identity
    texts = texts_of(identity)
    return _column(where(is_ytd, join([texts, _years(rows)], "/"), texts), identity.index)


def _years(rows: Rows) -> pa.Array:
    return texts_of(rows["as_of_on"].dt.year.astype("Int64"))


def _with_dates(series: pd.Series, rows: Rows, has_no_start: npt.NDArray[np.bool_]) -> pd.Series:
    is_event = (rows["period_kind"] == PeriodKind.EVENT).to_numpy(dtype=bool)
    starts = where(has_no_start, "", days_of(rows["start_on"]))
    weeks = where(is_event, days_of(rows["counts_week"]), "")
    return _column(join([texts_of(series), starts, weeks], "/"), series.index)


def _column(texts: pa.Array, index: pd.Index) -> pd.Series:
    return pd.Series(pd.array(texts, dtype="str"), index=index)
