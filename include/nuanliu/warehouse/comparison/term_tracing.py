"""From a term of a bridge to the cells that it was added from, in either week."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, func, select

from nuanliu.domain import schemas
from nuanliu.domain.documents import CellEntry, TraceDocument
from nuanliu.domain.exactness import Exactness, exactness_word, plain_number
from nuanliu.domain.figure_id import Term, TermId
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.domain.submission import PeriodKind
from nuanliu.errors import UnknownFigure
from nuanliu.warehouse.comparison.added import read_places
from nuanliu.warehouse.comparison.comparing import Compared, compare_figure
from nuanliu.warehouse.marts.tracing import cell_entry, read_cells
from nuanliu.warehouse.schema import tables
from nuanliu.warehouse.schema.outages import as_transient


@as_transient("tracing a term")
def trace_term(connection: Connection, term_id: TermId) -> TraceDocument:
    """The document of ``nuanliu trace`` for one term: what the figure's cells say now, less what they said in the other week.

    Raises: UnknownFigure where the figure does not stand in both weeks.
    """
    week, other = term_id.figure.week, term_id.other
    compared = None if week == other else compare_figure(connection, week, other, str(term_id.figure))
    if compared is None:
        raise UnknownFigure(
            str(term_id),
            f"no term {str(term_id)!r}: its figure must be an own one (not /inclusive) that stands in {week} and in {other}",
        )
    change = compared.bridge.change(term_id.term)
    then = (_less(cell) for cell in _cells(connection, compared, term_id.term, other, is_now=False))
    return {
        "schema": schemas.TRACE,
        "figure_id": str(term_id),
        "value": plain_number(change.value),
        "exactness": exactness_word(change.exactness),
        "cells": [*_cells(connection, compared, term_id.term, week, is_now=True), *then],
        "notes": [f"{other} 的单元格要减去,以负数列出;{week} 的加上,各格之和就是这一项。"],
    }


def _less(cell: CellEntry) -> CellEntry:
    """A cell taken away: 65余 is then at most -65."""
    value = plain_number(Decimal(cell["value"]).copy_negate()) if Decimal(cell["value"]) else "0"
    return {**cell, "value": value, "exactness": str(-Exactness(cell["exactness"]))}


@dataclass(frozen=True)
class _Stand:
    """The unions whose cells are in a figure in one of the two weeks: those that stood there in both, and those that did not."""

    settled: Collection[str]
    moved: Collection[str]


def _cells(
    connection: Connection, compared: Compared, term: Term, week: ReportingWeek, *, is_now: bool
) -> Iterator[CellEntry]:
    stand = _standing(compared, is_now=is_now)
    monday = _last_week_with_figures(connection, week)
    for leaves in (stand.settled, stand.moved) if term is Term.MOVED else (stand.settled,):
        for cell in read_cells(connection, monday, compared.figure, _whose(connection, compared, week, leaves)):
            if leaves is stand.moved or compared.between.term_of_sender(cell.union_id) is term:
                yield {**cell_entry(cell), "week": str(week)}


def _standing(compared: Compared, *, is_now: bool) -> _Stand:
    between, node = compared.between, compared.figure.union_id
    if compared.figure.period_kind == PeriodKind.CAMPAIGN:
        return _Stand((node,), ())
    here = {
        union_id
        for union_id in between.tree_now.unions.keys() | between.tree_then.unions.keys() | {node}
        if node in (between.above_now(union_id) if is_now else between.above_then(union_id))
    }
    moved = {union_id for union_id in here if between.has_moved(node, union_id)}
    return _Stand(sorted(here - moved), sorted(moved))


def _last_week_with_figures(connection: Connection, week: ReportingWeek) -> date:
    """The week itself; where nobody touched it, the one whose carried figures held in it."""
    figure = tables.mart_week_figure.c
    found = connection.execute(select(func.max(figure.week_start)).where(figure.week_start <= week.monday)).scalar()
    return found or week.monday


def _whose(connection: Connection, compared: Compared, week: ReportingWeek, leaves: Collection[str]) -> dict[str, Any]:
    if compared.figure.basis == "organizer":
        return {"union_ids": list(leaves), "division_codes": [], "has_unplaced": False}
    places = read_places(connection, week)
    return {
        "union_ids": [],
        "division_codes": sorted(code for code, union_id in places.items() if union_id in leaves),
        "has_unplaced": compared.between.tree_now.root in leaves,
    }
