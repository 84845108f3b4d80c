"""A history of drops, tree changes and publications, played in the order in which they happen; and what is told of
figures that change (contract §4, Revisions)."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import reduce

from tests.model.deciding_files import answer_drop
from tests.model.drops import Publish, Step, TreeChange, arrival_order, step_order
from tests.model.figures import Figure, build_figures
from tests.model.tree import read_reference
from tests.model.versions import Answer, State, Version, load

OPEN_STATES = {"held": "held", "rejected": "returned"}


@dataclass(frozen=True)
class Change:
    """One step of one published figure; ``old`` or ``new`` is None where there is no figure."""

    week: str
    figure_id: str
    old: Figure | None
    new: Figure | None
    reason: str


@dataclass(frozen=True)
class Edition:
    """What an edition said: its figures, the states of the unions, the corrections it told."""

    week: str
    number: int
    figures: dict[str, Figure]
    states: dict[str, str]
    revisions: tuple[Change, ...]
    changes_seen: int  # how many changes of all weeks there were when it was written


@dataclass(frozen=True)
class History:
    """All that is known after some steps."""

    state: State = field(default_factory=State)
    answers: tuple[Answer, ...] = ()
    changes: tuple[Change, ...] = ()
    editions: tuple[Edition, ...] = ()

    def state_of(self, union: str, week: str) -> str:
        """reported, confirmed_zero, missing, returned or held (contract §3, unit-week)."""
        key = (union, week)
        if version := self.state.current.get(key):
            return "reported" if version.whole else "confirmed_zero"
        own = [one for one in self.answers if (one.drop.union, one.filed) == key and one.status in OPEN_STATES]
        # The last by its arrival: what could not be read for an hour is no later word.
        return OPEN_STATES[max(own, key=lambda one: arrival_order(one.drop)).status] if own else "missing"


def play(steps: Iterable[Step]) -> History:
    """Play steps in the order in which they happen, however they are listed."""
    return reduce(take_step, sorted(steps, key=step_order), History())


def take_step(history: History, step: Step) -> History:
    if isinstance(step, Publish):
        return publish(history, step)
    state = history.state
    if isinstance(step, TreeChange):
        return tell(history, replace(state, tree_changes=(*state.tree_changes, step)), "单位变动")
    answer = answer_drop(step, state)
    key = (step.union, answer.filed)
    current = state.current.get(key, Version())
    reason = "更正" if current.rows and step.type != "补充" else "补报"
    state = state.put(key, load(current, answer)) if answer.loads else state
    return replace(tell(history, state, reason), answers=(*history.answers, answer))


def tell(history: History, state: State, reason: str) -> History:
    """Note every change of a figure that some edition of its week has shown, one step at a time."""
    changes: list[Change] = []
    for week in sorted({edition.week for edition in history.editions}):
        published = {figure for edition in history.editions if edition.week == week for figure in edition.figures}
        old, new = build_figures(history.state, week), build_figures(state, week)
        differing = [figure_id for figure_id in sorted(published) if old.get(figure_id) != new.get(figure_id)]
        changes += [Change(week, each, old.get(each), new.get(each), reason) for each in differing]
    return replace(history, state=state, changes=(*history.changes, *changes))


def publish(history: History, step: Publish) -> History:
    """The next edition of a week, if it may go out and anything changed (contract §4, Publication gate)."""
    expected = [line["union_id"] for line in read_reference("unions.csv") if line["expected_weekly"] == "yes"]
    states = {union: history.state_of(union, step.week) for union in expected}
    if not {"reported", "confirmed_zero"} & set(states.values()):
        return history
    figures = build_figures(history.state, step.week)
    earlier = [edition for edition in history.editions if edition.week == step.week]
    # Told: changes of this week since its own last edition, of other weeks since the last edition of whatever week.
    seen = max((edition.changes_seen for edition in history.editions), default=0)
    seen_of = {step.week: max((edition.changes_seen for edition in earlier), default=0)}
    revisions = tuple(one for at, one in enumerate(history.changes) if at >= seen_of.get(one.week, seen))
    own = any(change.week == step.week for change in revisions)
    if earlier and not own and (earlier[-1].figures, earlier[-1].states) == (figures, states):
        return history
    edition = Edition(step.week, len(earlier) + 1, figures, states, revisions, len(history.changes))
    return replace(history, editions=(*history.editions, edition))
