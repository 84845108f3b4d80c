"""Play a history through the program and the model beside each other, until they say different things."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random

from tests.histories.comparing import (
    Difference,
    compare_answer,
    compare_campaigns,
    compare_edition,
    compare_figures,
    compare_week_states,
    list_weeks,
)
from tests.histories.endings import compare_replay, compare_traces
from tests.histories.moments import Moment, list_moments
from tests.histories.program import Program, own_lists
from tests.model.drops import Drop, Publish, Step, TreeChange
from tests.model.history import History, take_step
from tests.model.versions import State


def play_beside(
    program: Program, steps: Sequence[Step], *, leave_out: frozenset[str] = frozenset(), replayed: bool = True
) -> tuple[Difference, ...]:
    """What differs after the first moment after which anything does; nothing when all agrees to the end.

    ``leave_out``: kinds of differences that are not looked at. ``replayed``: whether the end is played again from the archive.
    """
    moments, history, random = list_moments(steps), History(), Random(len(steps))
    before: dict[Drop, State] = {}
    replayed = replayed and not any(isinstance(step, TreeChange) for step in steps)  # today's tree answers otherwise
    with own_lists():
        for moment in moments:
            failures = program.live_through(moment)
            for step in (*moment.changes, *moment.answered):
                if isinstance(step, Drop):
                    before[step] = history.state
                history = take_step(history, step)
            found = [Difference("failure", str(moment.at), failure, None) for failure in failures]
            found += compare_moment(program, history, before, moment, random)
            for step in moment.publications if not found else ():
                earlier, history = history, take_step(history, step)
                found += compare_publication(program, earlier, history, step)
            if moment == moments[-1] and replayed and not found:
                found += compare_replay(program, moment.at)
            found = [difference for difference in found if difference.kind not in leave_out]
            if found:
                return tuple(found)
    return ()


def compare_moment(
    program: Program, history: History, before: Mapping[Drop, State], moment: Moment, random: Random
) -> Iterator[Difference]:
    """``before``: what stood when each drop was answered."""
    answers = {answer.drop: answer for answer in history.answers}
    weeks = list_weeks(history)
    for drop in moment.answered:
        yield from compare_answer(drop, program.answers.get(drop), answers[drop], before[drop])
    yield from compare_week_states(program, history, weeks)
    yield from compare_figures(program, history, weeks)
    yield from compare_campaigns(program, history, weeks[-1:])
    yield from compare_traces(program, moment.at, random)
    for broken in program.reconcile(moment.at)["differences"]:
        yield Difference("reconcile", broken["identity"], broken, None)


def compare_publication(program: Program, earlier: History, history: History, step: Publish) -> Iterator[Difference]:
    of_week = [edition for edition in history.editions if edition.week == step.week]
    answer, document = program.publish(step)
    is_new = len(history.editions) > len(earlier.editions)
    yield from compare_edition(answer, document, of_week[-1] if of_week else None, published=is_new)
