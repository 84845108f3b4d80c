"""Publish a week: the gate, an immutable edition, and a mail for each leader through the outbox."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

import yaml
from sqlalchemy import Connection
from sqlalchemy.exc import DataError

from nuanliu.contract.input_contract import input_contract
from nuanliu.contract.reloading import reloads_with_data
from nuanliu.domain import schemas
from nuanliu.domain.documents import CoverageEntry, EditionDocument, NotesDocument, ReconcileDocument, RollupDocument
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.errors import NuanliuError
from nuanliu.operations.context import Context
from nuanliu.operations.mailing.alerts import held_weeks, tell_gate_closed
from nuanliu.operations.mailing.delivering import deliver_outbox
from nuanliu.operations.mailing.publication_plan import forms_by_address, publication_plans
from nuanliu.operations.mailing.recipients import usable_recipients
from nuanliu.operations.weeks.reconciling import reconcile_at_rest
from nuanliu.operations.weeks.roll_up import failing_alone, roll_up_week
from nuanliu.reporting.mail.mail_message import compose_summary_mail, message_id_for
from nuanliu.reporting.summary.files import render_summary_files
from nuanliu.settings import INCLUDE_DIR
from nuanliu.warehouse.comparison.revision_record import summary_record
from nuanliu.warehouse.mail.outbox import enqueue
from nuanliu.warehouse.marts.editions import (
    Edition,
    latest_edition,
    propose_edition,
    read_editions,
    save_edition,
    says_something_new,
)
from nuanliu.warehouse.marts.figures import week_document
from nuanliu.warehouse.marts.reconcile import COUNTED_IDENTITIES, reconcile_document
from nuanliu.warehouse.marts.revisions import revision_entries, revision_steps, unmailed_steps
from nuanliu.warehouse.marts.rollup import rebuild_weeks
from nuanliu.warehouse.marts.week_notes import week_notes
from nuanliu.warehouse.marts.weeks_pending import pending_weeks
from nuanliu.warehouse.reconciliation.printed_weeks import printed_scope, printed_weeks
from nuanliu.warehouse.schema.locks import one_moment
from nuanliu.warehouse.sources.week_sources import read_sources

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Gate:
    """When a week may be published; contracts/publication.yaml."""

    min_answered_unions: int
    require_clean_reconcile: bool
    require_approval: bool
    """Whether a person must approve an edition before its mails leave."""

    def refusal(self, coverage: CoverageEntry, reconciled: ReconcileDocument) -> str | None:
        """Why a week may not be published, in Chinese; None when it may."""
        answered = coverage["reported"] + coverage["confirmed_zero"]
        if answered < self.min_answered_unions:
            who = f"只有 {answered} 家已报送(至少 {self.min_answered_unions} 家)" if answered else "没有一家已报送"
            return f"应报 {coverage['expected']} 家中{who},暂不发布"
        if self.require_clean_reconcile and not reconciled["ok"]:
            return f"对账不平({len(reconciled['differences'])} 处差异),暂不发布"
        return None


@reloads_with_data
@cache
def publication_gate() -> Gate:
    """The project's own gate."""
    data = yaml.safe_load((INCLUDE_DIR / "contracts" / "publication.yaml").read_text("utf-8"))
    return Gate(data["min_answered_unions"], data["require_clean_reconcile"], data["require_approval"])


def publish_week(ctx: Context, week: str, *, send: bool) -> EditionDocument:
    """Publish the next edition of a week if anything changed, and mail it when ``send``.

    Repeating it publishes and mails nothing twice. Returns ``nuanliu.edition/1``; ``held`` says that the gate closed.
    Raises: InvalidWeek, WeekNotRolledUp, WarehouseUnavailable, MailUnavailable (the edition stands, its mails wait in the
    outbox).
    """
    answer = _publish_next(ctx, ReportingWeek.parse(week), is_mailed=True)
    if send and answer["edition"] is not None and not answer["held"]:
        answer["mails"] = mail_edition(ctx, week, answer["edition"])
    return answer


