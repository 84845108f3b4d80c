"""Advisory locks: who may not run at the same time. Held to the end of the transaction, ``object_lock``,
``one_moment`` and ``alone_delivering`` to the end of their block.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pandas as pd
from sqlalchemy import Connection, Engine

from nuanliu.domain.submission import Submission
from nuanliu.warehouse.schema.outages import as_transient
from nuanliu.warehouse.schema.sql_files import load_sql

LOAD_PATIENCE = "10min"
"""A load waits this long for another of the same union; a million rows take seconds, so longer means a stuck session."""


def limit_lock_wait(connection: Connection, lock_timeout: str) -> None:
    """Let no later statement of this transaction wait longer than ``15s``, ``5min`` … for a lock."""
    connection.execute(load_sql("warehouse", "lock_timeout"), {"lock_timeout": lock_timeout})


def lock_submission(connection: Connection, submission: Submission, sha256: str | None = None) -> None:
    """Keep every other drop of the sender, of the unions whose activities it reports, and of the same bytes, waiting until
    this one commits.

    Taken before the history is read, so that what the checks saw is what the load meets. By union and not by union and
    week, because an event may not stand in two submissions of a union, whatever weeks they are filed under; with the
    organisers, because the same activity may come from two unions at once; with the bytes, because a file may lie in two
    unions' folders at once. ``sha256``: of the file, None when it was locked with it before.
    Raises: WarehouseUnavailable when the locks were not granted in time.
    """
    lock_unions(connection, {submission.union_id, *_organizers(submission.rows), *([sha256] if sha256 else [])})


@as_transient("waiting for another load of the same union")
def lock_unions(connection: Connection, union_ids: Iterable[str]) -> None:
    """Lock unions by id; re-entrant. Raises: WarehouseUnavailable when the locks were not granted in time."""
    limit_lock_wait(connection, LOAD_PATIENCE)
    connection.execute(load_sql("warehouse", "lock_unions"), {"union_ids": sorted(set(union_ids))})


@as_transient("waiting for a roll-up to end")
def lock_rollup(connection: Connection) -> None:
    """Let nobody else rebuild marts or note changes of figures; re-entrant. After the locks of unions and of publication.

    Raises: WarehouseUnavailable when the lock was not granted in time.
    """
    connection.execute(load_sql("marts", "lock_rollup"))


def _organizers(rows: pd.DataFrame) -> list[str]:
    return [str(union_id) for union_id in rows["organizer_union_id"].dropna().unique()]


@contextmanager
def object_lock(engine: Engine, object_id: int) -> Iterator[None]:
    """Let no one else answer the same object meanwhile; who comes second waits. Ends with the block or the process."""
    with engine.connect() as guard:
        guard.execute(load_sql("warehouse", "lock_object"), {"object_id": object_id})
        guard.commit()  # the lock is the session's; an open transaction would only hold back the vacuum
        try:
            yield
        finally:
            guard.execute(load_sql("warehouse", "unlock_object"), {"object_id": object_id})
            guard.commit()


@contextmanager
def one_moment(engine: Engine) -> Iterator[Connection]:
    """A transaction in which the whole warehouse stands as at one moment: what is read and what is rolled up are of one snapshot.

    Loads, releases, replays and changes of the tree that are about to commit come before it or wait until it has ended, and so
    do roll-ups and other publications: nothing that it writes can meet a later state. Commits with the block.
    Raises: WarehouseUnavailable when the others did not end in time.
    """
    with engine.connect() as connection:
        try:
            with as_transient("waiting for loads and roll-ups to end"):
                limit_lock_wait(connection, LOAD_PATIENCE)
                connection.execute(load_sql("marts", "lock_publication"))
                connection.commit()
            connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection
        finally:
            connection.invalidate()  # a pooled session would keep the locks


@contextmanager
def alone_delivering(engine: Engine) -> Iterator[bool]:
    """Whether this process may send mails: False while another one does. Ends with the block or the process."""
    with engine.connect() as guard:
        is_free = bool(guard.execute(load_sql("warehouse", "lock_delivery")).scalar_one())
        guard.commit()  # the lock is the session's; an open transaction would only hold back the vacuum
        try:
            yield is_free
        finally:
            if is_free:
                guard.execute(load_sql("warehouse", "unlock_delivery"))
                guard.commit()
