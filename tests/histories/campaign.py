"""Many histories, on several warehouses at once; what differs is made small and sorted by what it is about."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import get_context

from tests.histories.comparing import Difference, sign
from tests.histories.making.drawing import generate_history
from tests.histories.making.scripts import print_script
from tests.histories.making.shrinking import shrink_history
from tests.histories.making.world import WIDE, World
from tests.histories.playing import play_beside
from tests.histories.warehouses import Warehouses, open_program, serve_warehouses
from tests.model.drops import Step

Steps = tuple[Step, ...]
MOST_TRIALS = 60
CROWDED, REPLAYED = 5, 4
"""Of so many histories one has two intakes at once, and one is played again from the archive at its end."""


@dataclass(frozen=True)
class Played:
    """One history: its seed, its number of steps, and what differs; ``script`` plays the shrunk history again."""

    seed: int
    steps: int
    found: tuple[Difference, ...] = ()
    script: str = ""


@dataclass(frozen=True)
class Plan:
    """How histories are made and played. ``shrunk``: whether a failing one is made small."""

    world: World = WIDE
    drops: int = 10
    shrunk: bool = True
    leave_out: frozenset[str] = frozenset()


@dataclass
class Player:
    """Plays histories in one process; of those that fail alike the first alone is made small."""

    warehouses: Warehouses
    plan: Plan = field(default_factory=Plan)
    known: set[str] = field(default_factory=set)

    def play_seed(self, seed: int) -> Played:
        steps = generate_history(seed, self.plan.drops, self.plan.world)
        found = self.play(steps, seed)
        if found and self.plan.shrunk and sign(found) not in self.known:
            self.known.add(sign(found))
            small = self.shrink(steps, seed, found)
            return Played(seed, len(steps), self.play(small, seed) or found, print_script(small))
        return Played(seed, len(steps), found, print_script(steps) if found else "")

    def shrink(self, steps: Steps, seed: int, found: tuple[Difference, ...]) -> Steps:
        """A smaller history that fails alike; after so many trials what was reached is small enough."""
        trials = iter(range(MOST_TRIALS))
        return shrink_history(
            steps, lambda fewer: next(trials, None) is not None and sign(self.play(fewer, seed)) == sign(found)
        )

    def play(self, steps: Steps, seed: int) -> tuple[Difference, ...]:
        """What differs; an error that nobody foresaw differs too."""
        with open_program(self.warehouses) as program:
            program.is_crowded = seed % CROWDED == 1
            try:
                return play_beside(program, steps, leave_out=self.plan.leave_out, replayed=seed % REPLAYED == 0)
            except Exception as error:  # noqa: BLE001  # whatever it is, it is this history's outcome
                return (Difference(type(error).__name__, str(error)[:200], traceback.format_exc()[-1500:], None),)


def play_histories(seeds: Iterator[int], steps: int, workers: int, plan: Plan) -> Iterator[Played]:
    """Histories until so many steps were played; the workers share one server, which ends with the last."""
    done = 0
    with (
        serve_warehouses() as warehouses,
        ProcessPoolExecutor(workers, get_context("spawn"), begin_worker, (warehouses, plan)) as pool,
    ):
        while done < steps:
            for played in pool.map(play_in_worker, islice(seeds, workers * 4)):
                done += played.steps
                yield played


_players: list[Player] = []


def begin_worker(warehouses: Warehouses, plan: Plan) -> None:
    _players.append(Player(warehouses, plan))


def play_in_worker(seed: int) -> Played:
    return _players[0].play_seed(seed)
