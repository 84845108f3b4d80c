"""What a file says about itself: the cover sheet 报送信息, the lines above the table, the signatures below it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, zip_longest

import pandas as pd

from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.label_text import fold_label
from nuanliu.contract.reloading import reloads_with_data
from nuanliu.domain.submission import SubmissionType
from nuanliu.intake.formats.workbook import Sheet
from nuanliu.intake.tables.header_labels import is_unit
from nuanliu.intake.values.unique_texts import clean_text
from nuanliu.intake.values.units import read_sheet_unit
from nuanliu.ooxml.addresses import column_index, column_letter

CONTACTS = frozenset({"contact_name", "contact_phone"})
_PARENS = re.compile(r"\([^()]{0,12}\)")
_MARKS = re.compile(r"[-()/、,;:+·—–&]")
_MOST_LABELS = 100
"""Of one cell: more are no form that anybody filled in."""
_STAMP = re.compile(r"[(（【]?(?:公章|盖章|签章|签字|签名)[)）】]?")


@dataclass(frozen=True, slots=True)
class Stated:
    """One labelled value: ``field`` is a key of ``cover_labels`` in vocabulary.yaml, ``cell`` holds the value."""

    field: str
    value: str
    cell: str


@reloads_with_data
@cache
def _labels() -> Mapping[str, str]:
    groups = input_contract().vocabulary["cover_labels"]
    return {fold_label(word): name for name, words in groups.items() for word in words}


@reloads_with_data
@cache
def _inline() -> re.Pattern[str]:
    words = sorted(_labels(), key=len, reverse=True)
    spaced = "|".join(r"\s*".join(map(re.escape, word)) for word in words)
    # 单位 must not be found inside 金额单位 or 填报单位, so nothing may be glued before a label.
    # Two stretches of blanks side by side would share a long one in as many ways as it has signs.
    return re.compile(rf"(?<![\u4e00-\u9fff])({spaced})\s*(?:[(（][^()（）]{{0,8}}[)）]\s*)?[:：]")


def is_cover(sheet: Sheet) -> bool:
    """Whether a sheet is the cover 报送信息."""
    return fold_label(sheet.name or "").startswith(fold_label(input_contract().vocabulary["cover_sheet"]))


def read_labelled_values(cells: pd.DataFrame, sheet: Sheet) -> tuple[Stated, ...]:
    """Every labelled value in some rows of a sheet: 填报单位:白银市总工会 in one cell, or a label with its value to the
    right of it, or below it.
    """
    at = {
        (row, str(letter)): text
        for letter in cells.columns
        for row, value in zip(cells.index.tolist(), cells[letter].tolist(), strict=True)
        if (text := clean_text(str(value)))
    }
    return tuple(_read_cells(at, sheet))


def _read_cells(at: Mapping[tuple[int, str], str], sheet: Sheet) -> Iterator[Stated]:
    width = {
        (area.first_row, column_letter(area.first_column - 1)): area.last_column - area.first_column
        for area in sheet.merged
    }
    for (row, letter), text in sorted(at.items(), key=lambda item: (item[0][0], column_index(item[0][1]))):
        matches = list(islice(_inline().finditer(text), _MOST_LABELS))
        for match, after in zip_longest(matches, matches[1:]):
            value = clean_text(_STAMP.sub("", text[match.end() : after.start() if after else None]))
            name = _labels()[fold_label(match[1])]
            if value and not (name == "union" and is_unit(value)):
                yield Stated(name, value, f"{letter}{row}")
        label = _label(text)
        if label is None or (matches and not text.rstrip().endswith((":", "："))):
            continue
        right = (row, column_letter(column_index(letter) + 1 + width.get((row, letter), 0)))
        below = (row + 1, letter)
        for place in (right, below):
            value = at.get(place, "")
            if value and _label(value) is None and not _inline().match(value):
                if not (label == "union" and is_unit(value)):
                    yield Stated(label, clean_text(_STAMP.sub("", value)), f"{place[1]}{place[0]}")
                break


def _label(text: str) -> str | None:
    """The field that a cell which is nothing but a label names."""
    return _labels().get(_PARENS.sub("", fold_label(text)).strip("*:"))


def without_contacts(text: str) -> str:
    """A text without the 填报人 and 联系电话 it states; what else it states stays. "" when nothing else is left."""
    matches = list(islice(_inline().finditer(text), _MOST_LABELS))
    if not matches:
        return ""
    parts = [text[: matches[0].start()]]
    for match, after in zip_longest(matches, matches[1:]):
        end = after.start() if after else len(text)
        is_contact = _labels()[fold_label(match[1])] in CONTACTS
        parts.append(match[0] if is_contact else text[match.start() : end])
        if is_contact and after:
            parts.append(" ")
    return "".join(parts).rstrip()


def sheet_unit(titles: pd.DataFrame) -> str | None:
    """The unit of the 单位:万元 line above a table, also as part of a title or as two cells."""
    for row in titles.index:
        texts = [text for value in titles.loc[row] if (text := clean_text(str(value)))]
        for text, after in zip_longest(texts, texts[1:], fillvalue=""):
            unit = read_sheet_unit(text)
            if unit is None and fold_label(text).rstrip(":").endswith("单位") and is_unit(after):
                unit = read_sheet_unit(f"单位:{after}")
            if unit:
                return unit
    return None


def first_stated(stated: Sequence[Stated], field: str) -> Stated | None:
    """The first value stated for a field."""
    return next((item for item in stated if item.field == field), None)


@reloads_with_data
@cache
def _types() -> Mapping[str, SubmissionType]:
    words = input_contract().vocabulary["submission_types"]
    return {fold_label(word): SubmissionType(name) for name, spelled in words.items() for word in spelled}


def read_submission_type(text: str) -> SubmissionType | None:
    """首报, 补报, 更正, 零报告 and what else they are called; None when it is none of them."""
    folded = fold_label(text)
    joined = _MARKS.sub("", folded)  # 更正(零报告) means both words, 补充(第二次) only the first
    return _types().get(folded) or _types().get(joined) or _types().get(_PARENS.sub("", folded))


@reloads_with_data
@cache
def _no_period() -> re.Pattern[str]:
    words = input_contract().vocabulary["cover_labels"]
    names = (*words["reported_on"], *words["contact_name"], *words["contact_phone"], *words["template_version"])
    return re.compile("|".join(r"\s*".join(map(re.escape, word)) for word in names))


def period_titles(titles: pd.DataFrame) -> tuple[str, ...]:
    """The texts above a table that may name a period; a date of signing names none."""
    return tuple(
        text
        for row in titles.index
        for value in titles.loc[row]
        if (text := clean_text(str(value)))
        and any(c.isdigit() or c in "一二三四五六七八九十〇零" for c in text)
        and not _no_period().search(text)
    )
