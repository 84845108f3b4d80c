"""What a spreadsheet shows of a file, by two libraries that are not ours, and where what we read differs from it."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

import openpyxl
import python_calamine
from tests.corpus.bounded import Answer

from nuanliu.intake.formats.cell_formats import plain_text
from nuanliu.intake.formats.open_workbook import read_workbook
from nuanliu.intake.formats.workbook import Workbook
from nuanliu.ooxml.addresses import address

Shown = Mapping[tuple[int, int], object]
"""1-based row and column → value."""
_MOST_SHOWN = 5


def judge_cells(written: Shown | None, data: bytes, found: Answer, *, with_judges: bool = True) -> None:
    """Hold what we read on the first sheet against what its maker wrote where it can be seen, and against both judges.

    ``written`` None: the judges alone. A judge that cannot read a file is noted, and the maker's word is enough.
    """
    workbook = read_workbook(data, "x")
    if not isinstance(workbook, Workbook):
        if written is not None:
            found.differences.append(f"not read: {workbook.rule} {dict(workbook.words)}")
        return
    sheet = workbook.sheets[0]
    ours = {
        (int(row), column + 1): text
        for column, letter in enumerate(sheet.grid.columns)
        for row, text in sheet.grid[letter].items()
        if text
    }
    covered = {
        (row, column)
        for area in sheet.merged
        for row in range(area.first_row, min(area.last_row, 3000) + 1)
        for column in range(area.first_column, min(area.last_column, 300) + 1)
        if (row, column) != (area.first_row, area.first_column)
    }
    if written is not None:
        found.differences += _differences("written", ours, written)
    judges: dict[str, Callable[[bytes], Shown]] = {"calamine": _by_calamine}
    if workbook.kind == "xlsx":
        judges["openpyxl"] = _by_openpyxl
    for name, read in judges.items() if with_judges else ():
        try:
            shown = read(data)
        except BaseException as error:  # noqa: BLE001 - calamine panics with one of its own
            found.gave_up.append(f"{name}: {type(error).__name__}")
            continue
        seen = {place: value for place, value in shown.items() if place not in covered}
        found.differences += _differences(name, ours, seen)


def _differences(judge: str, ours: Mapping[tuple[int, int], str], shown: Shown) -> list[str]:
    wrong = []
    for place in sorted({*ours, *shown}):
        text, value = ours.get(place, ""), shown.get(place)
        if not _is_same(text, value):
            wrong.append(f"{address(*place)}: we read {text[:40]!r}, {judge} has {str(value)[:40]!r}")
    return wrong[:_MOST_SHOWN]


def _is_same(text: str, value: object) -> bool:
    match value:
        case None:
            return text == ""
        case bool():
            return text == ("TRUE" if value else "FALSE")
        case int() | float():
            return _is_number(text, float(value))
        case datetime():
            return text in {f"{value:%Y-%m-%d}", f"{value:%Y-%m-%d %H:%M}", f"{value:%Y-%m-%d %H:%M:%S}"}
        case date():
            return text == f"{value:%Y-%m-%d}"
        case time():
            return text in {f"{value:%H:%M}", f"{value:%H:%M:%S}"}
        case timedelta():  # elapsed hours are a number to us
            return _is_number(text, value / timedelta(days=1))
        case _:
            return text == plain_text(str(value)) or (text.startswith("#") and str(value) == "")


def _is_number(text: str, value: float) -> bool:
    try:
        return abs(float(text) - value) <= 1e-9 * max(1.0, abs(value))
    except ValueError:
        return False


def _by_openpyxl(data: bytes) -> Shown:
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    sheet = book.worksheets[0]
    return {
        (cell.row, cell.column): cell.value
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None and cell.value != ""
    }


def _by_calamine(data: bytes) -> Shown:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheet = book.get_sheet_by_index(0)
    rows = sheet.to_python(skip_empty_area=False)
    return {
        (at + 1, column + 1): value
        for at, row in enumerate(rows)
        for column, value in enumerate(row)
        if value != "" and value is not None
    }
