"""Read and check a drop as the registry knows it: at its own time, with what the warehouse knew then. For intake and replay."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from nuanliu.domain.checked import CheckedDrop
from nuanliu.domain.history import History
from nuanliu.domain.submission import Submission, SubmissionType
from nuanliu.intake.formats.limits import Oversized
from nuanliu.operations.drops.check_drop import Drop, ReadHistory, check_drop, read_as_dropped, refuse_heavy
from nuanliu.operations.drops.drop_path import read_drop_path
from nuanliu.warehouse.schema.locks import lock_submission
from nuanliu.warehouse.submissions.aliases import read_aliases
from nuanliu.warehouse.submissions.history_reading import read_history
from nuanliu.warehouse.submissions.registry import RegistryRow
from nuanliu.warehouse.submissions.tolerances import tolerances_in_force
from nuanliu.warehouse.submissions.waivers import read_answered_again


def check_registered(
    connection: Connection, row: RegistryRow, data: bytes | Oversized, *, dropped_key: str
) -> CheckedDrop:
    """Check the bytes of a registered drop, in the transaction that loads them.

    ``row``: its ``sha256`` is that of ``data``. ``dropped_key``: where the union dropped it, as well as that is known: a
    name that holds a personal number is registered masked. From the reading of the history to the commit the sender is
    the caller's: what the checks saw is what the load meets. Raises: WarehouseUnavailable.
    """
    drop = _as_registered(connection, row, data, dropped_key)
    # Names confirmed since the drop arrived are part of today's rules; tolerances are those of its own day.
    return check_drop(drop, _history_of(connection, row, drop), aliases=read_aliases(connection, row.union_id))


def refuse_registered(
    connection: Connection, row: RegistryRow, data: bytes | Oversized, *, dropped_key: str
) -> CheckedDrop:
    """The answer to a registered drop that could be checked, but does not fit into memory while it is loaded."""
    drop = _as_registered(connection, row, data, dropped_key)
    return refuse_heavy(drop, _history_of(connection, row, drop), aliases=read_aliases(connection, row.union_id))


def _history_of(connection: Connection, row: RegistryRow, drop: Drop) -> ReadHistory:
    def history(submission: Submission) -> History:
        lock_submission(connection, submission, row.sha256)
        union_id = submission.union_id
        known = read_history(
            connection,
            union_id=union_id,
            week=submission.week,
            rows=submission.rows,
            figures=submission.figures,
            sha256=row.sha256,
            place=row.place,
            is_supplement=submission.submission_type is SubmissionType.SUPPLEMENT,
        )
        return replace(known, tolerances=tolerances_in_force(connection, union_id, drop.arrived_at))

    return history


def read_registered(
    connection: Connection, row: RegistryRow, data: bytes | Oversized, *, dropped_key: str
) -> Submission:
    """What ``check_registered`` read in a drop, without the checks: the same spellings, path week and arrival.

    Raises: WarehouseUnavailable, UnknownUnion for a sender that no code list knows any more.
    """
    drop = _as_registered(connection, row, data, dropped_key)
    return read_as_dropped(drop, read_aliases(connection, row.union_id))


def _as_registered(connection: Connection, row: RegistryRow, data: bytes | Oversized, dropped_key: str) -> Drop:
    """Sender, week and trial are as they were registered: a code list that changed since moves no drop."""
    path = replace(read_drop_path(dropped_key), union_id=row.union_id, week=row.path_week, is_trial=row.is_trial)
    return Drop(data, path, row.object_key, row.received_at, read_answered_again(connection, row.object_id))
