"""Rebuild weeks from archive/ under today's rules: play every drop again unseen, then take over what came out otherwise."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine

from nuanliu.contract.code_lists import codes
from nuanliu.domain import schemas
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.domain.revised_figures import Reason
from nuanliu.errors import ObjectMissing, Transient
from nuanliu.intake.formats.limits import Oversized
from nuanliu.operations.context import Context
from nuanliu.operations.drops.answering import write_receipt_files
from nuanliu.operations.drops.archiving import stored_key
from nuanliu.operations.drops.drop_path import UNKNOWN
from nuanliu.operations.drops.dropped_bytes import read_drop, sha256_of
from nuanliu.operations.drops.receipt_keys import receipt_stem
from nuanliu.operations.drops.registered_drop import check_registered
from nuanliu.operations.drops.source_keys import dropped_key, waiting_key
from nuanliu.operations.recovery.editions_recovery import rebuild_editions
from nuanliu.operations.recovery.registry_recovery import is_lost, rebuild_registry
from nuanliu.operations.recovery.replay_scope import (
    ReplayScope,
    bound_together,
    in_order_of_answers,
    receipt_ordinal,
)
from nuanliu.operations.recovery.replay_start import FROM_THE_BEGINNING, choose_start
from nuanliu.operations.upkeep.initialising import initialise
from nuanliu.storage.database import open_engine
from nuanliu.storage.objects import from_storable
from nuanliu.warehouse.marts.change_causes import Cause
from nuanliu.warehouse.marts.published_weeks import share_publication
from nuanliu.warehouse.marts.rollup import rebuild_weeks
from nuanliu.warehouse.recovery.deletions import deleted_keys
from nuanliu.warehouse.recovery.figure_changes import changed_figures, keep_figures
from nuanliu.warehouse.recovery.replay_tables import (
    SEARCH_PATH,
    Outcome,
    answered_objects,
    answered_otherwise,
    delete_orphans,
    delete_shadow,
    keep_as_it_is,
    loaded_objects,
    make_shadow,
    moved_activities,
    moved_otherwise,
    outcomes,
    stand_as_before,
    take_over,
    tell_as_before,
    try_replay_lock,
)
from nuanliu.warehouse.schema.locks import lock_unions
from nuanliu.warehouse.schema.migrating import is_current
from nuanliu.warehouse.schema.union_history import union_rows
from nuanliu.warehouse.submissions.answers import IssuedNumber
from nuanliu.warehouse.submissions.loading import load_drop
from nuanliu.warehouse.submissions.receipts_store import mark_written, unwritten_receipts
from nuanliu.warehouse.submissions.registry import RegistryRow, read_claim

Progress = Callable[[str], None]


class ReplayRunning(Transient):
    """Another replay works in this warehouse."""


class UnionsChanged(Transient):
    """The unions were changed while a replay played: what it has played stands under rows of before."""


@dataclass(frozen=True)
class _Played:
    """One drop to play again."""

    row: RegistryRow
    number: IssuedNumber
    answer_no: int | None

    @property
    def group(self) -> object:
        """Of whose order of answers something is known."""
        return "answered" if self.answer_no is not None else (self.row.union_id, self.number.filed_week)

    @property
    def ordinal(self) -> int:
        return receipt_ordinal(self.number.receipt_no) if self.answer_no is None else self.answer_no


def replay(ctx: Context, scope: ReplayScope, progress: Progress = lambda _: None) -> dict[str, Any]:
    """Play all drops again in their order, and let the outcome hold for those in the scope.

    Every drop is checked at its own time, with the history it had then, in tables that nobody else sees; all of them, since
    what one brings depends on those before it. Of some weeks those that may touch them and all later ones, over what was
    answered before, as it is loaded. What came out otherwise is taken over in one transaction, together with the
    figures: killed anywhere before its end, nothing has changed. An empty warehouse is filled from the bucket.
    Returns ``nuanliu.replay/1``: ``differences`` by week, union and figure; ``receipts``: drops whose status or row counts
    became others; ``replayed``: drops played; ``missing``: stored bytes that are gone; ``deleted``: receipts whose originals
    were deleted because their time had come. What both brought stays as it was loaded, and so do their weeks.
    Raises: ReplayRunning, UnionsChanged, WarehouseUnavailable, BucketUnavailable.
    """
    if not is_current(ctx.engine):
        initialise(ctx)
    with _alone(ctx.engine):
        lost = is_lost(ctx)
        if lost:
            rebuild_editions(ctx)
        numbers = rebuild_registry(ctx, warehouse_is_lost=lost)
        with _shadow(ctx.engine) as shadow:
            run = _Run(ctx, shadow, scope, numbers, progress, is_lost=lost)
            document = run.play_and_take_over()
        _write_receipts(ctx)
    return document


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """Keep other replays out. The server lets go when this process dies."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not try_replay_lock(connection):
            raise ReplayRunning("another replay is running in this warehouse; wait for it to end")
        try:
            yield
        finally:
            connection.invalidate()  # a pooled session would keep the lock


