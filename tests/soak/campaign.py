"""Which faults a soak brings, in which rounds; the full form and the short one of the test suite."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from tests.soak import faults
from tests.soak.boundaries import BY_NAME
from tests.soak.histories import play_beside_model
from tests.soak.local_stack import FOLDER, S3, LocalStack
from tests.soak.rounds import Planned, Round, play_undisturbed
from tests.soak.scenario import scenario
from tests.soak.scheduler import kill_schedulers
from tests.soak.small_disk import NotPermitted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tests.soak.rounds import Result, Undisturbed
    from tests.soak.scenario import Step
    from tests.soak.verdict import Difference

    Plan = Mapping[int, Sequence[Planned]]

_ALL_JOBS = ("intake", "roll-up", "publish", "mail", "remind", "replay")
STAGES = ("boundaries", "random", "postgres", "together", "mail", "store", "scheduler", "disks", "histories")
"""What a full soak brings, in its order."""
_ELSEWHERE = {"scheduler", "disks", "histories"}
"""Stages that need a stack of their own, or none."""
_CRASHES_PER_STEP = 8
_MOST_ROUNDS_FOR_BOUNDARIES = 12


@dataclass
class Row:
    """One line of the table. ``recovered``: those of rounds that ended as if nothing had happened."""

    injected: int = 0
    recovered: int = 0
    lost: int = 0
    doubled: int = 0
    other: int = 0


@dataclass
class Report:
    """All that a soak found."""

    rows: dict[str, Row] = field(default_factory=lambda: defaultdict(Row))
    differences: list[Difference] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    uncertain_mails: int = 0

    @property
    def kills(self) -> int:
        """How many ``kill -9`` struck."""
        return sum(row.injected for kind, row in self.rows.items() if "kill" in kind)

    @property
    def ok(self) -> bool:
        """Whether everything ended as without faults."""
        return not self.differences

    def add(self, result: Result) -> None:
        """Count a round."""
        kinds = Counter(difference.kind for difference in result.differences)
        for kind, number in result.injected.items():
            row = self.rows[kind]
            row.injected += number
            row.recovered += 0 if result.differences else number
            row.lost += kinds["lost"]
            row.doubled += kinds["double"]
            row.other += kinds["other"]
        self.differences += result.differences
        self.uncertain_mails += result.uncertain_mails


class Campaign:
    """Plays rounds on one stack and keeps the report."""

    def __init__(
        self, local: LocalStack, seed: int, steps: Sequence[Step] | None = None, report: Report | None = None
    ) -> None:
        self.chance = Random(seed)
        self.local = local
        self.steps = tuple(steps or scenario())
        self.report = report if report is not None else Report()
        self.undisturbed: Undisturbed = play_undisturbed(local, self.steps)
        _say(f"  undisturbed: {len(self.steps)} steps in {sum(self.undisturbed.seconds):.1f} s")

    def move_to(self, local: LocalStack) -> None:
        """Go on somewhere else; what is right stays what it was."""
        self.local = local

    def play(self, plan: Plan, bucket: str = FOLDER) -> Result:
        """One round."""
        result = Round(self.local, self.steps, self.undisturbed, self.chance).play(plan, bucket)
        self.count(result)
        return result

    def count(self, result: Result) -> None:
        """Put a round into the report."""
        self.report.add(result)
        struck = ", ".join(f"{kind} ×{number}" for kind, number in result.injected.items())
        _say(f"  {struck or 'nothing struck'}{'' if not result.differences else '  — DIFFERS'}")
        for difference in result.differences[:10]:
            _say(f"    {difference.kind}: {difference.text}")

    def at_boundaries(self, known: Iterable[tuple[str, str]]) -> None:
        """A kill at each of these boundaries, at any of the times that the undisturbed run passes it; see ``boundaries``."""
        waiting = deque(known)
        for _ in range(_MOST_ROUNDS_FOR_BOUNDARIES):
            if not waiting:
                return
            chosen: dict[int, list[str]] = defaultdict(list)
            for _ in range(len(waiting)):
                name, job = waiting.popleft()
                fitting = [
                    number
                    for number, step in enumerate(self.steps)
                    if step.job == job
                    and self.undisturbed.passes[number].get(name)
                    and len(chosen[number]) < _CRASHES_PER_STEP
                ]
                if fitting:
                    chosen[self.chance.choice(fitting)].append(name)
                else:
                    waiting.append((name, job))
            missed = self.play(
                {number: self._crashes(number, names) for number, names in chosen.items() if names}
            ).missed
            waiting.extend((fault.boundary, fault.job) for fault in missed)
        self.report.notes += [f"not killed {name} of {job}: it was never reached again" for name, job in waiting]

    def _crashes(self, number: int, names: Iterable[str]) -> list[Planned]:
        """One crash after the other in the order of the work, so that each leaves something for the next to be killed at."""
        *first, last = sorted(names, key=list(BY_NAME).index)
        step = self.steps[number]
        nth = self.chance.randint(1, self.undisturbed.passes[number][last])
        return [*(faults.crash_at(name, step, 1) for name in first), faults.crash_at(last, step, nth)]

    def boundaries(self, *, per_job: bool) -> Iterator[tuple[str, str]]:
        """(boundary, job) for all that the undisturbed run passes; ``per_job``: in every kind of job that passes it."""
        seen = set()
        for number, step in enumerate(self.steps):
            for name in self.undisturbed.passes[number]:
                known = (name, step.job) if per_job else name
                if known not in seen:
                    seen.add(known)
                    yield name, step.job

    def kill_at_random(self, number: int) -> None:
        """So many kills at random moments of random steps."""
        struck = 0
        while struck < number:
            plan = {
                at: [faults.kill_at_random(step)] * self.chance.choice((1, 1, 2)) for at, step in enumerate(self.steps)
            }
            result = self.play(plan)
            struck += sum(result.injected.values())

    def spread(self, fault: Planned, jobs: Iterable[str], number: int, bucket: str = FOLDER) -> None:
        """One fault ``number`` times, each time in another step of these jobs, as many a round as there are steps."""
        fitting = [at for at, step in enumerate(self.steps) if step.job in set(jobs)]
        while number > 0:
            chosen = self.chance.sample(fitting, min(number, len(fitting)))
            self.play({at: [fault] for at in chosen}, bucket)
            number -= len(chosen)


def run_full(report: Report, seed: int, kills: int, stages: Sequence[str] = STAGES, steps: int = 20_000) -> None:
    """Everything, or some stages of it, into ``report``.

    ``kills``: how many at random moments, besides those at boundaries; ``steps``: of random histories.
    """
    if "histories" in stages:
        _say(f"… {steps} steps of random histories")
        play_beside_model(report, seed, steps)
    if set(stages) == {"histories"}:
        return
    with LocalStack() as local:
        campaign = Campaign(local, seed, report=report)
        for stage in stages:
            if stage not in _ELSEWHERE:
                _say(f"… {stage}")
                _strike(campaign, stage, kills)
    if "scheduler" in stages:
        _say("… Airflow's scheduler")
        with LocalStack() as local:
            campaign.count(kill_schedulers(local, campaign.chance, 3))
    if "disks" in stages:
        _say("… full disks")
        try:
            with LocalStack(small_disks=True) as local:
                campaign.move_to(local)
                campaign.spread(faults.BUCKET_FULL, ("intake", "publish"), 14)
                campaign.spread(faults.DATABASE_FULL, _ALL_JOBS, 14)
        except NotPermitted as reason:
            report.notes.append(f"no disk was filled: {reason}")


def _strike(campaign: Campaign, stage: str, kills: int) -> None:
    match stage:
        case "boundaries":
            campaign.at_boundaries(campaign.boundaries(per_job=True))
        case "random":
            campaign.kill_at_random(kills)
        case "postgres":
            campaign.spread(faults.POSTGRES, _ALL_JOBS, 28)
            campaign.spread(faults.BACKEND, _ALL_JOBS, 28)
        case "together":
            campaign.spread(faults.TWO_AT_ONCE, _ALL_JOBS, 28)
            campaign.spread(faults.TWO_AND_ONE_DIES, _ALL_JOBS, 28)
            campaign.spread(faults.ROLL_UP_BESIDE, ("intake", "publish"), 14)
            campaign.spread(faults.REPLAY_BESIDE, ("intake", "publish"), 14)
        case "mail":
            for fault in (faults.MAIL_AWAY, faults.MAIL_BEFORE_DATA, faults.MAIL_AFTER_DATA):
                campaign.spread(fault, ("mail", "remind"), 10)
        case "store":
            for fault in (faults.STORE_AWAY, faults.STORE_RESETS):
                campaign.spread(fault, ("intake", "publish", "mail", "replay"), 12, S3)
        case _:
            raise ValueError(f"no stage is called {stage!r}")


def short_campaign(local: LocalStack, seed: int) -> Campaign:
    """Half of the scenario, with a replay at its end."""
    steps = scenario()
    return Campaign(local, seed, [*steps[:7], steps[-1]])


def run_short(campaign: Campaign) -> Report:
    """What a test suite has time for: some boundaries of each job, PostgreSQL, mail, two at once."""
    known = list(campaign.boundaries(per_job=True))
    chosen = []
    for job, number in (("intake", 5), ("publish", 3), ("mail", 2), ("roll-up", 1), ("replay", 2)):
        chosen += campaign.chance.sample([each for each in known if each[1] == job], number)
    campaign.at_boundaries(chosen)
    campaign.play(
        {
            0: [faults.kill_at_random(campaign.steps[0]), faults.TWO_AT_ONCE],
            1: [faults.POSTGRES],
            2: [faults.MAIL_AFTER_DATA],
            3: [faults.POSTGRES, faults.ROLL_UP_BESIDE],
            4: [faults.TWO_AT_ONCE],
        }
    )
    return campaign.report


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
