"""What people ask of the warehouse: how a week stands, and from which cells a figure was added. Nothing is changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from nuanliu.contract.due_time import year_of_guessed_due
from nuanliu.contract.workdays import describe_unknown_year, unknown_year_ahead
from nuanliu.domain.documents import StatusDocument, TraceDocument
from nuanliu.domain.figure_id import ActivityNumberId, TermId, is_activity_id, is_term_id
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.operations.context import Context
from nuanliu.operations.recovery.second_place import describe_no_backups
from nuanliu.reporting.charts.fonts import NO_CHINESE_FONT, chinese_font
from nuanliu.settings import SHANGHAI
from nuanliu.warehouse.comparison.term_tracing import trace_term
from nuanliu.warehouse.highlights.activity_tracing import trace_activity
from nuanliu.warehouse.marts.status import status_document
from nuanliu.warehouse.marts.tracing import trace_document
from nuanliu.warehouse.recovery.deletions import deleted_originals


def status(ctx: Context, week: str | None = None) -> StatusDocument:
    """The ``nuanliu.status/1`` document; without a week, the last one that has closed. Raises: InvalidWeek."""
    wanted = ReportingWeek.parse(week) if week else ReportingWeek.last_closed_before(ctx.settings.clock())
    with ctx.engine.connect() as connection:
        return status_document(connection, wanted, [*_calendar_notes(ctx, wanted), *_upkeep_notes(ctx)])


def trace(ctx: Context, figure_id: str) -> TraceDocument:
    """The ``nuanliu.trace/1`` document of a figure, of a term of its bridge, or of a number of 本周亮点. Raises: UsageError for an id that names
    none of them.
    """
    with ctx.engine.connect() as connection:
        if is_term_id(figure_id):
            document = trace_term(connection, TermId.parse(figure_id))
        elif is_activity_id(figure_id):
            document = trace_activity(connection, ActivityNumberId.parse(figure_id))
        else:
            document = trace_document(connection, figure_id)
        files = {(cell["object_key"], cell["sha256"]) for cell in document["cells"]}
        deleted = deleted_originals(connection, files)
    return {**document, "notes": [*document["notes"], *_deletion_notes(deleted)]}


def _upkeep_notes(ctx: Context) -> list[str]:
    note = describe_no_backups(ctx.settings)
    return [*([note] if note else []), *([] if chinese_font() else [NO_CHINESE_FONT])]


def _deletion_notes(deleted: Mapping[tuple[str, str], datetime]) -> list[str]:
    """Which files cannot be opened any more: the cells are shown as they were loaded."""
    return [
        f"原件 {sha256[:12]}…({object_key})已按保存期限于 {at.astimezone(SHANGHAI):%Y-%m-%d} 删除,以上为入库时的内容。"
        for (object_key, sha256), at in sorted(deleted.items())
    ]


def _calendar_notes(ctx: Context, week: ReportingWeek) -> list[str]:
    """That nobody knows the holidays by which the week's lateness is judged, or those of the year that begins soon."""
    today = ctx.settings.clock().astimezone(SHANGHAI).date()
    years = {year for year in (year_of_guessed_due(week), unknown_year_ahead(today)) if year is not None}
    return [describe_unknown_year(year) for year in sorted(years)]
