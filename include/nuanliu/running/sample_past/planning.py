"""Who reports what in which week, and when it arrives. All of it follows from the seed: a week is the same in any span."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from nuanliu.contract.code_lists import PROVINCE_OWN, codes
from nuanliu.contract.due_time import report_due_at
from nuanliu.contract.spring_festival import weeks_from_festival
from nuanliu.domain.exactness import Exactness
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.running.sample_past.kinds import KINDS, ActivityKind

FIRST, CORRECTION, ZERO = "首报", "更正", "零报告"
FORMS = ("template", "cover", "titled", "csv", "semicolon", "long")
"""Ways to write a report down; each union keeps its own."""
_TEMPLATE_USERS = frozenset({PROVINCE_OWN, "620100", "620900"})
"""Who fills in the template. The others have forms of their own."""
_BEFORE_DUE, _AFTER_DUE, _PUBLISHED = timedelta(hours=-3), timedelta(days=2), timedelta(hours=6)
_FESTIVAL = {-2: 2.0, -1: 2.6, 0: 0.5, 1: 0.8}
"""Weeks after that of 正月初一 → how much of their usual work unions do for what swells then."""


@dataclass(frozen=True)
class PlannedFigure:
    """A figure in the measure's base unit."""

    measure: str
    value: int
    exactness: Exactness = Exactness.EXACT


@dataclass(frozen=True)
class PlannedActivity:
    """One row. ``days``: None for a figure to date. ``is_faulty``: its end lies after the week, so that it must come back."""

    name: str
    category: str
    groups: str
    figures: tuple[PlannedFigure, ...]
    days: tuple[date, date] | None
    campaign: str = ""
    is_faulty: bool = False


@dataclass(frozen=True)
class PlannedFile:
    """One file of one union."""

    union_id: str
    week: ReportingWeek
    arrives_at: datetime
    submission_type: str
    form: str
    activities: tuple[PlannedActivity, ...]


def published_at(week: ReportingWeek) -> datetime:
    """When the summary of a week goes out: the evening of the day on which its reports are due."""
    return report_due_at(week) + _PUBLISHED


def reporting_unions() -> list[str]:
    """省本级, the prefectures and their counties."""
    return [union.id for union in codes().unions.list if union.level in {"province_own", "prefecture", "county"}]


def plan_past(first: ReportingWeek, last: ReportingWeek, seed: int) -> list[PlannedFile]:
    """Every file about weeks of a span, in the order of arrival."""
    weeks = [first.shift(number) for number in range(first.weeks_until(last) + 1)]
    files = [file for week in weeks for union_id in reporting_unions() for file in plan_reports(union_id, week, seed)]
    return sorted(files, key=lambda file: (file.arrives_at, file.week, file.union_id))


def plan_reports(union_id: str, week: ReportingWeek, seed: int) -> Iterator[PlannedFile]:
    """What a union sends of a week: nothing, its report, perhaps a correction of it."""
    dice = Random(f"{seed}/{union_id}/{week}")  # noqa: S311  # plausible, not secret
    habit = _habit(union_id, seed)
    is_festival = weeks_from_festival(week) == 0
    if dice.random() >= habit.reports * (0.8 if is_festival else 1):
        return
    due = report_due_at(week)
    is_late = dice.random() < habit.is_late
    delay = week.shift(1) if is_late and dice.random() < 0.3 else week
    arrival = (report_due_at(delay) + _AFTER_DUE) if is_late else due + _BEFORE_DUE
    if habit.counts_for_nothing(dice, is_festival=is_festival):
        yield PlannedFile(union_id, week, arrival, ZERO, "cover", ())
        return
    activities = _plan_activities(union_id, week, dice, habit)
    faulty = (_faulty(activities[0], week),) if dice.random() < 0.02 else ()
    report = PlannedFile(union_id, week, arrival, FIRST, habit.form, (*activities, *faulty))
    yield report
    if dice.random() < 0.06:
        later = report_due_at((delay if is_late else week).shift(dice.randrange(3) + is_late)) + _AFTER_DUE
        form = habit.form if habit.form in {"template", "csv", "semicolon"} else "cover"
        corrected = (_corrected(activities[0], dice), *activities[1:])
        yield replace(report, arrives_at=later, submission_type=CORRECTION, form=form, activities=corrected)


