"""Run a corpus through bounded children and print what was found: tracebacks, time, memory, what was answered."""

from __future__ import annotations

from collections import Counter
from functools import partial
from pathlib import Path

from tests.corpus.bounded import ARRIVED, Answer, Bounds, answer, make_apart
from tests.corpus.judges import judge_cells
from tests.corpus.odd_sheets import make_odd_file

from nuanliu.operations.upkeep.warming import warm_up

MOST_SECONDS, MOST_MEGABYTES = 5.0, 500
"""Of a file, beyond start-up."""


class Tally:
    """Counts answers and keeps the dearest of them."""

    def __init__(self) -> None:
        self.statuses: Counter[str] = Counter()
        self.rules: Counter[str] = Counter()
        self.gave_up: Counter[str] = Counter()
        self.rows = 0
        self.failures = 0
        self.dear: list[tuple[float, int, str]] = []

    def add(self, label: str, given: Answer, complaints: list[str]) -> None:
        """Count one answer and print what is wrong with it."""
        self.statuses[given.status] += 1
        self.rules.update(given.rules)
        self.gave_up.update(given.gave_up)
        self.rows += sum(given.rows[:1])
        self.dear.append((given.seconds, given.peak_mb, label))
        if given.trace is not None:
            complaints = [f"traceback\n{given.trace}", *complaints]
        if complaints:
            self.failures += 1
        for line in complaints:
            print(f"{label}: {line}", flush=True)

    def report(self) -> int:
        """Print the sums; 1 when anything was wrong."""
        print(f"{sum(self.statuses.values())} files: {dict(self.statuses.most_common())}, {self.rows} rows")
        print(f"findings, files with each: {dict(self.rules.most_common(40))}")
        if self.gave_up:
            print(f"judges that gave up: {dict(self.gave_up)}")
        slow, big = sorted(self.dear, reverse=True)[:5], sorted(self.dear, key=lambda each: -each[1])[:5]
        print("slowest: " + ", ".join(f"{seconds:.1f} s ({label})" for seconds, _, label in slow))
        print("biggest: " + ", ".join(f"{peak} MB ({label})" for _, peak, label in big))
        print(f"{self.failures} files with something wrong")
        return 1 if self.failures else 0


def try_folder(folder: Path, bounds: Bounds) -> int:
    """Files of one's own. Wrong is only a traceback or a child that died; everything else is printed to be looked at."""
    warm_up(ARRIVED)
    tally = Tally()
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        label = str(path.relative_to(folder))
        given = answer(path.read_bytes(), path.name, bounds)
        counts = "+".join(map(str, given.rows))
        print(
            f"{given.seconds:6.2f} s {given.peak_mb:5d} MB  {given.status:24} {counts:12} {label}  {' '.join(given.rules)}"
        )
        tally.add(label, given, [])
    return tally.report()


def try_made(count: int, first: int, bounds: Bounds) -> int:
    """Odd files of our own: read as they are shown, answered as they must be, within the time and memory of the goal.

    Stopped by Ctrl-C, it says how far it came.
    """
    warm_up(ARRIVED)
    tally = Tally()
    try:
        for seed in range(first, first + count):
            _try_seed(seed, bounds, tally)
    except KeyboardInterrupt:
        print(f"stopped at seed {seed}")
    return tally.report()


def _try_seed(seed: int, bounds: Bounds, tally: Tally) -> None:
    made = make_apart(partial(make_odd_file, seed))
    judge = partial(judge_cells, made.shown, with_judges=made.is_judged) if not made.rules else None
    given = answer(made.data, made.name, bounds, judge)
    complaints = [f"{line}" for line in given.differences]
    if made.rules and not set(made.rules) & set(given.rules):
        complaints.append(f"answered {given.status} {given.rules}, not by {' or '.join(made.rules)}")
    complaints += [f"does not say {rule}" for rule in made.must_say if rule not in given.rules]
    if given.seconds > MOST_SECONDS or given.peak_mb > MOST_MEGABYTES:
        complaints.append(f"{given.seconds:.1f} s, {given.peak_mb} MB for {len(made.data)} bytes")
    tally.add(f"seed {seed} [{made.kind}]", given, complaints)
