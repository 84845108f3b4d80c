"""A replay of some weeks, which plays only what may touch them and what came later, gives what a replay of everything gives."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from tests.histories.making.drawing import generate_history
from tests.histories.making.world import WIDE
from tests.histories.moments import list_moments
from tests.histories.warehouses import Warehouses, open_program
from tests.model.drops import TreeChange

from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.operations.recovery.replay_scope import ReplayScope
from nuanliu.operations.recovery.replaying import replay
from nuanliu.warehouse.recovery.replay_tables import Outcome, outcomes

if TYPE_CHECKING:
    from datetime import datetime

    from tests.histories.program import Program

SEEDS = (3, 8)
DROPS = 10
DAMAGE = (
    "update stored_measure set value_cents = value_cents + 100 where week_start = :monday",
    "update fact_submission set figure_count = figure_count + 1 where week_start = :monday",
    "delete from held_row where receipt_no in (select receipt_no from receipt where filed_week = :week)",
)


@pytest.fixture
def warehouses(postgres_server: str, warehouse_template: str) -> Warehouses:
    return Warehouses(postgres_server, warehouse_template)


def records(program: Program) -> tuple[dict[int, Outcome], dict[str, object]]:
    with program.engine.connect() as connection:
        return outcomes(connection), dict(program.figures())


def damage(program: Program, week: ReportingWeek) -> None:
    with program.engine.begin() as connection:
        for statement in DAMAGE:
            bound = {"monday": week.monday, "week": str(week)}
            named = text(statement)
            connection.execute(named, {name: bound[name] for name in named.compile().params})


def play(program: Program, seed: int) -> datetime:
    """A random history without changes of the tree; returns its end."""
    world = replace(WIDE, tree_changes=0.0, publications=0.0)
    steps = [step for step in generate_history(seed, DROPS, world) if not isinstance(step, TreeChange)]
    moments = list_moments(steps)
    for moment in moments:
        assert program.live_through(moment) == []
    return moments[-1].at


@pytest.mark.parametrize("seed", SEEDS)
def test_a_week_that_was_damaged_comes_out_as_it_was_whatever_was_kept(warehouses: Warehouses, seed: int) -> None:
    with open_program(warehouses) as program:
        ctx = program.at(play(program, seed))
        whole = replay(ctx, ReplayScope())
        assert (whole["differences"], whole["receipts"]) == ([], [])
        before = records(program)
        weeks = sorted({ReportingWeek.parse(week) for outcome in before[0].values() for week in outcome.weeks})
        played = []
        for week in weeks:
            damage(program, week)
            played.append(replay(ctx, ReplayScope(first=week, last=week))["replayed"])
            assert records(program) == before, week
    assert min(played) < whole["replayed"], "nothing was ever kept: the test shows nothing"
