"""A text is held once however many cells say it, whatever is made of it on the way."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from nuanliu.contract.label_text import fold_label
from nuanliu.intake.values.unique_texts import (
    UniqueTexts,
    arrow_texts,
    distinct_texts,
    fold_column,
    is_shared,
    map_shared,
)

LONG = "职工备注" * 100
SHARED = pd.StringDtype("python", na_value=np.nan)


def test_long_texts_that_few_cells_differ_in_are_spread_as_references() -> None:
    column = UniqueTexts([LONG, "短"], np.array([0, 1] * 50))
    texts = column.spread([LONG, None])
    assert is_shared(texts)
    assert texts[0] is texts[2]
    assert texts.isna().tolist() == [False, True] * 50


def test_texts_that_all_differ_are_spread_as_arrow() -> None:
    assert not is_shared(UniqueTexts(["甲", "乙"], np.array([1, 0])).spread(["一", "二"]))


@pytest.mark.parametrize("own", [["甲", "乙"], [None, "乙"]])
def test_two_columns_are_joined_once_for_each_pair_that_occurs(own: list[str | None]) -> None:
    asked = []

    def join(left: pa.Array, right: pa.Array) -> pa.Array:
        asked.append(len(left))
        return pc.binary_join_element_wise(
            left, right, pa.scalar("+", pa.large_string()), null_handling="replace", null_replacement=""
        )

    first = UniqueTexts(pa.array(own, pa.large_string()), np.array([0, 1, 0, 1, 0]))
    joined = first.joined(UniqueTexts(["一", "二", "三"], np.array([2, 0, 2, 1, 1])), join)
    assert asked == [4]
    left = [text or "" for text in own]
    assert joined.texts().tolist() == [
        f"{left[0]}+三",
        f"{left[1]}+一",
        f"{left[0]}+三",
        f"{left[1]}+二",
        f"{left[0]}+二",
    ]


def test_a_column_of_references_is_folded_text_by_text_and_stays_one() -> None:
    written = [f"{LONG} A", None, f"{LONG} A", "Ｂ"]
    shared = pd.Series(pd.array(written, dtype=SHARED), index=[3, 5, 7, 9])
    folded = fold_column(shared)
    assert is_shared(folded)
    assert folded.index.tolist() == [3, 5, 7, 9]
    assert folded.dropna().tolist() == [fold_label(text) for text in written if text]
    pd.testing.assert_series_equal(folded.astype("object"), fold_column(shared.astype("str")).astype("object"))


def test_long_texts_that_all_differ_are_not_held_a_second_time() -> None:
    written = pd.Series(pd.array([f"{at}{LONG}" for at in range(1000)], dtype="str"))
    distinct, codes = distinct_texts(written)
    assert distinct.buffers()[2].address == arrow_texts(written).buffers()[2].address
    assert codes.tolist() == list(range(1000))


def test_one_repeated_text_among_long_ones_is_one_text() -> None:
    written = pd.Series(pd.array([f"{at % 999}{LONG}" for at in range(1000)], dtype="str"))
    distinct, codes = distinct_texts(written)
    assert len(distinct) == 999
    assert codes[999] == codes[0]


def test_each_reference_is_changed_once() -> None:
    asked = []
    map_shared(pd.Series(pd.array([LONG, LONG, None, LONG], dtype=SHARED)), lambda text: asked.append(text) or "x")
    assert asked == [LONG]
