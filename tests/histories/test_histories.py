"""Whatever unions send in whatever order, the program answers and counts what the reference model says."""

from __future__ import annotations

from itertools import count

import pytest
from tests.histories.campaign import Plan, Player
from tests.histories.making.world import PLAIN, WIDE
from tests.histories.warehouses import Warehouses

STEPS = {"plain": (PLAIN, 20), "wide": (WIDE, 45)}
"""How many steps ``make test`` plays; ``make soak`` plays twenty thousand."""


@pytest.fixture
def warehouses(postgres_server: str, warehouse_template: str) -> Warehouses:
    return Warehouses(postgres_server, warehouse_template)


@pytest.mark.parametrize("name", STEPS)
def test_program_and_model_say_the_same_of_random_histories(name: str, warehouses: Warehouses) -> None:
    world, steps = STEPS[name]
    player = Player(warehouses, Plan(world))
    for seed in count():
        played = player.play_seed(seed)
        assert not played.found, "\n".join((f"seed {seed}", *map(str, played.found), played.script))
        steps -= played.steps
        if steps <= 0:
            return
