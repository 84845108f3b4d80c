"""What one row says once sender and report week are known, and when two rows are the same (contract §2)."""

from dataclasses import dataclass

from tests.model.drops import Drop, arrival_order
from tests.model.weeks import holds_new_year, shift, sunday, week_of

CARRIED = ("ytd", "cumulative_since", "stock")
HALF_WIDTH = str.maketrans({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)})


def fold(text: str) -> str:
    """Blanks, width and case do not matter (contract §2, Content)."""
    return "".join(text.translate(HALF_WIDTH).split()).casefold()


@dataclass
class Said:
    """One row of a file, and what it says of its report week; everything below depends on that row alone."""

    drop: Drop
    place: int
    report_week: str

    def __post_init__(self) -> None:
        self.row = row = self.drop.rows[self.place]
        self.sender, self.order = self.drop.union, arrival_order(self.drop)
        # 填报单位, default the sender; 主办单位, default 填报单位 (contract §2, columns).
        self.reporting = row.reporting or self.sender
        self.organiser = row.organiser or self.reporting
        # To whom the row's figures belong: 本级 the organiser's, 含下级 the 填报单位's, whoever organised (contract §4).
        self.owner = self.reporting if row.scope == "inclusive" else self.organiser
        # End date, else the period's Sunday (contract §2, Cumulative series).
        self.as_of = row.end or sunday(self.report_week)
        # The week in which the row counts, whole: that of its end date (contract §2, Which week). A 今年以来 of the old
        # year in a week that holds 1 January counts in the last week wholly in the old year.
        self.week = week_of(self.as_of)
        if row.kind == "ytd" and holds_new_year(self.week) and self.as_of.year < sunday(self.week).year:
            self.week = shift(self.week, -1)
        # Only a 累计 has a start of its own; 今年以来 ends with the year.
        self.since = row.since if row.kind == "cumulative_since" else None
        self.year = self.as_of.year if row.kind == "ytd" else None

        self.is_named = bool(row.name.strip() and row.category)
        name = (self.organiser, row.category, fold(row.name))
        # What belongs to the key beside name, number and start.
        base = (row.kind, fold(row.item), row.scope, self.since)
        # 活动编号, the 填报单位's own (contract §2, columns); empty: none.
        number = fold(row.activity_no)
        self.number = (self.reporting, number) if number else ()
        # What may change when a series is renamed.
        self.names = {"name": name[-1], "number": number, "category": row.category, "item": base[1]}
        self.names["unions"] = (self.organiser, self.owner)
        # The key without dates (contract §2, Cumulative series).
        self.series = (self.sender, self.number or (*name, self.owner), *base, self.year)
        # The number, else (organiser, category, name, start); a series has no dates; with an event's week (contract §2, Content).
        start = None if row.kind in CARRIED else row.start
        self.key = (self.series, None if self.number else start, self.week if row.kind == "event" else None)
        # The same work of the same union, whatever its number and its week.
        self.work = (name, self.owner, base, start)
        # Key, measures with value and exactness, dates, groups, campaign, place and co-organisers (contract §2, Content).
        self.measures = dict(row.measures)
        others = frozenset(map(fold, row.co_organisers))
        labels = (row.start, row.end, frozenset(row.groups), fold(row.campaign), row.place, others)
        self.content_without_number = (name, self.owner, base, frozenset(row.measures), labels)
        self.content = (self.key, self.content_without_number)
        # 说明, its own or one that was given before (see deciding_rows).
        self.words = row.explanation.strip()
        # What makes rows of two unions one activity (contract §2, One activity, two unions): cumulative kinds are compared
        # whatever their as-of, but a year's 今年以来 is not another year's.
        self.identity = (name, base, self.year if row.kind in CARRIED else self.week)
