"""One big drop from its bytes to the figures of its week, in a process of its own that reports as JSON.

``python -m tests.bench.one_drop FILE DSN``
"""

from __future__ import annotations

import hashlib
import json
import resource
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.big_table import SENDER, WEEK

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.operations.drops.check_drop import Drop, check_drop
from nuanliu.operations.drops.drop_path import drop_key, read_drop_path
from nuanliu.operations.upkeep.warming import warm_up
from nuanliu.storage.database import open_engine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from nuanliu.domain.checked import CheckedDrop

_ARRIVAL = datetime(2024, 12, 9, 1, 0, tzinfo=UTC)
_KILOBYTES = 1024


def main(file: str, dsn: str) -> None:
    """Check, load and roll up; print seconds by stage, row counts, findings and the peak of memory."""
    warm_up(_ARRIVAL)  # as the processes are that drops come to
    seconds: dict[str, float] = {}
    engine = open_engine(dsn)
    processor = time.process_time()
    with _timed(seconds, "total"):
        with engine.begin() as connection:
            with _timed(seconds, "check"):
                checked = _check(connection, Path(file).read_bytes())
            with _timed(seconds, "load"):
                weeks = _load(connection, checked)
        with _timed(seconds, "roll up"), engine.begin() as connection:
            _roll_up(connection, weeks)
    report = {
        "seconds": seconds,
        "cpu": time.process_time() - processor,
        "rows": vars(checked.receipt.rows),
        "figures": len(checked.submission.figures),
        "findings": len(checked.receipt.findings),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KILOBYTES,
    }
    engine.dispose()
    sys.stdout.write(json.dumps(report))


def _check(connection: Connection, data: bytes) -> CheckedDrop:
    from nuanliu.warehouse.submissions.history_reading import read_history

    key = drop_key(SENDER, "周报.csv", week=WEEK, is_trial=False)
    return check_drop(
        Drop(data, read_drop_path(key), key, _ARRIVAL),
        lambda read: read_history(
            connection, union_id=read.union_id, week=read.week, rows=read.rows, figures=read.figures
        ),
    )


def _load(connection: Connection, checked: CheckedDrop) -> tuple[str, ...]:
    from nuanliu.warehouse.submissions.loading import load_drop
    from nuanliu.warehouse.submissions.registry import claim

    object_id = claim(
        connection,
        object_key=checked.receipt.object_key,
        source_key=checked.receipt.object_key,
        union_id=SENDER,
        path_week=WEEK,
        is_trial=False,
        sha256=hashlib.sha256(b"").hexdigest(),
        size_bytes=0,
        received_at=_ARRIVAL,
    )
    return load_drop(connection, checked, object_id=object_id).weeks


def _roll_up(connection: Connection, weeks: tuple[str, ...]) -> None:
    from nuanliu.warehouse.marts.rollup import rebuild_week

    for week in weeks:
        rebuild_week(connection, ReportingWeek.parse(week))


@contextmanager
def _timed(seconds: dict[str, float], name: str) -> Iterator[Any]:
    started = time.perf_counter()
    yield
    seconds[name] = time.perf_counter() - started


if __name__ == "__main__":
    main(*sys.argv[1:])
