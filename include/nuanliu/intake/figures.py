"""Read a figure as people write it: 1200余人, 35.9万元, 近1.8万, 壹仟贰佰. Skeleton: signatures are final, bodies follow."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    import pandas as pd

    from nuanliu.codes import Measure
    from nuanliu.exactness import Exactness


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in the measure's base unit. ``step``: one unit of the last printed digit (35.9万 → 1000)."""

    value: Decimal
    exactness: Exactness
    step: Decimal


@dataclass(frozen=True, slots=True)
class FigureReading:
    """What a cell says: a figure, or the rule that holds or returns its row, or (a null word, an error value) neither.

    ``problem``: rule id, then there is no figure. ``note``: id of a warning; the figure, if any, stands.
    ``words``: what the rule's text needs beside value and column: ``rule.finding(..., **reading.words)``.
    """

    figure: Figure | None = None
    problem: str | None = None
    note: str | None = None
    words: Mapping[str, str] = field(default_factory=dict)


def read_figure(
    text: str,
    measure: Measure,
    *,
    header_unit: str | None = None,
    sheet_unit: str | None = None,
    is_percent: bool = False,
) -> FigureReading:
    """Read one cell."""
    raise NotImplementedError


def read_figures(
    texts: pd.Series,
    measure: Measure,
    *,
    header_unit: str | None = None,
    sheet_unit: str | None = None,
    is_percent: pd.Series | None = None,
) -> pd.DataFrame:
    """Read a column, same index. Columns: value_cents Int64 (NA: no figure), exactness int8, step_cents int64,
    problem str (NA: none), note str (NA: none), words object (a dict for the rule's text where problem or note, else None).
    """
    raise NotImplementedError


def split_header_unit(header: str) -> tuple[str, str | None]:
    """服务人数(人) → (服务人数, 人); 其中:慰问金（万元） → (其中:慰问金, 万元); parentheses that hold no unit stay."""
    raise NotImplementedError


def read_sheet_unit(text: str) -> str | None:
    """单位:万元 → 万元; a line that names no unit (单位:兰州市总工会) → None."""
    raise NotImplementedError
