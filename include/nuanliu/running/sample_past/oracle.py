"""What must come of sample weeks, added up from the plan alone: nothing here has seen a workbook or the warehouse."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from nuanliu.contract.code_lists import PROVINCE, codes
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.running.sample_past.planning import PlannedActivity, PlannedFile

Total = tuple[int, str]
"""Value in the base unit, and exact, over, under or approx."""


def standing(files: Iterable[PlannedFile], at: datetime) -> dict[tuple[str, ReportingWeek], PlannedFile]:
    """(union, week) → the file that counts at an instant: the last that has arrived."""
    arrived = sorted((file for file in files if file.arrives_at <= at), key=lambda file: file.arrives_at)
    return {(file.union_id, file.week): file for file in arrived}


def expected_figures(files: Iterable[PlannedFile], week: ReportingWeek, at: datetime) -> dict[str, Total]:
    """Figure id → what it must be at an instant: events and 今年以来 by organiser, of every union with a figure, all categories
    together and each.
    """
    kept = standing(files, at)
    events = (
        (union_id, activity, "event")
        for (union_id, of_week), file in kept.items()
        if of_week == week
        for activity in file.activities
        if activity.days is not None and not activity.is_faulty
    )
    return _added_up(week, [*events, *_to_date(kept, week)])


def _to_date(
    kept: Mapping[tuple[str, ReportingWeek], PlannedFile], week: ReportingWeek
) -> Iterator[tuple[str, PlannedActivity, str]]:
    """Each union's youngest 今年以来 of the year of the week's Sunday."""
    youngest: dict[str, tuple[ReportingWeek, PlannedActivity]] = {}
    for (union_id, of_week), file in kept.items():
        if of_week > week or of_week.sunday.year != week.sunday.year:
            continue
        for activity in file.activities:
            if activity.days is None and (union_id not in youngest or youngest[union_id][0] < of_week):
                youngest[union_id] = (of_week, activity)
    for union_id, (_, activity) in youngest.items():
        yield union_id, activity, "ytd"


def _added_up(week: ReportingWeek, rows: Iterable[tuple[str, PlannedActivity, str]]) -> dict[str, Total]:
    sums: dict[str, int] = {}
    kinds: dict[str, set[str]] = {}
    for union_id, activity, period_kind in rows:
        for node in _above(union_id):
            for category in ("all", activity.category):
                for figure in activity.figures:
                    figure_id = f"{week}/{node}/{category}/{figure.measure}/{period_kind}"
                    sums[figure_id] = sums.get(figure_id, 0) + figure.value
                    kinds.setdefault(figure_id, set()).add(str(figure.exactness))
    return {figure_id: (value, _kind(kinds[figure_id])) for figure_id, value in sums.items()}


def _above(union_id: str) -> tuple[str, ...]:
    """The union itself, its prefecture, the province."""
    parent = codes().unions.list[union_id].parent_id
    return tuple(dict.fromkeys(node for node in (union_id, parent, PROVINCE) if node))


def _kind(kinds: set[str]) -> str:
    """Exact beside another kind takes that kind; two other kinds make about."""
    unsure = kinds - {"exact"}
    return "exact" if not unsure else unsure.pop() if len(unsure) == 1 else "approx"
