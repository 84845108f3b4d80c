"""What a drop says, what else can happen, and in which order things are taken."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True)
class Amount:
    """A figure in its base unit; exactness is exact, over, under or approx (contract §2 Figures)."""

    value: Decimal
    exactness: str = "exact"


@dataclass(frozen=True)
class Row:
    """One activity row, its names already resolved to ids; None and "" mean an empty cell (contract §2, columns)."""

    name: str
    category: str
    measures: tuple[tuple[str, Amount], ...] = ()
    reporting: str | None = None
    organiser: str | None = None
    activity_no: str = ""
    item: str = ""
    kind: str = "event"
    scope: str = "own"
    start: date | None = None
    end: date | None = None
    since: date | None = None
    co_organisers: tuple[str, ...] = ()
    campaign: str = ""
    groups: tuple[str, ...] = ()
    place: str | None = None
    place_detail: str = ""
    explanation: str = ""
    remarks: str = ""


@dataclass(frozen=True)
class Drop:
    """One file put under intake/<union>/ (contract §1, §2).

    ``week`` is what cover, title and file name say, ``path_week`` what the folder says. ``arrived`` orders the drops,
    ``answered`` is when the program got round to it. ``form`` stands for everything that makes other bytes of one
    content: the format, the columns' order, a second saving.
    """

    union: str
    arrived: datetime
    week: str | None
    rows: tuple[Row, ...] = ()
    type: str = "首报"  # 首报, 补充, 更正, 零报告, 更正零报告
    zero_line: bool = False  # a line 零报告 or 本周无活动 stands where the rows would
    trial: bool = False
    name: str = "周报.xlsx"
    path_week: str | None = None
    form: str = "xlsx"
    answered: datetime | None = None

    @property
    def at(self) -> datetime:
        return self.answered or self.arrived

    @property
    def bytes_of(self) -> tuple[object, ...]:
        """Two drops have the same bytes when these are equal."""
        return (self.union, self.week, self.type, self.zero_line, self.rows, self.form)

    @property
    def says_zero(self) -> bool:
        """零报告 on the cover, or 更正 with a line that says so (contract §2, Withdrawing a week)."""
        return self.type in ("零报告", "更正零报告") or (self.type == "更正" and self.zero_line and not self.rows)


@dataclass(frozen=True)
class TreeChange:
    """From a week on a union belongs to another parent, or has ended (contract §2 Cumulative series; §4 单位变动).

    ``successor``: who reports instead of one that has ended; None where nobody does.
    """

    at: datetime
    union: str
    from_week: str
    parent: str | None = None
    ended: bool = False
    successor: str | None = None


@dataclass(frozen=True)
class Publish:
    """``nuanliu publish --week`` at a moment."""

    at: datetime
    week: str


Step = Drop | TreeChange | Publish


WIDE_BRACKETS = str.maketrans("()", "\uff08\uff09")  # what stands in brackets is another word, -2 only another copy


def name_order(name: str) -> tuple[object, ...]:
    """Names as people count: 报表2 before 报表10, x.xlsx before x-2.xlsx, 周报-2 before 周报(更正) (contract §2, Order)."""
    stem, _, ending = name.translate(WIDE_BRACKETS).rpartition(".")
    parts = re.split(r"(\d+)", stem or ending)
    return (*((int(part), "") if part.isdigit() else (-1, part) for part in parts if part), (-2, ending))


def arrival_order(drop: Drop) -> tuple[object, ...]:
    """A union's files are taken in the order in which they arrived, then by name (contract §2, Order)."""
    return (drop.arrived, name_order(drop.name))


def step_order(step: Step) -> tuple[object, ...]:
    """The order in which the steps of a history happen, however they are listed."""
    if isinstance(step, Drop):
        return (step.at, 1, *arrival_order(step), step.union)
    if isinstance(step, TreeChange):
        return (step.at, 0, step.from_week, step.union, step.parent or "")
    return (step.at, 2, step.week)
