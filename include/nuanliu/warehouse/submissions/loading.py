"""Load one checked drop: its receipt always, its facts when it brings any. All of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from nuanliu.contract.code_lists import codes
from nuanliu.domain.checked import CheckedDrop, FileStatus, LoadAction
from nuanliu.domain.receipt import Receipt
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.warehouse.facts.inserting import insert_facts
from nuanliu.warehouse.facts.kept_rows import KeptRows, kept_rows
from nuanliu.warehouse.marts.published_weeks import roll_up_published
from nuanliu.warehouse.marts.weeks_pending import mark_pending
from nuanliu.warehouse.schema.locks import lock_submission
from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.partitions import ensure_partitions
from nuanliu.warehouse.schema.sql_files import load_sql
from nuanliu.warehouse.submissions.aliases import record_proposals
from nuanliu.warehouse.submissions.answers import (
    IssuedNumber,
    next_receipt_no,
    record_counts,
    record_held_rows,
    record_receipt,
    record_touched_weeks,
)
from nuanliu.warehouse.submissions.counting import lock_counting, settle_counting
from nuanliu.warehouse.submissions.receipts_store import receipt_of
from nuanliu.warehouse.submissions.superseded_activities import note_notified, note_turned
from nuanliu.warehouse.submissions.versions import begin_version, next_version, supersede_others

_CHANGES_NOTHING = {FileStatus.DUPLICATE, FileStatus.UNCHANGED, FileStatus.TRIAL}


@dataclass(frozen=True)
class LoadedDrop:
    """What a drop became. ``weeks``: those to roll up again, as 2024-W49, ascending: where facts came or went, and the
    week it is filed under, whose coverage it may change. ``version``: None when nothing was loaded or repeated.
    """

    receipt: Receipt
    version: int | None
    weeks: tuple[str, ...]


@as_transient("loading a drop")
def load_drop(
    connection: Connection,
    checked: CheckedDrop,
    *,
    object_id: int,
    checked_at: datetime | None = None,
    issued: IssuedNumber | None = None,
) -> LoadedDrop:
    """Number the receipt, write it down and load what was accepted, in the caller's transaction.

    The caller commits; until then, and after a crash, the warehouse is as before. An object that has its receipt
    already gets that one back and nothing changes. The locks of the sender and the organisers are taken here unless the
    caller holds them since before it read the history, as it should (``locks.lock_submission``). ``issued``: a replay's
    receipt keeps the number and the week that it was filed under.
    Raises: LoadIncomplete when a row names something its dimension lacks, WarehouseUnavailable.
    """
    lock_submission(connection, checked.submission)
    earlier = receipt_of(connection, object_id)
    if earlier is not None:
        return LoadedDrop(earlier.receipt, earlier.receipt.version, earlier.weeks)
    week = checked.submission.week
    loads = checked.action is not LoadAction.NOTHING
    kept = kept_rows(checked)
    if loads and issued is None:  # the tables of a replay have no partitions
        ensure_partitions(connection, kept.weeks)  # before this transaction holds a lock on any dimension
    receipt = checked.receipt.numbered(
        issued.receipt_no if issued else next_receipt_no(connection, checked.receipt.union_id, week),
        next_version(connection, checked.submission.union_id, week) if loads else checked.receipt.version,
    )
    touched = set() if checked.status in _CHANGES_NOTHING else {week}
    record_receipt(connection, receipt, object_id=object_id, filed_week=issued.filed_week if issued else str(week))
    record_held_rows(connection, checked, receipt)
    note_notified(connection, checked.told, receipt)
    if issued is None and checked.status not in {FileStatus.DUPLICATE, FileStatus.UNCHANGED}:
        record_proposals(connection, checked.submission.proposals, receipt)
    record_counts(connection, checked, kept if loads else None, object_id=object_id, checked_at=checked_at)
    if loads:
        touched |= _load_version(connection, replace(checked, receipt=receipt), kept, object_id)
    weeks = tuple(str(touched_week) for touched_week in sorted(touched))
    record_touched_weeks(connection, object_id, weeks)
    if issued is None:  # what a replay takes over is rolled up in the same transaction
        mark_pending(connection, object_id, weeks)
        if weeks:
            roll_up_published(connection, object_id, weeks)
    return LoadedDrop(receipt, receipt.version, weeks)


def _load_version(connection: Connection, checked: CheckedDrop, kept: KeptRows, object_id: int) -> set[ReportingWeek]:
    """Load a new version and take away what it replaces; ``checked.receipt`` is numbered. Returns the weeks touched."""
    connection.execute(load_sql("warehouse", "load_memory"))
    lock_counting(connection, checked.submission)
    submission_key = begin_version(connection, checked, object_id=object_id, weeks=kept.weeks)
    touched = set(kept.weeks)
    if checked.action is LoadAction.REPLACE:
        touched |= supersede_others(connection, submission_key)
    if len(kept.activity_places):
        _add_campaigns(connection, kept)
        _add_partners(connection, kept)
        insert_facts(connection, kept, submission_key)
    if touched:
        turned = settle_counting(connection, [submission_key], touched)
        note_turned(connection, turned, checked.receipt, object_id=object_id)
        touched |= {ReportingWeek(activity.week_start) for activity in turned}
    return touched


def _add_campaigns(connection: Connection, kept: KeptRows) -> None:
    """Campaigns that no code list and no earlier file knows, under the name that was written."""
    known = codes().campaigns
    ids = [text for text in kept.campaigns if text not in known]
    if ids:
        connection.execute(load_sql("warehouse", "dim_campaign"), {"campaign_ids": ids})


def _add_partners(connection: Connection, kept: KeptRows) -> None:
    """Partners that no earlier file named, with their union where they are one of ours."""
    names = kept.names("co_organizers")
    if not names:
        return
    unions = [codes().unions.find(name) for name in names]
    connection.execute(
        load_sql("warehouse", "dim_partner"),
        {"names": list(names), "union_ids": [union.id if union else None for union in unions]},
    )
