"""What a row is, apart from where it stands: its week, its identity, its series, and a hash of all it says."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from nuanliu.intake.label_columns import fold_column
from nuanliu.intake.unique_texts import arrow_texts
from nuanliu.submission import PeriodKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    import numpy.typing as npt
    import pandas as pd
    import pyarrow as pa

    from nuanliu.reporting_week import ReportingWeek
    from nuanliu.submission import SubmissionType

_SEPARATOR = "\x1f"
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


Rows = Mapping[str, "pd.Series"]
"""Row columns by name: a frame, or a dict of columns."""


def as_of_on(rows: Rows, week: ReportingWeek) -> pd.Series:
    """The day up to which a cumulative figure counts: the end date, else the period's Sunday."""
    import pandas as pd

    return rows["end_on"].astype("datetime64[ns]").fillna(pd.Timestamp(week.sunday))


def counts_week(as_of: pd.Series) -> pd.Series:
    """The Monday of the week a row counts in: that of its end date; undated or still running, the report week.

    ``as_of``: what ``as_of_on`` gives.
    """
    import pandas as pd

    monday: pd.Series = as_of - pd.to_timedelta(as_of.dt.day_of_week, unit="D")
    return monday


def series_key(rows: Rows) -> pd.Series:
    """Identity of a series of reports: the union's own number, else organiser, category and name; then 统计口径, 统计范围,
    累计起始 and 物资名称. No dates.
    """
    return _hash(rows, _identity(rows))


def activity_key(rows: Rows) -> pd.Series:
    """Identity of the activity within its union: the series and the start date (unless numbered); an event's week too.

    Needs ``series_key`` and ``counts_week``.
    """
    import pandas as pd

    starts = _days(rows["start_on"])
    numbered = rows["activity_no"].notna().to_numpy(dtype=bool)
    if numbered.any():
        starts = _where(numbered, "", starts)
    is_event = (rows["period_kind"] == PeriodKind.EVENT).to_numpy(dtype=bool)
    weeks = _where(~is_event, "", _days(rows["counts_week"]))
    keys = _join([_texts(rows["series_key"]), starts, weeks], "/")
    return pd.Series(pd.array(keys, dtype="str"), index=rows["activity_no"].index)


def _identity(rows: Rows) -> list[pa.Array]:
    numbered = rows["activity_no"].notna().to_numpy(dtype=bool)
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
    """Hash of everything an activity says: its labels and figures, and what could not be read in it.

    ``rows``: activity rows, one per activity is enough. ``figures``: with ``activity_id``. ``doubts``: activity id → rules
    and texts of what holds or returns it, so that a mended cell is a different content.
    """
    import numpy as np
    import pandas as pd
    import pyarrow as pa

    columns = [
        _tagged(str(number), rows[name], is_day=name.endswith("_on"))
        for number, name in enumerate(_CONTENT)
        if rows[name].notna().any()
    ]
    columns.append(_texts(pd.Series("", index=rows["activity_id"].index, dtype="str")))
    places = pd.Index(rows["activity_id"])
    at = places.get_indexer(pd.Index(figures["activity_id"]))
    measures = arrow_texts(figures["measure_id"]).dictionary_encode()
    numbers = np.where(at >= 0, measures.indices.to_numpy(), -1)
    for number, measure_id in sorted(enumerate(measures.dictionary.to_pylist()), key=lambda item: item[1]):
        own = np.flatnonzero(numbers == number)
        if not len(own):
            continue
        value, exactness = (figures[name].to_numpy()[own] for name in ("value_cents", "exactness"))
        said = _join([_scalar(measure_id), _texts(pd.Series(value)), _texts(pd.Series(exactness))], ":")
        source = np.full(len(places), -1)
        source[at[own]] = np.arange(len(own))
        columns.append(
            said if len(own) == len(places) and (source == np.arange(len(own))).all() else _take(said, source)
        )
    if doubts:
        texts = np.full(len(places), "", dtype=object)
        texts[places.get_indexer(pd.Index(list(doubts)))] = list(doubts.values())
        columns.append(pa.array(texts, pa.large_string()))
    return _hash(rows, columns)


def _tagged(tag: str, column: pd.Series, *, is_day: bool) -> pa.Array:
    """tag=value, "" where missing: a column that says nothing changes no hash."""
    import pyarrow.compute as pc

    values = _days(column) if is_day else _texts(column)
    said = _join([_scalar(tag), values], "=")
    return said if column.notna().all() else pc.if_else(pc.equal(values, ""), _scalar(""), said)


def _take(texts: pa.Array, source: npt.NDArray[np.intp]) -> pa.Array:
    """The texts at these places, "" where there is none (-1)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.fill_null(texts.take(pa.array(source, mask=source < 0)), "")


def submission_hash(
    *,
    union_id: str,
    week: ReportingWeek,
    submission_type: SubmissionType,
    contents: Iterable[str],
    others: Sequence[str],
) -> str:
    """Hash of a whole file: union, week, type, its activities in any order, its totals and its file-level doubts."""
    lines = [union_id, str(week), submission_type.value, *sorted(contents), "", *sorted(others)]
    return hashlib.sha256(_SEPARATOR.join(lines).encode()).hexdigest()


def _hash(rows: Rows, columns: Sequence[pa.Array]) -> pd.Series:
    """The first 128 bits of SHA-256 of each row's texts, in hex."""
    import numpy as np
    import pandas as pd
    import pyarrow as pa

    joined = _join(columns, _SEPARATOR).cast(pa.large_binary()).to_pylist()
    digests = np.frombuffer(b"".join([hashlib.sha256(text).digest() for text in joined]), dtype="uint8")
    hexes = np.frombuffer(digests.reshape(-1, 32)[:, :16].tobytes().hex().encode(), dtype="S32")
    texts = pd.array(pa.array(hexes).cast(pa.large_string()), dtype="str")
    return pd.Series(texts, index=rows["activity_id"].index)


def _join(parts: Sequence[pa.Array | pa.Scalar], separator: str) -> pa.Array:
    import pyarrow.compute as pc

    return pc.binary_join_element_wise(*parts, _scalar(separator), null_handling="replace", null_replacement="")


def _scalar(text: str) -> pa.Scalar:
    import pyarrow as pa

    return pa.scalar(text, pa.large_string())


def _texts(column: pd.Series) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = pa.array(column.array, from_pandas=True)
    texts = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    return pc.fill_null(texts.cast(pa.large_string()), "")


def _days(column: pd.Series) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    days = pa.array(column.astype("datetime64[ns]").array, from_pandas=True).cast(pa.date32(), safe=False)
    return pc.fill_null(days.cast(pa.large_string()), "")


def _where(mask: object, yes: object, no: object) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.if_else(pa.array(mask), _scalar(yes) if isinstance(yes, str) else yes, no)
