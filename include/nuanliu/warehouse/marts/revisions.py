"""What readers are still to be told: the steps of published figures since the editions that told the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Text, cast, func, literal, not_, or_, select

from nuanliu.domain.documents import RevisionEntry, RevisionStep
from nuanliu.domain.exactness import EXACTNESS_CODES, exactness_word, plain_number, show_figure
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.tables import edition, figure_change, outbox

Steps = Sequence[Row[Any]]
"""Lines of figure_change, by week, figure and then in the order in which they happened."""


@as_transient("reading a week's revisions")
def untold_steps(connection: Connection, week: ReportingWeek) -> Steps:
    """What the next edition of a week must tell: each step of its own figures since its last edition, and of the figures of
    whatever week since the last edition of whatever week.
    """
    return _steps(connection, _is_untold(connection, week))


def _is_untold(connection: Connection, week: ReportingWeek) -> ColumnElement[bool]:
    of_any = connection.execute(select(func.coalesce(func.max(edition.c.change_seen), 0))).scalar_one()
    own = select(func.max(edition.c.change_seen)).where(edition.c.week_id == str(week))
    of_week = connection.execute(own).scalar()
    step = figure_change.c
    is_untold: ColumnElement[bool] = step.change_key > of_any
    if of_week is not None:
        is_untold = or_(is_untold, (step.change_key > of_week) & (step.week_id == str(week)))
    return is_untold


@as_transient("reading what no mail told")
def unmailed_steps(connection: Connection, week: ReportingWeek) -> Steps:
    """What a mail with the next edition of a week must open with beyond what that edition tells: the steps since the last
    edition that was mailed. Editions without a mail may have told them, but not to the leaders. None before the first mail.
    """
    purpose = literal("edition/") + edition.c.week_id + "/" + cast(edition.c.edition_no, Text)
    mailed = connection.execute(
        select(func.max(edition.c.change_seen)).where(purpose.in_(select(outbox.c.purpose)))
    ).scalar()
    if mailed is None:
        return []
    # As a condition and not as a list: there are more steps after an upgrade than a statement takes parameters.
    return _steps(connection, (figure_change.c.change_key > mailed) & not_(_is_untold(connection, week)))


def _steps(connection: Connection, wanted: ColumnElement[bool]) -> Steps:
    step = figure_change.c
    return connection.execute(
        select(figure_change).where(wanted).order_by(step.week_id, step.figure_id, step.change_key)
    ).all()


def revision_entries(steps: Steps) -> list[RevisionEntry]:
    """As documents tell them: ``old`` is null for a figure that came back, ``new`` for one that is gone. Numbers are plain;
    where only the exactness changed, both carry their mark (260余).
    """
    return [
        {
            "week": row.week_id,
            "figure_id": row.figure_id,
            "old": _text(row.old_value, row.old_exactness, marked=row.old_value == row.new_value),
            "new": _text(row.new_value, row.new_exactness, marked=row.old_value == row.new_value),
            "reason": row.reason,
        }
        for row in steps
    ]


def revision_steps(steps: Steps) -> list[RevisionStep]:
    """The same as numbers, one for one, for those who print them."""
    return [
        {
            "old": _fields(row.old_value, row.old_exactness),
            "new": _fields(row.new_value, row.new_exactness),
        }
        for row in steps
    ]


def _fields(value: Any, exactness: int | None) -> list[str | None]:
    return [
        None if value is None else plain_number(value),
        None if exactness is None else exactness_word(exactness),
    ]


def _text(value: Any, exactness: int | None, *, marked: bool) -> str | None:
    if value is None:
        return None
    return show_figure(value, EXACTNESS_CODES[exactness]) if marked and exactness is not None else plain_number(value)
