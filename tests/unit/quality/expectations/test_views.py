"""A view gives what the frame gives, faster."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from nuanliu.quality.expectations.views import View, views_of

NAMES = ["people", "name", "end_on"]


def frame_of(rows: list[tuple[float | None, str | None, str | None]]) -> pd.DataFrame:
    """A number, a text and a day a row; rows are labelled as ids are, not from nought."""
    frame = pd.DataFrame(rows, columns=NAMES, index=pd.Index(range(7, 7 + 2 * len(rows), 2), name="activity_id"))
    return frame.astype({"people": "float64", "name": "str", "end_on": "datetime64[ns]"})


rows = st.lists(
    st.tuples(
        st.none() | st.floats(-5, 5),
        st.none() | st.sampled_from(["", "慰问", "a"]),
        st.none() | st.just("2024-12-03"),
    ),
    max_size=4,
)


def view(frame: pd.DataFrame) -> View:
    (only,) = views_of(frame, [NAMES])
    return only


@given(rows=rows, picked=st.lists(st.sampled_from(NAMES), min_size=1, max_size=3))
def test_columns_are_picked_as_from_the_frame(
    rows: list[tuple[float | None, str | None, str | None]], picked: list[str]
) -> None:
    frame = frame_of(rows)
    assert_frame_equal(view(frame)[picked], frame[picked], check_column_type=False)
    assert view(frame)[picked[0]].equals(frame[picked[0]])


@given(rows=rows, how=st.sampled_from(["any", "all"]), subset=st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
def test_rows_that_are_not_filled_are_left_out_as_by_the_frame(
    rows: list[tuple[float | None, str | None, str | None]], how: str, subset: list[str]
) -> None:
    frame = frame_of(rows)
    assert_frame_equal(
        pd.DataFrame(view(frame).dropna(axis=0, how=how, subset=subset)),
        frame.dropna(axis=0, how=how, subset=subset),  # type: ignore[call-overload]
        check_column_type=False,
    )


def test_what_is_asked_otherwise_is_answered_by_pandas() -> None:
    frame = frame_of([(1.0, None, None), (None, None, None)])
    for more in ({"axis": 1, "how": "all"}, {"how": "all"}, {"thresh": 2}):
        assert_frame_equal(view(frame).dropna(**more), frame.dropna(**more), check_column_type=False)  # type: ignore[arg-type,call-overload]


def test_a_column_that_is_absent_is_missing_in_the_view_and_no_other() -> None:
    (some,) = views_of(frame_of([(1.0, "a", None)]), [("people", "gone", "name")])
    assert list(some.columns) == ["people", "name"]
    with pytest.raises(KeyError):
        some[["people", "gone"]]


def test_the_frame_keeps_its_own_columns() -> None:
    frame = frame_of([(1.0, "a", None)])
    before = frame.columns
    view(frame)
    assert frame.columns is before
