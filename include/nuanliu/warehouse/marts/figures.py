"""A week as one document: coverage, figures with their comparison, revisions, campaigns, highlights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row

from nuanliu.domain import schemas
from nuanliu.domain.documents import ComparisonsEntry, FigureEntry, RollupDocument
from nuanliu.domain.exactness import exactness_word, plain_number
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.warehouse.comparison.comparing import no_comparisons, read_comparisons
from nuanliu.warehouse.highlights.telling import read_highlights
from nuanliu.warehouse.marts.campaign_entries import campaign_entries
from nuanliu.warehouse.marts.comparability import Comparability, change_pct, read_comparability
from nuanliu.warehouse.marts.coverage import coverage_document, read_coverage
from nuanliu.warehouse.marts.revisions import revision_entries, untold_steps
from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.sql_files import load_sql


@as_transient("reading a week's figures")
def week_document(connection: Connection, week: ReportingWeek, *, compares: bool = True) -> RollupDocument:
    """The document of ``nuanliu rollup``, ``edition`` null. Reads the marts; coverage and revisions are read afresh.

    Figures are in the order of their ids. Values are decimals in the measure's base unit, as text. ``compares``: with the
    ``comparisons`` of figures and the ``highlights``, which take longer than all else.
    """
    campaigns = campaign_entries(connection, week)
    document: RollupDocument = {
        "schema": schemas.ROLLUP,
        "week": str(week),
        "edition": None,
        "coverage": coverage_document(read_coverage(connection, week)),
        "figures": _figures(connection, week, compares=compares),
        "revisions": revision_entries(untold_steps(connection, week)),
        "campaigns": campaigns,
    }
    if compares:
        document["highlights"] = read_highlights(connection, week, campaigns)
    return document


def _figures(connection: Connection, week: ReportingWeek, *, compares: bool) -> list[FigureEntry]:
    parameters = {"week_start": week.monday, "week_before": week.shift(-1).monday}
    rows = connection.execute(load_sql("marts", "week_figures"), parameters).all()
    comparability = read_comparability(connection, week, week.shift(-1))
    figures = [_figure(row, comparability) for row in rows]
    if compares:
        _add_comparisons(figures, read_comparisons(connection, week))
    return figures


def _add_comparisons(figures: list[FigureEntry], comparisons: Mapping[str, ComparisonsEntry]) -> None:
    for figure in figures:
        if figure["scope"] == "own":
            entries = comparisons.get(figure["figure_id"], no_comparisons())
            if figure["previous"] is None:  # 今年以来 in a new year: the sum a week earlier is another one
                entries["week_before"] = None
            figure["comparisons"] = entries


def _figure(row: Row[Any], comparability: Comparability) -> FigureEntry:
    return {
        "figure_id": row.figure_id,
        "union_id": row.union_id,
        "level": row.level,
        "basis": row.basis,
        "category": row.category_id,
        "measure": row.measure_id,
        "unit": row.unit,
        "period_kind": row.period_kind,
        "scope": row.scope,
        "since": row.since_on.isoformat() if row.since_on else None,
        "value": plain_number(row.value),
        "exactness": exactness_word(row.exactness),
        "activities": row.activity_count,
        "previous": plain_number(row.previous) if row.previous is not None else None,
        "change_pct": change_pct(row.value, row.previous),
        "comparable": comparability.allows(row),
    }
