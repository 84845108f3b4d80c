"""Check a submission: its rows by Great Expectations, the file as a set, and both against what the warehouse knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from great_expectations.core import ExpectationSuite

from nuanliu.contract.reloading import reloads_with_data
from nuanliu.contract.rules import RuleRegistry, rule_registry
from nuanliu.domain.findings import Finding
from nuanliu.domain.history import History
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.domain.submission import Submission
from nuanliu.memory import release_unused
from nuanliu.quality.expectations.findings import describe_failures
from nuanliu.quality.expectations.frames import activity_figures, activity_rows, check_frames
from nuanliu.quality.expectations.masks import (
    Failing,
    MaskPlan,
    MasksUnavailable,
    find_failing,
    plan_masks,
    validate_complete,
)
from nuanliu.quality.expectations.suites import (
    FRAMES,
    RuleCheck,
    build_checks,
    build_suite,
    contract_values,
    period_values,
)
from nuanliu.quality.rules.renumbered import find_renumbered
from nuanliu.quality.rules.set_rules import find_set_problems
from nuanliu.quality.rules.time_rules import find_time_problems
from nuanliu.quality.rules.version_rules import find_version_problems
from nuanliu.quality.verdict.query_answers import waiver_answered
from nuanliu.quality.verdict.set_aside import ignored_activities, without_settled_questions

ROWS_AT_A_TIME = 1 << 17
"""Activities that are held against the expectations together."""
_CHARACTERS_AT_A_TIME = 1 << 23


@dataclass(frozen=True)
class PreparedSuite:
    """The expectations of one frame, ready to be run. ``plan`` is None where GX's masks cannot be had."""

    checks: tuple[RuleCheck, ...]
    suite: ExpectationSuite
    plan: MaskPlan | None


def check_submission(
    submission: Submission, history: History | None, *, registry: RuleRegistry | None = None
) -> Submission:
    """Add the findings of all later checks to a submission.

    ``history`` None: no warehouse is at hand; the rules against earlier weeks are skipped and one info says so.
    ``registry``: the project's own when None. Nothing is checked in a file that could not be read or that goes to
    quarantine. Raises: CheckBroken when an expectation cannot be computed.
    """
    if not submission.is_readable or submission.quarantine:
        return submission
    rules = registry or rule_registry()
    activities = activity_rows(submission)
    figures = activity_figures(submission, activities)
    found = check_rows(submission, activities, figures, registry=registry) if len(activities) else []
    found += find_set_problems(submission, activities, figures, rules)
    if history is None:
        found.append(rules["time.history.absent"].finding())
    elif submission.is_week_certain:
        versions = find_version_problems(submission, activities, history, rules)
        answered = ignored_activities(versions, rules)
        found += versions
        open_rows = activities.drop(list(answered))
        found += find_renumbered(submission, open_rows, history, rules["set.number.changed"])
        found += find_time_problems(submission, open_rows, figures, history, rules)
    asked = without_settled_questions(submission.with_findings(found), rules)
    return waiver_answered(asked, rules, history)


def check_rows(
    submission: Submission, activities: pd.DataFrame, figures: pd.DataFrame, *, registry: RuleRegistry | None = None
) -> list[Finding]:
    """The findings of the expectations: one for each failing cell and rule.

    ``activities``, ``figures``: as ``frames.activity_rows`` and ``frames.activity_figures`` give them.
    """
    week = submission.week if submission.is_week_certain else None
    prepared = _prepared(week) if registry is None else prepare(registry, week)
    failing: dict[str, Failing] = {name: {} for name in FRAMES}
    frames: Mapping[str, pd.DataFrame] = {}
    for some, own in _pieces(activities, figures):
        frames = check_frames(some, own)
        for name in FRAMES:
            if prepared[name].checks and len(frames[name]):
                for rule_id, labels in find_failures(prepared[name], frames[name]).items():
                    failing[name][rule_id] = np.append(failing[name].get(rule_id, labels[:0]), labels)
    release_unused(len(activities))
    if len(activities) > _rows_at_a_time(activities):
        activities, figures = _involved(activities, figures, failing)
        frames = check_frames(activities, figures)
        failing = {name: {rule_id: np.sort(labels) for rule_id, labels in failing[name].items()} for name in FRAMES}
    found: list[Finding] = []
    for name in FRAMES:
        found += describe_failures(submission, prepared[name].checks, frames[name], figures, failing[name])
    return found


def _pieces(activities: pd.DataFrame, figures: pd.DataFrame) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Some activities at a time with their figures. Every expectation judges a row by itself, so that this changes nothing
    but the memory that the tables take.
    """
    most = _rows_at_a_time(activities)
    if len(activities) <= most:
        yield activities, figures
        return
    ids, of_figure = activities.index.to_numpy(), figures["activity_id"].to_numpy()
    for first in range(0, len(ids), most):
        some = ids[first : first + most]  # ids rise, as the file's rows do
        own = np.flatnonzero((of_figure >= some[0]) & (of_figure <= some[-1]))
        yield activities.iloc[first : first + most], figures.iloc[own]


def _rows_at_a_time(activities: pd.DataFrame) -> int:
    """Fewer where long texts stand in many cells: they are held once, and an expectation spells each out again."""
    references = [name for name in activities if getattr(activities[name].dtype, "storage", None) == "python"]
    length = sum(int(activities[name].str.len().sum()) for name in references)
    return min(ROWS_AT_A_TIME, max(1, len(activities) * _CHARACTERS_AT_A_TIME // max(length, 1)))


def _involved(
    activities: pd.DataFrame, figures: pd.DataFrame, failing: Mapping[str, Failing]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The activities that some rule found fault with, and all figures of these."""
    of_figure = figures["activity_id"].to_numpy()
    ids = [*failing["activities"].values(), *(of_figure[labels] for labels in failing["figures"].values())]
    wanted = np.unique(np.concatenate(ids)) if ids else of_figure[:0]
    return activities.loc[wanted], figures.iloc[np.flatnonzero(np.isin(of_figure, wanted))]


def find_failures(ready: PreparedSuite, frame: pd.DataFrame) -> Failing:
    """Which rows fail which rule: by the masks, or by results of format COMPLETE where there are no masks."""
    if ready.plan is not None:
        try:
            return find_failing(ready.plan, frame)
        except MasksUnavailable:
            return validate_complete(ready.suite, frame)
    return validate_complete(ready.suite, frame)


def prepare(registry: RuleRegistry, week: ReportingWeek | None) -> Mapping[str, PreparedSuite]:
    """Build the suites of a week. ``week`` None leaves out the rules that need one. Raises: BrokenContract."""
    values = {**contract_values(), **(period_values(week) if week is not None else {})}
    checks = build_checks(registry, values)
    prepared = {}
    for frame in FRAMES:
        suite = build_suite(checks, frame)
        try:
            plan = plan_masks(suite)
        except MasksUnavailable:
            plan = None
        prepared[frame] = PreparedSuite(tuple(check for check in checks if check.frame == frame), suite, plan)
    return prepared


@reloads_with_data
@lru_cache(maxsize=32)
def _prepared(week: ReportingWeek | None) -> Mapping[str, PreparedSuite]:
    return prepare(rule_registry(), week)


def warm_up_suites(week: ReportingWeek) -> None:
    """Build a week's suites now, so that the first submission of that week does not wait for them."""
    _prepared(week)
