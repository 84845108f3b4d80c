"""What one row says once sender and report week are known, and when two rows are the same (contract §2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from tests.model.drops import Row
from tests.model.weeks import holds_new_year, shift, sunday, week_of

CARRIED = ("ytd", "cumulative_since", "stock")
HALF_WIDTH = str.maketrans({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)})


def fold(text: str) -> str:
    """Blanks, width and case do not matter (contract §2, Content)."""
    return "".join(text.translate(HALF_WIDTH).split()).casefold()


@dataclass(frozen=True)
class Said:
    """A row as one sender says it in one report week; everything below depends on that row alone."""

    sender: str
    report_week: str
    row: Row

    @cached_property
    def reporting(self) -> str:
        """填报单位; default: the sender (contract §2, columns)."""
        return self.row.reporting or self.sender

    @cached_property
    def organiser(self) -> str:
        """主办单位; default: 填报单位 (contract §2, columns)."""
        return self.row.organiser or self.reporting

    @cached_property
    def owner(self) -> str:
        """To whom the row's figures belong: 本级 the organiser's, 含下级 the 填报单位's, whoever organised (contract §4)."""
        return self.reporting if self.row.scope == "inclusive" else self.organiser

    @cached_property
    def as_of(self) -> date:
        """End date, else the period's Sunday (contract §2, Cumulative series)."""
        return self.row.end or sunday(self.report_week)

    @cached_property
    def week(self) -> str:
        """The week in which the row counts, whole: that of its end date (contract §2, Which week).

        A 今年以来 of the old year in a week that holds 1 January counts in the last week wholly in the old year.
        """
        week = week_of(self.as_of)
        old_year = self.row.kind == "ytd" and holds_new_year(week) and self.as_of.year < sunday(week).year
        return shift(week, -1) if old_year else week

    @cached_property
    def since(self) -> date | None:
        """Only a 累计 has a start of its own."""
        return self.row.since if self.row.kind == "cumulative_since" else None

    @cached_property
    def name(self) -> tuple[str, str, str]:
        return (self.organiser, self.row.category, fold(self.row.name))

    @cached_property
    def base(self) -> tuple[object, ...]:
        """What belongs to the key beside name, number and start: kind, 物资, scope, since."""
        return (self.row.kind, fold(self.row.item), self.row.scope, self.since)

    @cached_property
    def start(self) -> date | None:
        """The start belongs to the key, but not to that of a series, which has no dates."""
        return None if self.row.kind in CARRIED else self.row.start

    @cached_property
    def number(self) -> tuple[str, ...]:
        """The 填报单位's own (contract §2, columns); empty: none."""
        number = fold(self.row.activity_no)
        return (self.reporting, number) if number else ()

    @cached_property
    def series(self) -> tuple[object, ...]:
        """The key without dates; 今年以来 ends with the year (contract §2, Cumulative series)."""
        year = self.as_of.year if self.row.kind == "ytd" else None
        return (self.sender, self.number or (*self.name, self.owner), *self.base, year)

    @cached_property
    def key(self) -> tuple[object, ...]:
        """The number, else (organiser, category, name, start); with an event's week (contract §2, Content)."""
        week = self.week if self.row.kind == "event" else None
        return (self.series, None if self.number else self.start, week)

    @cached_property
    def content(self) -> tuple[object, ...]:
        """Key, measures, dates, groups, campaign, place and co-organisers (contract §2, Content)."""
        return (self.key, *self.content_without_number)

    @cached_property
    def content_without_number(self) -> tuple[object, ...]:
        row = self.row
        others = frozenset(fold(union) for union in row.co_organisers)
        dates = (row.start, row.end)
        return (
            *self.name,
            self.owner,
            *self.base,
            self.amounts,
            *dates,
            frozenset(row.groups),
            fold(row.campaign),
            row.place,
            others,
        )

    @cached_property
    def amounts(self) -> frozenset[object]:
        """The measures with value and exactness, in whatever order."""
        return frozenset(self.row.measures)

    @cached_property
    def names_of_series(self) -> tuple[object, ...]:
        """What may change when a series is renamed: name, number, category, 物资, organiser with 填报单位."""
        row = self.row
        return (fold(row.name), self.number[1:], row.category, fold(row.item), (self.organiser, self.owner))

    @cached_property
    def identity(self) -> tuple[object, ...]:
        """What makes rows of two unions one activity (contract §2, One activity, two unions).

        Cumulative kinds are compared whatever their as-of; but a year's 今年以来 is not another year's.
        """
        time = self.series[-1] if self.row.kind in CARRIED else self.week
        return (*self.name, *self.base, time)
