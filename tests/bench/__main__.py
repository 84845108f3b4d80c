"""Run every measurement, print a line each, exit 1 if one misses its target."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace

from tests.bench import (
    big_file,
    board_pages,
    check_workbook,
    many_files,
    parse_dags,
    reconcile_years,
    roll_up_years,
    sample_past,
)
from tests.bench.sizes import FULL, QUICK

_BENCHES = {
    "check": check_workbook,
    "dags": parse_dags,
    "years": roll_up_years,
    "reconcile": reconcile_years,
    "board": board_pages,
    "files": many_files,
    "past": sample_past,
    "big": big_file,
}


def main() -> int:
    """Measure one after the other, so that none disturbs another."""
    parser = argparse.ArgumentParser(prog="make bench ARGS=…")
    parser.add_argument("names", nargs="*", choices=[*_BENCHES, []], help="only these")
    parser.add_argument(
        "--full", action="store_true", help="the sizes of the targets: a million rows, sixty sample weeks (an hour)"
    )
    parser.add_argument("--rows", type=int, help="rows of the big file")
    options = parser.parse_args()
    sizes = FULL if options.full else QUICK
    sizes = replace(sizes, rows=options.rows) if options.rows else sizes
    missed = 0
    for name in options.names or _BENCHES:
        for measurement in _BENCHES[name].measure(sizes):
            missed += not measurement.is_met
            sys.stdout.write(measurement.line() + "\n")
            sys.stdout.flush()
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
