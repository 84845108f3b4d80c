"""A column of texts as its distinct texts and where each stands, so that a million cells are read a few times only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    import numpy.typing as npt
    import pandas as pd
    import pyarrow as pa

T = TypeVar("T")
_EDGES = " \t\r\n\u00a0\u3000\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"
_INNER = re.compile(r"[\r\n\t]+\s*")
_DIRTY = "^[ \\t\u00a0\u3000]|[ \\t\u00a0\u3000]$|[\\r\\n\\t\u200b-\u200f\u2060\ufeff\u00ad]"
"""RE2: what ``clean_text`` would change. Few texts of a big file match, so only they are cleaned."""
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")


def clean_text(text: str) -> str:
    """A text without invisible characters and outer blanks, on one line; what is stored is this."""
    return _INNER.sub(" ", _INVISIBLE.sub("", text)).strip(_EDGES)


def arrow_texts(texts: pd.Series) -> pa.Array:
    """A column of str as one Arrow array."""
    import pyarrow as pa

    column = pa.array(texts.array)
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


class UniqueTexts:
    """The cells of one column. ``distinct``: its cleaned texts; ``codes``: for each cell, which of them it is."""

    def __init__(self, distinct: Sequence[str], codes: npt.NDArray[np.intp]) -> None:
        self.distinct = list(distinct)
        self.codes = codes

    @classmethod
    def of(cls, texts: pd.Series) -> UniqueTexts:
        """Read a column of str (never NaN)."""
        import pyarrow.compute as pc

        encoded = arrow_texts(texts).dictionary_encode()
        values = encoded.dictionary.to_pylist()
        for at in pc.match_substring_regex(encoded.dictionary, _DIRTY).to_numpy(zero_copy_only=False).nonzero()[0]:
            values[at] = clean_text(values[at])
        return cls(values, encoded.indices.to_numpy())

    @classmethod
    def empty(cls, length: int) -> UniqueTexts:
        """A column that the file does not have."""
        import numpy as np

        return cls([""], np.zeros(length, dtype="int32"))

    def __len__(self) -> int:
        return len(self.codes)

    def apply(self, read: Callable[[str], T]) -> list[T]:
        """What ``read`` says about each distinct text."""
        return [read(value) for value in self.distinct]

    def spread(self, per_value: Sequence[object], dtype: str = "str") -> pd.Series:
        """One result per cell from one result per distinct text."""
        import pandas as pd

        per_cell = pd.Series(list(per_value), dtype=dtype).array.take(self.codes)
        return pd.Series(per_cell, copy=False)

    def where(self, per_value: Sequence[bool]) -> npt.NDArray[np.bool_]:
        """Which cells hold a text that is marked."""
        import numpy as np

        return np.asarray(per_value, dtype=bool)[self.codes]

    @property
    def is_blank(self) -> npt.NDArray[np.bool_]:
        """Which cells are empty."""
        return self.where([not value for value in self.distinct])

    def texts(self) -> pd.Series:
        """The cleaned cells."""
        return self.spread(self.distinct)
