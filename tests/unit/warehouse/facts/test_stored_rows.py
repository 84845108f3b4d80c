"""What the figures' table leaves out because its view says it again."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuanliu.ooxml.addresses import address
from nuanliu.warehouse.facts.stored_rows import _column_numbers, _key_bytes, _unprinted

PRINTED = {
    120000: "1200",
    1: "0.01",
    10: "0.1",
    3550: "35.5",
    0: "0",
    999999999999999999: "9999999999999999.99",
    105: "1.05",
}


@pytest.mark.parametrize(("cents", "text"), PRINTED.items())
def test_a_text_that_the_value_prints_is_left_out_and_no_other(cents: int, text: str) -> None:
    for written, kept in ((text, None), (f"{text}人", f"{text}人"), (f"{text}.0", f"{text}.0"), ("", "")):
        assert _unprinted(pa.array([written], pa.large_string()), np.array([cents])).to_pylist() == [kept]


def test_the_text_of_a_negative_value_is_kept() -> None:
    raw = pa.array(["-1", "-0.01", "-1"], pa.large_string())
    assert _unprinted(raw, np.array([-100, -1, 9900])).to_pylist() == ["-1", "-0.01", "-1"]


@given(st.lists(st.tuples(st.integers(1, 1_048_576), st.integers(1, 16_384)), min_size=1, max_size=20))
def test_a_cell_is_its_row_and_the_number_of_its_column(places: list[tuple[int, int]]) -> None:
    cells = pa.array([address(*each) for each in places], pa.large_string())
    assert _column_numbers(cells).tolist() == [column for _, column in places]


def test_a_cell_without_a_column_is_refused() -> None:
    with pytest.raises(ValueError, match="is no column"):
        _column_numbers(pa.array(["A1", "1"], pa.large_string()))


def test_a_key_is_its_hash_in_bytes_and_what_stands_behind_it() -> None:
    digits = "00ff" * 8
    keys = pa.array([digits, f"{digits}/620402/2024"], pa.large_string())
    assert _key_bytes(keys).to_pylist() == [bytes.fromhex(digits), bytes.fromhex(digits) + b"/620402/2024"]
    with pytest.raises(ValueError, match="hex"):
        _key_bytes(pa.array(["慰问"], pa.large_string()))