@contextmanager
def _shadow(engine: Engine) -> Iterator[Engine]:
    """An engine whose sessions see the shadow's tables in place of the real ones."""
    with engine.begin() as connection:
        make_shadow(connection)
    shadow = open_engine(engine.url.render_as_string(hide_password=False), search_path=SEARCH_PATH)
    try:
        yield shadow
    finally:
        shadow.dispose()
        with engine.begin() as connection:
            delete_shadow(connection)


class _Run:
    """One replay, from the first drop to the transaction that takes it over."""

    def __init__(
        self,
        ctx: Context,
        shadow: Engine,
        scope: ReplayScope,
        numbers: Mapping[int, IssuedNumber],
        progress: Progress,
        *,
        is_lost: bool,
    ) -> None:
        self.ctx = ctx
        self.shadow = shadow
        self.scope = scope
        self.numbers = numbers
        self.progress = progress
        self.is_lost = is_lost
        self.played: set[int] = set()
        self.missing: dict[int, str] = {}
        self.deleted: dict[int, str] = {}
        self.before = FROM_THE_BEGINNING
        with ctx.engine.connect() as connection:
            self.unions = union_rows(connection)

    def play_and_take_over(self) -> dict[str, Any]:
        """Play until no drop is left that was answered meanwhile, then take over with all intake held up."""
        everyone = [*codes().unions.list.entries, UNKNOWN]
        self._begin()
        while True:
            self._play_all()
            if self._is_moved_otherwise():
                self._begin_anew("activities that unions hand each other come out otherwise over what is kept")
                continue
            with self.ctx.engine.begin() as connection:
                lock_unions(connection, everyone)
                share_publication(connection)
                if union_rows(connection) != self.unions:
                    raise UnionsChanged(
                        "the unions were changed while the replay ran; nothing was taken over, run it again"
                    )
                if not self._waiting(connection):
                    return self._take_over(connection)

    def _begin(self) -> None:
        """Let what was answered before the weeks of the scope stand as it is loaded, where that is known to be what it was.

        A version that has been replaced since has no facts; it is played over the others, and must be answered as it was. When
        one is not, everything is played.
        """
        if self.is_lost:
            return
        with self.ctx.engine.connect() as connection:
            waiting = self._waiting(connection)
            order = [(each.row.object_id, each.row.received_at) for each in waiting]
            self.before = choose_start(order, loaded_objects(connection), self.scope)
            deleted = deleted_keys(connection)
        if not self.before.kept:
            self.before = FROM_THE_BEGINNING
            return
        with self.ctx.engine.begin() as connection:
            keep_as_it_is(connection, self.before.kept)
        with self.shadow.begin() as connection:
            stand_as_before(connection)
        for each in waiting:
            if each.row.object_id in self.before.again:
                self._play_or_keep(each, is_deleted=each.row.stored_key in deleted)
        with self.ctx.engine.begin() as connection:
            tell_as_before(connection)
            otherwise = answered_otherwise(connection, self.before.again)
        if otherwise:
            self._begin_anew(f"{len(otherwise)} earlier drops are answered otherwise today")
        else:
            self.progress(f"{len(self.before.kept)} drops were answered before these weeks and stay as they are loaded")

    def _is_moved_otherwise(self) -> bool:
        if not self.before.kept:
            return False
        with self.ctx.engine.connect() as connection:
            return moved_otherwise(connection, self.before.kept)

    def _begin_anew(self, reason: str) -> None:
        """Forget what was played, and keep nothing."""
        self.progress(f"{reason}; all drops are played")
        self.before = FROM_THE_BEGINNING
        for forgotten in (self.played, self.missing, self.deleted):
            forgotten.clear()
        with self.ctx.engine.begin() as connection:
            make_shadow(connection)

    def _waiting(self, connection: Connection) -> list[_Played]:
        """Answered drops that were not played yet, in order."""
        known = []
        for each in answered_objects(connection):
            number = (
                IssuedNumber(each.receipt_no, each.filed_week)
                if each.receipt_no and each.filed_week
                else self.numbers.get(each.row.object_id)
            )
            if number is not None:
                known.append(_Played(each.row, number, each.answer_no))
        ordered = in_order_of_answers(known, group=lambda each: each.group, ordinal=lambda each: each.ordinal)
        done = self.played | self._kept | self.before.kept
        return [each for each in ordered if each.row.object_id not in done]

    @property
    def _kept(self) -> set[int]:
        """Objects without their bytes."""
        return {*self.missing, *self.deleted}

    def _play_all(self) -> None:
        with self.ctx.engine.connect() as connection:
            waiting = self._waiting(connection)
            deleted = deleted_keys(connection)
        for count, each in enumerate(waiting, start=1):
            said = self._play_or_keep(each, is_deleted=each.row.stored_key in deleted)
            self.progress(f"[{count}/{len(waiting)}] {each.number.receipt_no}: {said}")

    def _play_or_keep(self, each: _Played, *, is_deleted: bool) -> str:
        """Play one drop; without its bytes, let stand what it brought. Returns what became of it."""
        object_id = each.row.object_id
        if is_deleted:
            self.deleted[object_id] = each.number.receipt_no
            self._keep(object_id)
            return "its original was deleted when its time had come; what is loaded stays"
        try:
            data = _stored_bytes(self.ctx, each)
        except ObjectMissing as error:
            self.missing[object_id] = error.message
            self._keep(object_id)
            return error.message
        self.played.add(object_id)
        return _play(self.shadow, each, data)

    def _keep(self, object_id: int) -> None:
        with self.ctx.engine.begin() as connection:
            keep_as_it_is(connection, [object_id])

    def _take_over(self, connection: Connection) -> dict[str, Any]:
        before = outcomes(connection, besides=self.before.kept)
        with self.shadow.connect() as shadow_connection:
            after = outcomes(shadow_connection, besides=self.before.kept)
        changed = self._changed(connection, before, after)
        keep_figures(connection)
        if self.scope.is_everything:
            delete_orphans(connection)
        turned = take_over(connection, changed) if changed else set()
        weeks = sorted({*self._weeks(before, after, changed), *map(str, turned)})
        self.progress(f"rolling up {len(weeks)} weeks")
        # A warehouse that was lost gets its drops back, not other rules: what no edition told yet came with one of them.
        cause = None if self.is_lost else Cause(Reason.RULES)
        rebuild_weeks(connection, map(ReportingWeek.parse, weeks), cause, is_searched=self.is_lost)
        return {
            "schema": schemas.REPLAY,
            "replayed": len(self.played),
            "weeks": weeks,
            "differences": changed_figures(connection),
            "receipts": _changed_receipts(before, after, changed),
            "missing": sorted(self.missing.values()),
            "deleted": sorted(self.deleted.values()),
        }

    def _changed(
        self, connection: Connection, before: Mapping[int, Outcome], after: Mapping[int, Outcome]
    ) -> frozenset[int]:
        """The objects to take over: groups in which something differs, and of which something lies in the scope."""
        found: set[int] = set()
        for group in bound_together(before, after, moved_activities(connection)):
            differs = any(_digest(before, each) != _digest(after, each) for each in group)
            in_scope = any(self.scope.holds(before.get(each), after.get(each)) for each in group)
            if differs and in_scope and group.isdisjoint(self._kept):
                found |= group
        return frozenset(found)

    def _weeks(
        self, before: Mapping[int, Outcome], after: Mapping[int, Outcome], changed: Collection[int]
    ) -> list[str]:
        """The weeks to roll up, ascending: all that the drops in the scope touch, and those of what was taken over."""
        weeks: set[str] = set()
        for object_id in before.keys() | after.keys():
            sides = [side for side in (before.get(object_id), after.get(object_id)) if side is not None]
            if object_id in changed:
                weeks.update(*(side.weeks for side in sides))
            elif self.scope.holds(*sides):
                weeks.update(week for side in sides for week in side.weeks if self.scope.holds_week(week))
        return sorted(weeks)


