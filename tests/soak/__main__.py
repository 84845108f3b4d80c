"""``make soak``: everything, for half an hour; exit 1 when anything ended otherwise than without faults.

The table is printed for what was done, also when the soak itself breaks off.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import time

from tests.soak.campaign import STAGES, Report, run_full
from tests.soak.table import lines


def main() -> int:
    """Run the soak and print its table."""
    parser = argparse.ArgumentParser(prog="make soak ARGS=…", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="kills at random moments (besides all others)")
    parser.add_argument(
        "--steps", type=int, default=20_000, help="steps of random histories played beside the reference model"
    )
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 16), help="repeat a run's choices")
    parser.add_argument("--stages", nargs="+", choices=STAGES, default=STAGES, help="only these")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that servers and mounts go with us
    started = time.monotonic()
    print(f"seed {options.seed}", file=sys.stderr)
    report = Report()
    try:
        run_full(report, options.seed, options.kills, options.stages, options.steps)
    finally:
        print(f"seed {options.seed}, {(time.monotonic() - started) / 60:.1f} minutes", end="\n\n")
        print("\n".join(lines(report)), flush=True)
    return 0 if report.ok else 1


if __name__ == "__main__":
    sys.exit(main())
