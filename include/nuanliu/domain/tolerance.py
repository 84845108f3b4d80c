"""A standing answer to a query: for one union and rule, up to a value and a day, with the reason somebody gave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Tolerance:
    """One tolerance. ``measure_id`` None: any measure. ``limit_cents`` None: any value, else hundredths of the base unit."""

    tolerance_id: int
    rule: str
    measure_id: str | None
    limit_cents: int | None
    reason: str
    expires_on: date

    def covers(self, rule: str, measure_id: str | None, value_cents: int | None, *, is_floor: bool) -> bool:
        """Whether it answers a query of a rule on a figure (both None: on the row or the file as a whole).

        ``is_floor``: the rule asks about values that are too small; then the limit is the least value tolerated.
        """
        if rule != self.rule or (self.measure_id is not None and self.measure_id != measure_id):
            return False
        if self.limit_cents is None:
            return True
        if value_cents is None:
            return False
        return value_cents >= self.limit_cents if is_floor else value_cents <= self.limit_cents