def _play(shadow: Engine, each: _Played, data: bytes | Oversized) -> str:
    """Check one drop as its intake did and load what it brings into the shadow; returns its status."""
    row = each.row
    with shadow.begin() as connection:
        checked = check_registered(connection, row, data, dropped_key=from_storable(dropped_key(row.source_key)))
        load_drop(connection, checked, object_id=row.object_id, issued=each.number)
    return checked.status


def _stored_bytes(ctx: Context, each: _Played) -> bytes | Oversized:
    """The bytes of an answered drop; of one that was answered and not archived yet, wherever they are.

    Raises: ObjectMissing.
    """
    row = each.row
    if row.stored_key is not None:
        return read_drop(ctx.bucket, from_storable(row.stored_key))
    source = waiting_key(ctx.bucket, dropped_key(row.source_key))
    places = [
        source,
        stored_key(row.union_id, each.number.filed_week, row.sha256, source, quarantined=False),
        stored_key(row.union_id, each.number.filed_week, row.sha256, source, quarantined=True),
    ]
    for place in places:
        if ctx.bucket.stat(place) is not None:
            data = read_drop(ctx.bucket, place)
            if sha256_of(data) == row.sha256:
                return data
    raise ObjectMissing(f"{row.source_key} (object {row.object_id}) is neither in intake/ nor stored")


