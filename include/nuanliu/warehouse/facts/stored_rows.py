"""Activities and figures as rows of stored_activity and stored_measure, some thousand activities at a time.

Everything that the figures of an activity say alike is put together once an activity and repeated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from nuanliu.domain.submission import CARRIED, PeriodKind
from nuanliu.ooxml.addresses import column_index
from nuanliu.warehouse.facts import binary_fields as fields
from nuanliu.warehouse.facts.binary_fields import Part
from nuanliu.warehouse.facts.dimension_keys import Named
from nuanliu.warehouse.facts.kept_rows import KeptRows

ACTIVITY_COLUMNS = (
    "submission_key", "week_start", "activity_key", "organizer_union_key", "category_key", "as_of_on", "source_row",
    "is_date_inferred", "is_crossing_week", "has_open_list", "is_accepted", "is_counting", "campaign_key",
    "place_division_key", "since_on", "start_on", "end_on", "period_kind", "scope", "series_key", "content_hash",
    "measures_hash", "identity_key", "reporting_union_id", "activity_name", "activity_no", "natural_key", "item_name",
    "place_detail", "explanation", "remarks", "source_sheet",
)  # fmt: skip
"""In the order in which the rows name them: numbers that are never missing stand together."""
FIGURE_COLUMNS = (
    "submission_key", "week_start", "activity_key", "organizer_union_key", "category_key", "as_of_on", "is_counting",
    "campaign_key", "place_division_key", "since_on", "period_kind", "scope", "series_key",
    "value_cents", "source_row", "measure_key", "source_column", "exactness", "raw_text", "source_sheet",
)  # fmt: skip
"""Up to the key of the series they are the activity's."""
_ACTIVITIES_AT_A_TIME = 1 << 14
_HASH_DIGITS = 32
_DIGITS = "0123456789"
_DECIMALS = pa.array(["", *(f".{cents:02d}".rstrip("0") for cents in range(1, 100))], pa.large_string())
"""What stands behind the whole number: nothing, .01, .1."""


@dataclass(frozen=True)
class Keys:
    """What the kept activities and figures are known by in the warehouse."""

    submission: int
    activities: NDArray[np.int64]
    organizers: NDArray[np.int64]
    categories: Named
    campaigns: Named
    places: Named
    measures: Named


def activity_rows(kept: KeptRows, keys: Keys) -> Iterator[memoryview]:
    """The rows of stored_activity, columns as ``ACTIVITY_COLUMNS``."""
    for some in _pieces(kept):
        yield _activity_piece(_Activities(kept, keys, some))


def figure_rows(kept: KeptRows, keys: Keys) -> Iterator[memoryview]:
    """The rows of stored_measure, columns as ``FIGURE_COLUMNS``, in the order of their activities."""
    figures = _Figures(kept, keys)
    for some in _pieces(kept):
        first, last = np.searchsorted(kept.figure_activities, (some.start, some.stop))
        if first < last:
            shared = _shared_part(_Activities(kept, keys, some))
            own = kept.figure_activities[first:last] - some.start
            yield figures.rows(slice(int(first), int(last)), shared.take(pa.array(own)))


def _pieces(kept: KeptRows) -> Iterator[slice]:
    count = len(kept.activity_places)
    for first in range(0, count, _ACTIVITIES_AT_A_TIME):
        yield slice(first, min(first + _ACTIVITIES_AT_A_TIME, count))


class _Taken:
    """Columns of a frame at some places, each taken when it is asked for; rows that stand together are not copied."""

    def __init__(self, frame: pd.DataFrame, places: NDArray[np.intp]) -> None:
        self._frame = frame
        is_run = len(places) > 0 and bool((np.diff(places) == 1).all())
        self._at: Any = slice(int(places[0]), int(places[-1]) + 1) if is_run else places

    def numbers(self, name: str) -> NDArray[Any]:
        values: NDArray[Any] = self._frame[name].to_numpy()[self._at]
        return values

    def text(self, name: str) -> pa.Array:
        return _arrow(self._frame[name].array[self._at])


