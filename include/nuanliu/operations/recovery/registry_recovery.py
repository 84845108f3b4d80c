"""Write the registry anew from the bucket: what receipts/ and archive/ say, where the warehouse knows nothing of it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select

from nuanliu.domain.arrival import arrival_order, arrived
from nuanliu.domain.history import OVERTAKEN
from nuanliu.domain.receipt import Receipt
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.domain.waiver import ANSWERED_AGAIN, AnsweredAgain, read_waivers
from nuanliu.errors import ObjectMissing
from nuanliu.operations.context import Context
from nuanliu.operations.drops.archiving import stored_key
from nuanliu.operations.drops.drop_path import INTAKE_PREFIX, read_drop_path
from nuanliu.operations.drops.source_keys import waived_key
from nuanliu.operations.recovery.rebuilt_order import IssuedReceipt, find_places
from nuanliu.operations.recovery.replay_scope import in_order_of_answers, receipt_ordinal
from nuanliu.storage.objects import StoredObject, from_storable, storable
from nuanliu.warehouse.recovery.replay_tables import AnsweredObject, answered_objects
from nuanliu.warehouse.schema.tables import registry
from nuanliu.warehouse.submissions.answers import IssuedNumber
from nuanliu.warehouse.submissions.receipts_store import receipt_by_number
from nuanliu.warehouse.submissions.waivers import note_waiver, read_answered_again

RECEIPTS, ARCHIVE, QUARANTINE = "receipts/", "archive/", "quarantine/"


def is_lost(ctx: Context) -> bool:
    """Whether the warehouse knows no receipt at all: it is new, or was lost as a whole."""
    with ctx.engine.connect() as connection:
        return not any(each.receipt_no for each in answered_objects(connection))


def rebuild_registry(ctx: Context, *, warehouse_is_lost: bool) -> dict[int, IssuedNumber]:
    """See to it that every answered object has its registry row; returns the numbers of lost receipts by object.

    Nothing that is there is changed. When the warehouse is lost, an object of archive/ that no receipt names becomes a drop
    whose receipt is still to be written: filed under its folder's week, received when it came to lie there. Otherwise it
    is nobody's, and reconcile says so.
    """
    stored = [*ctx.bucket.list(ARCHIVE), *ctx.bucket.list(QUARANTINE)]
    listed = _listed_receipts(ctx)
    with ctx.engine.begin() as connection:
        known = answered_objects(connection)
        answered = {each.receipt_no for each in known if each.receipt_no}
        lost = [_read_receipt(ctx, no, item.key) for no, item in listed.items() if no not in answered]
        numbers = _match(known, lost)
        taken = {number.receipt_no for number in numbers.values()}
        arrivals = {receipt.receipt_no: receipt.received_at for receipt in lost if receipt.again is None}
        unknown = _in_order([receipt for receipt in lost if receipt.receipt_no not in taken])
        places = find_places(unknown, known, {no: item.arrived_at for no, item in listed.items()})
        for receipt in unknown:
            place = places[receipt.receipt_no]
            object_id = _insert(connection, {**_row_of_receipt(receipt, stored), "arrival_order": place})
            if receipt.again is not None:
                arrivals[receipt.receipt_no] = _arrival(connection, receipt.again, arrivals)
                again = AnsweredAgain(receipt.again, arrivals[receipt.receipt_no], receipt.waivers)
                note_waiver(connection, object_id, again)
            numbers[object_id] = IssuedNumber(receipt.receipt_no, receipt.filed_week)
        for row in _unnamed(connection, stored) if warehouse_is_lost else []:
            place = arrived(row["received_at"], row["object_key"])
            _insert(connection, {**row, "arrival_order": arrival_order(row["received_at"], place)})
        return numbers | _new_numbers(answered_objects(connection), numbers)


def _listed_receipts(ctx: Context) -> dict[str, StoredObject]:
    """Receipt number → its JSON."""
    items = (item for item in ctx.bucket.list(RECEIPTS) if item.key.endswith(".json"))
    return {item.key.rpartition("/")[2].removesuffix(".json"): item for item in items}


def _read_receipt(ctx: Context, receipt_no: str, key: str) -> IssuedReceipt:
    document = json.loads(ctx.bucket.read(key))
    findings = Receipt.from_json(document).findings
    again = next((finding.value for finding in findings if finding.rule == ANSWERED_AGAIN), None)
    return IssuedReceipt(
        receipt_no=receipt_no,
        filed_week=key.split("/")[-2],
        union_id=document["union_id"],
        object_key=document["object_key"],
        sha256=document["sha256"],
        received_at=datetime.fromisoformat(document["received_at"]),
        again=again,
        waivers=read_waivers(findings) if again else (),
        overtaken_by=next((finding.value for finding in findings if finding.rule == OVERTAKEN), None),
    )


def _arrival(connection: Connection, receipt_no: str, arrivals: Mapping[str, datetime]) -> datetime:
    """When the bytes of a receipt that is answered again arrived. Raises: ObjectMissing when nobody knows that receipt."""
    if receipt_no in arrivals:
        return arrivals[receipt_no]
    known = receipt_by_number(connection, receipt_no)
    if known is None:
        raise ObjectMissing(f"receipt {receipt_no}, whose file another one answers again, is nowhere")
    before = read_answered_again(connection, known.object_id)
    return before.arrived_at if before else known.receipt.received_at


def _match(known: Iterable[AnsweredObject], lost: Iterable[IssuedReceipt]) -> dict[int, IssuedNumber]:
    """The numbers of objects whose registry row is there and whose receipt is not, oldest first."""
    waiting: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for each in known:
        if each.receipt_no is None:
            row = each.row
            waiting[row.object_key, row.sha256, row.received_at.replace(microsecond=0)].append(row.object_id)
    numbers = {}
    for receipt in sorted(lost, key=lambda each: receipt_ordinal(each.receipt_no)):
        if same := waiting[receipt.object_key, receipt.sha256, receipt.received_at.astimezone(UTC)]:
            numbers[same.pop(0)] = IssuedNumber(receipt.receipt_no, receipt.filed_week)
    return numbers


def _in_order(receipts: Sequence[IssuedReceipt]) -> list[IssuedReceipt]:
    """By arrival; drops of one second in the order in which they are claimed, which is that of their names."""
    return in_order_of_answers(
        sorted(receipts, key=lambda each: arrival_order(each.received_at, arrived(each.received_at, each.object_key))),
        group=lambda each: (each.union_id, each.filed_week),
        ordinal=lambda each: receipt_ordinal(each.receipt_no),
    )


def _row_of_receipt(receipt: IssuedReceipt, stored: Iterable[StoredObject]) -> dict[str, Any]:
    path = read_drop_path(from_storable(receipt.object_key))
    archived = stored_key(
        receipt.union_id, receipt.filed_week, receipt.sha256, from_storable(receipt.object_key), quarantined=False
    )
    # A masked name may have lost its ending; the hash is what the bytes lie under.
    same = [item.key for item in stored if f"/{receipt.union_id}/" in item.key and receipt.sha256 in item.key]
    in_week = [key for key in same if f"/{receipt.filed_week}/" in key or key.startswith(QUARANTINE)]
    target = archived if archived in same or not same else (in_week or same)[0]
    size = next((item.size for item in stored if item.key == target), 0)
    return _row(
        object_key=receipt.object_key,
        source_key=waived_key(receipt.again, receipt.object_key) if receipt.again else receipt.object_key,
        union_id=receipt.union_id,
        path_week=path.week,
        is_trial=path.is_trial,
        target=target,
        sha256=receipt.sha256,
        size=size,
        received_at=receipt.received_at,
    )


def _unnamed(connection: Connection, stored: Iterable[StoredObject]) -> list[dict[str, Any]]:
    """Registry rows for archived bytes that no row names: their receipt never reached the bucket, and the registry is lost."""
    rows = connection.execute(select(registry.c.stored_key, registry.c.sha256, registry.c.state)).all()
    named = {row.stored_key for row in rows}
    in_progress = {row.sha256 for row in rows if row.state == "claimed"}
    found = []
    for item in stored:
        parts = item.key.split("/")
        sha256 = parts[-1].partition(".")[0]
        if storable(item.key) in named or sha256 in in_progress:
            continue
        week = parts[2] if item.key.startswith(ARCHIVE) else None
        found.append(
            _row(
                object_key=f"{INTAKE_PREFIX}{parts[1]}/{parts[-1]}",
                source_key=f"{INTAKE_PREFIX}{parts[1]}/{parts[-1]}",
                union_id=parts[1],
                path_week=week,
                is_trial=False,
                target=item.key,
                sha256=sha256,
                size=item.size,
                received_at=item.modified_at,
            )
        )
    return found


def _row(
    *,
    object_key: str,
    source_key: str,
    union_id: str,
    path_week: str | None,
    is_trial: bool,
    target: str,
    sha256: str,
    size: int,
    received_at: datetime,
) -> dict[str, Any]:
    return {
        "object_key": object_key,
        "source_key": source_key,
        "union_id": union_id,
        "path_week": path_week,
        "is_trial": is_trial,
        "state": "quarantined" if target.startswith(QUARANTINE) else "archived",
        "stored_key": target,
        "sha256": sha256,
        "size_bytes": size,
        "received_at": received_at,
        "finished_at": received_at,
    }


def _insert(connection: Connection, row: Mapping[str, Any]) -> int:
    return int(connection.execute(registry.insert().values(**row).returning(registry.c.object_id)).scalar_one())


def _new_numbers(known: Iterable[AnsweredObject], numbers: Mapping[int, IssuedNumber]) -> dict[int, IssuedNumber]:
    """Numbers for stored objects that never got a receipt: the next of their union and week."""
    objects = list(known)
    last: dict[tuple[str, str], int] = defaultdict(int)
    given = [(each.receipt_no, each.filed_week) for each in objects if each.receipt_no and each.filed_week]
    for receipt_no, filed_week in [*given, *((number.receipt_no, number.filed_week) for number in numbers.values())]:
        of = (receipt_no.rsplit("-", 2)[0], filed_week)
        last[of] = max(last[of], receipt_ordinal(receipt_no))
    new = {}
    for each in objects:
        if each.receipt_no is not None or each.row.object_id in numbers:
            continue
        row = each.row
        week = (
            ReportingWeek.parse(row.path_week) if row.path_week else ReportingWeek.last_closed_before(row.received_at)
        )
        last[row.union_id, str(week)] += 1
        receipt_no = f"{row.union_id}-{week.compact}-{last[row.union_id, str(week)]:03d}"
        new[row.object_id] = IssuedNumber(receipt_no, str(week))
    return new
