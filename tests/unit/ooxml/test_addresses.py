import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.utils.cell import coordinate_from_string, range_boundaries

from nuanliu.ooxml.addresses import (
    LAST_COLUMN,
    LAST_ROW,
    address,
    area,
    column_index,
    column_letter,
    is_address,
    letters_of,
    place,
    row_of,
)

ROWS = st.integers(1, LAST_ROW)
COLUMNS = st.integers(1, LAST_COLUMN)
PLACES = st.tuples(ROWS, COLUMNS)


def test_every_column_goes_to_letters_and_back():
    for column in range(LAST_COLUMN):
        letters = column_letter(column)
        assert letters == get_column_letter(column + 1)
        assert column_index(letters) == column == column_index_from_string(letters) - 1


@given(PLACES)
def test_a_place_goes_to_its_address_and_back(at: tuple[int, int]):
    written = address(*at)
    assert is_address(written)
    assert place(written) == at
    assert (
        coordinate_from_string(written) == (letters_of(written), row_of(written)) == (column_letter(at[1] - 1), at[0])
    )


@given(PLACES, st.booleans(), st.booleans())
def test_dollars_change_no_place(at: tuple[int, int], with_column: bool, with_row: bool):
    row, column = at
    written = f"{'$' * with_column}{column_letter(column - 1)}{'$' * with_row}{row}"
    assert place(written) == at
    assert is_address(written) is not (with_column or with_row)


@given(PLACES, PLACES)
def test_an_area_is_its_two_corners(first: tuple[int, int], last: tuple[int, int]):
    assert area(f"{address(*first)}:{address(*last)}") == (*first, *last)
    assert area(address(*first)) == (*first, *first)


def test_areas_are_read_as_openpyxl_reads_them():
    left, top, right, bottom = range_boundaries("$B$2:AA10")
    assert area("$B$2:AA10") == (top, left, bottom, right)


@pytest.mark.parametrize("text", ["", "A", "7", "a1", "A1 ", "A1:B2", "AAAA1", "A12345678", "Å1", "A１", "A-1", "A1\n"])
def test_what_is_no_address_is_refused(text: str):
    assert not is_address(text)
    with pytest.raises(ValueError, match="no address"):
        place(text)


@pytest.mark.parametrize("text", ["A1:", ":A1", "A1:B2:C3", "A:", "A:2", "A:B:C"])
def test_what_is_no_area_is_refused(text: str):
    with pytest.raises(ValueError, match="no address"):
        area(text)


@pytest.mark.parametrize(("text", "places"), [("A:B", (1, 1, 1_048_576, 2)), ("1:2", (1, 1, 2, 16_384))])
def test_whole_columns_and_rows_are_areas(text: str, places: tuple[int, int, int, int]):
    assert area(text) == places


@pytest.mark.parametrize("letters", ["", "XFE", "AAAA", "a", "A1", "Ａ"])
def test_what_is_no_column_is_refused(letters: str):
    with pytest.raises(ValueError, match="no column"):
        column_index(letters)


def test_a_comment_beyond_the_last_column_keeps_its_place():
    assert place("ZZZ1") == (1, 18278)
    assert address(1, 18278) == "ZZZ1"