def renew_editions(ctx: Context, week: str) -> list[EditionDocument]:
    """Publish those of the eight weeks before a week again that were published and have changed since, oldest first.

    They get no mail of their own: the leaders' next one opens with what changed. Of one that the gate holds the engineers are
    told as of any other, and it stays due until it is published, however old it grows. Returns ``nuanliu.edition/1`` of each
    week that was looked at closely. Raises: InvalidWeek; the error of the first week that failed, after all were tried.
    """
    last = ReportingWeek.parse(week)
    window = {last.shift(-back) for back in range(1, input_contract().limits["weeks_back"] + 1)}
    with ctx.engine.connect() as connection:
        held = {each for each in held_weeks(connection) if each < last}
    answers: list[EditionDocument] = []
    failures: list[NuanliuError] = []
    for earlier in sorted(window | held):
        try:
            with ctx.engine.connect() as connection:
                is_due = _has_changed(connection, earlier)
            if is_due:
                answers.append(_publish_next(ctx, earlier, is_mailed=False))
                if answers[-1]["held"]:
                    tell_gate_closed(ctx, answers[-1])
        except NuanliuError as error:
            log.exception("%s was not published again", earlier)
            failures.append(error)
    if failures:
        raise failures[0]
    return answers


def _has_changed(connection: Connection, week: ReportingWeek) -> bool:
    last = latest_edition(connection, week)
    if last is None:
        return False
    if str(week) in pending_weeks(connection):
        return True
    return says_something_new(week_document(connection, week, compares=False), last.document)


def _publish_next(ctx: Context, week: ReportingWeek, *, is_mailed: bool) -> EditionDocument:
    """Roll up, look through the gate and publish, all as at one moment.

    What lies in the bucket is no part of a snapshot: it is held against the records before, at rest. What the records say of
    facts and figures is looked at within the moment. Both only of what the edition prints: a difference elsewhere stops
    nobody's summary, and the nightly run finds it.
    """
    with as_at_one_moment(ctx, week) as (connection, document, refusal):
        if refusal is not None:
            return _answer(str(week), edition=None, published=False, reason=refusal, held=True)
        proposal = propose_edition(connection, document)
        if proposal is None:
            return _unchanged(str(week), latest_edition(connection, week))
        return _publish(ctx, connection, week, proposal, is_mailed=is_mailed)


@contextmanager
def as_at_one_moment(ctx: Context, week: ReportingWeek) -> Iterator[tuple[Connection, RollupDocument, str | None]]:
    """A connection in one snapshot, the week's document rolled up in it, and why the gate is closed, None when it is open."""
    roll_up_week(ctx, str(week), compares=False)
    at_rest = reconcile_at_rest(ctx, week)
    with failing_alone(week), one_moment(ctx.engine) as connection:
        _roll_up_waiting(connection, week)
        rebuild_weeks(connection, [week])
        document = week_document(connection, week)
        printed = replace(printed_scope(connection, week), identities=COUNTED_IDENTITIES)
        now = reconcile_document(connection, None, scope=printed)
        yield connection, document, publication_gate().refusal(document["coverage"], now if at_rest["ok"] else at_rest)


def _roll_up_waiting(connection: Connection, printed: ReportingWeek) -> None:
    """Roll up the earlier weeks that wait for it, whose cumulative figures stand in this one too, and the later ones of which
    this one's edition tells a correction. One that fails for good goes on waiting, and stops no other.
    """
    told = printed_weeks(connection, printed)
    waiting = [week for week in map(ReportingWeek.parse, pending_weeks(connection)) if week < printed or week in told]
    if _rolled_up(connection, waiting):
        return
    for week in waiting:
        if not _rolled_up(connection, [week]):
            log.error("%s waits for its roll-up and fails", week)


def _rolled_up(connection: Connection, weeks: Sequence[ReportingWeek]) -> bool:
    """Whether weeks could be rolled up: at once, since what has become of published figures is then looked at once."""
    try:
        with connection.begin_nested():
            rebuild_weeks(connection, weeks)
    except DataError:
        log.exception("%s could not be rolled up", "、".join(map(str, weeks)))
        return False
    return True


