"""A column of texts as its distinct texts and where each stands, so that a million cells are read a few times only."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from functools import cache, cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.label_text import FOLDED, fold_label
from nuanliu.contract.reloading import reloads_with_data
from nuanliu.intake.formats.grids import CHUNK_ROWS, LONG_TEXT, SHARED

T = TypeVar("T")
_EDGES = " \t\r\n\u00a0\u3000\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"
_MANY_BYTES = 1 << 20
_INNER = re.compile(r"[\r\n\t]+\s*")
_DIRTY = "^[ \\t\u00a0\u3000]|[ \\t\u00a0\u3000]$|[\\r\\n\\t\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00ad]"
"""RE2: what ``clean_text`` would change. Few texts of a big file match, so only they are cleaned."""
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00ad]")
_FOLDABLE = f"[{re.escape(FOLDED)}]|\\s|\\p{{Ll}}|\\p{{Z}}|\\p{{Cf}}"
"""RE2: whatever folding would change; most texts of a big file hold none of it."""


def clean_text(text: str) -> str:
    """A text without invisible characters and outer blanks, on one line; what is stored is this."""
    return _INNER.sub(" ", _INVISIBLE.sub("", text)).strip(_EDGES)


def arrow_texts(texts: pd.Series) -> pa.Array:
    """A column of str as one Arrow array."""
    column = pa.array(texts.array)
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def is_shared(texts: pd.Series) -> bool:
    """Whether a column holds references to few long texts; as one Arrow array it would repeat their bytes."""
    return getattr(texts.dtype, "storage", None) == SHARED.storage


def distinct_texts(texts: pd.Series) -> tuple[pa.Array, npt.NDArray[np.intp]]:
    """The different texts of a column of str, and which of them each cell holds. Each text is looked at once."""
    if is_shared(texts):
        codes, distinct = pd.factorize(np.asarray(texts.array, dtype=object))
        return pa.array(distinct, pa.large_string()), codes
    column = arrow_texts(texts)
    if _all_differ(column):
        return column, np.arange(len(column))
    encoded = column.dictionary_encode()
    return encoded.dictionary, encoded.indices.to_numpy()


def _all_differ(texts: pa.Array) -> bool:
    """Whether no two of many long texts are the same; then they need not be held a second time to know them apart."""
    if texts.nbytes <= LONG_TEXT * len(texts) or texts.nbytes < _MANY_BYTES:
        return False
    hashes: set[int] = set()
    for first in range(0, len(texts), CHUNK_ROWS):
        hashes.update(map(hash, texts[first : first + CHUNK_ROWS].to_pylist()))
    return len(hashes) == len(texts)


def text_bytes(texts: pa.Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """The UTF-8 bytes of a column: where each text starts (and the last ends), and all bytes, without copying them."""
    texts = texts.cast(pa.large_string())
    _, offsets, data = texts.buffers()
    starts = np.frombuffer(offsets, dtype="int64")[texts.offset : texts.offset + len(texts) + 1]
    return starts, np.frombuffer(data, dtype="uint8") if data is not None and data.size else np.empty(0, "uint8")


def repeat_text(text: str | None, length: int) -> pd.Series:
    """A column of one text."""
    return pd.Series(pd.array(pa.repeat(pa.scalar(text, pa.large_string()), length), dtype="str"))


def fold_column(texts: pd.Series) -> pd.Series:
    """``fold_label`` for a whole column: each text in its look-up form; missing stays missing."""
    if is_shared(texts):
        return map_shared(texts, fold_label)
    changed = pc.match_substring_regex(pc.fill_null(arrow_texts(texts.astype("str")), ""), _FOLDABLE)
    marked = changed.to_numpy(zero_copy_only=False)
    if not marked.any():
        return texts
    written = arrow_texts(texts.astype("str"))
    distinct = written.filter(changed).dictionary_encode()
    spellings = pa.array([fold_label(text) for text in distinct.dictionary.to_pylist()], pa.large_string())
    folded = pc.replace_with_mask(written.cast(pa.large_string()), changed, spellings.take(distinct.indices))
    return pd.Series(pd.array(folded, dtype="str"), index=texts.index)


def map_shared(texts: pd.Series, change: Callable[[str], str]) -> pd.Series:
    """A column of references with each text changed once; missing stays missing."""
    codes, distinct = pd.factorize(np.asarray(texts.array, dtype=object))
    changed = np.array([*map(change, distinct), np.nan], dtype=object)  # code -1, of what is missing, is the last
    return pd.Series(pd.array(changed[codes], dtype=SHARED), index=texts.index)


@reloads_with_data
@cache
def null_words() -> frozenset[str]:
    """What means that a cell was left empty on purpose: 无, -, /."""
    return frozenset(fold_label(word) for word in input_contract().vocabulary["null_words"])


def is_null(text: str) -> bool:
    """Whether a cell is empty or holds a null word."""
    return not text or (len(text) <= 4 and fold_label(text) in null_words())


class UniqueTexts:
    """The cells of one column. ``distinct``: its cleaned texts; ``codes``: for each cell, which of them it is.

    A column of names has a million distinct texts, so they stay with Arrow until someone asks for all of them.
    """

    def __init__(self, distinct: Sequence[str] | pa.Array, codes: npt.NDArray[np.intp]) -> None:
        self.arrow: pa.Array = distinct if isinstance(distinct, pa.Array) else pa.array(distinct, pa.large_string())
        self.codes = codes

    @classmethod
    def of(cls, texts: pd.Series) -> UniqueTexts:
        """Read a column of str (never NaN)."""
        distinct, codes = distinct_texts(texts)
        dirty = pc.match_substring_regex(distinct, _DIRTY).to_numpy(zero_copy_only=False).nonzero()[0].tolist()
        if not dirty:
            return cls(distinct, codes)
        values = distinct.to_pylist()
        for at in dirty:
            values[at] = clean_text(values[at])
        return cls(values, codes)

    @classmethod
    def empty(cls, length: int) -> UniqueTexts:
        """A column that the file does not have."""
        return cls([""], np.zeros(length, dtype="int32"))

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def distinct(self) -> list[str]:
        """The distinct texts."""
        texts: list[str] = self.arrow.to_pylist()
        return texts

    def at(self, position: int) -> str:
        """The text of one cell."""
        text: str = self.arrow[int(self.codes[position])].as_py()
        return text

    @cached_property
    def nulls(self) -> npt.NDArray[np.bool_]:
        """Which of the distinct texts are empty or a null word."""
        nulls = np.zeros(len(self.arrow), dtype=bool)
        for at in pc.less_equal(pc.utf8_length(self.arrow), 4).to_numpy(zero_copy_only=False).nonzero()[0].tolist():
            nulls[at] = is_null(self.arrow[at].as_py())
        return nulls

    @property
    def is_null(self) -> npt.NDArray[np.bool_]:
        """Which cells are empty or hold a null word."""
        return self.where(self.nulls)

    def marked(self, sieve: str, question: Callable[[str], bool]) -> list[bool]:
        """Which distinct texts answer yes; asked only of those that match ``sieve`` (RE2), few of a million."""
        answers = [False] * len(self.arrow)
        for at in pc.match_substring_regex(self.arrow, sieve).to_numpy(zero_copy_only=False).nonzero()[0].tolist():
            answers[at] = question(self.arrow[at].as_py())
        return answers

    def among(self, texts: Collection[str]) -> npt.NDArray[np.bool_]:
        """Which distinct texts are one of these."""
        found = pc.is_in(self.arrow, pa.array(sorted(texts), pa.large_string()))
        return np.asarray(found.to_numpy(zero_copy_only=False), dtype=bool)

    def apply(self, read: Callable[[str], T]) -> list[T]:
        """What ``read`` says about each distinct text."""
        return [read(value) for value in self.distinct]

    def spread(self, per_value: Sequence[object], dtype: str = "str") -> pd.Series:
        """One result per cell from one result per distinct text."""
        if dtype == "str":
            return self.spread_texts(pa.array(per_value, pa.large_string(), from_pandas=True))
        per_cell = pd.Series(list(per_value), dtype=dtype).array.take(self.codes)
        return pd.Series(per_cell, copy=False)

    def joined(self, other: UniqueTexts, join: Callable[[pa.Array, pa.Array], pa.Array]) -> UniqueTexts:
        """The texts that ``join`` makes of those of two columns, cell by cell; it is asked once for each pair that occurs."""
        pairs = self.codes.astype("int64") * len(other.arrow) + other.codes
        codes, occurring = pd.factorize(pairs)
        own, others = np.divmod(occurring, len(other.arrow))
        return UniqueTexts(join(self.arrow.take(pa.array(own)), other.arrow.take(pa.array(others))), codes)

    def where(self, per_value: Sequence[bool] | npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Which cells hold a text that is marked."""
        return np.asarray(per_value, dtype=bool)[self.codes]

    def texts(self) -> pd.Series:
        """The cleaned cells."""
        return self.spread_texts(self.arrow)

    def known(self) -> pd.Series:
        """The cleaned cells, missing where they are empty or a null word."""
        return self.spread_texts(self.known_distinct)

    @property
    def known_distinct(self) -> pa.Array:
        """The distinct texts, null for those that are empty or a null word."""
        if not self.nulls.any():
            return self.arrow
        return pc.if_else(pa.array(self.nulls), pa.scalar(None, pa.large_string()), self.arrow)

    def spread_texts(self, per_value: pa.Array) -> pd.Series:
        """One text per cell from one per distinct text, a long one held once; null is missing."""
        if _is_worth_sharing(per_value, len(self.codes)):
            return pd.Series(pd.array(np.array(per_value.to_pylist(), dtype=object)[self.codes], dtype=SHARED))
        is_each = len(per_value) == len(self.codes) and bool((self.codes == np.arange(len(self.codes))).all())
        return pd.Series(pd.array(per_value if is_each else per_value.take(pa.array(self.codes)), dtype="str"))


def _is_worth_sharing(distinct: pa.Array, cells: int) -> bool:
    """Whether few long texts stand in so many cells that references to them are the smaller column."""
    length = int(distinct.nbytes)
    return cells > 2 * len(distinct) and length > LONG_TEXT * len(distinct)
