"""What a row is, apart from where it stands: its week, its identity, its series, and a hash of all it says."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.domain.submission import CARRIED, PeriodKind, SubmissionType
from nuanliu.intake.values.unique_texts import arrow_texts, fold_column

_SEPARATOR = "\x1f"
_ROWS_AT_A_TIME = 1 << 16
"""Bounds the texts that are put together only to be hashed."""
# The place in this list is part of every content hash that the warehouse keeps: only ever add at the end.
_CONTENT = (
    "activity_no",
    "reporting_union_id",
    "organizer_union_id",
    "co_organizers",
    "has_open_list",
    "activity_name",
    "campaign_id",
    "category_id",
    "start_on",
    "end_on",
    "place_division",
    "place_detail",
    "beneficiary_groups",
    "period_kind",
    "since_on",
    "item_name",
    "scope",
    "explanation",
    "remarks",
)
_SAYS_WHY = "explanation"
"""What an activity says of its own values; another 说明 for the same values makes no other activity."""


Rows = Mapping[str, "pd.Series"]
"""Row columns by name: a frame, or a dict of columns."""


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


def series_key(rows: Rows) -> pd.Series:
    """Identity of a series of reports: the union's own number, else organiser, category and name; then 统计口径, 统计范围,
    累计起始 and 物资名称. No dates.
    """
    return _hash(rows, _identity(rows))


def activity_key(rows: Rows) -> pd.Series:
    """Identity of the activity within its union: the series and the start date (unless numbered); an event's week too.

    Needs ``series_key`` and ``counts_week``.
    """
    starts = _days(rows["start_on"])
    numbered = rows["activity_no"].notna().to_numpy(dtype=bool)
    if numbered.any():
        starts = _where(numbered, "", starts)
    is_event = (rows["period_kind"] == PeriodKind.EVENT).to_numpy(dtype=bool)
    weeks = _where(~is_event, "", _days(rows["counts_week"]))
    keys = _join([_texts(rows["series_key"]), starts, weeks], "/")
    return pd.Series(pd.array(keys, dtype="str"), index=rows["activity_no"].index)


def identity_key(rows: Rows) -> pd.Series:
    """What makes rows of two unions one activity: organiser, category, name, 统计口径, 统计范围, 累计起始, 物资名称, and its time.

    A number and a start are a union's own; 填报单位 is who tells it. Time: a cumulative figure has none but the year of a
    今年以来, every other row the week it counts in. Needs ``series_key``, ``counts_week`` and ``as_of_on``.
    """
    series = _texts(rows["series_key"])
    numbered = rows["activity_no"].notna().to_numpy(dtype=bool)
    if numbered.any():
        series = _where(numbered, _texts(_hash(rows, _identity(rows, is_number_known=False))), series)
    kind = rows["period_kind"]
    is_carried = kind.isin([str(each) for each in CARRIED]).to_numpy(dtype=bool)
    years = _where((kind == PeriodKind.YTD).to_numpy(dtype=bool), _texts(rows["as_of_on"].dt.year.astype("Int64")), "")
    times = _where(is_carried, years, _days(rows["counts_week"]))
    return pd.Series(pd.array(_join([series, times], "/"), dtype="str"), index=rows["activity_no"].index)


def _identity(rows: Rows, *, is_number_known: bool = True) -> list[pa.Array]:
    numbered = rows["activity_no"].notna().to_numpy(dtype=bool) & is_number_known
    names: list[pa.Array]
    if numbered.all() and len(numbered):
        names = [_texts(rows["reporting_union_id"]), _texts(fold_column(rows["activity_no"]))]
    else:
        names = [
            _texts(rows["organizer_union_id"]),
            _texts(rows["category_id"]),
            _texts(fold_column(rows["activity_name"])),
        ]
        if numbered.any():
            union, number = _texts(rows["reporting_union_id"]), _texts(fold_column(rows["activity_no"]))
            names = [
                _where(numbered, union, names[0]),
                _where(numbered, "", names[1]),
                _where(numbered, number, names[2]),
            ]
    is_since = (rows["period_kind"] == PeriodKind.CUMULATIVE_SINCE).to_numpy(dtype=bool)
    since = _where(~is_since, "", _days(rows["since_on"]))
    kinds = [_texts(rows["period_kind"]), _texts(rows["scope"]), since, _texts(fold_column(rows["item_name"]))]
    return [*names, *kinds]


def content_hash(rows: Rows, figures: pd.DataFrame, doubts: Mapping[int, str]) -> pd.Series:
    """Hash of everything an activity says but why: its labels and figures, and what could not be read in it.

    ``rows``: activity rows, one per activity is enough. ``figures``: with ``activity_id``. ``doubts``: activity id → rules
    and texts of what holds or returns it, so that a mended cell is a different content.
    """
    said = [
        (str(number), name) for number, name in enumerate(_CONTENT) if name != _SAYS_WHY and rows[name].notna().any()
    ]
    own = _OwnFigures(rows["activity_id"], figures)
    doubted = own.places.get_indexer(pd.Index(list(doubts))) if doubts else None
    length = len(own.places)
    parts = []
    for first in range(0, max(length, 1), _ROWS_AT_A_TIME):
        last = min(first + _ROWS_AT_A_TIME, length)
        piece = {name: rows[name].iloc[first:last] for name in ("activity_id", *(name for _, name in said))}
        columns = [_tagged(tag, piece[name], is_day=name.endswith("_on")) for tag, name in said]
        columns.append(_texts(pd.Series("", index=piece["activity_id"].index, dtype="str")))
        columns += own.columns(first, last)
        if doubted is not None:
            columns.append(_placed(doubted, list(doubts.values()), first, last))
        parts.append(_hash(piece, columns))
    return parts[0] if len(parts) == 1 else pd.concat(parts)


class _OwnFigures:
    """What each activity says of each measure, value:exactness behind the measure's id; some activities at a time."""

    def __init__(self, activity_ids: pd.Series, figures: pd.DataFrame) -> None:
        self.places = pd.Index(activity_ids)
        at = self.places.get_indexer(pd.Index(figures["activity_id"]))
        measures = arrow_texts(figures["measure_id"]).dictionary_encode()
        numbers = np.where(at >= 0, measures.indices.to_numpy(), -1)
        self._values, self._exactness = (figures[name].to_numpy() for name in ("value_cents", "exactness"))
        self._own = []
        for number, measure_id in sorted(enumerate(measures.dictionary.to_pylist()), key=lambda item: item[1]):
            own = np.flatnonzero(numbers == number)
            if len(own):
                own = own[np.argsort(at[own], kind="stable")]
                self._own.append((measure_id, own, at[own]))

    def columns(self, first: int, last: int) -> list[pa.Array]:
        """One column per measure that the file has, for the activities of these places; "" where nothing is said."""
        columns = []
        for measure_id, own, at in self._own:
            some = slice(*np.searchsorted(at, (first, last)))
            value, exactness = self._values[own[some]], self._exactness[own[some]]
            said = _join([_scalar(measure_id), _texts(pd.Series(value)), _texts(pd.Series(exactness))], ":")
            source = np.full(last - first, -1)
            source[at[some] - first] = np.arange(len(value))
            is_full = len(value) == last - first and (source == np.arange(len(value))).all()
            columns.append(said if is_full else _take(said, source))
        return columns


