"""The lines of the summary as numbers with their ids."""

from __future__ import annotations

from nuanliu.reporting.summary.bridge_lines import BridgeLine
from nuanliu.reporting.summary.bulletin.figure_marks import Number
from nuanliu.reporting.summary.bulletin.tables import Cell
from nuanliu.reporting.summary.contents import Bar, FigureLine

NOTHING = "—"


def in_sentence(line: FigureLine) -> Number:
    """服务人数1925余人: as sentences have it, measure, number, unit."""
    return Number(line.shown, line.figure_id, line.value, line.exactness, before=line.measure, after=line.unit)


def in_cell(line: FigureLine | None) -> Cell:
    """In a column whose head names the unit."""
    return Number(line.in_column, line.figure_id, line.value, line.exactness) if line else NOTHING


def with_unit_beside(line: FigureLine) -> Number:
    """In a row that names the unit."""
    return Number(line.shown, line.figure_id, line.value, line.exactness)


def of_bar(bar: Bar | None) -> Cell:
    """The number beside a bar."""
    return Number(bar.shown, bar.figure_id, bar.value, bar.exactness) if bar else NOTHING


def of_bridge(bridge: BridgeLine) -> tuple[Number, ...]:
    """The numbers of its sentence: now, then, and by how much."""
    numbers = [
        Number(bridge.shown, bridge.figure_id, before=bridge.measure, after=bridge.unit),
        Number(bridge.earlier, bridge.earlier_id, before=bridge.then, after=bridge.unit),
    ]
    if bridge.percent is not None:
        numbers.append(Number(bridge.percent, bridge.figure_id, before=f"比{bridge.then}"))
    return tuple(numbers)
