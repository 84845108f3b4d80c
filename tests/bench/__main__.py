"""Measure rows one after the other, print each, keep all in var/bench/; exit 1 if a figure misses its target."""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.measuring.household import Household
from tests.bench.results import document
from tests.bench.results.catalogue import GUARD, ONLY_BY_NAME, ONLY_IN_FULL, ROWS
from tests.bench.results.guarding import worse_than_recorded
from tests.bench.results.machine import machine_facts
from tests.bench.results.page import write_page
from tests.bench.results.rows import Measured
from tests.bench.results.screen import lines
from tests.bench.sizes import FULL, QUICK, Bench

if TYPE_CHECKING:
    from collections.abc import Iterator


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="make bench ARGS=…", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*ROWS, []], help="only these")
    parser.add_argument(
        "--full", action="store_true", help="the sizes of the targets: a million rows, sixty sample weeks (two hours)"
    )
    parser.add_argument("--rows", type=int, help="rows of the big file")
    parser.add_argument("--guard", action="store_true", help="50,000 rows against what is recorded of them (CI)")
    parser.add_argument(
        "--record",
        type=Path,
        metavar="FILE",
        help="measure nothing; let FILE's rows stand in docs/bench.json and docs/scale.md",
    )
    options = parser.parse_args()
    if options.record:
        document.record(options.record)
        write_page()
        return 0
    logging.disable(logging.INFO)  # what servers and migrations say of every warehouse
    sizes = FULL if options.full else QUICK
    sizes = replace(sizes, rows=options.rows) if options.rows else sizes
    with _household() as household:
        bench = Bench(sizes, household)
        if options.guard:
            return _guard(bench)
        left_out = ONLY_BY_NAME | (set() if options.full else ONLY_IN_FULL)
        return _measure_all(bench, options.names or [name for name in ROWS if name not in left_out])


def _measure_all(bench: Bench, names: list[str]) -> int:
    path, rows = document.new_run(), {}
    for name in names:
        rows[name] = _measure(name, bench)
        document.write(path, rows)
    print(f"\nkept in {path}")
    return 1 if any(each.missed for each in rows.values()) else 0


def _guard(bench: Bench) -> int:
    recorded = document.read(document.RECORDED)[GUARD].row
    worse = list(worse_than_recorded(_measure(GUARD, bench).row, recorded))
    print("\n".join(["", *worse] if worse else ["", "as cheap as recorded"]))
    return 1 if worse else 0


def _measure(name: str, bench: Bench) -> Measured:
    before = bench.household.snapshot()
    module, function = ROWS[name].split(":")
    row = getattr(importlib.import_module(f"tests.bench.{module}"), function)(bench)
    others = before.others_until(bench.household.snapshot())
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    measured = Measured(row, round(others, 2), today, machine_facts(), asdict(bench.sizes))
    print("\n".join(lines(measured)), flush=True)
    return measured


@contextmanager
def _household() -> Iterator[Household]:
    """A folder that everything the bench starts lies below, so that it is known as ours."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        os.environ["TMPDIR"] = tempfile.tempdir = folder
        try:
            with Household(Path(folder)) as household:
                yield household
        finally:
            tempfile.tempdir = None


if __name__ == "__main__":
    sys.exit(main())