def _placed(places: npt.NDArray[np.intp], texts: list[str], first: int, last: int) -> pa.Array:
    """A column of the places from ``first`` to before ``last``, with the texts at theirs and "" elsewhere."""
    column = np.full(last - first, "", dtype=object)
    for place, text in zip(places.tolist(), texts, strict=True):
        if first <= place < last:
            column[place - first] = text
    return pa.array(column, pa.large_string())


def _tagged(tag: str, column: pd.Series, *, is_day: bool) -> pa.Array:
    """tag=value, "" where missing: a column that says nothing changes no hash."""
    values = _days(column) if is_day else _texts(column)
    said = _join([_scalar(tag), values], "=")
    return said if column.notna().all() else pc.if_else(pc.equal(values, ""), _scalar(""), said)


def _take(texts: pa.Array, source: npt.NDArray[np.intp]) -> pa.Array:
    """The texts at these places, "" where there is none (-1)."""
    return pc.fill_null(texts.take(pa.array(source, mask=source < 0)), "")


def with_explanations(contents: pd.Series, rows: Rows) -> Iterable[str]:
    """Content hashes with the 说明 beside each: a file that answers a query says something new."""
    if not rows[_SAYS_WHY].notna().any():
        return contents
    said = zip(contents, rows[_SAYS_WHY].fillna(""), strict=True)
    return [f"{content}{_SEPARATOR}{why}" if why else content for content, why in said]


def submission_hash(
    *,
    union_id: str,
    week: ReportingWeek,
    submission_type: SubmissionType,
    contents: Iterable[str],
    others: Sequence[str],
) -> str:
    """Hash of a whole file: union, week, type, its activities and their 说明 in any order, its totals and
    its file-level doubts.
    """
    lines = [union_id, str(week), submission_type.value, *sorted(contents), "", *sorted(others)]
    return hashlib.sha256(_SEPARATOR.join(lines).encode()).hexdigest()


def _hash(rows: Rows, columns: Sequence[pa.Array]) -> pd.Series:
    """The first 128 bits of SHA-256 of each row's texts, in hex."""
    joined = _join(columns, _SEPARATOR).cast(pa.large_binary())
    pieces = []
    for first in range(0, len(joined), _ROWS_AT_A_TIME):
        pieces += [hashlib.sha256(text).digest()[:16] for text in joined.slice(first, _ROWS_AT_A_TIME).to_pylist()]
    hexes = np.frombuffer(b"".join(pieces).hex().encode(), dtype="S32")
    texts = pd.array(pa.array(hexes).cast(pa.large_string()), dtype="str")
    return pd.Series(texts, index=rows["activity_id"].index)


def _join(parts: Sequence[pa.Array | pa.Scalar], separator: str) -> pa.Array:
    return pc.binary_join_element_wise(*parts, _scalar(separator), null_handling="replace", null_replacement="")


def _scalar(text: str) -> pa.Scalar:
    return pa.scalar(text, pa.large_string())


def _texts(column: pd.Series) -> pa.Array:
    texts = pa.array(column.array, from_pandas=True)
    texts = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    return pc.fill_null(texts.cast(pa.large_string()), "")


def _days(column: pd.Series) -> pa.Array:
    days = pa.array(column.astype("datetime64[ns]").array, from_pandas=True).cast(pa.date32(), safe=False)
    return pc.fill_null(days.cast(pa.large_string()), "")


def _where(mask: object, yes: object, no: object) -> pa.Array:
    return pc.if_else(pa.array(mask), _scalar(yes) if isinstance(yes, str) else yes, no)
