"""Editions: what was published of a week, never altered afterwards."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, literal_column, select

from nuanliu.domain.documents import NotesDocument, RollupDocument
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.errors import EditionOvertaken
from nuanliu.warehouse.marts.published_figures import newest_change, newest_submission, remember_published
from nuanliu.warehouse.schema import tables
from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.sql_files import load_sql


@dataclass(frozen=True)
class Edition:
    """One published edition."""

    week: ReportingWeek
    number: int
    content_hash: str
    """``document_hash`` of the document, when it was published."""
    document: RollupDocument
    """With ``edition`` filled."""
    files: Mapping[str, str]
    """Object key → sha256."""
    published_at: datetime
    notes: NotesDocument
    """What its readers were told beside the document; empty for one that was written down anew."""
    change_seen: int
    """The last line of ``figure_change`` when it was made: later ones are still to be told."""


@as_transient("reading the editions of a week")
def read_editions(connection: Connection, week: ReportingWeek) -> tuple[Edition, ...]:
    """All editions of a week, oldest first."""
    edition = tables.edition
    rows = connection.execute(select(edition).where(edition.c.week_id == str(week)).order_by(edition.c.edition_no))
    return tuple(
        Edition(
            week,
            row.edition_no,
            row.content_hash,
            row.document,
            row.files,
            row.published_at,
            row.notes,
            row.change_seen,
        )
        for row in rows
    )


def latest_edition(connection: Connection, week: ReportingWeek) -> Edition | None:
    """The last published edition of a week, or None."""
    return next(reversed(read_editions(connection, week)), None)


@as_transient("looking for weeks that were held")
def weeks_told_since_their_edition(connection: Connection, purpose: str) -> list[ReportingWeek]:
    """Published weeks of which mails of a purpose (``alert/gate``, before the week) tell since their last edition; ascending."""
    edition, outbox = tables.edition, tables.outbox
    # As literals: PostgreSQL takes two parameters for two different expressions, one selected and one grouped by.
    slash: ColumnElement[str] = literal_column("'/'")
    place: ColumnElement[int] = literal_column(str(purpose.count("/") + 2))
    week_id = func.split_part(outbox.c.purpose, slash, place)
    told = (
        select(week_id.label("week_id"), func.max(outbox.c.created_at).label("told_at"))
        .where(outbox.c.purpose.startswith(f"{purpose}/", autoescape=True))
        .group_by(week_id)
        .subquery()
    )
    last = (
        select(edition.c.week_id, func.max(edition.c.published_at).label("published_at"))
        .group_by(edition.c.week_id)
        .subquery()
    )
    since = (
        select(last.c.week_id)
        .join(told, told.c.week_id == last.c.week_id)
        .where(told.c.told_at >= last.c.published_at)
        .order_by(last.c.week_id)
    )
    return [ReportingWeek.parse(week_id) for week_id in connection.execute(since).scalars()]


@as_transient("waiting for another publication")
def lock_edition(connection: Connection, week: ReportingWeek) -> None:
    """Keep every other publication of a week waiting until this transaction ends; re-entrant."""
    connection.execute(load_sql("marts", "lock_edition"), {"week_id": str(week)})


def says_something_new(document: RollupDocument, last: RollupDocument) -> bool:
    """Whether a week must be published again: a figure, a campaign or a union's state is another one, or a step of a figure of
    the week was not told. What became of other weeks since makes no edition of this one, nor what it is compared with.
    """
    is_step_untold = any(revision["week"] == document["week"] for revision in document["revisions"])
    return is_step_untold or _state(document) != _state(last)


@as_transient("proposing an edition")
def propose_edition(connection: Connection, document: RollupDocument) -> RollupDocument | None:
    """The document with the number of its week's next edition, or None when nothing changed since the last one.

    To be rendered and handed to ``save_edition`` in the same transaction; until it ends, no one else can publish the week.
    """
    week = ReportingWeek.parse(document["week"])
    lock_edition(connection, week)
    last = latest_edition(connection, week)
    if last is not None and not says_something_new(document, last.document):
        return None
    return {**document, "edition": last.number + 1 if last else 1}


@as_transient("saving an edition")
def save_edition(
    connection: Connection,
    document: RollupDocument,
    *,
    files: Mapping[str, str],
    published_at: datetime,
    notes: NotesDocument | None = None,
) -> int | None:
    """Write an edition down, in the caller's transaction.

    ``document``: nuanliu.rollup/1; its ``edition`` may be None or what ``propose_edition`` gave. ``files``: object key → sha256.
    ``notes``: as ``week_notes`` gives them.
    Returns: its number, or None when nothing changed since the last edition and nothing was written.
    Raises: EditionOvertaken when the document was numbered in another transaction and someone else published since.
    """
    numbered = propose_edition(connection, document)
    if numbered is None:
        return None
    if document["edition"] not in {None, numbered["edition"]}:
        raise EditionOvertaken(numbered["week"], document["edition"])
    restore_edition(connection, numbered, files=files, published_at=published_at, notes=notes)
    return numbered["edition"]


@as_transient("writing an edition down")
def restore_edition(
    connection: Connection,
    document: RollupDocument,
    *,
    files: Mapping[str, str],
    published_at: datetime,
    notes: NotesDocument | None = None,
) -> None:
    """Write down an edition that has its number already, as ``save_edition`` does and a rebuilt warehouse must."""
    remember_published(connection, document)
    connection.execute(
        tables.edition.insert(),
        {
            "week_id": document["week"],
            "edition_no": document["edition"],
            "content_hash": document_hash(document),
            "document": dict(document),
            "files": dict(files),
            "notes": dict(notes or {}),
            "published_at": published_at,
            "change_seen": newest_change(connection),
            "submission_seen": newest_submission(connection),
        },
    )


def document_hash(document: RollupDocument) -> str:
    """The sha256 of what a document says: figures, campaigns, coverage and revisions, not its number."""
    return sha256(_canonical({**_how_things_are(document), "revisions": document["revisions"]})).hexdigest()


def _how_things_are(document: RollupDocument) -> dict[str, Any]:
    """Everything but its number and its revisions, which say what became different."""
    return {key: document[key] for key in ("coverage", "figures", "campaigns")}


def _state(document: RollupDocument) -> bytes:
    """What makes an edition: coverage, and each figure and campaign by id, without what it is compared with."""
    figures = {
        figure["figure_id"]: [figure[key] for key in ("value", "exactness", "activities")]
        for figure in document["figures"]
    }
    campaigns = {
        f"{campaign['campaign']}/{campaign['measure']}": [campaign["value"], campaign["exactness"]]
        for campaign in document["campaigns"]
    }
    return _canonical([document["coverage"], figures, campaigns])


def _canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
