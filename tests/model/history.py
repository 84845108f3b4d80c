"""A history of drops, tree changes and publications, played in the order in which they happen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import reduce

from tests.model.campaigns import build_campaign_figures, read_campaigns
from tests.model.corrections import Change, Edition, choose_revisions, find_changes, name_reason
from tests.model.deciding_files import Answer, answer_drop
from tests.model.drops import Drop, Publish, Step, TreeChange, step_order
from tests.model.figures import Figure, build_figures
from tests.model.tree import read_expected_unions
from tests.model.versions import State


@dataclass(frozen=True)
class History:
    """All that is known after some steps."""

    state: State = field(default_factory=State)
    answers: tuple[tuple[Drop, Answer], ...] = ()
    changes: tuple[Change, ...] = ()
    editions: tuple[Edition, ...] = ()

    def answer(self, drop: Drop) -> Answer:
        return next(answer for answered, answer in self.answers if answered == drop)

    def state_of(self, union: str, week: str) -> str:
        """reported, confirmed_zero, missing, returned or held (contract §3, unit-week)."""
        version = self.state.current.get((union, week))
        if version:
            return "reported" if version.whole else "confirmed_zero"
        return self.state.unanswered.get((union, week), "missing")


def play(steps: Iterable[Step]) -> History:
    """Play steps in the order in which they happen, however they are listed."""
    return reduce(take_step, sorted(steps, key=step_order), History())


def take_step(history: History, step: Step) -> History:
    if isinstance(step, Publish):
        return publish(history, step)
    if isinstance(step, TreeChange):
        return tell(history, step, replace(history.state, tree_changes=(*history.state.tree_changes, step)), "单位变动")
    answer = answer_drop(step, history.state)
    key = (step.union, answer.filed)
    reason = name_reason(step, history.state.current.get(key))
    told = tell(history, step, load_answer(history.state, key, answer), reason)
    return replace(told, answers=(*history.answers, (step, answer)))


def load_answer(state: State, key: tuple[str, str], answer: Answer) -> State:
    """A version becomes current; a held or rejected file is remembered where there is none (contract §3)."""
    if answer.version:
        return replace(state, current={**state.current, key: answer.version})
    if answer.status in ("held", "rejected"):
        open_state = "held" if answer.status == "held" else "returned"
        return replace(state, unanswered={**state.unanswered, key: open_state})
    return state


def show_figures(state: State, week: str) -> dict[str, Figure]:
    """Every figure that an edition shows: own, place, inclusive, carried and campaign."""
    campaigns = build_campaign_figures(state, week, read_campaigns())
    return build_figures(state, week) | {figure_id: found.figure for figure_id, found in campaigns.items()}


def tell(history: History, step: Step, state: State, reason: str) -> History:
    """Note every change that a step makes to a figure that has been published."""
    changes: list[Change] = []
    for week in sorted({edition.week for edition in history.editions}):
        published = {figure for edition in history.editions if edition.week == week for figure in edition.figures}
        old, new = show_figures(history.state, week), show_figures(state, week)
        changes += find_changes(week, old, new, published, reason)
    return replace(history, state=state, changes=(*history.changes, *changes))


def publish(history: History, step: Publish) -> History:
    """The next edition of a week, if it may go out and anything changed (contract §4, Publication gate)."""
    states = {union: history.state_of(union, step.week) for union in read_expected_unions()}
    if not {"reported", "confirmed_zero"} & set(states.values()):
        return history
    figures = show_figures(history.state, step.week)
    earlier = [edition for edition in history.editions if edition.week == step.week]
    revisions = choose_revisions(step.week, history.changes, history.editions)
    own = any(change.week == step.week for change in revisions)
    if earlier and not own and (earlier[-1].figures, earlier[-1].states) == (figures, states):
        return history
    edition = Edition(step.week, len(earlier) + 1, figures, states, revisions, len(history.changes))
    return replace(history, editions=(*history.editions, edition))
