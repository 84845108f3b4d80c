"""What Great Expectations costs over the same rules in plain pandas, in a process of its own that reports as JSON.

``python -m tests.bench.expectations_share FILE``
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from tests.bench.big_table import SENDER, WEEK
from tests.bench.hand_written import failing_by_hand
from tests.bench.measuring.meter import median_of_calls

from nuanliu.contract.rules import rule_registry
from nuanliu.intake.reader import read_submission
from nuanliu.quality.checking import find_failures, prepare
from nuanliu.quality.expectations.frames import activity_figures, activity_rows, check_frames

_REPEATS = 5


def main(file: str) -> None:
    """Both ways over the same tables; raises where they disagree."""
    submission = read_submission(
        Path(file).read_bytes(),
        object_key=f"intake/{SENDER}/{WEEK}/周报.csv",
        sender_id=SENDER,
        path_week=WEEK,
        received_at=datetime(2024, 12, 9, 1, 0, tzinfo=UTC),
    )
    activities = activity_rows(submission)
    frames = check_frames(activities, activity_figures(submission, activities))
    prepared = prepare(rule_registry(), submission.week)
    for name, frame in frames.items():
        ours, theirs = failing_by_hand(prepared[name].checks, frame), find_failures(prepared[name], frame)
        if ours.keys() != theirs.keys() or any(not np.array_equal(np.sort(theirs[rule]), ours[rule]) for rule in ours):
            raise RuntimeError(f"the hand-written rules of {name} find other rows")
    by_gx = median_of_calls(lambda: [find_failures(prepared[name], frame) for name, frame in frames.items()], _REPEATS)
    by_hand = median_of_calls(
        lambda: [failing_by_hand(prepared[name].checks, frame) for name, frame in frames.items()], _REPEATS
    )
    checks = sum(len(ready.checks) for ready in prepared.values())
    sys.stdout.write(json.dumps({"cost": asdict(by_gx), "by_hand": asdict(by_hand), "checks": checks}))


if __name__ == "__main__":
    main(*sys.argv[1:])
