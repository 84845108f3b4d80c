"""The last twelve weeks and the prefectures as bars: numbers with their 余, how long each bar is, and where nothing is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import dropwhile

from nuanliu.contract.code_lists import PROVINCE, codes
from nuanliu.domain.documents import NotesDocument, WeekPointEntry
from nuanliu.domain.figure_id import FigureId
from nuanliu.domain.reporting_week import ReportingWeek
from nuanliu.reporting.labels import base_unit, column_unit, show_measure
from nuanliu.reporting.summary.contents import Bar, FigureLine, PrefectureLine, UnionLine, WeekLine

PEOPLE, MONEY = "people_served", "funds_total"
_LEAST_WEEKS = 2
"""One week alone shows no course of things."""


def week_lines(notes: NotesDocument) -> tuple[WeekLine, ...]:
    """A line a week, oldest first, from the first that says anything; none where fewer than two do, nor in an older edition."""
    points = list(dropwhile(lambda point: not _says_anything(point), notes.get("trend", [])))
    if sum(map(_says_anything, points)) < _LEAST_WEEKS:
        return ()
    people, money = (_bars(points, measure) for measure in (PEOPLE, MONEY))
    return tuple(
        _week_line(point, persons, amount) for point, persons, amount in zip(points, people, money, strict=True)
    )


def _says_anything(point: WeekPointEntry) -> bool:
    return bool(point["figures"] or point["answered"])


def _week_line(point: WeekPointEntry, people: Bar | None, money: Bar | None) -> WeekLine:
    week = ReportingWeek.parse(point["week"])
    return WeekLine(
        week=f"第{week.monday.isocalendar()[1]}周",
        label=week.label,
        people=people,
        money=money,
        answered=point["answered"],
        expected=point["expected"],
    )


def _bars(points: Sequence[WeekPointEntry], measure: str) -> list[Bar | None]:
    largest = max(
        (Decimal(point["figures"][measure]["value"]) for point in points if measure in point["figures"]),
        default=Decimal(0),
    )
    return [_bar(point, measure, largest) if measure in point["figures"] else None for point in points]


def _bar(point: WeekPointEntry, measure: str, largest: Decimal) -> Bar:
    said, unit = point["figures"][measure], base_unit(measure)
    shown = show_measure(measure, unit, said["value"], said["exactness"])
    return Bar(
        figure_id=str(FigureId(ReportingWeek.parse(point["week"]), PROVINCE, "all", measure, "event")),
        shown=shown.under(column_unit(measure, unit)),
        value=said["value"],
        exactness=said["exactness"],
        percent=_percent(Decimal(said["value"]), largest),
    )


def prefecture_lines(unions: Iterable[UnionLine]) -> tuple[PrefectureLine, ...]:
    """People served by prefecture, in code order; none where no prefecture has any."""
    prefectures = [union for union in unions if _is_prefecture(union.union_id)]
    found = [(union, _people(union.cells)) for union in prefectures]
    largest = max((Decimal(cell.value) for _, cell in found if cell), default=Decimal(0))
    if not largest:
        return ()
    return tuple(PrefectureLine(union.name, union.state, _of_prefecture(cell, largest)) for union, cell in found)


def _of_prefecture(cell: FigureLine | None, largest: Decimal) -> Bar | None:
    if cell is None:
        return None
    percent = _percent(Decimal(cell.value), largest)
    return Bar(cell.figure_id, cell.in_column, cell.value, cell.exactness, percent)


def _is_prefecture(union_id: str) -> bool:
    unions = codes().unions.list
    return union_id in unions and unions[union_id].level == "prefecture"


def _people(cells: Iterable[FigureLine | None]) -> FigureLine | None:
    return next((cell for cell in cells if cell and FigureId.parse(cell.figure_id).measure == PEOPLE), None)


def _percent(value: Decimal, largest: Decimal) -> int:
    """Of the longest bar; what is more than nothing can be seen."""
    return max(1, round(value / largest * 100)) if value > 0 else 0
