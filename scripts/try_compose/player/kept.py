"""What was kept of one time is held against another: before and after a loss, an upgrade, a roll-back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from player import crowd
from player.seen import Problem, seen
from player.unions import receipts, samples

KEPT = Path("/kept")
SINGLE = 4
"""So many unions may have dropped one file more."""


def print_receipts() -> None:
    """Every receipt, as its union reads it, in one order: to be held against those of another time."""
    for union_id in sorted({union_id for union_id, _ in samples()} | {*crowd.unions()[:SINGLE]}):
        for receipt in sorted(receipts(union_id), key=lambda each: str(each["receipt_no"])):
            print(json.dumps(receipt, ensure_ascii=False, sort_keys=True))


def compare_figures(one: str, other: str) -> None:
    """Every figure of the week has the value it had; receipts and the edition the script compares byte by byte."""
    before, after = figures(one), figures(other)
    if differing := sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key)):
        first = differing[0]
        raise Problem(
            f"{len(differing)} of {len(before)} figures differ, first {first}: {before.get(first)}, {after.get(first)}"
        )
    receipts = (KEPT / f"receipts-{one}").read_text("utf-8").splitlines()
    if not before or not receipts:
        raise Problem("figures or receipts that could differ")
    seen("same", f"{one} and {other}: {len(receipts)} receipts and edition 1 byte by byte, {len(before)} figures")


def figures(time: str) -> dict[str, tuple[Any, ...]]:
    """What a rollup printed: value, exactness and activities by figure."""
    document = json.loads((KEPT / f"figures-{time}").read_text("utf-8"))
    return {
        each["figure_id"]: (each["value"], each["exactness"], each.get("activities")) for each in document["figures"]
    }