class _Activities(_Taken):
    """Some of the kept activities, column by column."""

    def __init__(self, kept: KeptRows, keys: Keys, some: slice) -> None:
        super().__init__(kept.submission.rows, kept.activity_places[some])
        self.is_accepted = kept.is_accepted.to_numpy()[kept.activity_places[some]]
        self.keys, self.some = keys, some
        self.monday, _ = fields.day_numbers(self.numbers("counts_week"))
        self.as_of, _ = fields.day_numbers(self.numbers("as_of_on"))

    def texts(self, *names: str) -> list[Part]:
        return [part for name in names for part in fields.texts(self.text(name))]

    def days(self, name: str) -> Part:
        return fields.days(self.numbers(name))

    def shared_numbers(self) -> list[fields.NumberField]:
        """What an activity and its figures begin with."""
        keys, some = self.keys, self.some
        return [
            (keys.submission, ">i4"),
            (self.monday, ">i4"),
            (keys.activities[some], ">i8"),
            (keys.organizers[some], ">i4"),
            (keys.categories.keys[some], ">i2"),
            (self.as_of, ">i4"),
        ]

    def named(self) -> list[Part]:
        """The keys that may be missing: campaign and place, and the day from which it counts."""
        optional = (self.keys.campaigns, self.keys.places)
        parts = [fields.optional_numbers(each.keys[self.some], ">i4", each.is_missing[self.some]) for each in optional]
        return [*parts, self.days("since_on")]


def _shared_part(activities: _Activities) -> pa.Array:
    return fields.joined(
        [
            pa.scalar(len(FIGURE_COLUMNS).to_bytes(2), pa.large_binary()),
            fields.numbers([*activities.shared_numbers(), (activities.is_accepted, "u1")]),
            *activities.named(),
            *activities.texts("period_kind", "scope"),
            *fields.values(_key_bytes(activities.text("series_key"))),
        ]
    )


def _activity_piece(activities: _Activities) -> memoryview:
    start, is_undated = fields.day_numbers(activities.numbers("start_on"))
    accepted = activities.is_accepted
    whole = [
        *activities.shared_numbers(),
        (activities.numbers("row"), ">i4"),
        (activities.numbers("is_date_inferred"), "u1"),
        ((start < activities.monday) & ~is_undated, "u1"),
        (activities.numbers("has_open_list"), "u1"),
        (accepted, "u1"),
        (accepted, "u1"),  # counts until settle_counting.sql says otherwise
    ]
    hashes = [fields.unhex(activities.text(name)) for name in ("content_hash", "measures_hash")]
    parts = [
        fields.numbers(whole),
        *activities.named(),
        activities.days("start_on"),
        activities.days("end_on"),
        *activities.texts("period_kind", "scope"),
        *fields.values(_key_bytes(activities.text("series_key"))),
        *(part for each in hashes for part in fields.values(each)),
        *activities.texts("identity_key", "reporting_union_id", "activity_name", "activity_no"),
        *fields.texts(_unlike(activities.text("activity_key"), _usual_keys(activities))),
        *activities.texts("item_name", "place_detail", "explanation", "remarks", "sheet"),
    ]
    return fields.rows(len(ACTIVITY_COLUMNS), parts)


def _usual_keys(activities: _Activities) -> pa.Array:
    """The activity keys that fact_activity makes of the other columns."""
    kind = activities.text("period_kind")
    is_carried = pc.is_in(kind, pa.array([str(carried) for carried in CARRIED], pa.large_string()))
    has_no_start = pc.or_(pc.is_valid(activities.text("activity_no")), is_carried)
    is_event = pc.equal(kind, str(PeriodKind.EVENT))
    nothing = pa.scalar("", pa.large_string())
    days = [
        pc.if_else(has_no_start, nothing, _iso_days(activities.numbers("start_on"))),
        pc.if_else(is_event, _iso_days(activities.numbers("counts_week")), nothing),
    ]
    return pc.binary_join_element_wise(activities.text("series_key"), *days, pa.scalar("/", pa.large_string()))


