"""A second set of tables in which a replay works, unseen, until its outcome is taken over in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    MetaData,
    Select,
    Table,
    any_,
    exists,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.warehouse.schema import tables
from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.partitions import ensure_partitions
from nuanliu.warehouse.schema.sql_files import load_sql
from nuanliu.warehouse.submissions.counting import settle_counting
from nuanliu.warehouse.submissions.registry import RegistryRow
from nuanliu.warehouse.submissions.superseded_activities import note_resettled, read_told
from nuanliu.warehouse.submissions.versions import FACT_TABLES

SHADOW = "replay"
"""The schema; what is not shadowed (registry, dimensions, code lists) is read from, and added to, the real one."""
SEARCH_PATH = f"{SHADOW},public"
_COUNTS = ("received", "accepted", "returned", "held", "ignored", "activity", "figure", "moved")


@dataclass(frozen=True)
class AnsweredObject:
    """An object with its receipt's number and place among all answers; all of them None when the receipt is lost."""

    row: RegistryRow
    receipt_no: str | None
    filed_week: str | None
    answer_no: int | None = None


@dataclass(frozen=True)
class LoadedObject:
    """Which weeks an answered object touches, and the object whose version replaced its own, None while it stands."""

    object_id: int
    filed_week: str
    fact_weeks: tuple[date, ...]
    superseded_by: int | None


@dataclass(frozen=True)
class Outcome:
    """What became of one object."""

    object_id: int
    receipt_no: str
    union_id: str
    filed_week: str
    status: str
    week_id: str | None
    """Of its version, None when it brought none."""
    digest: str
    """Equal exactly when receipt, counts, version and facts are."""
    row_counts: Mapping[str, int]
    """Of its receipt."""
    fact_weeks: tuple[date, ...]
    """Mondays its facts count in."""
    rules: frozenset[str]
    """Ids of those that found something."""

    @property
    def weeks(self) -> frozenset[str]:
        """Every week it is filed under or counts in."""
        named = {self.filed_week, *([self.week_id] if self.week_id else [])}
        return frozenset(named | {str(ReportingWeek(monday)) for monday in self.fact_weeks})


def try_replay_lock(connection: Connection) -> bool:
    """Whether no other replay runs; from here on none can start until this session ends."""
    return bool(connection.execute(load_sql("warehouse", "lock_replay")).scalar_one())


@as_transient("making the replay's tables")
def make_shadow(connection: Connection) -> None:
    """Make the tables, empty; what an earlier replay left behind goes first."""
    connection.execute(load_sql("warehouse", "shadow_schema"))


@as_transient("dropping the replay's tables")
def delete_shadow(connection: Connection) -> None:
    """Take the tables away."""
    connection.execute(load_sql("warehouse", "shadow_drop"))


@as_transient("listing the answered objects")
def answered_objects(connection: Connection) -> list[AnsweredObject]:
    """Every object that has its receipt, or whose bytes are stored already and that should have one."""
    found = []
    for row in connection.execute(load_sql("warehouse", "answered_object")).mappings():
        said = dict(row)
        receipt = [said.pop(name) for name in ("receipt_no", "filed_week", "answer_no")]
        found.append(AnsweredObject(RegistryRow(**said), *receipt))
    return found


@as_transient("reading what is loaded")
def loaded_objects(connection: Connection) -> dict[int, LoadedObject]:
    """Every object that has its receipt, by object id."""
    receipt, version = tables.receipt.c, tables.dim_submission.c
    newer = tables.dim_submission.alias("newer")
    wanted = (
        select(receipt.object_id, receipt.filed_week, version.fact_weeks, newer.c.object_id.label("superseded_by"))
        .select_from(
            tables.receipt.outerjoin(tables.dim_submission, receipt.object_id == version.object_id).outerjoin(
                newer, version.superseded_by == newer.c.submission_key
            )
        )
        .order_by(receipt.object_id)
    )
    return {
        row.object_id: LoadedObject(row.object_id, row.filed_week, tuple(row.fact_weeks or ()), row.superseded_by)
        for row in connection.execute(wanted)
    }


@as_transient("keeping what is loaded")
def keep_as_it_is(connection: Connection, object_ids: Collection[int]) -> None:
    """Put into the shadow what the warehouse holds of objects that are not played: later drops are held against it."""
    ids = list(object_ids)
    keys, receipt_nos = _submission_keys(tables.dim_submission, ids), _receipt_nos(tables.receipt, ids)
    for table in (tables.receipt, tables.fact_submission, tables.dim_submission, tables.handed_over):
        _copy_aside(connection, table, _is_of(table.c.object_id, ids))
    for table in (tables.finding, tables.held_row):
        _copy_aside(connection, table, table.c.receipt_no.in_(receipt_nos))
    for table in reversed(FACT_TABLES):
        # a query and not a list of keys, which every one of the partitions would hash anew
        _copy_aside(connection, table, table.c.submission_key.in_(keys))


