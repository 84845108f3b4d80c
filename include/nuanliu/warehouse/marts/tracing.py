"""From a figure back to the cells it was added from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NoReturn

from sqlalchemy import Connection, Row, select

from nuanliu.domain import schemas
from nuanliu.domain.documents import CellEntry, TraceDocument
from nuanliu.domain.exactness import EXACTNESS_CODES, exactness_word, plain_number, show_figure
from nuanliu.domain.figure_id import CampaignFigureId, FigureId, parse_figure_id
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.errors import FigureGone, UnknownFigure
from nuanliu.warehouse.marts.campaign_entries import read_seasons
from nuanliu.warehouse.marts.coverage import is_touched
from nuanliu.warehouse.schema import tables
from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.sql_files import load_sql
from nuanliu.warehouse.schema.union_tree import read_places, read_tree


@as_transient("tracing a figure")
def trace_document(connection: Connection, figure_id: str) -> TraceDocument:
    """The document of ``nuanliu trace``: the figure and every cell in it, whose sum with exactness it is.

    ``union_id`` of a cell is the union that sent the file. A campaign's figure is that of its season up to
    the id's week. Raises: UnknownFigure, FigureGone.
    """
    named = parse_figure_id(figure_id)
    if isinstance(named, CampaignFigureId):
        return _trace_campaign(connection, named)
    return _trace_of_week(connection, named)


def _trace_of_week(connection: Connection, figure_id: FigureId) -> TraceDocument:
    week = figure_id.week
    mart = tables.mart_week_figure
    figure = connection.execute(
        mart.select().where(mart.c.week_start == week.monday, mart.c.figure_id == str(figure_id))
    ).one_or_none()
    if figure is None:
        _refuse_absent(connection, str(figure_id))
    cells = read_cells(connection, week.monday, figure, _whose(connection, week, figure))
    return _document(figure_id, figure.value, figure.exactness, cells)


def read_cells(
    connection: Connection, monday: date, figure: Row[Any], whose: Mapping[str, Any], *, handed_to: date | None = None
) -> Sequence[Row[Any]]:
    """The cells of a figure in a week that are somebody's. ``figure``: a row with the columns of mart_week_figure; ``whose``:
    ``union_ids`` of organisers, or ``division_codes`` with ``has_unplaced``, the other of the two empty; ``handed_to``: of a
    carried figure the later week that nobody touched and to which it is handed on.
    """
    parameters = {
        "week_start": monday,
        "measure_id": figure.measure_id,
        "period_kind": figure.period_kind,
        "scope": figure.scope,
        "category_id": None if figure.category_id == "all" else figure.category_id,
        **whose,
    }
    if figure.period_kind in {"event", "campaign"}:
        return connection.execute(load_sql("marts", "trace_event"), parameters).all()
    carried = tables.mart_cumulative.c
    read_from = select(carried.fact_week_start).distinct().where(carried.week_start == monday)
    parameters["since_on"] = figure.since_on
    parameters["handed_to"] = handed_to or monday
    parameters["fact_week_starts"] = list(connection.execute(read_from).scalars())
    return connection.execute(load_sql("marts", "trace_cumulative"), parameters).all()


def _trace_campaign(connection: Connection, figure_id: CampaignFigureId) -> TraceDocument:
    parameters = {
        "campaign_id": figure_id.campaign_id,
        "measure_id": figure_id.measure,
        "week_start": figure_id.week.monday,
        "first_week_start": read_seasons(connection, figure_id.week).first_monday(figure_id.campaign_id),
    }
    if not is_touched(connection, figure_id.week):
        _refuse_absent(connection, str(figure_id))
    figure = connection.execute(load_sql("marts", "campaign_total"), parameters).one()
    if figure.value is None:
        _refuse_absent(connection, str(figure_id))
    cells = connection.execute(load_sql("marts", "trace_campaign"), parameters).all()
    return _document(figure_id, figure.value, figure.exactness, cells)


def _refuse_absent(connection: Connection, figure_id: str) -> NoReturn:
    """Say of a figure that does not exist whether it did: an edition told it, and something took it away.

    Raises: FigureGone for one that a correction names, else UnknownFigure.
    """
    step = tables.figure_change.c
    last = connection.execute(
        select(tables.figure_change)
        .where(step.figure_id == figure_id, step.new_value.is_(None))
        .order_by(step.change_key.desc())
        .limit(1)
    ).one_or_none()
    if last is None:
        raise UnknownFigure(figure_id)
    shown = show_figure(last.old_value, EXACTNESS_CODES[last.old_exactness or 0])
    receipt_no = connection.execute(
        select(tables.receipt.c.receipt_no).where(tables.receipt.c.object_id == last.object_id)
    ).scalar()
    raise FigureGone(figure_id, shown, last.reason, receipt_no)


def _whose(connection: Connection, week: ReportingWeek, figure: Row[Any]) -> dict[str, Any]:
    """Which facts belong to the figure's union: by organiser, or by place (no known place: the province's)."""
    tree = read_tree(connection, week)
    if figure.basis == "place":
        below = set(tree.subtree(figure.union_id))
        return {
            "union_ids": [],
            "division_codes": [code for code, union_id in read_places(connection, week).items() if union_id in below],
            "has_unplaced": figure.union_id == tree.root,
        }
    stands_alone = figure.scope == "inclusive" or figure.period_kind == "campaign"
    return {
        "union_ids": [figure.union_id] if stands_alone else list(tree.subtree(figure.union_id)),
        "division_codes": [],
        "has_unplaced": False,
    }


def _document(
    figure_id: FigureId | CampaignFigureId, value: Decimal, exactness: int, cells: Iterable[Row[Any]]
) -> TraceDocument:
    return {
        "schema": schemas.TRACE,
        "figure_id": str(figure_id),
        "value": plain_number(value),
        "exactness": exactness_word(exactness),
        "cells": [cell_entry(cell) for cell in cells],
        "notes": [],
    }


def cell_entry(cell: Row[Any]) -> CellEntry:
    """A cell as documents tell it."""
    return {
        "union_id": cell.union_id,
        "object_key": cell.object_key,
        "sha256": cell.sha256,
        "sheet": cell.source_sheet,
        "cell": cell.source_cell,
        "raw_text": cell.raw_text,
        "value": plain_number(cell.value),
        "exactness": exactness_word(cell.exactness),
    }
