"""Rows as the binary COPY of PostgreSQL takes them, put together by Arrow for thousands of rows at once.

A field is its length in four bytes and its bytes; a missing one has the length -1 and no bytes. A part is a column of such
bytes, or one for every row; the parts of a row stand behind one another in the order of the table's columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Part = Any
"""An Arrow array of large_binary without nulls, or a scalar of it."""
Numbers = npt.NDArray[Any]
NumberField = tuple[Numbers | int, str]
"""Values, or one for every row, and their big-endian type: ">i4"."""
_BYTES = pa.large_binary()
_NUL = "\0"
_MISSING = b"\xff\xff\xff\xff"
_INT2, _INT4 = ">i2", ">i4"
_EPOCH = np.datetime64("2000-01-01", "D")
"""PostgreSQL counts days from here."""
_NOT_HEX = 255
_DIGITS = np.full(256, _NOT_HEX, dtype="uint8")
_DIGITS[np.frombuffer(b"0123456789abcdef", dtype="uint8")] = np.arange(16)


def constant(value: bytes) -> Part:
    """One field for every row."""
    return pa.scalar(len(value).to_bytes(4) + value, _BYTES)


def numbers(columns: Sequence[NumberField]) -> Part:
    """Fields that stand behind one another and are never missing."""
    names = [f"{what}{place}" for place in range(len(columns)) for what in ("length", "value")]
    kinds = [kind for _, of_value in columns for kind in (_INT4, of_value)]
    length = next(len(values) for values, _ in columns if not isinstance(values, int))
    records = np.empty(length, dtype=list(zip(names, kinds, strict=True)))
    for place, (values, kind) in enumerate(columns):
        records[f"length{place}"] = np.dtype(kind).itemsize
        records[f"value{place}"] = values
    return _of_one_size(records)


def optional_numbers(values: Numbers, kind: str, is_missing: npt.NDArray[np.bool_]) -> Part:
    """A field of numbers where it is not missing."""
    if is_missing.all():
        return pa.scalar(_MISSING, _BYTES)
    part = numbers([(np.where(is_missing, 0, values), kind)])
    return part if not is_missing.any() else pc.if_else(pa.array(is_missing), pa.scalar(_MISSING, _BYTES), part)


def day_numbers(days: Numbers) -> tuple[Numbers, npt.NDArray[np.bool_]]:
    """Instants as PostgreSQL's days, and which are missing."""
    of_days = days.astype("datetime64[D]")
    return (of_days - _EPOCH).astype("int64"), np.isnat(of_days)


def days(column: Numbers) -> Part:
    """A field of dates."""
    values, is_missing = day_numbers(column)
    return optional_numbers(values, _INT4, is_missing)


def texts(column: pa.Array) -> list[Part]:
    """A field of texts where they are not null. NUL, which PostgreSQL's text cannot hold, becomes U+FFFD."""
    if column.null_count == len(column):
        return [pa.scalar(_MISSING, _BYTES)]
    if pc.any(pc.match_substring(column, _NUL)).as_py():
        column = pc.replace_substring(column, _NUL, "\N{REPLACEMENT CHARACTER}")
    return values(column.cast(_BYTES))


def values(column: pa.Array) -> list[Part]:
    """A field of bytes where they are not null."""
    lengths = pc.fill_null(pc.binary_length(column), -1).to_numpy(zero_copy_only=False).astype(_INT4)
    return [_of_one_size(lengths), pc.fill_null(column, b"") if column.null_count else column]


def unhex(column: pa.Array) -> pa.Array:
    """The bytes that texts write in hex. Raises: ValueError when one does not."""
    column = column.cast(pa.large_string())
    _, offsets, data = column.buffers()
    ends = np.frombuffer(offsets, dtype="int64")[column.offset : column.offset + len(column) + 1]
    written = np.frombuffer(data, dtype="uint8")[ends[0] : ends[-1]] if data else np.empty(0, "uint8")
    digits = _DIGITS[written]
    if column.null_count or (np.diff(ends) % 2).any() or (digits == _NOT_HEX).any():
        raise ValueError("a hash is not written in hex")
    return _from_ends((ends - ends[0]) // 2, digits[0::2] << 4 | digits[1::2])


def joined(parts: Sequence[Part]) -> pa.Array:
    """The parts behind one another, row by row."""
    return pc.binary_join_element_wise(*parts, pa.scalar(b"", _BYTES))


def rows(field_count: int, parts: Sequence[Part]) -> memoryview:
    """The bytes of whole rows."""
    return content(joined([pa.scalar(field_count.to_bytes(2), _BYTES), *parts]))


def content(column: pa.Array) -> memoryview:
    """The bytes of all rows."""
    _, offsets, data = column.buffers()
    ends = np.frombuffer(offsets, dtype="int64")
    return memoryview(data)[int(ends[column.offset]) : int(ends[column.offset + len(column)])]


def _of_one_size(records: Numbers) -> pa.Array:
    ends = np.arange(len(records) + 1, dtype="int64") * records.dtype.itemsize
    return _from_ends(ends, records)


def _from_ends(ends: Numbers, data: Numbers) -> pa.Array:
    buffers = [None, pa.py_buffer(np.ascontiguousarray(ends)), pa.py_buffer(np.ascontiguousarray(data))]
    return pa.LargeBinaryArray.from_buffers(_BYTES, len(ends) - 1, buffers)
