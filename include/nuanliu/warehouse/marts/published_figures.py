"""The figures that readers have seen, and every change of them since: one line a step, in the order in which they happened.

Lines are written where figures change, under the lock of the roll-up: by the load of a drop, by a replay, by a change of the
unions, by an upgrade. Editions choose from them (``revisions``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert

from nuanliu.domain.documents import RollupDocument
from nuanliu.domain.exactness import Exactness
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.domain.revised_figures import Reason, ToldFigure, read_revisions
from nuanliu.warehouse.marts.campaign_entries import campaign_entries
from nuanliu.warehouse.marts.change_causes import Cause, PossibleCauses
from nuanliu.warehouse.schema.locks import lock_rollup
from nuanliu.warehouse.schema.sql_files import load_sql
from nuanliu.warehouse.schema.tables import dim_submission, figure_change, published_figure

CausesOf = Callable[[ReportingWeek], PossibleCauses]
_WEEK_OF_ID = re.compile(r"[0-9]{4}-W[0-9]{2}/(?=campaign/)")


def last_published_week(connection: Connection) -> ReportingWeek | None:
    """The youngest week of which readers know a figure; None before the first publication."""
    monday = connection.execute(select(func.max(published_figure.c.week_start))).scalar()
    return None if monday is None else ReportingWeek(monday)


def newest_change(connection: Connection) -> int:
    """The key of the last line; 0 before the first."""
    return int(connection.execute(select(func.coalesce(func.max(figure_change.c.change_key), 0))).scalar_one())


def newest_submission(connection: Connection) -> int:
    """The key of the last version that was loaded; 0 before the first."""
    return int(connection.execute(select(func.coalesce(func.max(dim_submission.c.submission_key), 0))).scalar_one())


def note_changes(connection: Connection, since: ReportingWeek, causes: CausesOf) -> int:
    """Write down what became of published figures of a week and the later ones; the caller holds the roll-up's lock.

    ``causes``: what can have changed the figures of a week. Returns: how many lines.
    """
    figures = connection.execute(load_sql("marts", "figure_change"), {"since": since.monday}).mappings()
    return _note(connection, [*map(dict, figures), *_changed_campaigns(connection, since)], causes)


def note_rule_changes(connection: Connection) -> None:
    """Write down what another version of the program, or its code lists, make of published figures without a roll-up. Campaigns
    are added up anew whenever they are read, so what differs of them is by the rules or their season; what differs in the
    marts came with files that no edition told yet.
    """
    lock_rollup(connection)
    monday = connection.execute(select(func.min(published_figure.c.week_start))).scalar()
    if monday is not None:
        first = ReportingWeek(monday)
        rules = Cause(Reason.RULES)
        _note(
            connection,
            _changed_campaigns(connection, first),
            lambda week: PossibleCauses.read(connection, week, rules, {}),
        )
        note_changes(connection, first, lambda week: PossibleCauses.search(connection, week))


def _note(connection: Connection, changes: list[dict[str, Any]], causes: CausesOf) -> int:
    if not changes:
        return 0
    changes.sort(key=lambda change: (change["week_start"], change["figure_id"]))
    of_week: dict[date, PossibleCauses] = {}
    for change in changes:
        week = ReportingWeek(change["week_start"])
        if week.monday not in of_week:
            of_week[week.monday] = causes(week)
        cause = of_week[week.monday].of_figure(change["figure_id"])
        change |= {"week_id": str(week), "reason": str(cause.reason), "object_id": cause.object_id}
    _write_down(connection, changes)
    return len(changes)


def _write_down(connection: Connection, changes: list[dict[str, Any]]) -> None:
    known = published_figure.c
    columns = figure_change.c.keys()
    connection.execute(
        figure_change.insert(), [{name: change[name] for name in columns if name in change} for change in changes]
    )
    connection.execute(
        published_figure.update()
        .where(known.week_start == bindparam("of_week"), known.figure_id == bindparam("of_figure"))
        .values(value=bindparam("new_value"), exactness=bindparam("new_exactness")),
        [
            {
                "of_week": change["week_start"],
                "of_figure": _stored_id(change["figure_id"]),
                "new_value": change["new_value"],
                "new_exactness": change["new_exactness"],
            }
            for change in changes
        ],
    )


def _changed_campaigns(connection: Connection, since: ReportingWeek) -> list[dict[str, Any]]:
    known = published_figure.c
    by_week: dict[date, dict[str, Any]] = {}
    stored = select(published_figure).where(known.week_start >= since.monday, known.is_campaign)
    for row in connection.execute(stored):
        by_week.setdefault(row.week_start, {})[row.figure_id] = row
    changes = []
    for monday, figures in by_week.items():
        today = {_stored_id(entry["figure_id"]): entry for entry in campaign_entries(connection, ReportingWeek(monday))}
        for figure_id, told in figures.items():
            entry = today.get(figure_id)
            value = Decimal(entry["value"]) if entry else None
            exactness = Exactness(entry["exactness"]).code if entry else None
            if value != told.value or told.exactness not in {None, exactness}:
                changes.append(
                    {
                        "week_start": monday,
                        "figure_id": f"{ReportingWeek(monday)}/{figure_id}",
                        "old_value": told.value,
                        "old_exactness": told.exactness,
                        "new_value": value,
                        "new_exactness": exactness,
                    }
                )
    return changes


def remember_published(connection: Connection, document: RollupDocument) -> None:
    """Note the figures and campaigns of an edition as what readers know of its week; those it no longer has are gone."""
    monday = ReportingWeek.parse(document["week"]).monday
    known = published_figure.c
    connection.execute(
        published_figure.update().where(known.week_start == monday).values(value=None, exactness=None),
    )
    shown = [
        {
            "week_start": monday,
            "figure_id": _stored_id(entry["figure_id"]),
            "is_campaign": is_campaign,
            "value": Decimal(entry["value"]),
            "exactness": Exactness(entry["exactness"]).code,
        }
        for is_campaign, entries in ((False, document["figures"]), (True, document["campaigns"]))
        for entry in entries
    ]
    _upsert(connection, shown)


def remember_told(connection: Connection, document: RollupDocument, notes: Mapping[str, Any]) -> None:
    """Note what an edition told of other weeks, for one that is written down anew: readers know the figures since."""
    steps = zip(document["revisions"], read_revisions(document["revisions"], notes), strict=True)
    known = published_figure.c
    for revision, (_, new) in steps:
        connection.execute(
            published_figure.update()
            .where(
                known.week_start == ReportingWeek.parse(revision["week"]).monday,
                known.figure_id == _stored_id(revision["figure_id"]),
            )
            .values(value=new.value if new else None, exactness=_code(new))
        )


def _code(told: ToldFigure | None) -> int | None:
    return Exactness(told.exactness).code if told and told.exactness else None


def _upsert(connection: Connection, rows: Iterable[dict[str, Any]]) -> None:
    wanted = list(rows)
    if not wanted:
        return
    statement = insert(published_figure)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["week_start", "figure_id"],
            set_={"value": statement.excluded.value, "exactness": statement.excluded.exactness},
        ),
        wanted,
    )


def _stored_id(figure_id: str) -> str:
    """A campaign's figure is known by week and campaign, whatever its id says of the week."""
    return _WEEK_OF_ID.sub("", figure_id, count=1)
