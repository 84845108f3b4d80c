"""What readers of a week are told beside its figures: last year, last week's 余, who changed them most, restatements, 说明."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row

from nuanliu.contract.rules import rule_registry
from nuanliu.contract.workdays import workdays_in
from nuanliu.domain.documents import (
    ExplanationEntry,
    NotesDocument,
    OpenFindingEntry,
    RestatementEntry,
    YearBeforeEntry,
)
from nuanliu.domain.exactness import exactness_word, plain_number
from nuanliu.domain.figure_id import FigureId
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.warehouse.comparison.comparing import other_weeks
from nuanliu.warehouse.comparison.contributors import read_contributors
from nuanliu.warehouse.comparison.week_trend import read_trend
from nuanliu.warehouse.marts.comparability import change_pct, read_comparability
from nuanliu.warehouse.marts.coverage import UnitWeek, read_coverage
from nuanliu.warehouse.marts.revisions import revision_steps, untold_steps
from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.sql_files import load_sql


@as_transient("reading what stands beside a week's figures")
def week_notes(connection: Connection, week: ReportingWeek) -> NotesDocument:
    """What a summary says beyond ``nuanliu.rollup/1``, as JSON; reads the marts as they stand.

    ``year_before``: the week of the same number last year, None where there is none; ``years``: figure id → ``value``,
    ``exactness``, ``change_pct``, ``comparable`` of the same figure then. ``previous_exactness``: figure id → exactness a
    week earlier. ``revision_steps``: value and exactness before and after of each of the document's revisions, in their order,
    each None where there is none. ``contributors``: as ``read_contributors``. ``workdays``: of the week and those that it is
    compared with, where somebody knows. ``trend``: as ``read_trend``. ``zero_reports``: union ids. ``restatements``: cumulative figures that are less than they were. ``explanations``: as
    ``_explanations``. ``open_findings``: what the receipts still ask for.
    """
    before = week.year_before()
    units = read_coverage(connection, week)
    return {
        "year_before": str(before) if before else None,
        "years": _years(connection, week, before) if before else {},
        "previous_exactness": {
            row.figure_id: exactness_word(row.earlier_exactness) for row in _earlier(connection, week, week.shift(-1))
        },
        "revision_steps": revision_steps(untold_steps(connection, week)),
        "zero_reports": [unit.union_id for unit in units if unit.state == "confirmed_zero"],
        "restatements": _restatements(connection, week),
        "explanations": _explanations(connection, week),
        "contributors": read_contributors(connection, week),
        "trend": read_trend(connection, week),
        "open_findings": _open_findings(connection, units),
        "workdays": _workdays([week, *filter(None, other_weeks(week).values())]),
    }


def _open_findings(connection: Connection, units: Iterable[UnitWeek]) -> list[OpenFindingEntry]:
    """Of each union, from the receipt that its state comes from: a later trial or repetition asks for nothing."""
    unions = {unit.receipt_no: unit.union_id for unit in units if unit.receipt_no is not None}
    found = connection.execute(load_sql("marts", "week_open_findings"), {"receipts": list(unions)})
    entries: list[OpenFindingEntry] = [
        {"union_id": unions[row.receipt_no], "rule": row.rule, "findings": row.findings} for row in found
    ]
    order = list(unions.values())
    return sorted(entries, key=lambda entry: order.index(entry["union_id"]))


def _workdays(weeks: Iterable[ReportingWeek]) -> dict[str, int]:
    counts = {str(week): workdays_in(week.monday) for week in weeks}
    return {week: count for week, count in counts.items() if count is not None}


def _years(connection: Connection, week: ReportingWeek, before: ReportingWeek) -> dict[str, YearBeforeEntry]:
    comparability = read_comparability(connection, week, before)
    return {
        row.figure_id: {
            "value": plain_number(row.earlier_value),
            "exactness": exactness_word(row.earlier_exactness),
            "change_pct": change_pct(row.value, row.earlier_value),
            "comparable": comparability.allows(row),
        }
        for row in _earlier(connection, week, before)
    }


def _earlier(connection: Connection, week: ReportingWeek, earlier: ReportingWeek) -> list[Row[Any]]:
    parameters = {"week_start": week.monday, "earlier_start": earlier.monday}
    return list(connection.execute(load_sql("marts", "week_figures_earlier"), parameters))


def _restatements(connection: Connection, week: ReportingWeek) -> list[RestatementEntry]:
    return [
        {
            "figure_id": str(_figure_id(week, row)),
            "union_id": row.reporting_union_id,
            "activity": row.activity_name,
            "measure": row.measure_id,
            "old": plain_number(row.old_value),
            "old_exactness": exactness_word(row.old_exactness) if row.old_exactness is not None else None,
            "new": plain_number(row.value),
            "new_exactness": exactness_word(row.exactness),
            "explanation": row.explanation,
        }
        for row in connection.execute(load_sql("marts", "week_restatements"), {"week_start": week.monday})
    ]


def _figure_id(week: ReportingWeek, restated: Row[Any]) -> FigureId:
    return FigureId(
        week,
        restated.union_id,
        restated.category_id,
        restated.measure_id,
        restated.period_kind,
        since=restated.since_on,
        is_inclusive=restated.scope == "inclusive",
    )


def _explanations(connection: Connection, week: ReportingWeek) -> list[ExplanationEntry]:
    """Accepted activities of a week whose queries 说明 answered: union_id, activity, rule, column (the template's header,
    None when the whole row was asked about), value as written, explanation. By union, in file order.
    """
    rules = [rule.id for rule in rule_registry() if rule.releasable]
    found = connection.execute(load_sql("marts", "week_explanations"), {"week_start": week.monday, "rules": rules})
    return [
        {
            "union_id": row.union_id,
            "activity": row.activity,
            "rule": row.rule,
            "column": row.column_header,
            "value": row.value,
            "explanation": row.explanation,
        }
        for row in found
    ]
