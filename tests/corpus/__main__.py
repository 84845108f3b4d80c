"""Generate and judge many files: ``python -m tests.corpus --count 2000``. Every failure prints its seed."""

from __future__ import annotations

import argparse
import sys
from collections import Counter

from tests.corpus.generating import generate
from tests.corpus.properties import judge


def main() -> int:
    """0 when every property held for every file."""
    parser = argparse.ArgumentParser(prog="python -m tests.corpus")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1, help="the first seed; file n has seed + n")
    parser.add_argument("--strict", action="store_true", help="also print why tidy files were not let through")
    options = parser.parse_args()
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
