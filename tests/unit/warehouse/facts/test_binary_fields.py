"""The bytes of a row as PostgreSQL's documentation of COPY lays them down."""

from __future__ import annotations

import struct
from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from nuanliu.warehouse.facts import binary_fields as fields

NULL = struct.pack(">i", -1)


def text_column(*values: str | None) -> pa.Array:
    return pa.array(values, pa.large_string())


def field(value: bytes) -> bytes:
    return struct.pack(">i", len(value)) + value


def test_a_row_is_its_number_of_fields_and_each_field_its_length_and_its_bytes() -> None:
    parts = [
        fields.numbers([(np.array([7, -1]), ">i4"), (np.array([True, False]), "u1")]),
        *fields.texts(text_column("甲", None)),
        fields.constant(b"joint"),
    ]
    first = struct.pack(">h", 4) + field(struct.pack(">i", 7)) + field(b"\1") + field("甲".encode()) + field(b"joint")
    second = struct.pack(">h", 4) + field(struct.pack(">i", -1)) + field(b"\0") + NULL + field(b"joint")
    assert bytes(fields.rows(4, parts)) == first + second


def test_one_number_for_every_row_stands_in_every_row() -> None:
    parts = [fields.numbers([(np.array([1, 2]), ">i2"), (9, ">i8")])]
    of_row = [field(struct.pack(">h", number)) + field(struct.pack(">q", 9)) for number in (1, 2)]
    assert bytes(fields.rows(2, parts)) == b"".join(struct.pack(">h", 2) + row for row in of_row)


@pytest.mark.parametrize("missing", [[True, True], [False, True], [False, False]])
def test_a_missing_number_has_no_bytes(missing: list[bool]) -> None:
    part = fields.optional_numbers(np.array([5, 6]), ">i4", np.array(missing))
    wanted = [NULL if gone else field(struct.pack(">i", number)) for number, gone in zip((5, 6), missing, strict=True)]
    whole = fields.rows(2, [fields.numbers([(np.array([1, 1]), ">i2")]), part])
    begun = struct.pack(">h", 2) + field(struct.pack(">h", 1))
    assert bytes(whole) == b"".join(begun + each for each in wanted)


def test_days_are_counted_from_2000() -> None:
    days = np.array(["2000-01-01", "1999-12-31", "2024-12-02", "NaT"], dtype="datetime64[ns]")
    values, is_missing = fields.day_numbers(days)
    assert values[:3].tolist() == [0, -1, (date(2024, 12, 2) - date(2000, 1, 1)).days]
    assert is_missing.tolist() == [False, False, False, True]


def test_an_empty_text_is_not_a_missing_one_and_nul_is_replaced() -> None:
    whole = fields.joined(fields.texts(text_column("", None, "a\0b")))
    assert whole.to_pylist() == [field(b""), NULL, field("a\N{REPLACEMENT CHARACTER}b".encode())]


def test_a_slice_of_a_column_is_written_and_not_what_stands_around_it() -> None:
    column = text_column("before", "甲", None, "after").slice(1, 2)
    assert fields.joined(fields.texts(column)).to_pylist() == [field("甲".encode()), NULL]
    assert fields.unhex(text_column("zz", "00ff", "", "1").slice(1, 2)).to_pylist() == [b"\x00\xff", b""]


@pytest.mark.parametrize("text", ["0g", "0", "AB", None])
def test_what_is_no_hash_is_refused(text: str | None) -> None:
    with pytest.raises(ValueError, match="not written in hex"):
        fields.unhex(text_column("00", text))
