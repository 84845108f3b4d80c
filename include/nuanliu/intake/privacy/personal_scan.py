"""Look for personal data in every corner of a file, and mask it before anything is derived from the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from nuanliu.contract.rules import rule_registry
from nuanliu.domain.findings import Finding
from nuanliu.intake.formats.merged_areas import with_covered
from nuanliu.intake.formats.workbook import Sheet, Workbook
from nuanliu.intake.privacy.filled_labels import LabelCell, filled_labels
from nuanliu.intake.privacy.number_columns import (
    Column,
    NumberCell,
    NumberText,
    doubtful_places,
    judge_column,
    list_rows,
)
from nuanliu.intake.privacy.personal_data import (
    ID_NUMBER,
    MOBILE,
    SIEVE,
    PersonalNumber,
    find_personal_numbers,
    mask_if_any,
    mask_text,
    names_person,
)
from nuanliu.intake.privacy.personal_labels import personal_header, personal_words
from nuanliu.intake.privacy.personal_places import places_of_persons
from nuanliu.intake.values.unique_texts import arrow_texts, distinct_texts, is_shared, text_bytes

Place = tuple[str | None, str]
"""(sheet, cell)."""

_FEWEST_DIGITS = 11
_BYTES_AT_A_TIME = 1 << 20
"""Bounds what is held beside a column while its digits are counted: six bytes for each of text."""
_LONGEST_LABEL = 30
_MOST_PLACES = 20
"""How many places of persons a receipt names."""


class Stray(NamedTuple):
    """A personal number in one cell or its comment. ``masked`` is how the first one is shown. ``is_doubtful``: may be none."""

    sheet: Sheet
    cell: str
    row: int
    column: str
    kind: str
    masked: str
    is_comment: bool = False
    is_doubtful: bool = False


@dataclass(frozen=True)
class PersonalScan:
    """What was found. ``workbook`` is the file with every number masked; ``person_level``: sheet and place."""

    workbook: Workbook
    person_level: tuple[tuple[str, str], ...] = ()
    strays: tuple[Stray, ...] = ()
    is_in_file_name: bool = False
    is_in_properties: bool = False
    in_drawings: tuple[str, ...] = ()
    """Names of sheets with a personal number in a text box or shape."""
    exempt: frozenset[Place] = field(default_factory=frozenset)


def scan_workbook(workbook: Workbook, file_name: str, contacts: frozenset[Place]) -> PersonalScan:
    """Scan every cell of every sheet, hidden ones too, comments, drawings, sheet names, file name and properties.

    ``contacts``: cells of 填报人 and 联系电话 on the cover or in the foot; a telephone there is no finding, an identity
    number is.
    """
    person_level: list[tuple[str, str]] = []
    strays: list[Stray] = []
    sheets: list[Sheet] = []
    in_drawings: list[str] = []
    for sheet in workbook.sheets:
        written = replace(sheet, grid=with_covered(sheet))  # what a merged area hides is in the file all the same
        hits = _hits(written)
        name = mask_text(sheet.name or "")
        found: list[tuple[int, str, PersonalNumber]] = []
        cells: dict[str, list[NumberCell]] = {}
        changed: dict[str, dict[int, str]] = {}
        covered = {(row, letter) for letter in sheet.covered.columns for row in _written_rows(sheet.covered[letter])}
        seen: dict[str, NumberText] = {}
        for row, column, text in hits:
            is_contact = bool(contacts) and (sheet.name, f"{column}{row}") in contacts
            said = seen.get(text)
            if said is None:
                said = seen[text] = NumberText(text, find_personal_numbers(text))
            numbers = said.numbers
            if is_contact and MOBILE in said.kinds:
                numbers = tuple(number for number in numbers if number.kind != MOBILE)
            if not numbers:
                continue
            if (row, column) not in covered:
                changed.setdefault(column, {})[row] = said.masked
            found.append((row, column, numbers[0]))
            cells.setdefault(column, []).append(
                NumberCell(row, said if numbers is said.numbers else NumberText(text, numbers))
            )
        columns = {column: judge_column(written, column, some) for column, some in cells.items()}
        listed = {column: cells[column] for column, what in columns.items() if what is Column.PERSONS}
        labels = filled_labels(written, _label_cells(written))
        places = places_of_persons(written, labels, listed, list_rows(cells, columns))
        person_level += [(name, place) for place in places]
        doubtful = doubtful_places(columns, cells)
        strays += [
            Stray(
                sheet, cell := f"{column}{row}", row, column, number.kind, number.masked, is_doubtful=cell in doubtful
            )
            for row, column, number in found
        ]
        comments = {}
        for cell, comment in sheet.comments.items():
            comments[cell] = mask_text(comment)
            if numbers := find_personal_numbers(comment):
                row = int(re.sub(r"\D", "", cell))
                column = re.sub(r"\d", "", cell)
                strays.append(Stray(sheet, cell, row, column, numbers[0].kind, numbers[0].masked, is_comment=True))
        drawn = [text for text in sheet.drawn.texts if find_personal_numbers(text)]
        if drawn:
            in_drawings.append(name)
        if sum(any(n.kind == ID_NUMBER for n in find_personal_numbers(text)) for text in drawn) >= 2:
            person_level.append((name, "文本框"))
        sheets.append(replace(sheet, grid=_masked(sheet.grid, changed), comments=comments))
    in_names = any(find_personal_numbers(sheet.name or "") for sheet in workbook.sheets)
    return PersonalScan(
        workbook=replace(workbook, sheets=tuple(sheets)),
        person_level=tuple(dict.fromkeys(person_level)),
        strays=tuple(strays),
        is_in_file_name=names_person(file_name) or names_person(workbook.zipped_as or ""),
        is_in_properties=in_names or any(find_personal_numbers(value) for value in workbook.properties.values()),
        in_drawings=tuple(in_drawings),
        exempt=contacts,
    )


def person_level_findings(scan: PersonalScan) -> tuple[Finding, ...]:
    """The finding that sends a file of single persons to quarantine; none when there is no such column."""
    if not scan.person_level:
        return ()
    by_sheet: dict[str, list[str]] = {}
    for name, place in scan.person_level[:_MOST_PLACES]:
        by_sheet.setdefault(f"“{name}”表" if name else "文件", []).append(place)
    places = ";".join(f"{name}的 {'、'.join(some)} " for name, some in by_sheet.items())
    more = len(scan.person_level) - _MOST_PLACES
    places += f"等 {len(scan.person_level)} 处" if more > 0 else ""
    return (rule_registry()["pii.person_level"].finding(places=mask_text(places)),)


def stray_findings(
    scan: PersonalScan, place_of: Callable[[str | None, Stray], tuple[int | None, str | None]]
) -> list[Finding]:
    """One warning per cell with a stray number. ``place_of``: masked sheet name and stray → id of the received row and of the
    column that it stands in.
    """
    rules = rule_registry()
    findings: list[Finding] = []
    masked = {name: mask_if_any(name) for name in {stray.sheet.name for stray in scan.strays}}
    words = {stray.kind: {"kind": stray.kind} for stray in scan.strays}
    for stray in scan.strays:
        sheet = masked[stray.sheet.name]
        row_id, column_id = place_of(sheet, stray)
        findings.append(
            rules[_rule_of(stray)].late_finding(
                sheet=sheet,
                cell=stray.cell,
                row=stray.row,
                column_id=column_id,
                value=stray.masked,
                row_id=row_id,
                words=words[stray.kind],
                veil=mask_text,
            )
        )
    if scan.is_in_file_name:
        findings.append(rules["pii.file_name.masked"].finding())
    if scan.in_drawings:
        findings.append(rules["pii.drawing.masked"].finding(sheets="、".join(f"“{name}”" for name in scan.in_drawings)))
    if scan.is_in_properties:
        findings.append(rules["pii.properties.masked"].finding())
    return findings


def _rule_of(stray: Stray) -> str:
    if stray.is_comment:
        return "pii.comment.masked"
    return "pii.number.doubtful" if stray.is_doubtful else "pii.number.masked"


def _hits(sheet: Sheet) -> list[tuple[int, str, str]]:
    """Cells that may hold a personal number: (row, column, text)."""
    hits = []
    rows = sheet.grid.index
    for column in sheet.grid.columns:
        if is_shared(sheet.grid[column]):
            texts, codes = distinct_texts(sheet.grid[column])
            named = {at: texts[at].as_py() for at in _possible(texts)}
            cells = [(at, named[code]) for at, code in enumerate(codes.tolist()) if code in named] if named else []
        else:
            texts = arrow_texts(sheet.grid[column])
            places = list(_possible(texts))
            cells = list(zip(places, texts.take(pa.array(places, pa.int64())).to_pylist(), strict=True))
        row_of = rows.to_numpy()[[at for at, _ in cells]].tolist()
        hits += [(row, str(column), text) for row, (_, text) in zip(row_of, cells, strict=True)]
    return hits


def _possible(texts: pa.Array) -> Iterator[int]:
    """Where the texts are that may hold a personal number."""
    starts, data = text_bytes(texts)
    if not len(texts) or np.diff(starts).max() < _FEWEST_DIGITS:
        return
    first = 0
    while first < len(texts):
        end = int(np.searchsorted(starts, starts[first] + _BYTES_AT_A_TIME))
        end = min(max(end, first + 1), len(texts))
        edges = starts[first : end + 1]
        piece = data[edges[0] : edges[-1]]
        # A full-width digit begins with the byte EF. Counting digits is far quicker than looking for patterns.
        digits = ((piece >= ord("0")) & (piece <= ord("9"))) | (piece == 0xEF)
        counted = np.concatenate([[0], np.cumsum(digits, dtype="int32")])
        many = np.flatnonzero(np.diff(counted[edges - edges[0]]) >= _FEWEST_DIGITS) + first
        yield from _matching(texts, many, SIEVE)
        first = end


def _matching(texts: pa.Array, places: npt.NDArray[np.intp], pattern: str) -> list[int]:
    """Those of the places whose text matches."""
    if not len(places):
        return []
    matches = pc.match_substring_regex(texts.take(pa.array(places)), pattern).to_numpy(zero_copy_only=False)
    found: list[int] = places[matches].tolist()
    return found


def _written_rows(texts: pd.Series) -> list[int]:
    rows: list[int] = texts.index[(texts != "").to_numpy(dtype=bool)].tolist()
    return rows


def _masked(grid: pd.DataFrame, changed: Mapping[str, Mapping[int, str]]) -> pd.DataFrame:
    if not changed:
        return grid
    columns = {}
    for column in grid.columns:
        texts = grid[column]
        if column in changed:
            texts = texts.copy()
            texts.loc[list(changed[column])] = list(changed[column].values())
        columns[column] = texts
    return type(grid)(columns)


def _label_cells(sheet: Sheet) -> list[LabelCell]:
    spellings = {*personal_words("headers"), *personal_words("telephone_headers")}
    words = "|".join(sorted(r"\s*".join(map(re.escape, spelling)) for spelling in spellings))
    sieve = rf"^[\s*★]*(?:{words}|.{{1,8}}姓\s*名)"
    openings = _codes({spelling[0] for spelling in spellings} | set("*★ \u3000\u00a0"))
    cells = []
    rows = sheet.grid.index
    for column in sheet.grid.columns:
        if is_shared(sheet.grid[column]):
            texts, codes = distinct_texts(sheet.grid[column])
            labels = {at: kind for at in _possible_labels(texts, openings, sieve) if (kind := _label_kind(texts, at))}
            for at in np.flatnonzero(np.isin(codes, list(labels))).tolist():
                text = texts[codes[at]].as_py()
                cells.append((int(rows[at]), str(column), text, labels[codes[at]] == "strict"))
            continue
        texts = arrow_texts(sheet.grid[column])
        for at in _possible_labels(texts, openings, sieve):
            if kind := _label_kind(texts, at):
                cells.append((int(rows[at]), str(column), texts[at].as_py(), kind == "strict"))
    return cells


def _possible_labels(texts: pa.Array, openings: npt.NDArray[np.uint32], sieve: str) -> list[int]:
    """Where the texts are that may be a label of personal data."""
    starts, data = text_bytes(texts)
    if len(data) < 3:
        return []
    # Nearly every cell of a big file is left at its first character, unless 姓 is in it.
    written = np.flatnonzero(np.diff(starts) > 0)
    first = np.minimum(starts[written], len(data) - 3)
    opened = np.isin(_three_bytes(data, first), openings)
    names = np.array([match.start() for match in re.finditer("姓".encode(), data.data)], dtype="int64")
    holding = np.searchsorted(starts, names, side="right") - 1
    candidates = np.union1d(written[opened | (data[first] < 0x21)], holding[(holding >= 0) & (holding < len(texts))])
    return _matching(texts, candidates, sieve)


def _label_kind(texts: pa.Array, at: int) -> str | None:
    text = texts[at].as_py()
    return personal_header(text) if len(text) <= _LONGEST_LABEL else None


def _three_bytes(data: npt.NDArray[np.uint8], at: npt.NDArray[np.int64]) -> npt.NDArray[np.uint32]:
    """The character at each place as a number: three bytes, or a single one (* or a blank)."""
    first = data[at].astype("uint32")
    return np.where(first < 0x80, first, (first << 16) | (data[at + 1].astype("uint32") << 8) | data[at + 2])


def _codes(characters: set[str]) -> npt.NDArray[np.uint32]:
    """The UTF-8 bytes of characters of one or three bytes as numbers."""
    encoded = [character.encode() for character in characters]
    return np.array([int.from_bytes(each) for each in encoded if len(each) in (1, 3)], dtype="uint32")
