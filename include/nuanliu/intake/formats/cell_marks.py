"""What a sheet's cells say beside their texts: percentages, struck-out text, errors, serials, missing results."""

from __future__ import annotations

from nuanliu.intake.formats.cell_formats import CellStyle, plausible_date, serial_text
from nuanliu.ooxml.addresses import column_letter


class CellMarks:
    """Gathers the marks of one sheet; columns are 0-based, rows 1-based."""

    def __init__(self, *, is_1904: bool) -> None:
        self._is_1904 = is_1904
        self.uncomputed: set[str] = set()
        self.struck: set[str] = set()
        self.percent: set[str] = set()
        self.errors: set[str] = set()
        self.numeric_dates: dict[str, str] = {}
        self.decimals: set[str] = set()

    def number(self, text: str, value: float | str, style: CellStyle | None, column: int, row: int) -> str:
        """The text of a number cell: a date where its format shows one. Marks percentages and possible serials."""
        if style is not None:
            if style.dates is not None:
                return serial_text(float(value), style.dates, is_1904=self._is_1904) or text
            if style.is_percent:
                self.percent.add(f"{column_letter(column)}{row}")
                return text
        if len(text) == 5:
            date = plausible_date(text, is_1904=self._is_1904)
            if date is not None:
                self.numeric_dates[f"{column_letter(column)}{row}"] = date
        elif len(text) <= 7 and "." in text:
            self.decimals.add(f"{column_letter(column)}{row}")
        return text
