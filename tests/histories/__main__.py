"""``python -m tests.histories``: play random histories and write down, one file a kind, what differs."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections import defaultdict
from itertools import count
from pathlib import Path

from tests.histories.campaign import Plan, Played, play_histories
from tests.histories.comparing import sign
from tests.histories.making import world as worlds


def main() -> int:
    """Exit 1 when anything differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.histories", description=__doc__)
    parser.add_argument("--steps", type=int, default=1000, help="stop after so many")
    parser.add_argument("--seed", type=int, default=0, help="the first one")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--drops", type=int, default=10, help="files of one history")
    parser.add_argument("--world", choices=("PLAIN", "WIDE", "LATE"), default="WIDE")
    parser.add_argument("--without", nargs="*", default=(), help="kinds of differences that are not looked at")
    parser.add_argument("--unshrunk", action="store_true", help="failing histories are not made small")
    parser.add_argument("--write", type=Path, help="a folder for scripts of what differs")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server goes with us
    world = getattr(worlds, options.world)
    plan = Plan(world, options.drops, shrunk=not options.unshrunk, leave_out=frozenset(options.without))
    started, steps, histories = time.monotonic(), 0, 0
    differing: dict[str, list[Played]] = defaultdict(list)
    for played in play_histories(count(options.seed), options.steps, options.workers, plan):
        steps, histories = steps + played.steps, histories + 1
        print(f"{steps} steps, seed {played.seed}{': differs' if played.found else ''}", file=sys.stderr, flush=True)
        if played.found:
            differing[sign(played.found)].append(played)
    took = time.monotonic() - started
    failing = sum(map(len, differing.values()))
    print(f"{histories} histories, {steps} steps in {took:.0f} s ({steps / took:.1f} a second): {failing} differ")
    for signature, those in sorted(differing.items(), key=lambda item: -len(item[1])):
        print(f"{len(those)} × {signature}: seeds {', '.join(str(each.seed) for each in those[:6])}")
        text = "\n".join((those[0].script, *(f"# {difference}" for difference in those[0].found)))
        if options.write is None:
            print(text)
        else:
            options.write.mkdir(parents=True, exist_ok=True)
            (options.write / f"seed{those[0].seed}.py").write_text(f"# {len(those)} × {signature}\n{text}\n", "utf-8")
    return 1 if failing else 0


if __name__ == "__main__":
    sys.exit(main())
