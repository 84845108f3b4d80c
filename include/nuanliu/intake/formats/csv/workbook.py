"""A text table (.csv, .txt) as a workbook of one sheet: pyarrow where every record has as many fields, else Python's csv.

The index is the record number as a spreadsheet shows it: blank lines count, line breaks inside quotes do not.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import chain, islice

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from nuanliu.intake.formats.csv.separators import find_header_record, sniff_separator
from nuanliu.intake.formats.csv.text_encoding import decode_text
from nuanliu.intake.formats.grids import MAX_BLANK_RUN, CellBudget, GridBuilder, frame_of_texts, share_repeated
from nuanliu.intake.formats.limits import ReadingLimits
from nuanliu.intake.formats.workbook import Refused, Sheet, Workbook
from nuanliu.ooxml.addresses import column_letter

_HEADER_WINDOW = 40
_SENTINEL = "\x00end\x00"
"""A record put after the last one; decoded text has no NUL. If it does not come back alone, a quote was left open."""


def read_delimited(data: bytes, limits: ReadingLimits) -> Workbook:
    """Read a text table. Raises: Refused for what is no readable text, an open quote, or too many rows or columns."""
    text, encoding = decode_text(data)
    # One kind of line break from here on, in fields too, as in the XML of an xlsx.
    text = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n\x1a")
    separator, text = _split_hint(text)
    if not text.strip():
        raise Refused("file.empty")
    separator = separator or sniff_separator(text)
    quotes = text.count('"')
    grid = None
    ragged: frozenset[int] = frozenset()
    if separator.isascii() and quotes % 2 == 0 and "\n\n" not in text and not text.startswith("\n"):
        head, encoded = text[: 1 << 16], f"{text}\n".encode()
        del text  # of a big file it is as much as the file
        grid = read_regular(encoded, head, separator, limits, has_quotes=quotes > 0)
        if grid is None:
            text = encoded[:-1].decode()
    if grid is None:
        grid, ragged = read_irregular(text, separator, limits)
    return Workbook(
        kind="csv",
        sheets=(Sheet(name=None, grid=grid),),
        encoding=encoding,
        separator=separator,
        ragged_rows=ragged,
    )


def read_regular(
    encoded: bytes, head: str, separator: str, limits: ReadingLimits, *, has_quotes: bool
) -> pd.DataFrame | None:
    """The grid of a table whose records all have as many fields; None when they have not.

    ``encoded``: UTF-8 with a line break at its end, without which a table of one record counts as empty. ``head``: how it begins.
    Raises: Refused for too many rows or columns, or a quoted field that swallowed whole records.
    """
    first = next(csv.reader(io.StringIO(head, newline=""), delimiter=separator))
    if len(first) > 10 * limits.max_columns:
        return None  # most are blank or it is refused; Arrow would make a column of each
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(encoded),
            read_options=arrow_csv.ReadOptions(autogenerate_column_names=True),
            parse_options=arrow_csv.ParseOptions(
                delimiter=separator, newlines_in_values=has_quotes, ignore_empty_lines=False
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types={f"f{at}": pa.large_string() for at in range(len(first))},
                strings_can_be_null=False,
                quoted_strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_columns != len(first):
        return None
    if table.num_rows > limits.max_rows:
        raise Refused("file.too_many_rows", limit=limits.max_rows, place="")
    if has_quotes:
        _refuse_swallowed(table, separator)
    return _trim(table, limits)


def read_irregular(text: str, separator: str, limits: ReadingLimits) -> tuple[pd.DataFrame, frozenset[int]]:
    """The grid of any table, and the records that do not have as many fields as the header.

    Raises: Refused for an open quote, or too many rows or columns.
    """
    records = _records(text, separator, limits)
    head = list(islice(records, _HEADER_WINDOW))
    fewest, most = _expected_widths(head)
    builder = GridBuilder(limits, CellBudget(limits, len(text)))
    ragged = set()
    for number, record in enumerate(chain(head, records), start=1):
        cells = {column: field for column, field in enumerate(record) if field}
        if not cells:
            continue
        builder.add_row(number, cells)
        if len(record) < fewest or max(cells) >= most:
            ragged.add(number)
        for field in cells.values():
            if "\n" in field and _has_swallowed(field, separator, most):
                raise Refused("file.open_quote", place=f"第{number}行")
    return builder.build(), frozenset(ragged)


def _split_hint(text: str) -> tuple[str | None, str]:
    """Excel's own first line ``sep=;``, which it does not show, and the text without it."""
    if text[:4].lower() == "sep=" and text[5:6] in ("\n", ""):
        return text[4:5] or None, text[6:]
    return None, text


