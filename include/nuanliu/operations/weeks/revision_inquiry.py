"""What people ask of the past: how first published figures fared."""

from __future__ import annotations

from nuanliu.contract.code_lists import PROVINCE, codes
from nuanliu.contract.label_text import fold_label
from nuanliu.domain import schemas
from nuanliu.domain.documents import RevisionsDocument
from nuanliu.domain.reporting_week import ReportingWeek, parse_weeks
from nuanliu.errors import UsageError
from nuanliu.operations.context import Context
from nuanliu.warehouse.comparison.revision_record import read_told, revision_record, window_before
from nuanliu.warehouse.marts.published_figures import last_published_week


def revisions(
    ctx: Context, *, weeks: str | None = None, measure: str | None = None, union_id: str = PROVINCE
) -> RevisionsDocument:
    """The ``nuanliu.revisions/1`` document. ``weeks``: ``2024-W46..2024-W49``; without any, those that the summary of the
    youngest published week looks back on. ``measure``: an id, or a name as files write it.

    Raises: InvalidWeek, UsageError.
    """
    wanted = _measure_id(measure) if measure is not None else None
    with ctx.engine.connect() as connection:
        if weeks is not None:
            first, last = parse_weeks(weeks)
        else:
            youngest = last_published_week(connection)
            first, last = window_before(youngest or ReportingWeek.last_closed_before(ctx.settings.clock()))
        record = revision_record(read_told(connection, union_id, first, last))
    return {
        "schema": schemas.REVISIONS,
        "union_id": union_id,
        "first_week": str(first),
        "last_week": str(last),
        "measures": [entry for entry in record if wanted in {None, entry["measure"]}],
    }


def _measure_id(text: str) -> str:
    measures = codes().measures
    found = measures.find(fold_label(text))
    if text in measures:
        return text
    if found is None:
        raise UsageError(f"unknown measure {text!r} (ids and names stand in include/reference/measures.csv)")
    return found.id
