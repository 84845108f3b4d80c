"""From a term of a bridge to the cells that it was added from, in either week."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, func, select

from nuanliu.domain import schemas
from nuanliu.domain.documents import CellEntry, TraceDocument
from nuanliu.domain.exactness import EXACTNESS_CODES, Exactness, exactness_word, plain_number, show_figure
from nuanliu.domain.figure_id import Term, TermId
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.domain.submission import CARRIED, PeriodKind
from nuanliu.errors import UnknownFigure
from nuanliu.warehouse.comparison.bridge import Amount, place_leaf
from nuanliu.warehouse.comparison.comparing import Compared, Wanted, compare_figure, compare_with
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
    return {
        "schema": schemas.TRACE,
        "figure_id": str(term_id),
        "value": plain_number(change.value),
        "exactness": exactness_word(change.exactness),
        "cells": [cell for term, cell in _cells(connection, compared, week, other) if term is term_id.term],
        "notes": [f"{other} 的单元格要减去,以负数列出;{week} 的加上,各格之和就是这一项。"],
    }


def _less(cell: CellEntry) -> CellEntry:
    """A cell taken away: 65余 is then at most -65."""
    value = plain_number(Decimal(cell["value"]).copy_negate()) if Decimal(cell["value"]) else "0"
    return {**cell, "value": value, "exactness": str(-Exactness(cell["exactness"]))}


def terms_traced_otherwise(
    connection: Connection, week: ReportingWeek, is_wanted: Wanted = lambda _: True
) -> Iterator[tuple[str, str, str]]:
    """Terms of figures beside the week before whose cells do not add up to them: term id, what it is, what its cells are."""
    other = week.shift(-1)
    for compared in compare_with(connection, week, other, is_wanted):
        found = dict.fromkeys(Term, Amount())
        for term, cell in _cells(connection, compared, week, other):
            found[term] += Amount(Decimal(cell["value"]), Exactness(cell["exactness"]).code)
        for term in Term:
            change = compared.bridge.change(term)
            if found[term] != change:
                yield f"{compared.figure.figure_id}/vs/{other}/{term}", _shown(change), _shown(found[term])


def _shown(amount: Amount) -> str:
    return show_figure(amount.value, EXACTNESS_CODES[amount.exactness])


def _cells(
    connection: Connection, compared: Compared, week: ReportingWeek, other: ReportingWeek
) -> Iterator[tuple[Term, CellEntry]]:
    """Every cell of a figure and of what it was in the other week, those taken away, each with the term it belongs to."""
    yield from _cells_of(connection, compared, week, is_now=True)
    for term, cell in _cells_of(connection, compared, other, is_now=False):
        yield term, _less(cell)


def _cells_of(
    connection: Connection, compared: Compared, week: ReportingWeek, *, is_now: bool
) -> Iterator[tuple[Term, CellEntry]]:
    settled, moved = _standing(compared, is_now=is_now)
    monday = _said_in(connection, compared, week)
    for leaves, always in ((settled, None), (moved, Term.MOVED)):
        if leaves:
            whose = _whose(compared, leaves)
            for cell in read_cells(connection, monday, compared.figure, whose, handed_to=week.monday):
                term = always or compared.between.term_of_sender(cell.union_id)
                yield term, {**cell_entry(cell), "week": str(week)}


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


def _said_in(connection: Connection, compared: Compared, week: ReportingWeek) -> date:
    """The week that says the figure: the one whose carried figures a week that nobody touched hands on."""
    if compared.figure.period_kind not in CARRIED:
        return week.monday
    cumulative = tables.mart_cumulative.c
    last = connection.execute(
        select(func.max(cumulative.week_start)).where(cumulative.week_start <= week.monday)
    ).scalar_one_or_none()
    return last or week.monday


def _whose(compared: Compared, leaves: Collection[str]) -> dict[str, Any]:
    if compared.figure.basis == "organizer":
        return {"union_ids": sorted(leaves), "division_codes": [], "has_unplaced": False}
    places = {*compared.between.places_now, *compared.between.places_then}
    codes = sorted(code for code in places if place_leaf(code) in leaves)
    return {"union_ids": [], "division_codes": codes, "has_unplaced": place_leaf(None) in leaves}
