"""The CSV files of include/reference as lines that know where they stand, so that a refusal names file, line and what to write."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from nuanliu.errors import BrokenContract


@dataclass(frozen=True)
class Line:
    """One line below the header of a file; a column that the file lacks is empty."""

    file: str
    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def refuse(self, problem: str, write: str) -> BrokenContract:
        """What is wrong here, and what to write instead."""
        return BrokenContract(f"{self.file} line {self.number}: {problem}; {write}")

    def day(self, column: str) -> date | None:
        """A day, None where the cell is empty. Raises: BrokenContract for what is no day."""
        text = self[column]
        if not text:
            return None
        try:
            day = date.fromisoformat(text)
        except ValueError as error:
            raise self.refuse(f"{column} {text!r} is no day", "write days as 2018-09-03") from error
        if len(text) != len("2018-09-03"):
            raise self.refuse(f"{column} {text!r} is not written as days are", "write days as 2018-09-03")
        return day

    def yes_or_no(self, column: str) -> bool:
        """Whether a cell says yes. Raises: BrokenContract unless it says yes or no."""
        if self[column] not in ("yes", "no"):
            raise self.refuse(f"{column} is {self[column]!r}", "write yes or no")
        return self[column] == "yes"

    def names(self, column: str) -> tuple[str, ...]:
        """Spellings joined by ;"""
        return tuple(part for part in (part.strip() for part in self[column].split(";")) if part)


def read_lines(path: Path, columns: Sequence[str]) -> list[Line]:
    """The lines of a file that has at least the given columns; lines without any text are left out.

    Raises: BrokenContract for a file that is missing, is not UTF-8, lacks a column, or has a line with more cells than columns.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
            reader = csv.DictReader(text)
            header = [name.strip() for name in reader.fieldnames or ()]
            lacking = [column for column in columns if column not in header]
            if lacking:
                raise BrokenContract(
                    f"{path.name} line 1: there is no column {', '.join(lacking)}; write the header {','.join(columns)}"
                )
            reader.fieldnames = header
            return [
                _line(path.name, reader.line_num, cells) for cells in reader if any(_texts(cells)) or cells.get(None)
            ]
    except FileNotFoundError as error:
        raise BrokenContract(f"{path.name} is missing; write one with the header {','.join(columns)}") from error
    except UnicodeDecodeError as error:
        raise BrokenContract(f"{path.name} is not UTF-8; save it as CSV UTF-8") from error


def _line(file: str, number: int, cells: Mapping[str | None, str | list[str] | None]) -> Line:
    line = Line(file, number, {str(name): text.strip() for name, text in cells.items() if isinstance(text, str)})
    if cells.get(None):
        raise line.refuse("there are more cells than columns", 'put texts that hold a comma into "…"')
    return line


def _texts(cells: Mapping[str | None, str | list[str] | None]) -> list[str]:
    return [text.strip() for text in cells.values() if isinstance(text, str)]
