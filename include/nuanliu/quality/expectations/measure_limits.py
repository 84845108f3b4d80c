"""How much one row may plausibly say per measure. Data in contracts/measure_limits.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from nuanliu.contract.code_lists import Measure, codes
from nuanliu.contract.reloading import reloads_with_data
from nuanliu.errors import BrokenContract
from nuanliu.settings import INCLUDE_DIR


@dataclass(frozen=True)
class RatioLimit:
    """At most ``most`` base units of a measure for one unit of measure ``per`` in the same row."""

    per: str
    most: int


@dataclass(frozen=True)
class MeasureLimits:
    """Limits by measure id, in base units. A measure without an entry in the first two has none."""

    row_limit: Mapping[str, int]
    ratio_limit: Mapping[str, RatioLimit]
    impossible: Mapping[str, int]
    """Every measure: from here on a figure is none."""


def read_measure_limits(path: Path, measures: Iterable[Measure]) -> MeasureLimits:
    """Read the limits. Raises: BrokenContract for a measure that no code list knows, or a limit that is not positive."""
    listed = tuple(measures)
    known = {measure.id for measure in listed}
    data = yaml.safe_load(path.read_text("utf-8"))
    limits = MeasureLimits(
        row_limit={str(measure): int(most) for measure, most in data["row_limit"].items()},
        ratio_limit={str(measure): RatioLimit(**entry) for measure, entry in data["ratio_limit"].items()},
        impossible={m.id: int(data["impossible"].get(m.unit, data["impossible"]["others"])) for m in listed},
    )
    named = {*limits.row_limit, *limits.ratio_limit, *(ratio.per for ratio in limits.ratio_limit.values())}
    if unknown := sorted(named - known):
        raise BrokenContract(f"{path.name} limits {', '.join(unknown)}, which reference/measures.csv does not list")
    for measure, most in (*limits.row_limit.items(), *((m, r.most) for m, r in limits.ratio_limit.items())):
        if most <= 0:
            raise BrokenContract(f"{path.name}: the limit of {measure} must be positive, not {most}")
    return limits


@reloads_with_data
@cache
def measure_limits() -> MeasureLimits:
    """The project's own limits, read once per process."""
    return read_measure_limits(INCLUDE_DIR / "contracts" / "measure_limits.yaml", codes().measures)
