"""One big drop from its bytes to the figures of its week, in a process of its own that reports as JSON.

``python -m tests.bench.one_drop FILE NAME ARRIVAL DSN``; NAME as it was dropped, ARRIVAL as 2024-12-09T09:00+08:00.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.big_table import SENDER, WEEK
from tests.bench.measuring.memory import own_peak_mb
from tests.bench.measuring.meter import Meter

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.operations.drops.check_drop import Drop, check_drop
from nuanliu.operations.drops.drop_path import drop_key, read_drop_path
from nuanliu.operations.drops.dropped_bytes import sha256_of
from nuanliu.operations.upkeep.warming import warm_up
from nuanliu.storage.database import open_engine

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from nuanliu.domain.checked import CheckedDrop


def main(file: str, name: str, arrival: str, dsn: str) -> None:
    """Check, load and roll up; print the costs by stage, row counts and findings."""
    arrived_at = datetime.fromisoformat(arrival)
    warm_up(arrived_at)  # as the processes are that drops come to
    key = drop_key(SENDER, name, week=WEEK, is_trial=False)
    engine = open_engine(dsn)
    with Meter(dsn) as meter:
        meter.even_out()
        begun = meter.reading()
        dropped = _Dropped(Drop(Path(file).read_bytes(), read_drop_path(key), key, arrived_at))
        with engine.begin() as connection:
            dropped.check(connection)
            checked = meter.reading()
            weeks = dropped.load(connection)
        loaded = meter.reading()
        with engine.begin() as connection:
            _roll_up(connection, weeks)
        rolled_up = meter.reading()
    engine.dispose()
    receipt = dropped.checked.receipt
    report = {
        "cost": asdict(replace(begun.until(rolled_up), peak_mb=own_peak_mb())),
        "stages": {
            "check": asdict(begun.until(checked)),
            "load": asdict(checked.until(loaded)),
            "roll up": asdict(loaded.until(rolled_up)),
        },
        "status": receipt.status,
        "version": dropped.version,
        "rows": vars(receipt.rows),
        "findings": len(receipt.findings),
        "rules": Counter(finding.rule for finding in receipt.findings),
    }
    sys.stdout.write(json.dumps(report))


@dataclass
class _Dropped:
    """A drop on its way. ``version``: what it became, None when nothing was loaded."""

    drop: Drop
    version: int | None = None

    def check(self, connection: Connection) -> None:
        from nuanliu.warehouse.submissions.history_reading import read_history

        self.checked: CheckedDrop = check_drop(
            self.drop,
            lambda read: read_history(
                connection, union_id=read.union_id, week=read.week, rows=read.rows, figures=read.figures
            ),
        )

    def load(self, connection: Connection) -> tuple[str, ...]:
        from nuanliu.warehouse.submissions.loading import load_drop
        from nuanliu.warehouse.submissions.registry import claim, finish_object

        drop = self.drop
        object_id = claim(
            connection,
            object_key=drop.object_key,
            source_key=drop.object_key,
            union_id=SENDER,
            path_week=WEEK,
            is_trial=False,
            sha256=sha256_of(b""),
            size_bytes=0,
            received_at=drop.received_at,
        )
        if object_id is None:
            raise RuntimeError(f"{drop.object_key} is claimed already")
        loaded = load_drop(connection, self.checked, object_id=object_id)
        finish_object(
            connection, object_id, state="archived", stored_key=f"archive/{object_id}", finished_at=drop.received_at
        )
        self.version = loaded.version
        return loaded.weeks


def _roll_up(connection: Connection, weeks: tuple[str, ...]) -> None:
    from nuanliu.warehouse.marts.rollup import rebuild_week

    for week in weeks:
        rebuild_week(connection, ReportingWeek.parse(week))


if __name__ == "__main__":
    main(*sys.argv[1:])