class _Figures:
    """The kept figures. What stands in few different texts is looked up once for all of them."""

    def __init__(self, kept: KeptRows, keys: Keys) -> None:
        self._figures, self._places, self._measures = kept.submission.figures, kept.figure_places, keys.measures.keys
        self._columns = _column_numbers(_arrow(self._figures["cell"].array))
        self._sheets, names = pd.factorize(self._figures["sheet"])
        of_name = pa.array([*map(str, names), None], pa.large_string())
        self._sheet_fields = fields.joined(fields.texts(of_name)) if len(names) else None

    def rows(self, some: slice, shared: pa.Array) -> memoryview:
        places = self._places[some]
        figures = _Taken(self._figures, places)
        cents = figures.numbers("value_cents")
        whole: list[fields.NumberField] = [
            (cents, ">i8"),
            (figures.numbers("row"), ">i4"),
            (self._measures[some], ">i2"),
            (self._columns[places], ">i2"),
            (figures.numbers("exactness"), ">i2"),
        ]
        raw = _unprinted(figures.text("raw_text"), cents)
        return fields.content(
            fields.joined([shared, fields.numbers(whole), *fields.texts(raw), self._sheet_part(places)])
        )

    def _sheet_part(self, places: NDArray[np.intp]) -> Part:
        if self._sheet_fields is None:
            return fields.texts(pa.nulls(1, pa.large_string()))[0]
        return self._sheet_fields.take(pa.array(self._sheets[places] % len(self._sheet_fields)))


def _key_bytes(keys: pa.Array) -> pa.Array:
    """As key_bytes() of the schema: the bytes of the hash, and what stands behind it."""
    hashes = fields.unhex(pc.utf8_slice_codeunits(keys, 0, _HASH_DIGITS))
    rest = pc.utf8_slice_codeunits(keys, _HASH_DIGITS)
    if not pc.any(pc.not_equal(rest, "")).as_py():
        return hashes
    return fields.joined([hashes, rest.cast(pa.large_binary())])


def _column_numbers(cells: pa.Array) -> NDArray[np.int16]:
    """The number of each cell's column, 1 for A. Raises: ValueError when a cell has no such column."""
    written = pc.utf8_rtrim(cells, characters=_DIGITS).dictionary_encode()
    of_distinct: NDArray[np.int16] = np.array(
        [column_index(letters) + 1 for letters in written.dictionary.to_pylist()], dtype="int16"
    )
    found: NDArray[np.int16] = of_distinct[written.indices.to_numpy()]
    return found


def _unprinted(raw: pa.Array, cents: NDArray[np.int64]) -> pa.Array:
    """The texts that are not what the value prints: 1,200 and 1200.0 of 1200, but not 1200; the view prints those."""
    whole, rest = np.divmod(np.where(cents < 0, -1, cents), 100)  # of a negative number the rest would be another
    printed = [pa.array(whole).cast(pa.large_string()), _DECIMALS.take(pa.array(rest))]
    return _unlike(raw, pc.binary_join_element_wise(*printed, pa.scalar("", pa.large_string())))


def _unlike(column: pa.Array, usual: pa.Array) -> pa.Array:
    """The texts that are not the usual ones, null for all others."""
    return pc.if_else(pc.equal(column, usual), pa.scalar(None, pa.large_string()), column)


def _iso_days(days: NDArray[Any]) -> pa.Array:
    return pc.fill_null(pa.array(days.astype("datetime64[D]")).cast(pa.large_string()), "")


def _arrow(column: Any) -> pa.Array:
    """The texts of a column's array."""
    texts = pa.array(column, from_pandas=True)
    texts = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    return texts.cast(pa.large_string())