def _digest(side: Mapping[int, Outcome], object_id: int) -> str | None:
    outcome = side.get(object_id)
    return outcome.digest if outcome else None


def _changed_receipts(
    before: Mapping[int, Outcome], after: Mapping[int, Outcome], changed: Collection[int]
) -> list[dict[str, Any]]:
    """Drops that are answered otherwise today, in the order of their numbers; ``old`` is null where nothing was known."""
    found = []
    for object_id in changed:
        old, new = before.get(object_id), after.get(object_id)
        if old is not None and new is not None and (old.status, old.row_counts) == (new.status, new.row_counts):
            continue
        known = new or old
        if known is not None:
            found.append(
                {
                    "receipt_no": known.receipt_no,
                    "union_id": known.union_id,
                    "week": known.week_id or known.filed_week,
                    "old": _verdict(old),
                    "new": _verdict(new),
                }
            )
    return sorted(found, key=lambda each: str(each["receipt_no"]))


def _verdict(outcome: Outcome | None) -> dict[str, Any] | None:
    return {"status": outcome.status, "rows": dict(outcome.row_counts)} if outcome else None


def _write_receipts(ctx: Context) -> None:
    """Note which receipts the bucket holds already, and write those that never got there.

    What the union was told stays as it was told: a receipt file that exists is never written over.
    """
    with ctx.engine.connect() as connection:
        waiting = unwritten_receipts(connection)
    for stored in waiting:
        with ctx.engine.connect() as connection:
            if read_claim(connection, stored.object_id).state == "claimed":
                continue  # its intake is not done and writes them itself
        if ctx.bucket.stat(f"{receipt_stem(stored)}.json") is None:
            write_receipt_files(ctx, stored.object_id, None)
        else:
            with ctx.engine.begin() as connection:
                mark_written(connection, stored.object_id, stored.receipt.received_at)
