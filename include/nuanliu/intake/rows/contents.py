"""What a row says of its activity: its content, as a hash that depends on that row alone.

Other columns and rows of the file leave no trace in it, nor do 说明, 备注, the free text of a place and the order in which
groups and co-organisers are named. The hashes stand in the warehouse: see ``keys``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from nuanliu.contract.label_text import fold_label
from nuanliu.intake.rows.hashed_columns import Rows, days_of, hash_pieces, hex_column, join, scalar, texts_of
from nuanliu.intake.values.unique_texts import arrow_texts, fold_column, is_shared, map_shared

_AS_THEY_ARE = ("name_key", "start_on", "end_on", "place_division")


def content_hash(rows: Rows, own: OwnFigures, doubts: Mapping[int, str]) -> pd.Series:
    """Hash of everything an activity says but its number, the week it counts in and the year of a 今年以来: those stand in its key.

    ``rows``: those of ``own``, one per activity, with ``name_key``. ``doubts``: activity id → rules and texts of what holds
    or returns it, in their look-up form, so that a mended cell is a different content.
    """
    said: dict[str, pd.Series] = {name: rows[name] for name in _AS_THEY_ARE}
    said["campaign_id"] = fold_column(rows["campaign_id"])
    said |= {name: _folded_set(rows[name]) for name in ("beneficiary_groups", "co_organizers")}
    ids = rows["activity_id"]

    def texts_of_some(some: slice) -> list[pa.Array]:
        texts = [
            days_of(column.iloc[some]) if name.endswith("_on") else texts_of(column.iloc[some])
            for name, column in said.items()
        ]
        doubt = [doubts.get(activity, "") for activity in ids.iloc[some].tolist()] if doubts else None
        return [*texts, pa.array(doubt, pa.large_string()) if doubt else scalar(""), *own.texts(some)]

    return hash_pieces(ids.index, texts_of_some)


def _folded_set(lists: pd.Series) -> pd.Series:
    """Lists joined by ``;`` as sets: each name in its look-up form once, sorted."""
    if not lists.notna().any():
        return lists
    if is_shared(lists):
        return map_shared(lists, _folded)
    folded = {text: _folded(text) for text in lists.dropna().unique()}
    return lists.map(folded).astype("str")


def _folded(text: str) -> str:
    return ";".join(sorted({fold_label(name) for name in text.split(";")}))


class OwnFigures:
    """The figures of a file's activities, by activity. ``figures``: with ``activity_id``."""

    def __init__(self, activity_ids: pd.Series, figures: pd.DataFrame) -> None:
        self._index = activity_ids.index
        at = pd.Index(activity_ids).get_indexer(pd.Index(figures["activity_id"]))
        measures = arrow_texts(figures["measure_id"]).dictionary_encode()
        numbers = np.where(at >= 0, measures.indices.to_numpy(), -1)
        self._values, self._exactness = (figures[name].to_numpy() for name in ("value_cents", "exactness"))
        self._own = []
        for number, measure_id in sorted(enumerate(measures.dictionary.to_pylist()), key=lambda item: item[1]):
            own = np.flatnonzero(numbers == number)
            if len(own):
                own = own[np.argsort(at[own], kind="stable")]
                self._own.append((measure_id, own, at[own]))

    def texts(self, some: slice) -> list[pa.Array]:
        """What the activities at some places say of each measure, ``people_served=2000:0``, behind one another.

        A measure that an activity does not give leaves no gap, so that the columns of other rows leave no trace.
        """
        length = some.stop - some.start
        columns = []
        for measure_id, own, at in self._own:
            of_some = slice(*np.searchsorted(at, (some.start, some.stop)))
            value, exactness = (_texts(values[own[of_some]]) for values in (self._values, self._exactness))
            said = join([scalar(f";{measure_id}="), value, scalar(":"), exactness], "")
            columns.append(_spread(said, at[of_some] - some.start, length))
        return [join(columns, "")] if columns else [pa.array([""] * length, pa.large_string())]

    def measures_hash(self) -> pd.Series:
        """Hash of measure, value and exactness of all figures of an activity, in no order.

        The sum of one number per figure, the same in every release: it stands in the warehouse.
        """
        sums = np.zeros(len(self._index), dtype="uint64")
        for measure_id, own, at in self._own:
            seed = int.from_bytes(hashlib.sha256(measure_id.encode()).digest()[:8])
            said = self._values[own].astype("uint64") << np.uint64(3) | self._exactness[own].astype("uint64")
            np.add.at(sums, at, _mixed(said + np.uint64(seed)))
        return hex_column(sums.astype(">u8").tobytes(), 8, self._index)


def _mixed(numbers: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The finaliser of SplitMix64: each bit depends on every bit."""
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        numbers = (numbers ^ numbers >> np.uint64(shift)) * np.uint64(factor)
    return numbers ^ numbers >> np.uint64(31)


def _spread(said: pa.Array, places: npt.NDArray[np.intp], length: int) -> pa.Array:
    """The texts at their places in a column, missing elsewhere; of two at one place the last."""
    if len(places) == length and (places == np.arange(length)).all():
        return said
    source = np.full(length, -1)
    source[places] = np.arange(len(places))
    return said.take(pa.array(source, mask=source < 0))


def _texts(numbers: npt.NDArray[np.integer]) -> pa.Array:
    return pa.array(numbers).cast(pa.large_string())