def _records(text: str, separator: str, limits: ReadingLimits) -> Iterator[list[str]]:
    number = 1
    length = 0

    def counted() -> Iterator[str]:
        nonlocal length
        for line in chain(_lines(text), [_SENTINEL]):
            length += len(line)
            if length > limits.max_record_length:
                raise Refused("file.bomb", detail=f"第{number}行超过{limits.max_record_length}个字")
            yield line

    try:
        for record in csv.reader(counted(), delimiter=separator):
            if record == [_SENTINEL]:
                return
            if record and record[-1].endswith(_SENTINEL):
                break
            yield _within(record, number, limits)
            number += 1
            length = 0
    except csv.Error as error:  # a field beyond csv's own limit of 131072 characters
        raise Refused("file.open_quote", place=f"第{number}行") from error
    raise Refused("file.open_quote", place=f"第{number}行")


def _within(record: list[str], number: int, limits: ReadingLimits) -> list[str]:
    """The record without blank fields beyond the last column. Raises: Refused when one there is written."""
    if len(record) <= limits.max_columns:
        return record
    for at in range(len(record) - 1, limits.max_columns - 1, -1):
        if record[at] and not record[at].isspace():
            cell = f"{column_letter(at)}{number}"
            raise Refused("file.too_many_columns", limit=limits.max_columns, cell=cell, place="")
    return record[: limits.max_columns]


def _lines(text: str) -> Iterator[str]:
    """The lines without copying the whole text; str.splitlines would also split at U+2028 and form feeds."""
    start = 0
    while (end := text.find("\n", start)) >= 0:
        yield text[start : end + 1]
        start = end + 1
    yield text[start:] + "\n"


def _expected_widths(head: Sequence[Sequence[str]]) -> tuple[int, int]:
    """The fewest and the most fields a record may have: those of the header, its empty fields at the end optional."""
    at = find_header_record(head)
    if at is None:
        widths = [len(record) for record in head if any(record)]
        most = max(widths, key=widths.count, default=0)
        return most, most
    header = head[at]
    return max(column for column, field in enumerate(header) if field) + 1, len(header)


def _has_swallowed(field: str, separator: str, width: int) -> bool:
    """Whether a quoted field holds a whole record: its quote was closed by that of another field."""
    return width > 2 and any(line.count(separator) >= width - 1 for line in field.split("\n"))


def _refuse_swallowed(table: pa.Table, separator: str) -> None:
    width = table.num_columns
    for column in table.columns:
        suspects = pc.and_(
            pc.match_substring(column, "\n"), pc.greater_equal(pc.count_substring(column, separator), width - 1)
        )
        if not pc.any(suspects).as_py():
            continue
        for row in pc.indices_nonzero(suspects).to_pylist():
            if _has_swallowed(column[row].as_py(), separator, width):
                raise Refused("file.open_quote", place=f"第{row + 1}行")


def _trim(table: pa.Table, limits: ReadingLimits) -> pd.DataFrame:
    used_rows = np.zeros(table.num_rows, dtype=bool)
    width = 0
    for at, column in enumerate(table.columns):
        used = pc.greater(pc.binary_length(column), 0).to_numpy()
        if used.any():
            used_rows |= used
            width = at + 1
    if width > limits.max_columns:
        cell = f"{column_letter(width - 1)}1"
        raise Refused("file.too_many_columns", limit=limits.max_columns, cell=cell, place="")
    kept = _kept_rows(np.flatnonzero(used_rows))
    CellBudget(limits, 0).spend(len(kept) * width)
    columns = table.columns[:width]
    if len(kept) < table.num_rows:
        columns = [column.take(kept) for column in columns]
    return frame_of_texts([share_repeated(column) for column in columns], kept + 1)


def _kept_rows(used: np.ndarray) -> np.ndarray:
    """The rows from the first to the last used one, without runs of more than a thousand blank ones."""
    if not len(used):
        return used
    kept = np.ones(used[-1] - used[0] + 1, dtype=bool)
    for at in np.flatnonzero(np.diff(used) - 1 > MAX_BLANK_RUN):
        kept[used[at] - used[0] + 1 : used[at + 1] - used[0]] = False
    rows: np.ndarray = np.flatnonzero(kept) + used[0]
    return rows