def mail_edition(ctx: Context, week: str, edition: int) -> dict[str, Any]:
    """Put one mail for each leader into the outbox, each only once, and send what waits there.

    Returns the delivery's counts. Raises: MailUnavailable when nothing could be sent for a passing reason.
    """
    with ctx.engine.begin() as connection:
        enqueue_mails(ctx, connection, ReportingWeek.parse(week), edition)
    return deliver_outbox(ctx)


def _unchanged(week: str, last: Edition | None) -> EditionDocument:
    return _answer(
        week,
        edition=last.number if last else None,
        published=False,
        reason="与上一版相比没有变化",
        files=list(last.files) if last else [],
    )


def _publish(
    ctx: Context, connection: Connection, week: ReportingWeek, document: RollupDocument, *, is_mailed: bool
) -> EditionDocument:
    published_at = ctx.settings.clock()
    number = document["edition"]
    notes = edition_notes(connection, document, published_at, is_mailed=is_mailed)
    sources = read_sources(connection, week)
    files = {
        f"reports/{week}/edition-{number}/{name}": data
        for name, data in render_summary_files(
            document, published_at=published_at, notes=notes, sources=sources
        ).items()
    }
    for key, data in files.items():
        # Written before the edition is committed: a crash in between leaves files that the same number overwrites.
        ctx.bucket.write(key, data)
    save_edition(
        connection,
        document,
        files={key: hashlib.sha256(data).hexdigest() for key, data in files.items()},
        published_at=published_at,
        notes=notes,
    )
    return _answer(str(week), edition=number, published=True, reason=completeness(document), files=list(files))


def completeness(document: RollupDocument) -> str:
    """How complete a week is, in a few words."""
    missing = document["coverage"]["missing"]
    return f"不完整:{len(missing)} 家未报" if missing else "完整"


def edition_notes(
    connection: Connection, document: RollupDocument, published_at: datetime, *, is_mailed: bool
) -> NotesDocument:
    """What an edition tells beside its document."""
    week = ReportingWeek.parse(document["week"])
    notes = week_notes(connection, week)
    if is_mailed and (unmailed := unmailed_steps(connection, week)):
        notes = {**notes, "unmailed_revisions": revision_entries(unmailed), "unmailed_steps": revision_steps(unmailed)}
    return {**notes, "revision_record": summary_record(connection, document, notes, published_at)}


def enqueue_mails(ctx: Context, connection: Connection, week: ReportingWeek, number: int) -> None:
    """One mail for each reader and edition, by the plans; the outbox takes each only once."""
    edition = next(edition for edition in read_editions(connection, week) if edition.number == number)
    purpose = edition_purpose(week, number)
    files = {key.rsplit("/", 1)[-1]: ctx.bucket.read(key) for key in edition.files}
    known = [(reader.address, reader.role) for reader in usable_recipients(ctx.settings.recipients)]
    for address, forms in forms_by_address(publication_plans(), edition.document, known).items():
        message_id = message_id_for(purpose, address, ctx.settings.mail_from)
        message = compose_summary_mail(
            edition.document,
            files=files,
            sender=ctx.settings.mail_from,
            recipient=address,
            message_id=message_id,
            date=edition.published_at,
            notes=edition.notes,
            forms=forms,
        )
        enqueue(
            connection,
            purpose=purpose,
            recipient=address,
            message_id=message_id,
            message=message.as_bytes(),
            created_at=ctx.settings.clock(),
        )


def edition_purpose(week: ReportingWeek, number: int) -> str:
    """What the outbox calls the mails of an edition."""
    return f"edition/{week}/{number}"


def _answer(
    week: str, *, edition: int | None, published: bool, reason: str, files: list[str] | None = None, held: bool = False
) -> EditionDocument:
    return {
        "schema": schemas.EDITION,
        "week": week,
        "edition": edition,
        "published": published,
        "held": held,
        "reason": reason,
        "files": sorted(files or []),
    }
