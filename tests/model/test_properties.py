"""What holds for every history, whatever it says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.histories.making.drawing import generate_history
from tests.histories.making.saying import OUTCOMES, answer_to, count_rows
from tests.histories.making.scripts import print_script
from tests.histories.making.shrinking import shrink_history
from tests.model.drops import Drop, Publish, step_order
from tests.model.figures import build_figures
from tests.model.history import History, play
from tests.model.weeks import shift, week_of

STATUSES = {"accepted", "partially_accepted", "held", "rejected", "duplicate", "unchanged", "trial"}
seeds = st.integers(min_value=0, max_value=10**6)
few = settings(max_examples=40, deadline=None)


def all_figures(history: History) -> dict[str, object]:
    weeks = {said.week for said in history.state.list_counting()}
    weeks |= {week for _, week in history.state.current}
    return {key: figure for week in weeks for key, figure in build_figures(history.state, week).items()}


def last_moment(steps):
    return max(step_order(step)[0] for step in steps) + timedelta(minutes=1)


@few
@given(seeds)
def test_the_order_of_listing_does_not_matter(seed):
    steps = list(generate_history(seed))
    first = play(steps)
    Random(seed + 1).shuffle(steps)
    second = play(steps)
    assert all_figures(first) == all_figures(second)
    assert first.answers == second.answers


@few
@given(seeds)
def test_received_is_accepted_returned_held_and_ignored(seed):
    for answer in play(generate_history(seed)).answers:
        drop, counts = answer.drop, count_rows(answer)
        assert counts["received"] == sum(counts[name] for name in OUTCOMES)
        assert answer.status in STATUSES
        if answer.status not in ("duplicate", "unchanged"):
            assert counts["received"] == len(drop.rows) + drop.zero_line


@few
@given(seeds)
def test_the_same_bytes_again_change_nothing(seed):
    steps = generate_history(seed)
    history = play(steps)
    at = last_moment(steps)
    for version in history.state.current.values():
        again = replace(version.files[-1].drop, arrived=at, answered=None)
        repeated = play([*steps, again])
        if answer_to(repeated, again).filed == week_of_version(history, version):
            assert answer_to(repeated, again).status in ("duplicate", "held")
            assert all_figures(repeated) == all_figures(history)


def week_of_version(history, version):
    return next(week for (_, week), current in history.state.current.items() if current is version)


@few
@given(seeds)
def test_replacing_and_restoring_gives_the_same_figures(seed):
    steps = generate_history(seed, drops=6)
    history = play(steps)
    at = last_moment(steps)
    for (union, week), version in history.state.current.items():
        whole = [row.said.row for row in version.rows]
        if not whole or shift(week_of(at.date()), -8) > week or has_copies_elsewhere(history, version):
            continue
        withdrawn = Drop(union, at, week, type="更正零报告")
        restored = Drop(union, at + timedelta(minutes=1), week, tuple(whole), "更正")
        after = play([*steps, withdrawn, restored])
        if answer_to(after, restored).status in ("accepted", "partially_accepted"):
            assert all_figures(after) == all_figures(history)


def has_copies_elsewhere(history, version) -> bool:
    """Rows of other versions wait for these and count once they are withdrawn: then these come second."""
    others = [row.said for other in history.state.current.values() if other is not version for row in other.rows]
    mine = [row.said for row in version.rows]
    shared = {said.identity for said in mine if said.sender != said.organiser}
    keys = {(said.sender, said.key) for said in mine if said.row.kind == "event"}
    return any(said.identity in shared or (said.sender, said.key) in keys for said in others)


@few
@given(seeds)
def test_what_changes_a_published_figure_is_told(seed):
    steps = generate_history(seed)
    at = last_moment(steps)
    history = play(steps)
    weeks = {edition.week for edition in history.editions}
    after = play([*steps, *(Publish(at + timedelta(minutes=nth), week) for nth, week in enumerate(sorted(weeks)))])
    for week in weeks:
        of_week = [edition for edition in after.editions if edition.week == week]
        for earlier, later in pairwise(of_week):
            told = {change.figure_id for change in later.revisions}
            moved = {key for key, figure in earlier.figures.items() if later.figures.get(key) != figure}
            assert moved <= told


@few
@given(seeds)
def test_no_activity_counts_twice_and_no_row_of_a_current_file_is_lost(seed):
    history = play(generate_history(seed))
    counting = history.state.list_counting()
    senders: dict[object, set[str]] = {}
    for said in counting:
        senders.setdefault(said.identity, set()).add(said.sender)
    assert all(len(those) == 1 for those in senders.values())
    standing = [row.said for version in history.state.current.values() for row in version.rows]
    assert {said.identity for said in standing} == set(senders)


@pytest.mark.parametrize("seed", range(5))
def test_histories_are_the_same_for_the_same_seed_and_shrink(seed):
    steps = generate_history(seed)
    assert steps == generate_history(seed)
    shrunk = shrink_history(steps, lambda smaller: any(isinstance(step, Drop) for step in smaller))
    assert len(shrunk) == 1


def test_a_history_is_printed_as_a_script_that_plays_it():
    steps = generate_history(7)
    script: dict[str, object] = {}
    exec(print_script(steps), script)
    assert script["steps"] == steps
