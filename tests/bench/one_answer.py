"""How long a union waits for its receipt when the stack has nothing else to do."""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from tests.bench.big_table import WEEK
from tests.bench.driving import DrivenStack
from tests.bench.many_files import bucket, workbook
from tests.bench.measuring.cost import median_cost
from tests.bench.results.rows import By, Figure, Row, Way

from nuanliu.contract.code_lists import codes
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.operations.drops.dropping import drop_files
from nuanliu.running.stack import running_stack
from nuanliu.storage.bucket import open_bucket

if TYPE_CHECKING:
    from tests.bench.measuring.cost import Cost
    from tests.bench.sizes import Bench

_DROPS = 9
_PATIENCE_SECONDS = 120.0
_PAUSES = (0.3, 1.7, 3.1, 4.3)
"""Seconds between a quiet stack and the next drop: none in step with whatever looks for files every so often."""
_ENV = {"NUANLIU_NOW": "2024-12-09T09:00+08:00", "NUANLIU_WAREHOUSE_DSN": "", "NUANLIU_BUCKET": ""}


def measure(bench: Bench) -> Row:
    """By ``nuanliu drop``, with the settings as shipped, one file after the other; the first warms up."""
    senders = [union.id for union in codes().unions.list if union.level != "province"][: _DROPS + 1]
    with tempfile.TemporaryDirectory(prefix="nuanliu-bench-") as folder, running_stack(Path(folder), _ENV) as stack:
        driven = DrivenStack(stack, bench.household)
        costs = []
        for number, union_id in enumerate(senders):
            driven.wait_until_quiet()
            time.sleep(_PAUSES[number % len(_PAUSES)])
            costs.append(_cost(driven, bench, union_id))
    answered = costs[1:]
    seconds = sorted(cost.wall for cost in answered)
    return Row(
        title="drop → receipt in the quiet running stack",
        ways={"answer": Way("a file of 20 rows, the whole stack", median_cost(answered), len(answered))},
        counts={"quickest": seconds[0], "slowest": seconds[-1]},
        figures={"clock": Figure("half of them within", median(seconds), "s", By.CLOCK, 5)},
    )


def _cost(driven: DrivenStack, bench: Bench, union_id: str) -> Cost:
    week = ReportingWeek.parse(WEEK)
    path = driven.stack.home / f"{union_id}.xlsx"
    path.write_bytes(workbook(union_id, week))
    before, began = bench.household.snapshot(), time.time()
    drop_files(open_bucket(bucket(driven.stack).as_uri()), [path], union_id=union_id, week=str(week))
    receipt = _wait_for_receipt(driven, union_id)
    answered = receipt.stat().st_mtime
    return replace(before.until(bench.household.snapshot()), wall=answered - began)


def _wait_for_receipt(driven: DrivenStack, union_id: str) -> Path:
    """Looks into the bucket, which disturbs nobody; when it was written, the file says."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if found := list(bucket(driven.stack).glob(f"receipts/{union_id}/*/*.json")):
            return found[0]
        time.sleep(0.5)
    raise TimeoutError(f"no receipt of {union_id} within {_PATIENCE_SECONDS:.0f} s")
