"""Run every measurement, print a line each, exit 1 if one misses its target."""

from __future__ import annotations

import sys

from tests.bench import check_workbook, parse_dags


def main() -> int:
    """Measure one after the other, so that none disturbs another."""
    missed = 0
    for module in (check_workbook, parse_dags):
        measurement = module.measure()
        missed += not measurement.is_met
        sys.stdout.write(measurement.line() + "\n")
        sys.stdout.flush()
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
