"""One round: the whole scenario on a fresh stack, some steps under a fault, each then finished as operators would."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.soak.forks import Fork, JobHangs, run
from tests.soak.local_stack import FOLDER
from tests.soak.verdict import OTHER, Difference, compare

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from random import Random

    from tests.soak.boundaries import Crash
    from tests.soak.jobs import Outcome
    from tests.soak.local_stack import LocalStack
    from tests.soak.scenario import Step

    Strike = Callable[["Round", "Step"], bool]

_MOST_TRIES = 6


@dataclass(frozen=True)
class Undisturbed:
    """The run without faults: its records, and of each step how long it took and which boundaries it passed how often."""

    records: Mapping[str, Any]
    seconds: list[float]
    passes: Sequence[Mapping[str, int]]


@dataclass(frozen=True)
class Planned:
    """A fault for one step. ``strike`` runs the step's job under it and says whether it struck."""

    kind: str
    strike: Strike
    boundary: str = ""
    job: str = ""


@dataclass
class Result:
    """What a round showed. ``missed``: faults that came too late, because the job was done before."""

    injected: Counter[str] = field(default_factory=Counter)
    missed: list[Planned] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    uncertain_mails: int = 0


class Round:
    """Plays the steps; strikes use it to run the job at hand."""

    def __init__(self, local: LocalStack, steps: Sequence[Step], undisturbed: Undisturbed, chance: Random) -> None:
        self.local = local
        self.undisturbed = undisturbed
        self.chance = chance
        self.result = Result()
        self._steps = steps

    def play(self, faults: Mapping[int, Sequence[Planned]], bucket: str = FOLDER) -> Result:
        """Play all steps; one that would change nothing (a replay) only when a fault is meant for it."""
        self.local.fresh(bucket)
        try:
            for number, step in enumerate(self._steps):
                if step.job == "replay" and number not in faults:
                    continue
                for drop in step.drops:
                    self.local.put(drop)
                for fault in faults.get(number, ()):
                    if fault.strike(self, step):
                        self.result.injected[fault.kind] += 1
                    else:
                        self.result.missed.append(fault)
                self._finish(step)
            self._judge()
        except JobHangs as problem:
            self._differs(str(problem))
        return self.result

    def fork(self, step: Step, crash: Crash | None = None) -> Fork:
        """The job of a step, started."""
        return Fork(self.local.step_job(step, crash))

    def seconds(self, step: Step) -> float:
        """How long the step takes when nobody disturbs it."""
        return self.undisturbed.seconds[self._steps.index(step)]

    def moment(self, step: Step) -> float:
        """Some moment of the step."""
        return self.chance.uniform(0.0, self.seconds(step))

    def learn(self, step: Step, *, struck: bool) -> None:
        """The machine is faster or slower than it was: let the next moment fit."""
        self.undisturbed.seconds[self._steps.index(step)] *= 1.1 if struck else 0.7

    def note(self, outcome: Outcome | None) -> None:
        """A job under a fault may fail, but only with an error that says so: any other is a finding."""
        if outcome is not None and outcome.error is not None and not outcome.is_foreseen:
            self._differs(f"unforeseen: {outcome.error}")

    def _finish(self, step: Step) -> None:
        """Run the job again as operators would, until it has nothing left to do."""
        last: Any = None
        for _ in range(_MOST_TRIES):
            outcome = run(self.local.step_job(step))
            self.note(outcome)
            last = outcome and (outcome.error or outcome.document)
            if outcome is not None and outcome.is_done:
                return
        self._differs(f"{step.label} does not come to an end: {last}")

    def _judge(self) -> None:
        last = self._steps[-1]
        run(self.local.job("reconcile", last.now))
        outcome = run(self.local.job("records", last.now))
        if outcome is None or outcome.error is not None:
            self._differs(f"the records cannot be read: {outcome and outcome.error}")
            return
        records = outcome.document
        self.result.differences += compare(self.undisturbed.records, records, self.local.deliveries())
        self.result.uncertain_mails += sum(mail[-1] == "uncertain" for mail in records["mails"])

    def _differs(self, text: str) -> None:
        self.result.differences.append(Difference(OTHER, text))


def play_undisturbed(local: LocalStack, steps: Sequence[Step]) -> Undisturbed:
    """The run that all others are held against."""
    local.fresh()
    seconds, passes = [], []
    for step in steps:
        for drop in step.drops:
            local.put(drop)
        outcome = run(local.step_job(step, counts_passes=True))
        if outcome is None or not outcome.is_done:
            raise RuntimeError(f"{step.label} fails undisturbed: {outcome}")
        seconds.append(outcome.seconds)
        passes.append(outcome.passes)
    read = run(local.job("records", steps[-1].now))
    if read is None or read.error is not None:
        raise RuntimeError(f"the records cannot be read: {read}")
    differences = compare(read.document, read.document, local.deliveries())
    if differences:
        raise RuntimeError(f"the undisturbed run is not clean: {differences}")
    return Undisturbed(read.document, seconds, passes)
