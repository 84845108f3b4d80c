"""The rows of a table: which are received, merged labels filled down, 同上 replaced by what stands above."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.label_text import fold_label
from nuanliu.contract.reloading import reloads_with_data
from nuanliu.intake.formats.workbook import Sheet
from nuanliu.intake.tables.header_labels import UNIT_OF
from nuanliu.intake.tables.headers import Header
from nuanliu.intake.values.unique_texts import UniqueTexts, arrow_texts, distinct_texts, is_shared
from nuanliu.ooxml.addresses import column_letter

# Figures are never copied to another row; a number of one's own neither.
_NEVER_FILLED = frozenset({"long_value", "ordinal"})
WIDE_SPAN = 3
_ORDINAL = r"[\s\d.、,()()]*\Z"
_BLANK = "^[\\s\u00a0\u3000\u200b-\u200f\u2060\ufeff\u00ad]*$"


@dataclass(frozen=True)
class TableRows:
    """The received rows of one sheet.

    ``body``: all columns by letter, index the sheet row. ``labels``: label columns by id as distinct texts, as long as
    ``body``. ``wide_rows``: rows whose first text is merged over three columns or more. ``merged_figures``: (row,
    column id) of figures merged over several received rows; the figure counts in the first.
    """

    sheet: Sheet
    header: Header
    body: pd.DataFrame
    labels: Mapping[str, UniqueTexts]
    wide_rows: frozenset[int] = frozenset()
    merged_figures: tuple[tuple[int, str], ...] = field(default=())

    def letter(self, column_id: str) -> str | None:
        """Where a column stands."""
        found = self.header.fields.get(column_id)
        return found.letter if found else None


@reloads_with_data
@cache
def _same_words() -> frozenset[str]:
    return frozenset(fold_label(word) for word in input_contract().vocabulary["same_as_above"])


def read_table_rows(sheet: Sheet, header: Header) -> TableRows:
    """Every non-blank row below the header; a row with nothing but its 序号 is blank."""
    below = sheet.grid.loc[header.last_row + 1 :]
    ordinal = header.fields.get("ordinal")
    counted = [letter for letter in below.columns if ordinal is None or letter != ordinal.letter]
    received = _has_text(below[counted])
    if ordinal is not None:  # words under 序号 (备注:…, 合计) are a row of their own, a bare number is not
        received |= ~below[ordinal.letter].str.match(_ORDINAL)
    body = below if received.all() else below.loc[received]
    numbers = body.index.to_numpy()
    by_letter = {column.letter: column for column in header.fields.values()}
    copied: dict[str, dict[int, str]] = {}
    merged_figures = []
    wide_rows = set()
    for area in sheet.merged:
        if area.last_row <= header.last_row:
            continue
        if area.last_column - area.first_column + 1 >= WIDE_SPAN:
            wide_rows.add(area.first_row)
        column = by_letter.get(column_letter(area.first_column - 1))
        if area.last_row == area.first_row or column is None:
            continue
        first, end = np.searchsorted(numbers, (area.first_row, area.last_row + 1)).tolist()
        if end - first < 2 or numbers[first] != area.first_row:
            continue
        lower = numbers[first + 1 : end].tolist()
        text = str(body.loc[area.first_row, column.letter])
        if not text.strip():
            continue
        if column.is_measure or column.id in _NEVER_FILLED or column.id.startswith(UNIT_OF):
            if column.is_measure or column.id == "long_value":
                merged_figures.append((area.first_row, column.id))
            continue
        copied.setdefault(column.letter, {}).update(dict.fromkeys(lower, text))
    labels = {}
    for column in header.fields.values():
        if column.is_measure or column.id in ("long_value", "ordinal"):
            continue
        texts = body[column.letter]
        if column.letter in copied:
            texts = texts.copy()
            texts.loc[list(copied[column.letter])] = list(copied[column.letter].values())
        labels[column.id] = _fill_same(UniqueTexts.of(texts))
    if ordinal is not None:
        labels["ordinal"] = UniqueTexts.of(body[ordinal.letter])
    return TableRows(sheet, header, body, labels, frozenset(wide_rows), tuple(merged_figures))


def _has_text(cells: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Which rows have a cell with something visible in it."""
    has_text = np.zeros(len(cells), dtype=bool)
    for letter in cells.columns:
        if has_text.all():
            break
        if is_shared(cells[letter]):
            distinct, codes = distinct_texts(cells[letter])
            has_text |= _is_visible(distinct)[codes]
            continue
        texts = arrow_texts(cells[letter])
        written = pc.not_equal(texts, "").to_numpy(zero_copy_only=False)
        new = np.flatnonzero(written & ~has_text)
        if len(new):
            has_text[new[_is_visible(texts.take(new))]] = True
    return has_text


def _is_visible(texts: pa.Array) -> npt.NDArray[np.bool_]:
    visible = pc.invert(pc.match_substring_regex(texts, _BLANK)).to_numpy(zero_copy_only=False)
    return np.asarray(visible, dtype=bool)


def _fill_same(column: UniqueTexts) -> UniqueTexts:
    """Replace 同上 and 〃 by the text above, through any number of them."""
    same = column.marked("^.{1,4}$", lambda text: fold_label(text) in _same_words())
    if not any(same):
        return column
    marked = column.where(same)
    source = np.where(marked, 0, np.arange(len(marked)))
    np.maximum.accumulate(source, out=source)
    codes = column.codes[source]
    if marked[0]:  # nothing stands above the first row
        values = [*column.distinct, ""]
        codes = np.where(np.asarray(same)[codes], len(values) - 1, codes)
        return UniqueTexts(values, codes)
    return UniqueTexts(column.distinct, codes)
