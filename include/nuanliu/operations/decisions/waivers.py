"""Let queries of a held row pass: an engineer has asked, and answers for the union. Recorded first, then answered again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from nuanliu.contract.rules import rule_registry
from nuanliu.domain import schemas
from nuanliu.domain.checked import FileStatus
from nuanliu.domain.findings import Finding, Severity
from nuanliu.domain.receipt import Receipt
from nuanliu.domain.waiver import AnsweredAgain, Waiver
from nuanliu.errors import ReceiptMissing, UsageError
from nuanliu.intake.privacy.personal_data import mask_text
from nuanliu.operations.context import Context
from nuanliu.operations.decisions.open_queries import WHOLE_FILE, overtaken_by
from nuanliu.operations.decisions.tolerances import required
from nuanliu.operations.drops.ingest_drop import ingest_drop
from nuanliu.operations.drops.source_keys import waived_key
from nuanliu.operations.weeks.roll_up import roll_up_week
from nuanliu.warehouse.recovery.deletions import deleted_keys
from nuanliu.warehouse.schema.locks import lock_unions
from nuanliu.warehouse.submissions.receipts_store import StoredReceipt, receipt_by_number, receipt_of, receipts_of_week
from nuanliu.warehouse.submissions.registry import read_claim
from nuanliu.warehouse.submissions.waivers import answered_again_as, read_answered_again, record_waiver


@dataclass(frozen=True)
class _Place:
    """A row as somebody names it; ``sheet`` None: the only one that has such a row. ``row`` None: the whole file."""

    sheet: str | None
    row: int | None

    def holds(self, finding: Finding) -> bool:
        return finding.row == self.row and (self.sheet is None or finding.sheet == self.sheet)


def waive_rows(ctx: Context, receipt_no: str, *, rows: Sequence[str], reason: str, person: str) -> dict[str, Any]:
    """Let the open queries of some rows of a receipt pass and answer its file again, as a new version of its week.

    ``rows``: ``活动明细!7``, ``7`` where only one sheet has a query in such a row (and for CSV), or ``file`` for what was
    asked about the file as a whole. The waiver is committed before the file is answered: killed in between, the next
    intake or a second call answers it. The same waiver again changes nothing and returns the same receipt.
    Returns ``nuanliu.release/1``: the new receipt, and what was let pass. Raises: ReceiptMissing; UsageError for a row that
    holds no query, a query that no engineer may let pass, or a receipt that was overtaken.
    """
    name = required(person, "--by")
    why = mask_text(" ".join(required(reason, "--reason").split()))
    places = [_read_place(text) for text in rows]
    if not places:
        raise UsageError("say with --row which row to release")
    with ctx.engine.connect() as connection:
        stored = receipt_by_number(connection, receipt_no)
    if stored is None:
        raise ReceiptMissing(receipt_no)
    wanted = _open_queries(stored.receipt, places)
    ingest_drop(ctx, stored.object_id)  # whatever a killed run left of it is finished first
    object_id = _record(ctx, stored, wanted, reason=why, person=name)
    outcome = ingest_drop(ctx, object_id)
    for week in outcome.weeks:
        roll_up_week(ctx, week, compares=False)
    with ctx.engine.connect() as connection:
        answer = receipt_of(connection, object_id)
    return {
        "schema": schemas.RELEASE,
        "released": [{"sheet": query.sheet, "row": query.row, "rule": query.rule} for query in wanted],
        "receipt": answer.receipt.as_json() if answer else None,
    }


def _read_place(text: str) -> _Place:
    """Raises: UsageError."""
    if text.strip().lower() == WHOLE_FILE:
        return _Place(None, None)
    sheet, mark, number = text.rpartition("!")
    if not number.strip().isdecimal() or (mark and not sheet):
        raise UsageError(f"--row {text!r}: write 活动明细!7, the row number alone for a CSV, or {WHOLE_FILE}")
    return _Place(sheet.strip("'") or None, int(number))


def _open_queries(receipt: Receipt, places: Iterable[_Place]) -> list[Finding]:
    """The queries that hold the named rows, in the order of the receipt. Raises: UsageError, naming rule and way."""
    if receipt.status == FileStatus.TRIAL:
        raise UsageError(f"{receipt.receipt_no} answers a 试报, of which nothing is loaded: nothing to release")
    queries = [query for query in receipt.findings if query.severity is Severity.QUERY and not _follows_others(query)]
    _refuse_what_must_be_mended(query for query in queries if query.row is None)
    wanted: list[Finding] = []
    for place in places:
        own = [finding for finding in queries if place.holds(finding)]
        if not own:
            known = sorted({_shown(finding) for finding in queries if _is_let_pass(finding)})
            raise UsageError(
                f"{receipt.receipt_no} holds no query at {_named(place)}; "
                f"to be released there: {', '.join(known) or 'nothing'}"
            )
        if len({finding.sheet for finding in own}) > 1:
            raise UsageError(f"row {place.row} holds queries on several sheets; write SHEET!{place.row}")
        _refuse_what_must_be_mended(own)
        wanted += [finding for finding in own if finding not in wanted]
    return wanted


def _refuse_what_must_be_mended(queries: Iterable[Finding]) -> None:
    for query in queries:
        rule = rule_registry()[query.rule]
        if rule.needs_own_explanation:
            raise UsageError(
                f"{query.rule} at {_shown(query)}: only a 说明 that the union writes on the row itself lets it pass, or "
                f"an activity would count twice. {query.fix}"
            )
        if not rule.releasable:
            raise UsageError(
                f"{query.rule} at {_shown(query)} is never released: it must be mended in the file. {query.fix}"
            )


def _is_let_pass(query: Finding) -> bool:
    rule = rule_registry()[query.rule]
    return rule.releasable and not rule.needs_own_explanation


def _follows_others(query: Finding) -> bool:
    """Whether a query only says that others are open; it goes when they do."""
    return bool(rule_registry()[query.rule].params.get("follows_others"))


def _record(ctx: Context, stored: StoredReceipt, wanted: Sequence[Finding], *, reason: str, person: str) -> int:
    """The object that answers the file again, written down and claimed if it is not yet. Raises: UsageError."""
    receipt_no, now = stored.receipt.receipt_no or "", ctx.settings.clock()
    with ctx.engine.begin() as connection:
        lock_unions(connection, {stored.receipt.union_id})
        known = answered_again_as(connection, receipt_no)
        if known is not None:
            return _same_waiver(connection, receipt_no, known, wanted)
        _refuse_overtaken(connection, stored)
        row = read_claim(connection, stored.object_id)
        if row.stored_key in deleted_keys(connection):
            raise UsageError(
                f"{receipt_no}: its original was deleted when its time had come and cannot be answered again; ask the union "
                "to report the row again with a 说明"
            )
        before = read_answered_again(connection, stored.object_id)
        again = AnsweredAgain(
            receipt_no=receipt_no,
            arrived_at=before.arrived_at if before else row.received_at,
            waivers=(*(before.waivers if before else ()), *_waivers(wanted, reason, person, now)),
        )
        claimed = {
            "object_key": row.object_key,
            "source_key": waived_key(receipt_no, row.source_key),
            "union_id": row.union_id,
            "path_week": row.path_week,
            "is_trial": False,
            "state": "claimed",
            "sha256": row.sha256,
            "size_bytes": row.size_bytes,
            "received_at": now,
            # It is the file of then that is answered again: what the union sent since is younger.
            "arrived_at": row.arrived_at,
            "arrival_order": row.arrival_order,
        }
        return record_waiver(connection, claimed, again)


def _waivers(wanted: Iterable[Finding], reason: str, person: str, now: datetime) -> tuple[Waiver, ...]:
    places = dict.fromkeys((query.sheet, query.row, query.rule) for query in wanted)
    return tuple(Waiver(sheet, row, rule, reason, person, now) for sheet, row, rule in places)


def _same_waiver(connection: Connection, receipt_no: str, object_id: int, wanted: Iterable[Finding]) -> int:
    """The object of an earlier waiver, when that let pass all that is wanted. Raises: UsageError."""
    again = read_answered_again(connection, object_id)
    passed = {waiver.place for waiver in again.waivers} if again else set()
    if all((query.sheet, query.row, query.rule) in passed for query in wanted):
        return object_id
    newer = receipt_of(connection, object_id)
    number = newer.receipt.receipt_no if newer else "a receipt that is being written"
    raise UsageError(f"{receipt_no} is answered again by {number} already: release the row there")


def _refuse_overtaken(connection: Connection, stored: StoredReceipt) -> None:
    """A file is answered again only while it is the union's last word on its week. Raises: UsageError."""
    newer = overtaken_by(stored, receipts_of_week(connection, stored.receipt.union_id, stored.filed_week))
    if newer is not None:
        raise UsageError(
            f"{stored.receipt.receipt_no} was followed by {newer}: release the row there, or ask the union to report it "
            "again with a 说明"
        )


def _shown(query: Finding) -> str:
    return WHOLE_FILE if query.row is None else f"{query.sheet}!{query.row}" if query.sheet else str(query.row)


def _named(place: _Place) -> str:
    return WHOLE_FILE if place.row is None else f"{place.sheet}!{place.row}" if place.sheet else f"row {place.row}"
