"""Whether a written number says what the edition says: the same, the same rounded, or something else."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from nuanliu.domain.exactness import Exactness
from nuanliu.domain.figure_id import parse_figure_id
from nuanliu.errors import UnknownFigure
from nuanliu.reporting.labels import base_unit
from nuanliu.reporting.proof.written_numbers import Written, one_kind
from nuanliu.reporting.summary.bulletin.figure_marks import Number

Verdict = Literal["equal", "rounded", "differs", "unknown"]


@dataclass(frozen=True)
class Expected:
    """A number of the edition: as it is printed there, and of which figure it is."""

    written: Written
    figure: Number | None = None

    @property
    def figure_id(self) -> str | None:
        """None where it is no figure: a day, a count of unions."""
        return self.figure.figure_id if self.figure else None

    @property
    def unit(self) -> str:
        """As it is printed; of a number in a column, that of its measure. Empty where nobody knows."""
        return self.written.unit or (_base_unit(self.figure.figure_id) if self.figure and self.figure.value else "")


def judge(written: Written, expected: Expected) -> Verdict:
    """How a number stands to the one that it is in the place of."""
    printed = expected.written
    if _says_more_than_is_printed(written, expected):
        return "differs"
    if _is_same(written, printed) or _is_figure(written, expected):
        return "equal"
    if not _may_share_unit(written, printed):
        return "differs"
    value, exactness = printed.value, printed.exactness
    if expected.figure and expected.figure.value and printed.unit:
        value, exactness = Decimal(expected.figure.value), Exactness(expected.figure.exactness)
    return "rounded" if is_rounding(written, value, exactness, printed.step) else "differs"


def is_rounding(written: Written, value: Decimal, exactness: Exactness, finest: Decimal) -> bool:
    """Whether a coarser number holds the value, by what the writer's last digit says: 1.2万 is 11500 to 12499, 1.2万余 12000 to 12999.

    A figure that is not exact stays so: 1925余 is no 0.19万.
    """
    if written.exactness is Exactness.EXACT:
        is_coarser = written.step > finest and exactness is Exactness.EXACT
        return is_coarser and written.value - written.step / 2 <= value < written.value + written.step / 2
    coarse = written.coarse_step
    if written.exactness is Exactness.APPROX:
        return abs(written.value - value) <= coarse / 2
    if exactness not in {Exactness.EXACT, written.exactness}:
        return False
    if written.exactness is Exactness.OVER:
        return written.value <= value < written.value + coarse
    return written.value - coarse < value <= written.value


def _says_more_than_is_printed(written: Written, expected: Expected) -> bool:
    """467000元 for 46.70万元, where the figure is 467049: the printed number with digits that nobody told."""
    figure = expected.figure
    is_finer = written.step < expected.written.step and written.value == expected.written.value
    return is_finer and figure is not None and bool(figure.value) and written.value != Decimal(figure.value)


def _is_same(written: Written, printed: Written) -> bool:
    return (
        written.value == printed.value and written.exactness is printed.exactness and _may_share_unit(written, printed)
    )


def _is_figure(written: Written, expected: Expected) -> bool:
    """Whether it is the figure itself where the edition prints it in 万元, or in a column whose head names the unit."""
    figure = expected.figure
    return (
        figure is not None
        and bool(figure.value and written.unit)
        and written.value == Decimal(figure.value)
        and written.exactness == figure.exactness
        and written.kind == one_kind(expected.unit)
    )


def _base_unit(figure_id: str) -> str:
    try:
        return base_unit(parse_figure_id(figure_id).measure)
    except UnknownFigure:
        return ""


def _may_share_unit(written: Written, printed: Written) -> bool:
    """人, 名 and 位 are one; a number without a unit is of the other's."""
    return written.kind == printed.kind or not written.unit
