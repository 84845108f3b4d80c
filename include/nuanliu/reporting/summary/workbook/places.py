"""Where figures stand in the workbook, and where the cells that they were added from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from nuanliu.domain.documents import SourceEntry
from nuanliu.ooxml.addresses import column_letter
from nuanliu.reporting.summary.contents import FigureLine
from nuanliu.reporting.summary.workbook.tables import Link, Value, place

FIGURES, SOURCES = "全部数据", "来源"
_FIRST_ROW = 2
_MOST_RUNS = 8
"""Runs of rows that are named; more would fill a page."""


@dataclass(frozen=True)
class Run:
    """Rows that follow each other."""

    first: int
    last: int

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}—{self.last}"


@dataclass(frozen=True)
class Places:
    """Rows by figure id; rows begin below the head."""

    figures: dict[str, int]
    sources: dict[str, list[int]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    """Rows of the sheet 来源 by the id of an activity's number."""

    @classmethod
    def of(cls, figures: Sequence[FigureLine], sources: Sequence[SourceEntry]) -> Places:
        """As the two sheets list them, in their order."""
        cells: dict[str, list[int]] = defaultdict(list)
        numbers = {}
        for row, source in enumerate(sources, start=_FIRST_ROW):
            for figure_id in source["figure_ids"]:
                cells[figure_id].append(row)
            if source["number_id"] is not None:
                numbers[source["number_id"]] = row
        rows = {line.figure_id: row for row, line in enumerate(figures, start=_FIRST_ROW)}
        return cls(rows, dict(cells), numbers)

    def to_figure(self, value: Value, figure_id: str) -> Value | Link:
        """A value that leads to the row of its figure; of another week's it leads nowhere."""
        row = self.figures.get(figure_id)
        return value if row is None else Link(value, place(FIGURES, f"A{row}"))

    def to_sources(self, figure_id: str, columns: int) -> Value | Link:
        """Which rows of the sheet 来源 add up to a figure, leading to the first of them, all selected."""
        rows = runs(self.sources.get(figure_id, ()))
        if not rows:
            return None
        named = "、".join(map(str, rows[:_MOST_RUNS]))
        more = f"等{len(rows)}段" if len(rows) > _MOST_RUNS else ""
        area = f"A{rows[0].first}:{column_letter(columns - 1)}{rows[0].last}"
        return Link(f"第{named}行{more}", place(SOURCES, area))

    def to_number(self, value: Value, number_ids: Iterable[str]) -> Value | Link:
        """A value that leads to the cell of the first of some numbers that is listed."""
        row = next((self.numbers[number_id] for number_id in number_ids if number_id in self.numbers), None)
        return value if row is None else Link(value, place(SOURCES, f"A{row}"))


def runs(rows: Sequence[int]) -> list[Run]:
    """Rising rows as runs: 5, 6, 7, 9 → 5—7, 9."""
    if not rows:
        return []
    breaks = [number for number, (row, following) in enumerate(pairwise(rows), start=1) if following != row + 1]
    starts, ends = [0, *breaks], [*breaks, len(rows)]
    return [Run(rows[start], rows[end - 1]) for start, end in zip(starts, ends, strict=True)]
