"""One row of the bench: what was done in which ways, and the figures that are held against targets."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from tests.bench.measuring.cost import Cost

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_OTHERS = 0.2
"""Processors. Where others keep more busy, the clock on the wall tells of them and not of us."""


class By(StrEnum):
    """What a figure goes by. On a machine that others use too, the clock says nothing; processor time hardly changes."""

    CLOCK = "clock"
    PROCESSOR = "processor"
    COUNT = "count"


@dataclass(frozen=True)
class Figure:
    """Smaller is better. ``value``: None when it goes by the clock and the machine was not quiet."""

    says: str
    value: float | None
    unit: str
    by: By
    target: float | None = None

    @property
    def is_met(self) -> bool | None:
        """Whether the target is reached; None where there is none, or nothing can be said."""
        return None if self.value is None or self.target is None else self.value <= self.target


@dataclass(frozen=True)
class Way:
    """One way to do the work. ``cost``: medians of ``runs``."""

    says: str
    cost: Cost
    runs: int


@dataclass(frozen=True)
class Row:
    """``counts``: what else a reader should know, as the number of figures. ``stages``: parts of the first way."""

    title: str
    ways: Mapping[str, Way]
    figures: Mapping[str, Figure]
    counts: Mapping[str, float] = field(default_factory=dict)
    stages: Mapping[str, Cost] = field(default_factory=dict)


@dataclass(frozen=True)
class Measured:
    """A row that was measured. ``others``: how many processors something else kept busy. ``on``: the day.

    ``machine``, ``sizes``: what it depends on.
    """

    row: Row
    others: float
    on: str
    machine: Mapping[str, Any]
    sizes: Mapping[str, Any]

    @property
    def is_quiet(self) -> bool:
        """Whether figures by the clock may be given."""
        return self.others <= MOST_OTHERS

    @property
    def figures(self) -> dict[str, Figure]:
        """Without those that tell of others."""
        return {
            name: replace(each, value=None) if each.by is By.CLOCK and not self.is_quiet else each
            for name, each in self.row.figures.items()
        }

    @property
    def missed(self) -> list[Figure]:
        """Figures that do not reach their target."""
        return [each for each in self.figures.values() if each.is_met is False]

    def as_json(self) -> dict[str, Any]:
        """As it stands in ``nuanliu.bench/1``."""
        said = asdict(replace(self, row=replace(self.row, figures=self.figures)))
        row = said.pop("row")
        row["figures"] = {name: each | {"is_met": self.figures[name].is_met} for name, each in row["figures"].items()}
        return {**row, **said, "is_quiet": self.is_quiet}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Measured:
        """From ``as_json``."""
        figures = {
            name: Figure(each["says"], each["value"], each["unit"], By(each["by"]), each["target"])
            for name, each in document["figures"].items()
        }
        ways = {
            name: Way(each["says"], Cost.read(each["cost"]), each["runs"]) for name, each in document["ways"].items()
        }
        stages = {name: Cost.read(each) for name, each in document["stages"].items()}
        row = Row(document["title"], ways, figures, document["counts"], stages)
        return cls(row, document["others"], document["on"], document["machine"], document["sizes"])