@dataclass(frozen=True)
class _Habit:
    """How large a union is, how it reports, how often and how late."""

    size: int
    form: str
    reports: float
    is_late: float
    zero: float

    def counts_for_nothing(self, dice: Random, *, is_festival: bool) -> bool:
        return dice.random() < (0.5 if is_festival else self.zero)


def _habit(union_id: str, seed: int) -> _Habit:
    dice = Random(f"{seed}/{union_id}")  # noqa: S311
    form = "template" if union_id in _TEMPLATE_USERS else dice.choice(FORMS[1:])
    if codes().unions.list[union_id].level == "county":
        return _Habit(dice.randrange(60, 260), form, dice.uniform(0.1, 0.3), 0.12, 0.02)
    return _Habit(dice.randrange(350, 1200), form, dice.uniform(0.9, 0.99), 0.06, 0.02)


def _plan_activities(union_id: str, week: ReportingWeek, dice: Random, habit: _Habit) -> tuple[PlannedActivity, ...]:
    is_county = codes().unions.list[union_id].level == "county"
    month = (week.monday + timedelta(days=3)).month
    distance = weeks_from_festival(week)
    kinds = [kind for kind in KINDS if month in kind.months]
    chosen = dice.sample(kinds, dice.randrange(1, 3) if is_county else dice.randrange(2, 5))
    if distance in {-2, -1} and KINDS[0] not in chosen:
        chosen[0] = KINDS[0]
    activities = [_plan_activity(kind, week, dice, habit, distance) for kind in chosen]
    if codes().unions.list[union_id].level == "prefecture" and week.contains(_day_25(week)):
        activities.append(_to_date(week, habit))
    return tuple(activities)


def _day_25(week: ReportingWeek) -> date:
    return week.sunday.replace(day=25)


def _plan_activity(
    kind: ActivityKind, week: ReportingWeek, dice: Random, habit: _Habit, distance: int | None
) -> PlannedActivity:
    swell = _FESTIVAL.get(distance, 1.0) if kind.swells_at_festival and distance is not None else 1.0
    people = max(5, round(habit.size * kind.share / 100 * dice.uniform(0.7, 1.4) * swell))
    figures = [_rounded("people_served", people, dice)]
    if kind.per_head:
        figures.append(PlannedFigure("funds_total", max(100, round(people * kind.per_head / 100) * 100)))
    if kind.also:
        figures.append(PlannedFigure(kind.also[0], max(1, people // kind.also[1])))
    start = week.monday + timedelta(days=dice.randrange(5))
    end = min(start + timedelta(days=dice.randrange(3)), week.sunday)
    return PlannedActivity(
        dice.choice(kind.names), kind.category, kind.groups, tuple(figures), (start, end), kind.campaign
    )


def _rounded(measure: str, value: int, dice: Random) -> PlannedFigure:
    """As people write it: one in five rounded, with the word that says so."""
    luck = dice.random()
    unit = 10 if value < 1000 else 100
    if luck < 0.12:
        return PlannedFigure(measure, value // unit * unit or value, Exactness.OVER)
    if luck < 0.16:
        return PlannedFigure(measure, round(value / unit) * unit or value, Exactness.APPROX)
    if luck < 0.18:
        return PlannedFigure(measure, (value // unit + 1) * unit, Exactness.UNDER)
    return PlannedFigure(measure, value)


def _to_date(week: ReportingWeek, habit: _Habit) -> PlannedActivity:
    """今年以来 of a prefecture, once a month: it grows with the days of the year."""
    day = week.sunday.timetuple().tm_yday
    funds = PlannedFigure("funds_total", habit.size * day * 2 // 100 * 100)
    return PlannedActivity("困难职工帮扶资金", "hardship_aid", "困难职工", (funds,), None)


def _faulty(activity: PlannedActivity, week: ReportingWeek) -> PlannedActivity:
    days = (week.sunday, week.sunday + timedelta(days=3))
    return replace(activity, name=f"{activity.name}(下周)", days=days, is_faulty=True)


def _corrected(activity: PlannedActivity, dice: Random) -> PlannedActivity:
    """More often too little was counted than too much."""
    factor = dice.uniform(1.05, 1.35) if dice.random() < 0.75 else dice.uniform(0.75, 0.95)
    people, *others = activity.figures
    value = max(1, round(people.value * factor))
    value += value == people.value
    return replace(activity, figures=(PlannedFigure(people.measure, value), *others))
