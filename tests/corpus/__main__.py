"""Try many files. ``python -m tests.corpus FOLDER``: anyone's own, each in a bounded child. ``--made 3000``: odd ones of ours, held
against what a spreadsheet shows. ``--count 2000``: weeks as unions send them, held against what was written. Every failure
prints its file or seed.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from tests.corpus.bounded import MEGABYTE, Bounds
from tests.corpus.generating import generate
from tests.corpus.properties import judge
from tests.corpus.trying import try_folder, try_made


def main() -> int:
    """0 when nothing was raised and nothing was read otherwise than it is shown."""
    parser = argparse.ArgumentParser(prog="python -m tests.corpus")
    parser.add_argument("folder", nargs="?", type=Path, help="files of one's own, in any depth; they are only read")
    parser.add_argument("--made", type=int, default=0, help="how many odd files are made and judged")
    parser.add_argument("--memory", type=int, default=2048, help="megabytes a child may address beyond start-up")
    parser.add_argument("--seconds", type=int, default=60, help="processor time a child may take")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1, help="the first seed; file n has seed + n")
    parser.add_argument("--strict", action="store_true", help="also print why tidy files were not let through")
    options = parser.parse_args()
    bounds = Bounds(options.memory * MEGABYTE, options.seconds)
    if options.folder is not None:
        return try_folder(options.folder, bounds)
    if options.made:
        return try_made(options.made, options.seed, bounds)
    return _judge_weeks(options)


def _judge_weeks(options: argparse.Namespace) -> int:
    """0 when every property held for every week."""
    statuses: Counter[str] = Counter()
    used: Counter[str] = Counter()
    slowest: list[tuple[float, int]] = []
    failures = tidy = let_through = accepted = figures = 0
    for seed in range(options.seed, options.seed + options.count):
        file = generate(seed)
        verdict = judge(file)
        statuses[verdict.status or "raised"] += 1
        used.update(file.draft.mutations)
        slowest = sorted([*slowest, (verdict.seconds, seed)], reverse=True)[:5]
        tidy += file.draft.must_pass
        let_through += file.draft.must_pass and not verdict.strict
        accepted += verdict.accepted
        figures += verdict.figures
        for line in verdict.broken:
            failures += 1
            print(f"seed {seed} [{file.draft.kind} {', '.join(file.draft.mutations)}]: {line}", flush=True)
        if options.strict:
            for line in verdict.strict:
                print(f"strict: seed {seed} [{file.draft.kind} {', '.join(file.draft.mutations)}]: {line}", flush=True)
    print(f"{options.count} files from seed {options.seed}: {dict(statuses.most_common())}")
    print(f"{accepted} rows and {figures} figures accepted; {let_through} of {tidy} tidy files let through whole")
    print(f"mutations: {dict(sorted(used.items()))}")
    print("slowest: " + ", ".join(f"{seconds:.2f} s (seed {seed})" for seconds, seed in slowest))
    print(f"{failures} broken properties")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
