"""From a term of a bridge to the cells that it was added from, in either week."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, func, select

from nuanliu.domain import schemas
from nuanliu.domain.documents import CellEntry, TraceDocument
from nuanliu.domain.exactness import Exactness, exactness_word, plain_number
from nuanliu.domain.figure_id import Term, TermId
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.domain.submission import CARRIED, PeriodKind
from nuanliu.errors import UnknownFigure
from nuanliu.warehouse.comparison.bridge import place_leaf
from nuanliu.warehouse.comparison.comparing import Compared, compare_figure
from nuanliu.warehouse.marts.tracing import cell_entry, read_cells
from nuanliu.warehouse.schema import tables
from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.sql_files import load_sql


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


def _cells(
    connection: Connection, compared: Compared, term: Term, week: ReportingWeek, *, is_now: bool
) -> Iterator[CellEntry]:
    settled, moved = _standing(compared, is_now=is_now)
    monday, gone = _said_in(connection, compared, week)
    for leaves in (settled, moved) if term is Term.MOVED else (settled,):
        for cell in read_cells(connection, monday, compared.figure, _whose(compared, leaves - gone)):
            is_of_term = leaves is moved or compared.between.term_of_sender(cell.union_id) is term
            if is_of_term and cell.union_id not in gone:
                yield {**cell_entry(cell), "week": str(week)}


def _standing(compared: Compared, *, is_now: bool) -> tuple[frozenset[str], frozenset[str]]:
    """Organisers or places that stand in the figure in one of the weeks: in the other too, or in this one only."""
    between, node = compared.between, compared.figure.union_id
    if compared.figure.period_kind == PeriodKind.CAMPAIGN:
        return frozenset({node}), frozenset()
    if compared.figure.basis == "place":
        all_leaves = {place_leaf(code) for code in (None, *between.places_now, *between.places_then)}
    else:
        all_leaves = {node, *between.tree_now.unions, *between.tree_then.unions}
    above = between.above_now if is_now else between.above_then
    here = frozenset(leaf for leaf in all_leaves if node in above(leaf))
    moved = frozenset(leaf for leaf in here if between.has_moved(node, leaf))
    return here - moved, moved


def _said_in(connection: Connection, compared: Compared, week: ReportingWeek) -> tuple[date, frozenset[str]]:
    """The week that says the figure: the one whose carried figures a week that nobody touched hands on, without those of
    unions that have ended by then.
    """
    if compared.figure.period_kind not in CARRIED:
        return week.monday, frozenset()
    cumulative = tables.mart_cumulative.c
    last = connection.execute(
        select(func.max(cumulative.week_start)).where(cumulative.week_start <= week.monday)
    ).scalar()
    if last is None or last == week.monday:
        return week.monday, frozenset()
    mondays = {"week_start": last, "other_start": week.monday}
    return last, frozenset(connection.execute(load_sql("marts", "ended_between"), mondays).scalars())


def _whose(compared: Compared, leaves: Collection[str]) -> dict[str, Any]:
    if compared.figure.basis == "organizer":
        return {"union_ids": sorted(leaves), "division_codes": [], "has_unplaced": False}
    places = {*compared.between.places_now, *compared.between.places_then}
    codes = sorted(code for code in places if place_leaf(code) in leaves)
    return {"union_ids": [], "division_codes": codes, "has_unplaced": place_leaf(None) in leaves}