@as_transient("keeping what is loaded")
def stand_as_before(shadow: Connection) -> None:
    """Let what the shadow holds be as it was when nothing else had been answered: told of what its own receipts told, and
    counting as its own versions decide. Over a connection that looks into the shadow first.
    """
    moved, receipt = tables.handed_over.c, tables.receipt
    is_told = exists().where(receipt.c.receipt_no == moved.told_receipt_no)
    shadow.execute(tables.handed_over.update().where(~is_told).values(told_receipt_no=None))
    version = tables.dim_submission.c
    current = shadow.execute(
        select(version.submission_key, version.fact_weeks).where(version.superseded_at.is_(None))
    ).all()
    weeks = {ReportingWeek(monday) for row in current for monday in row.fact_weeks}
    settle_counting(shadow, [row.submission_key for row in current], weeks)


@as_transient("keeping what is loaded")
def tell_as_before(connection: Connection) -> None:
    """Note in the shadow what its receipts have told of activities that a version played again took over."""
    connection.execute(load_sql("warehouse", "told_as_before"))


@as_transient("comparing a replay")
def answered_otherwise(connection: Connection, object_ids: Collection[int]) -> list[int]:
    """Those of some played objects whose answer in the shadow is not the one in the warehouse, ascending."""
    statement = load_sql("warehouse", "answered_otherwise")
    return list(connection.execute(statement, {"object_ids": list(object_ids)}).scalars())


@as_transient("comparing a replay")
def moved_otherwise(connection: Connection, kept: Collection[int]) -> bool:
    """Whether the objects that were played, all but those kept, took over or gave back what they had not, or it was told of
    otherwise.
    """
    statement = load_sql("warehouse", "handed_over_otherwise")
    return bool(connection.execute(statement, {"kept_ids": list(kept)}).scalar_one())


@as_transient("comparing a replay")
def outcomes(connection: Connection, *, besides: Collection[int] = ()) -> dict[int, Outcome]:
    """What became of every object but some, by object id: of the shadow over a connection that looks there first."""
    return {
        row["object_id"]: Outcome(
            **{**row, "fact_weeks": tuple(row["fact_weeks"]), "rules": frozenset(row["rules"])},
        )
        for row in connection.execute(load_sql("warehouse", "replay_outcome"), {"kept_ids": list(besides)}).mappings()
    }


@as_transient("comparing a replay")
def moved_activities(connection: Connection) -> list[tuple[int, int]]:
    """Pairs of objects: where an activity stood before, and where it stands in the shadow."""
    return [
        (row.old_object_id, row.new_object_id) for row in connection.execute(load_sql("warehouse", "moved_activity"))
    ]


@as_transient("taking over a replay")
def take_over(connection: Connection, object_ids: Collection[int]) -> set[ReportingWeek]:
    """Replace everything the warehouse holds of some objects by what the shadow holds, in the caller's transaction.

    Registry rows stay, and so do the times at which a receipt was written and a drop answered. What turned in drops that are
    not taken over is noted as a load notes it. The caller holds the locks
    of all unions, and takes all versions of a (union, week) or none. Returns: the weeks of other objects' rows that count
    now and did not, or the other way round.
    """
    ids = list(object_ids)
    weeks = _fact_weeks(connection, ids)
    ensure_partitions(connection, _shadow_weeks(connection))
    told = read_told(connection, ids)
    _clear(connection, ids)
    _copy_receipts(connection, ids)
    _copy_counts(connection, ids)
    for table in (tables.dim_submission, tables.handed_over):
        _copy(connection, table, _is_of(_shadow(table).c.object_id, ids))
    receipt_nos = _receipt_nos(_shadow(tables.receipt), ids)
    for table in (tables.finding, tables.held_row):
        _copy(connection, table, _shadow(table).c.receipt_no.in_(receipt_nos))
    submission_keys = _submission_keys(_shadow(tables.dim_submission), ids)
    for table in reversed(FACT_TABLES):
        _copy(connection, table, _shadow(table).c.submission_key.in_(submission_keys))
    weeks |= _fact_weeks(connection, ids)
    taken = connection.execute(_submission_keys(tables.dim_submission, ids)).scalars()
    turned = settle_counting(connection, taken, weeks)
    note_resettled(connection, turned, told)
    return {ReportingWeek(activity.week_start) for activity in turned}


