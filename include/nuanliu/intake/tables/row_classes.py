"""What each row below the header is: an activity, or a total, an example, a repeated header, a note or signature."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.label_text import fold_label
from nuanliu.contract.reloading import reloads_with_data
from nuanliu.intake.formats.void_colours import calls_colour_void
from nuanliu.intake.formats.workbook import Sheet
from nuanliu.intake.tables.header_labels import header_labels
from nuanliu.intake.tables.headers import Header, title_cells
from nuanliu.intake.tables.labelled_values import sheet_unit
from nuanliu.intake.tables.table_rows import TableRows, read_table_rows
from nuanliu.intake.values.coded_cells import names_category
from nuanliu.intake.values.unique_texts import UniqueTexts, clean_text, is_null

ACTIVITY, TOTAL, EXAMPLE, HEADER, NOTE = "activity", "total", "example", "header", "note"
_PUNCTUATION = re.compile(r"[():,.;、。,;:*\-—]")
_NUMBERED = re.compile(r"[(]?[一二三四五六七八九十]{1,3}[)、.]")
_HAS_DIGIT = re.compile(r"[0-9]")
_ZERO = re.compile(
    r"(?:本周|本期|本单位|本月|上周)*(?:暂|均)?(?:无|没有|未)(?:开展|组织|举办)?(?:任何|相关|其他|工会)*活动(?:开展)?"
)
# The columns whose cells may say 合计 or 示例 instead of what their header asks for.
_SAYING = (
    "ordinal",
    "activity_no",
    "reporting_union",
    "organizer_union",
    "activity_name",
    "category",
    "campaign",
    "activity_time",
    "start_date",
    "place",
    "item_name",
    "remarks",
    "long_measure",
)
# Columns that say something about the file or the row's place in it, and nothing about an activity.
_OF_FILE = ("ordinal", "reporting_union", "csv_period", "csv_type")


@dataclass(frozen=True)
class RowClasses:
    """``classes``: one per received row. ``zero_rows``: rows that say 零报告 or 本周无活动 instead of an activity.
    ``has_second_table``: below the header stands another, different one.
    """

    classes: npt.NDArray[np.str_]
    zero_rows: tuple[int, ...] = ()
    has_second_table: bool = False


@dataclass(frozen=True)
class ReadTable:
    """One table of a file, recognised: its rows with their classes, its 单位 line. ``titles``: the rows above it."""

    rows: TableRows
    classes: RowClasses
    unit: str | None
    titles: pd.DataFrame

    @property
    def is_activity(self) -> npt.NDArray[np.bool_]:
        """Rows that are activities."""
        return np.asarray(self.classes.classes == ACTIVITY, dtype=bool)

    @property
    def has_figures(self) -> npt.NDArray[np.bool_]:
        """Rows whose figures are read: activities and totals."""
        return np.isin(self.classes.classes, (ACTIVITY, TOTAL))


def read_table(sheet: Sheet, header: Header) -> ReadTable:
    """Read the rows below a header and say what each is."""
    rows = read_table_rows(sheet, header)
    titles = title_cells(sheet, header)
    return ReadTable(rows, classify_rows(rows.body, rows.labels, header, rows.wide_rows), sheet_unit(titles), titles)


@reloads_with_data
@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(fold_label(word) for word in input_contract().vocabulary[name])


@reloads_with_data
@cache
def _note_start() -> re.Pattern[str]:
    words = "|".join(sorted(map(re.escape, _words("note_words")), key=len, reverse=True))
    return re.compile(rf"[(]?(?:{words})(?:[(][^()]*[)])?[0-9]{{0,2}}[)]?(?:[:;、,.]|\Z)")


@reloads_with_data
@cache
def _zero_words() -> frozenset[str]:
    return frozenset(fold_label(word) for word in input_contract().vocabulary["submission_types"]["零报告"])


def says_total(text: str) -> bool:
    """合计, 小 计, 总计:"""
    return _PUNCTUATION.sub("", fold_label(text)) in _words("total_words")


def ends_in_total(text: str) -> bool:
    """白银市合计, 本页小计: a short label in the first cell of a row."""
    bare = _PUNCTUATION.sub("", fold_label(text))
    return len(bare) <= 12 and bare.endswith(tuple(_words("total_words")))


def says_example(text: str) -> bool:
    """示例, (例), 示例:…"""
    folded = fold_label(text).strip("()")
    for word in _words("example_words"):
        if folded.startswith(word):
            rest = folded[len(word) :].lstrip("0123456789一二三")
            if not rest or not ("\u4e00" <= rest[0] <= "\u9fff"):
                return True
    return False


def says_zero(text: str) -> bool:
    """零报告, 本周无活动, 本周未开展活动: a line that reports nothing."""
    bare = _PUNCTUATION.sub("", fold_label(text))
    if len(bare) > 24:
        return False
    return bare in _zero_words() or bool(_ZERO.fullmatch(bare)) or bare.startswith("零报告")


def says_note(text: str) -> bool:
    """备注:…, 填报人:…, (盖章)."""
    folded = fold_label(text)
    return bool(_note_start().match(folded)) or folded.strip("()") in {"盖章", "公章", "签章"} or "(盖章)" in folded


def classify_rows(
    body: pd.DataFrame, columns: Mapping[str, UniqueTexts], header: Header, wide_rows: frozenset[int]
) -> RowClasses:
    """Class of each received row.

    ``body``: the received rows, all columns by letter, index the sheet row. ``columns``: label columns by id, as long as
    ``body``. ``wide_rows``: sheet rows whose first text is merged over three columns or more.
    """
    classes = np.full(len(body), ACTIVITY, dtype="U8")
    if body.empty:
        return RowClasses(classes)
    name = _blank(columns, "activity_name", len(body))
    category = _blank(columns, "category", len(body))
    suspicious = name | category
    for column_id in _SAYING:
        if column_id in columns:
            column = columns[column_id]
            question = _is_suspicious if column_id == "remarks" else _is_suspicious_label
            suspicious |= column.where(column.marked(_sieve(), question))
    headings, second = _headings(columns, header)
    suspicious |= headings > 0
    letters = [str(letter) for letter in body.columns]
    name_letter = header.fields["activity_name"].letter if "activity_name" in header.fields else None
    about_file = {header.fields[column].letter for column in _OF_FILE if column in header.fields}
    is_known = _has_known_category(columns, len(body))
    zero_rows: list[int] = []
    signed: set[int] = set()
    after_note = has_second = False
    places = np.flatnonzero(suspicious)
    texts = body[suspicious].to_numpy(dtype=object)
    for at, row, values in zip(places.tolist(), body.index[suspicious].tolist(), texts, strict=True):
        cells = [
            (letter, text) for letter, value in zip(letters, values, strict=True) if (text := clean_text(str(value)))
        ]
        repeats = _repeats_header(cells, header)
        if repeats or headings[at] >= 3:
            classes[at] = HEADER
            has_second |= not repeats and bool(second[at])
            continue
        # a foot may use any column: 联系电话:… below 活动类别 is no category
        kind = _classify(cells, header, name_letter, is_bare=not is_known[at], is_wide=row in wide_rows)
        if row in signed:
            kind = NOTE
        if kind == ACTIVITY and after_note and category[at] and (name[at] or len(cells) == 1):
            kind = NOTE
        said = [text for letter, text in cells if letter not in about_file]
        says_nothing = any(map(says_zero, said)) if said else any(says_zero(text) for _, text in cells)
        if (len(cells) <= 4 and says_nothing) or (category[at] and _says_none(said)):
            kind = NOTE
            zero_rows.append(row)
        after_note |= kind == NOTE and row not in zero_rows
        classes[at] = kind
        if kind == NOTE and at + 1 < len(body) and _are_signed_below(cells, body.iloc[at + 1]):
            signed.add(int(body.index[at + 1]))
            classes[at + 1] = NOTE
    return RowClasses(classes, tuple(zero_rows), has_second)


def _has_known_category(columns: Mapping[str, UniqueTexts], length: int) -> npt.NDArray[np.bool_]:
    column = columns.get("category")
    if column is None:
        return np.zeros(length, dtype=bool)
    return column.where([names_category(value) for value in column.distinct])


def _are_signed_below(cells: Sequence[tuple[str, str]], below: pd.Series) -> bool:
    """Whether a row is nothing but 填报人, 审核人, 联系电话 …, and the row below has cells under these alone: the persons."""
    if len(cells) < 2 or any(fold_label(text).strip(":") not in _words("note_words") for _, text in cells):
        return False
    letters = {letter for letter, _ in cells}
    return {str(letter) for letter, text in below.items() if clean_text(str(text))} <= letters


def _says_none(said: Sequence[str]) -> bool:
    """Whether a row says 无 and nothing else: no activity this week (M19)."""
    return bool(said) and all(map(is_null, said)) and any("无" in text for text in said)


def _classify(
    cells: Sequence[tuple[str, str]], header: Header, name_letter: str | None, *, is_bare: bool, is_wide: bool
) -> str:
    saying = {header.fields[column].letter for column in _SAYING if column in header.fields}
    labels = [text for letter, text in cells if letter in saying or letter in header.unknown]
    first_letter, first = cells[0]
    if any(says_total(text) for text in labels) or (is_bare and ends_in_total(first)):
        return TOTAL
    remarks = header.fields["remarks"].letter if "remarks" in header.fields else None
    saying.discard(remarks or "")
    if any(says_example(text) for letter, text in cells if letter in saying or letter == first_letter):
        return EXAMPLE
    if len(cells) > 1 and all(says_note(text) for _, text in cells):
        return NOTE
    if not is_bare:
        return ACTIVITY
    # Only the first cell or the name may say so: a remark 备注:… beside an unknown category is no foot.
    name = next((text for letter, text in cells if letter == name_letter), first)
    if says_note(name):
        return NOTE
    is_alone = len(cells) == 1 and not _HAS_DIGIT.match(first)
    if is_alone and calls_colour_void(first):
        return NOTE
    is_heading = first_letter != name_letter and (_NUMBERED.match(fold_label(first)) or len(first) > 20)
    return NOTE if is_alone and (is_wide or is_heading) else ACTIVITY


def _blank(columns: Mapping[str, UniqueTexts], column_id: str, length: int) -> npt.NDArray[np.bool_]:
    column = columns.get(column_id)
    return column.is_null if column is not None else np.ones(length, dtype=bool)


@reloads_with_data
@cache
def _sieve() -> str:
    """Cheap sieve before the real questions: most of a million activity names stop here."""
    words = {*_words("total_words"), *_words("example_words")}
    notes = "|".join(r"\s*".join(map(re.escape, word)) for word in _words("note_words"))
    return "|".join(
        [r"\s*".join(map(re.escape, word)) for word in words] + [rf"^[(（]?(?:{notes})", "盖章", "[零无未没]"]
    )


def _is_suspicious_label(text: str) -> bool:
    return _is_suspicious(text) or says_note(text) or says_zero(text)


def _is_suspicious(text: str) -> bool:
    return says_total(text) or says_example(text)


def _headings(columns: Mapping[str, UniqueTexts], header: Header) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """How many cells of each row are headers of the contract, and whether they stand under other headers."""
    spellings = header_labels(is_long=header.is_long).spellings
    known = {*spellings, *(spelling.replace("(", "（").replace(")", "）") for spelling in spellings)}
    length = len(next(iter(columns.values()))) if columns else 0
    count = np.zeros(length, dtype="int64")
    moved = np.zeros(length, dtype=bool)
    for column_id, column in columns.items():
        letter = header.fields[column_id].letter if column_id in header.fields else ""
        own = {*header.texts.get(letter, ()), *header.written.get(letter, ())}
        is_own, is_known = column.among(own), column.among(known)
        if is_own.any() or is_known.any():
            count += column.where(is_own | is_known)
            moved |= column.where(is_known & ~is_own)
    return count, moved


def _repeats_header(cells: Sequence[tuple[str, str]], header: Header) -> bool:
    """Whether every cell says what the header says in its column, as on each printed page."""
    return len(cells) >= 2 and all(fold_label(text) in header.texts.get(letter, ()) for letter, text in cells)