def _fact_weeks(connection: Connection, ids: list[int]) -> set[ReportingWeek]:
    """The weeks in which the facts of some objects count."""
    versions = tables.dim_submission
    lists = connection.execute(_rows(versions, ["fact_weeks"], _is_of(versions.c.object_id, ids))).scalars()
    return {ReportingWeek(monday) for mondays in lists for monday in mondays}


@as_transient("deleting facts without a version")
def delete_orphans(connection: Connection) -> None:
    """Delete facts whose version is not in the warehouse; only one that lost its records in part has any."""
    versions = tables.dim_submission
    for table in FACT_TABLES:
        known = exists().where(versions.c.submission_key == table.c.submission_key)
        connection.execute(table.delete().where(~known))


def _clear(connection: Connection, ids: list[int]) -> None:
    """Delete facts, versions, findings and held rows; receipts and counts are overwritten in place."""
    keys = list(connection.execute(_submission_keys(tables.dim_submission, ids)).scalars())
    for table in FACT_TABLES:
        connection.execute(table.delete().where(_is_of(table.c.submission_key, keys)))
    receipt_nos = _receipt_nos(tables.receipt, ids)
    for table in (tables.finding, tables.held_row):
        connection.execute(table.delete().where(table.c.receipt_no.in_(receipt_nos)))
    for table in (tables.dim_submission, tables.handed_over):
        connection.execute(table.delete().where(_is_of(table.c.object_id, ids)))


def _copy_receipts(connection: Connection, ids: list[int]) -> None:
    """One that is there keeps the time at which it was written; were some lost, all stand in the order in which they were played."""
    known = connection.execute(
        select(func.count()).select_from(_receipt_nos(tables.receipt, ids).subquery())
    ).scalar_one()
    names = [column.name for column in tables.receipt.c if column.name != "written_at"]
    source = _shadow(tables.receipt)
    statement = insert(tables.receipt).from_select(names, _rows(source, names, _is_of(source.c.object_id, ids)))
    said = {name: statement.excluded[name] for name in ("status", "document", "touched_weeks")}
    connection.execute(statement.on_conflict_do_update(index_elements=["receipt_no"], set_=said))
    if known < len(ids):
        receipt, played = tables.receipt, source.alias("played")
        is_moved = (receipt.c.receipt_no == played.c.receipt_no) & (receipt.c.answer_no != played.c.answer_no)
        connection.execute(receipt.update().where(is_moved).values(answer_no=played.c.answer_no))


def _copy_counts(connection: Connection, ids: list[int]) -> None:
    target, source = tables.fact_submission, _shadow(tables.fact_submission)
    names = [column.name for column in target.c]
    statement = insert(target).from_select(names, _rows(source, names, _is_of(source.c.object_id, ids)))
    counted = ["union_id", "week_start", "received_at", *(f"{name}_count" for name in _COUNTS), "is_late"]
    said = {name: statement.excluded[name] for name in counted}
    connection.execute(statement.on_conflict_do_update(index_elements=["object_id"], set_=said))


def _copy(connection: Connection, table: Table, condition: ColumnElement[bool]) -> None:
    names = [column.name for column in table.c]
    connection.execute(table.insert().from_select(names, _rows(_shadow(table), names, condition)))


def _copy_aside(connection: Connection, table: Table, condition: ColumnElement[bool]) -> None:
    names = [column.name for column in table.c]
    connection.execute(_shadow(table).insert().from_select(names, _rows(table, names, condition)))


def _rows(source: Table, names: list[str], condition: ColumnElement[bool]) -> Select[Any]:
    return select(*(source.c[name] for name in names)).where(condition)


def _submission_keys(versions: Table, ids: list[int]) -> Select[Any]:
    return _rows(versions, ["submission_key"], _is_of(versions.c.object_id, ids))


def _receipt_nos(receipts: Table, ids: list[int]) -> Select[Any]:
    return _rows(receipts, ["receipt_no"], _is_of(receipts.c.object_id, ids))


def _is_of(column: ColumnElement[int], ids: list[int]) -> ColumnElement[bool]:
    """One array parameter, however many ids: a list of parameters ends at 65535."""
    return column == any_(literal(ids, ARRAY(BigInteger)))


def _shadow_weeks(connection: Connection) -> list[ReportingWeek]:
    mondays = connection.execute(select(_shadow(tables.stored_activity).c.week_start).distinct()).scalars()
    return [ReportingWeek(monday) for monday in mondays]


@cache
def _shadow(table: Table) -> Table:
    """The table of the same columns in the shadow's schema."""
    return table.to_metadata(MetaData(), schema=SHADOW)
